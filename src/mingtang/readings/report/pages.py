"""The steps that were on the stage: for how long, before how many, and where students were lost."""

from __future__ import annotations

from typing import Any

from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.core.member import Seat
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import PageFigures, Seats

FEW = 5  # counts of fewer could tell whose a mark is
SLIDES = ("slides.turned", "slides.page_added", "slides.inserted", "slides.dropped", "slides.restored")


class Shown:
    """When each step was on the stage, and from which seat it was marked."""

    def __init__(self) -> None:
        self.spans: dict[str, list[tuple[int, int]]] = {}
        self.here: dict[str, int] = {}
        self.seats: dict[tuple[str, str], Seat] = {}
        self._now, self._since = "", 0

    def take(self, lesson: Lesson, fact: Fact) -> None:
        """After the fact was folded."""
        if fact.kind == "pace.marked":
            member = lesson.people.members.get(fact.by)
            if member is not None:
                self.seats[fact.event.page, fact.by] = member.seat  # type: ignore[attr-defined]
        elif fact.kind.startswith("slides."):
            now = lesson.states["slides"].now
            if now != self._now:
                self._turn(lesson, now, fact.at)

    def _turn(self, lesson: Lesson, to: str, at: int) -> None:
        if self._now:
            self.spans.setdefault(self._now, []).append((self._since, at))
        self._now, self._since = to, at
        self.look(lesson)

    def look(self, lesson: Lesson) -> None:
        """How many see the step that is on the stage."""
        if self._now:
            self.here[self._now] = max(self.here.get(self._now, 0), sum(lesson.people.here.values()))

    def length(self, step: str, began: int, until: int) -> int:
        """In ms, within the hour."""
        spans = [*self.spans.get(step, ()), *([(self._since, until)] if step == self._now else ())]
        return sum(max(0, min(b, until) - max(a, began)) for a, b in spans)

    def first(self, step: str) -> int | None:
        return self.spans[step][0][0] if step in self.spans else self._since if step == self._now else None


def numbered(lesson: Lesson) -> dict[str, tuple[int, Any]]:
    """Every step by its id, with its number as screens show it; dropped ones come last, without a number (0)."""
    slides = lesson.states["slides"]
    steps = sorted(slides.steps.items(), key=lambda pair: (pair[1].pos, pair[0]))
    dropped = sorted(slides.dropped.items(), key=lambda pair: (pair[1].pos, pair[0]))
    return {id: (n, step) for n, (id, step) in enumerate(steps, 1)} | {id: (0, step) for id, step in dropped}


def question_steps(steps: dict[str, tuple[int, Any]]) -> dict[str, int]:
    """The numbers of the steps on which questions stand, by kind and id of the question."""
    return {f"{step.kind} {step.ref}": n for n, step in steps.values() if n and step.ref}


def pages(
    lesson: Lesson, shown: Shown, steps: dict[str, tuple[int, Any]], began: int, until: int, ledger: Ledger
) -> list[PageFigures]:
    """Those that were shown or marked, in their order."""
    marked = lesson.states["pace"].pages
    wanted = [id for id in steps if id in marked or shown.first(id) is not None]
    return [_page(lesson, shown, id, *steps[id], (began, until), ledger) for id in wanted]


def _page(
    lesson: Lesson, shown: Shown, id: str, n: int, step: Any, hour: tuple[int, int], ledger: Ledger
) -> PageFigures:
    page = lesson.states["pace"].pages.get(id)
    ever = page.ever if page else {}
    lost = ever.get("lost", set())
    marks = ledger.of("pace.marked", "pace.unmarked", page=id)
    return PageFigures(
        id=id,
        n=n,
        kind=step.kind,
        title=step.title or _title(lesson, step),
        asset=step.asset or None,
        dropped=not n,
        first=shown.first(id),
        shown=shown.length(id, *hour),
        here=shown.here.get(id, 0),
        lost=len(lost),
        slower=len(ever.get("slower", ())),
        faster=len(ever.get("faster", ())),
        seats=_split([shown.seats.get((id, member)) for member in lost]),
        source=[*ledger.of("slides.turned", to=id), *marks],
    )


def _title(lesson: Lesson, step: Any) -> str:
    """Of a question its text, of a note or a break what it says."""
    items = getattr(lesson.states.get(step.kind), "items", {})
    item = items.get(step.ref)
    return str(item.question.text) if item else str(step.text).partition("\n")[0][:120]


def _split(seats: list[Seat | None]) -> Seats | None:
    room, remote = seats.count(Seat.room), seats.count(Seat.remote)
    return Seats(room=room, remote=remote) if min(room, remote) >= FEW else None
