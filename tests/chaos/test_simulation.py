"""Lessons under faults in a world made of a seed. A failing seed is run again with `python -m bench.chaos --seed N`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bench.chaos.judge import judge
from bench.chaos.loop import Stuck, VirtualLoop
from bench.chaos.world import play
from mingtang.core.lesson import Lesson
from mingtang.core.seen import Seen
from mingtang.live import door as doors
from mingtang.live.hub import Hub
from mingtang.live.presence import Presence
from mingtang.live.shared import SharedTask
from mingtang.live.task import LessonTask
from mingtang.live.wish import Answer, Wish
from tests.chaos.conftest import SEEDS

pytestmark = pytest.mark.slow
Patch = pytest.MonkeyPatch


def test_a_thousand_lessons_keep_every_promise(thousand: tuple[int, str]) -> None:
    status, told = thousand
    assert status == 0, told
    assert f"{SEEDS} lessons" in told


def test_a_seed_gives_the_same_run_again() -> None:
    one, two = play(7), play(7)
    assert one.happened == two.happened
    assert one.disk.logs == two.disk.logs
    assert [p.sights for p in one.people] == [p.sights for p in two.people]


def test_people_do_things_and_faults_happen_in_it() -> None:
    """A simulation in which little happens would prove little."""
    worlds = [play(seed) for seed in range(8)]
    happened = {fault.split()[1] for world in worlds for fault in world.happened}
    assert {"crash", "restart", "drop", "failing", "pause"} <= happened
    kinds = {row.kind for world in worlds for row in world.disk.logs["l1"]}
    assert {"poll.voted", "peer.voted", "ink.drawn", "questions.asked", "hands.raised", "slides.turned"} <= kinds
    assert "member.erased" in kinds
    assert all(sum(len(p.sights) for p in world.people) > 20 for world in worlds)
    answers = [a for world in worlds for p in world.people for a in p.book.answers.values()]
    assert {a["t"] for a in answers} == {"ok", "no"}


# A judge that never finds anything is no judge: each of these breaks the program in one place.


def show_before_durable(patch: Patch) -> None:
    commit = LessonTask._commit

    async def early(self: LessonTask, wishes: Any) -> None:
        answers = [Answer(self.lesson.seq + 1) for _ in wishes]
        self._answer(wishes, answers)
        await commit(self, [Wish(w.command, w.by, w.cmd, lambda answer: None) for w in wishes])

    patch.setattr(LessonTask, "_commit", early)


def forget_what_was_done(patch: Patch) -> None:
    fold = Lesson.fold

    def forgetful(self: Lesson, fact: Any) -> Any:
        touched = fold(self, fact)
        self.seen = Seen()
        return touched

    patch.setattr(Lesson, "fold", forgetful)
    patch.setattr(doors, "MOST_REMEMBERED", 1)


def lose_a_patch(patch: Patch) -> None:
    flush = Hub.flush

    def lossy(self: Hub) -> None:
        if self.lesson.seq % 5 == 0:
            self.dirty.parts.clear()
            self.dirty.activities.clear()
        flush(self)

    patch.setattr(Hub, "flush", lossy)


def keep_what_failed(patch: Patch) -> None:
    async def no_reload(self: LessonTask) -> bool:
        self._broken, self.durable = False, True
        return True

    patch.setattr(LessonTask, "_reload", no_reload)


def say_that_nothing_was_kept(patch: Patch) -> None:
    async def give_up(self: LessonTask, wishes: list[Wish], doubt: bool) -> None:
        await self._reload()
        for wish in wishes:
            wish.reply(Answer(code="store_failed"))

    patch.setattr(LessonTask, "_give_up", give_up)


def never_notice_who_went(patch: Patch) -> None:
    patch.setattr(Presence, "left", lambda self, member, now: None)


def tell_secrets(patch: Patch) -> None:
    view = Lesson.view

    def open_book(self: Lesson, role: Any, part: str) -> Any:
        seen = view(self, role, part)
        if part == "poll" and seen is not None:
            return {**seen, "rights": [o for item in self.states["poll"].items.values() for o in item.question.options]}
        return seen

    patch.setattr(Lesson, "view", open_book)


def test_the_judge_finds_what_three_nodes_do_wrong(monkeypatch: Patch) -> None:
    """A command that is said again at another node is done again."""
    monkeypatch.setattr(SharedTask, "_seen", lambda self, wish: None)
    assert any("stands at" in one for seed in range(12) for one in judge(play(seed, 3)))


@pytest.mark.parametrize(
    ("break_it", "found"),
    [
        (show_before_durable, "was sent, the disk has"),
        (forget_what_was_done, "more than once"),
        (lose_a_patch, "that is not the log's"),
        (keep_what_failed, ""),
        (say_that_nothing_was_kept, "said not to be kept, and it is"),
        (never_notice_who_went, "the log says otherwise"),
        (tell_secrets, "could read the secret"),
    ],
)
def test_the_judge_finds_what_is_broken(break_it: Callable[[Patch], None], found: str, monkeypatch: Patch) -> None:
    break_it(monkeypatch)
    said: list[str] = []
    for seed in range(12):
        said += judge(play(seed))
        if any(found in one for one in said):
            return
    pytest.fail(f"nothing like {found!r} was found; but: {said[:3]}")


def test_everybody_waiting_for_ever_is_found() -> None:
    loop = VirtualLoop()
    with pytest.raises(Stuck):
        loop.run_until_complete(asyncio.Event().wait())
    loop.close()
