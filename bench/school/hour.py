"""One lesson of ninety minutes from the first member to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.school.clock import MINUTE, Clock
from bench.school.crowd import Crowd
from bench.school.teacher import Script, Teacher
from mingtang.core.event import Fact, Row
from mingtang.core.lesson import Lesson

LENGTH = 90 * MINUTE
BEGIN = 1_752_000_000_000  # 8 July 2025
SPARE = 80  # events left for the last minute, so that the count is exact
TEACHER, WALL = "t0000", "w0000"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a deck: an asset's name, its size in pixels, its title."""

    asset: str
    width: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson that was held. `lesson` is its folded state, `facts` its log."""

    lesson: Lesson
    facts: list[Fact]

    @property
    def rows(self) -> list[Row]:
        """The log as stores keep it."""
        return [self.lesson.kinds.row(fact) for fact in self.facts]


def pages_of(count: int, seed: int = 0) -> list[Page]:
    """Pages without pictures, for logs that nobody looks at."""
    return [Page(f"{seed:016x}{n:016x}", 1600, 900, f"Slide {n}") for n in range(1, count + 1)]


def teach(
    seed: int = 1,
    students: int = 300,
    events: int = 0,
    pages: Sequence[Page] | int = 60,
    lang: str = "en",
    title: str = "",
    code: str = "234567",
    course: str = "",
    begin: int = BEGIN,
    teacher: str = TEACHER,
    ended: bool = True,
) -> Taught:
    """`events` is the exact length of the log where the hour has fewer by itself; more, never fewer, where it has more.
    `ended=False` leaves the lesson running at its last minute."""
    clock = Clock(seed, begin)
    crowd = Crowd(clock, students, lang, LENGTH)
    _open(clock, title or ("Hash tables" if lang == "en" else "哈希表"), code, course, teacher, lang)
    steps = _deck(clock, pages_of(pages, seed) if isinstance(pages, int) else pages)
    crowd.arrive()
    script = Teacher(clock, crowd, teacher, steps, lang, LENGTH).hour()
    clock.at(10_000, lambda: _go_on(clock, script))
    _run(clock, crowd, events)
    _fill_up(clock, crowd, events - ended, teacher, steps)
    if ended:
        clock.say(teacher, "lesson.end")
    return Taught(clock.lesson, clock.facts)


def _open(clock: Clock, title: str, code: str, course: str, teacher: str, lang: str) -> None:
    clock.say("", "lesson.open", title=title, code=code, course=course)
    name = "Teacher" if lang == "en" else "老师"
    for id, called, role in ((teacher, name, "teacher"), (WALL, "", "wall")):
        clock.say("", "roster.admit", id=id, name=called, role=role, seat="room")
        clock.say("", "roster.come", id=id)


def _deck(clock: Clock, pages: Sequence[Page]) -> list[str]:
    """The steps that the pages became."""
    if not pages:
        return []
    clock.say("", "slides.begin_deck", deck="deck", name="deck.pdf", pages=len(pages))
    steps: list[str] = []
    for number, page in enumerate(pages, 1):
        clock.now += 90
        size = {"width": page.width, "height": page.height}
        made = clock.say("", "slides.add_page", deck="deck", page=number, asset=page.asset, title=page.title, **size)
        steps.append(made[0].step)  # type: ignore[attr-defined]
    return steps


def _go_on(clock: Clock, script: Script) -> None:
    seconds = next(script, None)
    if seconds is not None:
        clock.later(seconds, lambda: _go_on(clock, script))


def _run(clock: Clock, crowd: Crowd, events: int) -> None:
    """Second by second; when fewer events have happened than are due by then, students do more of what they can."""
    first, last = 4 * MINUTE, LENGTH - MINUTE // 2
    base = 0
    for second in range(clock.now // 1000, LENGTH // 1000):
        until = second * 1000
        while clock.due(until):
            pass
        clock.now = max(clock.now, until)
        base = base or (len(clock.facts) if until >= first else 0)
        if base and until < last:
            due = base + (events - SPARE - base) * (until + 1000 - first) / (last - first)
            for _ in range(int(due) - len(clock.facts)):
                clock.at(until + clock.chance.randrange(1000), lambda: _try_to_fill(crowd))
    clock.now = LENGTH


def _try_to_fill(crowd: Crowd) -> None:
    for _ in range(6):
        if crowd.fill():
            return


def _fill_up(clock: Clock, crowd: Crowd, events: int, teacher: str, steps: Sequence[str]) -> None:
    """The last few, one event each, so that the count is exact."""
    page = steps[-1] if steps else "board-1"
    while len(clock.facts) < events - 5 and crowd.fill():
        pass
    while len(clock.facts) < events and crowd.draw(teacher, page, 4):
        pass
