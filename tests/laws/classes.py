"""Lessons for the laws: any sequence of wishes by anybody, over all activities at once."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from mingtang.activities import kinds
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.frame import LessonOpened, MemberCame, MemberJoined
from mingtang.core.lesson import Lesson, Touched
from mingtang.core.member import SERVER, Member, Role, Seat

KINDS = kinds()
# Ids that could not occur in any text by chance: finding one in a view is a leak.
PEOPLE = {
    "idqz-t1": Role.teacher,
    "idqz-a1": Role.assistant,
    "idqz-s1": Role.student,
    "idqz-s2": Role.student,
    "idqz-s3": Role.student,
    "idqz-o1": Role.observer,
    "idqz-w1": Role.wall,
}
WATCHERS = (Role.student, Role.observer, Role.wall)
START = 1_800_000_000_000


@dataclass(frozen=True)
class Wish:
    by: str
    command: Command
    wait: int
    seed: int


def wishes() -> st.SearchStrategy[list[Wish]]:
    """Long stretches of one to three activities at a time: what is asked at random over all hardly ever meets."""
    names = sorted(KINDS.activities)
    return st.sets(st.sampled_from(names), min_size=1, max_size=3).flatmap(lambda some: stretch(frozenset(some)))


@cache  # what is built anew for each example costs more than all the laws
def stretch(names: frozenset[str]) -> st.SearchStrategy[list[Wish]]:
    commands = st.one_of([_commands(name) for name in sorted(names)])
    one = st.builds(_wish, commands, st.integers(0, 99), st.sampled_from([0, 1, 900, 40_000]), st.integers(0, 3))
    # Said four times over: what was too early the first time (a vote before the poll) is in time the next.
    return st.lists(one, min_size=15, max_size=30).map(lambda asked: asked * 4)


@cache
def _commands(name: str) -> st.SearchStrategy[Command]:
    return _strategies(name).commands(list(PEOPLE))


def _wish(command: Command, pick: int, wait: int, seed: int) -> Wish:
    """Mostly by somebody who may, at times by anybody."""
    allowed = [m for m, role in PEOPLE.items() if role in command.roles] or [""]
    candidates = allowed if pick % 5 else [*PEOPLE, ""]
    return Wish(candidates[pick % len(candidates)], command, wait, seed)


def _strategies(name: str):
    return importlib.import_module(f"mingtang.activities.{name}.strategies")


def begun() -> tuple[Lesson, list[Fact]]:
    """A lesson that everybody in PEOPLE has joined, and its log so far."""
    lesson, log = Lesson(KINDS), []
    events: list[Event] = [LessonOpened(title="Sets", code="234567")]
    for n, (id_, role) in enumerate(PEOPLE.items()):
        seat = Seat.remote if n % 2 else Seat.room
        events += [MemberJoined(id=id_, name=f"Name {n}", role=role, seat=seat), MemberCame(id=id_)]
    for event in events:
        log.append(Fact(lesson.seq + 1, START, "", "", event))
        lesson.fold(log[-1])
    return lesson, log


def who(lesson: Lesson, by: str) -> Member:
    return lesson.people.members[by] if by else SERVER


def decide(lesson: Lesson, wish: Wish, at: int) -> list[Event]:
    try:
        return lesson.decide(wish.command, who(lesson, wish.by), at, wish.seed)
    except Refused:
        return []


def run(lesson: Lesson, asked: list[Wish], log: list[Fact]) -> Iterator[tuple[Fact, Touched]]:
    """Plays the wishes; gives each fact as it has just been folded and appended to `log`."""
    at = START
    for number, wish in enumerate(asked):
        at += wish.wait
        for event in decide(lesson, wish, at):
            fact = Fact(lesson.seq + 1, at, wish.by, f"c{number}", event)
            touched = lesson.fold(fact)
            log.append(fact)
            yield fact, touched
