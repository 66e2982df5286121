"""A notebook holds the student's view and the student's own, and nothing of anybody else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingtang.core.lesson import Lesson
from mingtang.readings import following
from mingtang.readings.following import follow, forget
from mingtang.readings.notebook import read
from mingtang.readings.pages import Run, joined_runs
from tests.readings.logs import Held, Logs


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    following._followed.clear()


def of(held: Held, member: str = "ada", assets: Path = Path("/nowhere")) -> dict[str, Any]:
    following._followed.clear()
    made = read(Logs(one=held), "one", member, str(assets))
    assert made is not None
    found: dict[str, Any] = json.loads(gzip.decompress(made))
    return found


def test_it_has_slides_with_ink_own_marks_answers_and_questions() -> None:
    held = Held()
    first = held.page(1, "Buckets")
    stroke = {"tool": "pen", "color": 1, "width": 40, "points": "AMgByAETPDWAAYAB_wE"}
    held.say("tea", "ink.draw", page=first, id="s1", **stroke)
    held.say("ada", "notes.star", page=first)
    held.say("ada", "notes.write", page=first, text="look at 3.2")
    asked = held.ask("peer", "q1", first, text="Which?", options=["list", "table"], right="b")
    held.say("ada", "peer.vote", id="q1", answer="a")
    held.say("ada", "questions.ask", text="Why two?", page=first)
    book = of(held)
    assert book["you"] == {"name": "Name of ada", "seat": "room"}
    assert set(book["parts"]["slides"]["steps"]) == {first, asked}
    assert list(book["parts"][f"ink/{first}"]["strokes"]) == ["s1"]
    assert book["mine"]["notes"] == {"stars": {first: True}, "texts": {first: "look at 3.2"}}
    assert book["mine"]["peer"]["q1"]["answers"] == {"1": "a"}
    assert [q["text"] for q in book["mine"]["questions"]["asked"].values()] == ["Why two?"]
    assert book["moments"][f"slides/{asked}"] > book["moments"][f"slides/{first}"] >= book["began"]


def test_both_rounds_of_a_talk_and_the_right_answer_are_there_once_they_were_shown() -> None:
    held = Held()
    held.ask("peer", "q1", held.page(1, "Buckets"), text="Which?", options=["list", "table"], right="b")
    held.say("ada", "peer.vote", id="q1", answer="a")
    held.say("ben", "peer.vote", id="q1", answer="b")
    held.say("tea", "peer.close", id="q1")
    assert "right" not in of(held)["parts"]["peer"]["q1"]
    held.say("tea", "peer.discuss", id="q1", seconds=30)
    held.say("tea", "peer.open", id="q1")
    held.say("ada", "peer.vote", id="q1", answer="b")
    held.say("tea", "peer.close", id="q1")
    held.say("tea", "peer.show", id="q1")
    book = of(held)
    assert book["mine"]["peer"]["q1"]["answers"] == {"1": "a", "2": "b"}
    assert book["parts"]["peer"]["q1"]["right"] == "b"


def test_pages_that_were_never_shown_are_not_in_it_nor_is_the_ink_on_them() -> None:
    held = Held()
    held.page(1, "Buckets")
    later = held.page(2, "The exam")
    held.say("tea", "ink.draw", page=later, id="s1", tool="pen", color=1, width=40, points="AMgByAETPDWAAYAB_wE")
    text = json.dumps(of(held))
    assert "The exam" not in text
    assert f"{2:032x}" not in text
    assert later not in text


def test_nobody_elses_notes_answers_or_questions_are_in_it() -> None:
    held = Held()
    first = held.page(1, "Buckets")
    held.say("ben", "notes.write", page=first, text="quite private")
    held.ask("poll", "p1", first, form="text", text="In a word?")
    held.say("ben", "poll.vote", id="p1", answer="benish")
    held.say("ben", "questions.ask", text="Mine alone?", anonymous=True)
    text = json.dumps({k: v for k, v in of(held).items() if k != "parts"})
    assert not any(word in text for word in ("quite private", "benish", "Mine alone?", "ben"))
    assert "benish" not in json.dumps(of(held))


def test_who_is_no_member_or_was_sent_out_has_no_notebook() -> None:
    held = Held()
    assert read(Logs(one=held), "one", "stranger", "") is None
    assert read(Logs(one=held), "other", "ada", "") is None
    held.say("tea", "roster.remove", id="ada")
    assert read(Logs(one=held), "one", "ada", "") is None


def test_it_goes_on_with_a_running_lesson_without_folding_again(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    logs = Logs(one=held)
    first = held.page(1, "Buckets")
    assert read(logs, "one", "ada", "")
    held.say("ada", "notes.star", page=first)
    folded: list[int] = []
    take = Lesson.take
    monkeypatch.setattr(Lesson, "take", lambda self, fact: (folded.append(fact.seq), take(self, fact)))
    again = json.loads(gzip.decompress(read(logs, "one", "ada", "") or b""))
    assert folded == [len(held.facts)]
    assert again["mine"]["notes"]["stars"] == {first: True}
    forget(logs, "one")
    follow(logs, "one")
    assert len(folded) == 1 + len(held.facts)


def test_the_writing_on_slides_is_in_it_as_paragraphs(tmp_path: Path) -> None:
    asset = f"{1:032x}"
    place = tmp_path / asset[:2] / asset
    place.mkdir(parents=True)
    runs = [("Open add-", 0.2), ("ressing", 0.25), ("装填", 0.5), ("因子", 0.55)]
    told = [{"t": t, "x": 0.1, "y": y, "w": 0.3, "h": 0.04} for t, y in runs]
    (place / "text.json").write_text(json.dumps({"runs": told}))
    held = Held()
    held.page(1, "Buckets")
    assert of(held, assets=tmp_path)["texts"] == {asset: ["Open addressing", "装填因子"]}


def test_pieces_far_apart_are_paragraphs_of_their_own() -> None:
    pieces = [Run("one", 0.1, 0.1, 0.1, 0.05), Run("two", 0.21, 0.1, 0.1, 0.05), Run("three", 0.6, 0.1, 0.1, 0.05)]
    assert joined_runs(pieces) == ["one two", "three"]
