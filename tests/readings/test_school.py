"""The lessons that figures and other tests stand on: the same each time, and such as the program itself would write."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.school import Taught, folder, teach
from mingtang.activities import kinds
from mingtang.catalog.book import Catalog
from mingtang.core.lesson import replay
from mingtang.stores.reading import open_reader
from mingtang.web.folder import Folder

MINUTE = 60_000


@pytest.fixture(scope="module")
def hour() -> Taught:
    return teach(seed=3, students=40, events=3000)


def test_the_same_seed_gives_the_same_log_and_another_seed_another(hour: Taught) -> None:
    assert teach(seed=3, students=40, events=3000).rows == hour.rows
    assert teach(seed=4, students=40, events=3000).rows != hour.rows


def test_the_log_has_as_many_events_as_were_asked_for_and_lasts_ninety_minutes(hour: Taught) -> None:
    assert [row.seq for row in hour.rows] == list(range(1, 3001))
    assert hour.facts[-1].kind == "lesson.ended"
    assert hour.facts[-1].at - hour.facts[0].at == 90 * MINUTE
    assert all(a.at <= b.at for a, b in zip(hour.facts, hour.facts[1:], strict=False))


def test_read_again_from_its_bytes_the_log_gives_the_same_lesson(hour: Taught) -> None:
    again = replay(kinds(), (kinds().fact(row) for row in hour.rows))
    assert again.digest() == hour.lesson.digest()


def test_everything_that_a_lesson_is_made_of_happens_in_it(hour: Taught) -> None:
    seen = Counter(fact.kind for fact in hour.facts)
    wanted = """slides.turned ink.drawn poll.voted poll.shown poll.revealed peer.voted peer.paired peer.said
        hands.raised hands.taken questions.asked questions.voted questions.answered pace.marked member.came member.went
        attendance.proved call.drawn timer.started ink.allowed"""
    assert {kind for kind in wanted.split() if not seen[kind]} == set()
    assert {len(item.rounds) for item in hour.lesson.states["poll"].items.values()} == {1, 2}
    assert {item.question.form.value for item in hour.lesson.states["poll"].items.values()} == {
        "single", "multiple", "truefalse", "rating", "number", "text", "cloud",
    }  # fmt: skip


def test_who_knows_more_is_right_more_often_and_the_talk_helps() -> None:
    taught = teach(seed=5, students=200)
    for item in taught.lesson.states["peer"].items.values():
        first, second = item.rounds
        right = item.question.right
        assert second.counts[right] / second.turnout.total > first.counts[right] / first.turnout.total


@pytest.mark.parametrize("wanted", [{"students": 0}, {"students": 1}, {"students": 6, "pages": 0}, {"lang": "zh"}])
def test_odd_lessons_are_held_as_well(wanted: dict[str, int]) -> None:
    taught = teach(**{"students": 12, **wanted})
    assert taught.lesson.ended
    assert all(taught.lesson.people.get(fact.by) for fact in taught.facts if fact.cmd and fact.by)


def test_a_lesson_can_be_left_running() -> None:
    taught = teach(students=5, events=1500, ended=False)
    assert not taught.lesson.ended
    assert len(taught.facts) == 1500


@pytest.mark.slow
async def test_a_data_folder_can_be_filled_that_a_server_can_be_started_on(tmp_path) -> None:
    made = await folder.fill(tmp_path, lessons=2, students=5, slides=2)
    catalog, reader = Catalog(Folder(tmp_path).catalog), open_reader(str(Folder(tmp_path).log))
    rows = {row.id: row for row in await catalog.lessons()}
    await catalog.close()
    assert set(rows) == set(made)
    for lesson in made:
        facts = [kinds().fact(row) for row in reader.rows(lesson)]
        again = replay(kinds(), facts)
        assert (rows[lesson].ended, rows[lesson].code) == (facts[-1].at, again.states["lesson"].code)
        assets = [step.asset for step in again.states["slides"].steps.values() if step.asset]
        texts = [tmp_path / "assets" / asset[:2] / asset / "text.json" for asset in assets]
        assert len(texts) == 2
        assert all('"runs"' in text.read_text(encoding="utf-8") for text in texts)
    reader.close()
