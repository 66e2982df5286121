"""Lessons for the laws: any sequence of wishes by anybody, over all activities at once."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

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


@st.composite
def wishes(draw: st.DrawFn, most: int = 30) -> list[Wish]:
    members = list(PEOPLE)
    commands = st.one_of([_strategies(name).commands(members) for name in KINDS.activities])
    # Staff speak more often than one in seven, else hardly anything is ever opened.
    by = st.one_of(st.just("idqz-t1"), st.sampled_from(members), st.just(""))
    one = st.builds(Wish, by, commands, st.integers(0, 40_000), st.integers(0, 3))
    return draw(st.lists(one, min_size=1, max_size=most))


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
