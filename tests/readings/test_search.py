"""What is found, where, by whom: and that nobody finds what his screens never showed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingtang.core.member import Role
from mingtang.readings import following
from mingtang.readings.search import index
from mingtang.readings.search.asking import find, pieces
from mingtang.readings.search.folding import fold, grams, terms
from tests.readings.logs import Held, Logs


class School:
    """Lessons by id with an index over them; asks as the teacher, or as the members given."""

    def __init__(self, folder: Path, **held: Held) -> None:
        self.path, self.assets, self.logs = str(folder / "search.db"), folder / "assets", Logs(**held)
        self.read()

    def read(self) -> None:
        for lesson in self.logs.held:
            index.catch_up(self.logs, self.path, str(self.assets), lesson)

    def asks(self, query: str, **members: str) -> list[dict[str, Any]]:
        """All hits with the lesson they are in."""
        found = json.loads(find(self.logs, self.path, query, members or None))
        return [{**hit, "lesson": one["lesson"]} for one in found["lessons"] for hit in one["hits"]]

    def kinds(self, query: str, **members: str) -> list[str]:
        return sorted(hit["kind"] for hit in self.asks(query, **members))


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    following._followed.clear()
    yield
    following._followed.clear()


@pytest.fixture
def held() -> Held:
    return Held("Hash tables 哈希表")


# Folding and grams


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Quick SORT", "quicK sort"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("naïve Zoë", "NAIVE zoe"),
        ("哈希表与装填因子", "希表"),
        ("哈希表与装填因子", "子"),
        ("哈希表与装填因子", "哈"),
        ("ﬁrst Straße", "first strasse"),
        ("k均值聚类", "k 聚类"),
        ("データベース", "タベ"),
        ("나는 학생", "학생"),
        ("vectors", "vec"),
    ],
)
def test_what_is_the_same_to_a_reader_is_found(tmp_path: Path, text: str, query: str) -> None:
    held = Held("x")
    held.page(1, text)
    assert School(tmp_path, one=held).kinds(query) == ["slide"]


@pytest.mark.parametrize(
    ("text", "query"), [("start", "art"), ("哈希表", "哈表"), ("13", "1"), ("a b", "a c"), ("是", "。")]
)
def test_what_is_not_there_is_not_found(tmp_path: Path, text: str, query: str) -> None:
    held = Held("x")
    held.page(1, text)
    assert School(tmp_path, one=held).asks(query) == []


def test_every_sign_of_a_script_without_spaces_begins_one_gram() -> None:
    assert grams("哈希表 k均值, 好") == "哈希 希表 表 k 均值 值 好"
    assert [term.text for term in terms("哈希 Tables 哈希 2")] == ["哈希", "tables", "2"]
    assert fold("Ｅ\u0301ß") == "ess"


@pytest.mark.parametrize(
    "odd", ['"', "*", "a OR b", "NEAR(a", "sight : x", "-", "a AND", "\x00", "%_'", "💡", "()" * 60]
)
def test_no_query_breaks_the_question(tmp_path: Path, held: Held, odd: str) -> None:
    assert School(tmp_path, one=held).asks(odd) == []


# Pieces of texts


def _shown(text: str, query: str) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces(text, terms(query)))


def test_a_piece_shows_what_was_found_in_its_surroundings() -> None:
    assert _shown("Open addressing in tables", "table add") == "Open [add]ressing in [table]s"
    assert _shown("哈希表的装填因子", "装填") == "哈希表的[装填]因子"
    assert _shown("ＱＵＩＣＫ sort", "quick") == "[ＱＵＩＣＫ] sort"
    assert _shown("Cafe\u0301 au lait", "café") == "[Café] au lait"
    long = "word " * 80 + "needle " + "more " * 80
    assert "[needle]" in _shown(long, "needle")
    assert len(_shown(long, "needle")) < 200
    assert _shown("one\n  two", "two") == "one [two]"


# What is found, and where


def test_slides_titles_questions_answers_and_their_place_in_time(tmp_path: Path, held: Held) -> None:
    first = held.page(1, "Buckets and chains")
    turned = held.seconds()
    held.ask("poll", "p1", first, form="text", text="Name a zebra", right="quagga")
    asked = held.seconds()
    held.say("ada", "poll.vote", id="p1", answer="Okapi")
    held.say("ada", "questions.ask", text="Is a giraffe one?", page=first)
    giraffe = held.seconds()
    school = School(tmp_path, one=held)
    assert [(h["kind"], h["at"], h["step"]) for h in school.asks("chain")] == [("slide", turned, first)]
    assert [h["kind"] for h in school.asks("hash")] == ["lesson"]
    assert [(h["kind"], h["step"]) for h in school.asks("zebra")] == [("poll", "step-p1")]
    assert school.asks("zebra")[0]["at"] in range(turned, asked + 1)
    assert [(h["kind"], h["at"]) for h in school.asks("giraffe")] == [("question", giraffe)]
    assert school.kinds("okapi") == ["answer"]
    assert school.kinds("quagga") == ["right"]


def test_the_title_comes_before_a_slide_and_a_lesson_with_more_before_one_with_less(tmp_path: Path) -> None:
    named, other = Held("Graphs"), Held("Trees")
    other.page(1, "What graphs are not")
    found = School(tmp_path, named=named, other=other).asks("graphs")
    assert [hit["lesson"] for hit in found] == ["named", "other"]


def test_a_running_lesson_is_read_on_and_what_changed_is_found_anew(tmp_path: Path, held: Held) -> None:
    first = held.page(1, "Buckets")
    held.say("ada", "notes.write", page=first, text="zebra")
    school = School(tmp_path, one=held)
    held.say("ada", "notes.write", page=first, text="okapi")
    held.say("tea", "lesson.rename", title="Stripes")
    school.read()
    assert school.asks("zebra", one="ada") == []
    assert school.kinds("okapi", one="ada") == ["note"]
    assert school.kinds("stripes") == ["lesson"]
    assert school.asks("hash") == []


# Who finds what


def test_a_student_finds_nothing_in_lessons_of_others(tmp_path: Path, held: Held) -> None:
    other = Held("Secret lesson")
    school = School(tmp_path, one=held, two=other)
    assert school.kinds("secret") == ["lesson"]
    assert school.asks("secret", one="ada") == []
    assert school.asks("secret", one="ada", two="stranger") == []
    assert school.kinds("secret", one="ada", two="ben") == ["lesson"]


def test_a_student_never_finds_slides_or_questions_that_were_not_shown_but_staff_do(tmp_path: Path, held: Held) -> None:
    first = held.page(1, "Buckets")
    held.page(2, "The zebra exam")
    held.say("tea", "poll.make", id="p1", question={"form": "text", "text": "zebra poll", "right": "zebra right"})
    held.say("tea", "slides.note", step=first, text="zebra speaker's note")
    school = School(tmp_path, one=held)
    assert school.asks("zebra", one="ada") == []
    assert school.kinds("zebra") == ["poll", "right", "slide", "speaker"]
    assert school.kinds("zebra", one="tea") == ["poll", "right", "slide", "speaker"], "staff by their own membership"
    assert "at" not in next(h for h in school.asks("zebra") if h["kind"] == "slide"), "it never came"
    held.say("tea", "roster.promote", id="ada", role="assistant")
    school.read()
    assert school.kinds("zebra", one="ada") == ["poll", "right", "slide", "speaker"]


def test_a_right_answer_is_found_by_students_once_it_was_told(tmp_path: Path, held: Held) -> None:
    held.ask("poll", "p1", held.page(1, "Buckets"), form="text", text="A horse with stripes?", right="zebra")
    school = School(tmp_path, one=held)
    assert school.asks("zebra", one="ada") == []
    held.say("tea", "poll.close", id="p1")
    held.say("tea", "poll.reveal", id="p1")
    school.read()
    assert school.kinds("zebra", one="ada") == ["right"]


def test_written_answers_are_found_by_others_once_results_are_shown_and_struck_ones_never(
    tmp_path: Path, held: Held
) -> None:
    held.ask("poll", "p1", held.page(1, "Buckets"), form="text", text="A horse?")
    held.say("ada", "poll.vote", id="p1", answer="zebra one")
    held.say("ben", "poll.vote", id="p1", answer="zebra two")
    school = School(tmp_path, one=held)
    assert [h["own"] for h in school.asks("zebra", one="ada")] == [True]
    assert len(school.asks("zebra")) == 2
    held.say("tea", "poll.close", id="p1")
    held.say("tea", "poll.show", id="p1")
    struck = next(
        e for e, row in held.lesson.view(Role.teacher, "poll/entries/p1")["entries"].items() if "two" in row["text"]
    )
    held.say("tea", "poll.strike", id="p1", entry=struck)
    school.read()
    texts = ["".join(p[0] for p in h["pieces"]) for h in school.asks("zebra", one="ada")]
    assert texts == ["zebra one"]
    assert len(school.asks("zebra", one="ben")) == 2, "his own, though it was struck"


def test_notes_are_found_by_their_writer_alone(tmp_path: Path, held: Held) -> None:
    held.say("ada", "notes.write", page=held.page(1, "Buckets"), text="zebra crossing")
    school = School(tmp_path, one=held)
    assert school.kinds("zebra", one="ada") == ["note"]
    assert school.asks("zebra", one="ben") == []
    assert school.asks("zebra") == []
    assert school.asks("zebra", one="tea") == []


def test_who_was_sent_out_finds_nothing_there(tmp_path: Path, held: Held) -> None:
    held.say("ada", "notes.write", page=held.page(1, "Buckets"), text="zebra")
    held.say("tea", "roster.remove", id="ada")
    school = School(tmp_path, one=held)
    assert school.asks("zebra", one="ada") == []
    assert school.asks("buckets", one="ada") == []


def test_names_of_people_are_not_in_the_index(tmp_path: Path, held: Held) -> None:
    held.say("ada", "questions.ask", text="Who asks?", anonymous=True)
    held.say("ben", "questions.ask", text="And who asks now?")
    school = School(tmp_path, one=held)
    assert school.asks("name") == []
    assert len(school.asks("asks")) == 2
    assert b"Name of" not in Path(school.path).read_bytes()


def test_a_question_that_waits_is_found_by_staff_and_its_author(tmp_path: Path, held: Held) -> None:
    held.say("tea", "questions.allow", anonymous=True, see="approved")
    held.say("ada", "questions.ask", text="Is a zebra a horse?")
    school = School(tmp_path, one=held)
    assert len(school.asks("zebra", one="ada")) == 1
    assert len(school.asks("zebra")) == 1
    assert school.asks("zebra", one="ben") == []


def test_many_lessons_can_be_asked_at_once(tmp_path: Path, held: Held) -> None:
    held.page(1, "zebra")
    members = {f"{n:016x}": f"{n:016x}" for n in range(170)}
    school = School(tmp_path, **{f"{n:016x}": held for n in range(170)})
    with sqlite3.connect(school.path) as db:
        for lesson, member in members.items():
            db.execute("insert into person (lesson, member, staff) values (?, ?, 1)", (lesson, member))
    found = json.loads(find(school.logs, school.path, "zebra", members))
    assert len(found["lessons"]) == 30
    assert found["more"]


# The index as a file


def test_what_is_dropped_leaves_no_trace_in_the_file(tmp_path: Path, held: Held) -> None:
    held.say("ada", "notes.write", page=held.page(1, "Buckets"), text="zebracrossing 斑马线 is where")
    other = Held("Graphs")
    school = School(tmp_path, one=held, two=other)
    index.drop(school.logs, school.path, ["one"])
    for file in tmp_path.glob("search.db*"):
        data = file.read_bytes()
        assert not any(word.encode() in data for word in ("zebracrossing", "斑马线", "斑马", "Buckets", "buckets"))
    assert school.asks("zebracrossing", one="ada") == []
    assert school.kinds("graphs") == ["lesson"]
    school.read()
    assert school.kinds("zebracrossing", one="ada") == ["note"]


def test_a_damaged_or_old_index_is_made_anew(tmp_path: Path, held: Held) -> None:
    school = School(tmp_path, one=held)
    Path(school.path).write_bytes(b"no database" * 500)
    assert school.asks("hash") == []
    school.read()
    assert school.kinds("hash") == ["lesson"]
    with sqlite3.connect(school.path) as db:
        db.execute(f"pragma user_version = {index.FORMAT + 1}")
    assert school.asks("hash") == []
    school.read()
    assert school.kinds("hash") == ["lesson"]


def test_an_index_that_is_not_there_finds_nothing(tmp_path: Path, held: Held) -> None:
    assert json.loads(find(Logs(one=held), str(tmp_path / "none.db"), "hash", None)) == {"lessons": [], "more": False}


def test_two_processes_that_read_one_lesson_at_once_keep_one_index(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = held.page(1, "Buckets")
    held.say("ada", "notes.write", page=first, text="zebra")
    school = School(tmp_path, one=held)
    held.say("ada", "notes.write", page=first, text="okapi")
    whole = index.entries

    def overtaken(found: Any, assets: str) -> Any:
        """While one gathers, the other has written already."""
        monkeypatch.setattr(index, "entries", whole)
        school.read()
        return whole(found, assets)

    monkeypatch.setattr(index, "entries", overtaken)
    school.read()
    assert school.kinds("okapi", one="ada") == ["note"]
    assert school.asks("zebra", one="ada") == []
    held.say("ada", "notes.write", page=first, text="quagga")
    school.read()
    assert (school.asks("okapi", one="ada"), school.kinds("quagga", one="ada")) == ([], ["note"])


def test_a_note_on_the_stage_is_found(tmp_path: Path, held: Held) -> None:
    held.say("tea", "slides.insert", id="n1", kind="note", text="Bring a zebra")
    assert School(tmp_path, one=held).kinds("zebra", one="ada") == ["slide"]


def test_what_was_read_already_is_not_read_again(tmp_path: Path, held: Held) -> None:
    school = School(tmp_path, one=held)
    assert index.seqs(school.logs, school.path) == {"one": len(held.facts)}
    following._followed.clear()
    school.read()
    assert not following._followed, "the log was not folded"


def test_what_was_said_in_writing_is_found_at_its_second_by_everybody_as_it_was_corrected(
    tmp_path: Path, held: Held
) -> None:
    held.say("tea", "captions.type", text="A zebra has strips", took=400)
    said = (held.at - 400 - held.begin) // 1000 - 1
    held.say("tea", "captions.correct", no=1, text="斑马有条纹")
    held.say("tea", "captions.type", text="okapi")
    held.say("tea", "captions.remove", no=2)
    school = School(tmp_path, one=held)
    assert [(hit["kind"], hit["at"]) for hit in school.asks("条", one="ada")] == [("caption", said)]
    assert school.kinds("条") == ["caption"], "staff find it once"
    assert school.asks("zebra") == school.asks("okapi") == []
