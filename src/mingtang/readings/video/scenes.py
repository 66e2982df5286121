"""What stood on the stage, moment by moment, as the wall showed it: no names, no secrets, nothing hidden. Drawn by
others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from mingtang.activities import kinds
from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson, Touched
from mingtang.core.member import Role
from mingtang.core.patch import Json
from mingtang.core.text import BLANK
from mingtang.readings.video.recorded import Recorded, Tracks

ASKS = frozenset({"poll", "peer"})


class Scene(Struct):
    """`at` is ms UTC. `ink` are the strokes in their order; `asked` is a question as the wall has it; `ends` when a
    clock on the stage is over."""

    at: int
    cover: str = "code"
    step: str = ""
    kind: str = ""
    asset: str = ""
    size: tuple[int, int] = (0, 0)
    text: str = ""
    title: str = ""
    ink: tuple[Json, ...] = ()
    asked: Json | None = None
    ends: int = 0

    def same(self, other: Scene) -> bool:
        """Whether both look alike."""
        return all(getattr(self, name) == getattr(other, name) for name in Scene.__struct_fields__ if name != "at")


class Chapter(Struct):
    """A step came on the stage, or back to it. `text` is its title, or of a question its words."""

    at: int
    text: str
    kind: str
    number: int = 0


class Line(Struct):
    """Something that was said, in writing; `name` is who said it, where that is known."""

    begin: int
    end: int
    text: str
    name: str = ""


class Course(Struct):
    """How a whole lesson went. `began` is when the stage was uncovered for the first time."""

    title: str
    opened: int
    ended: int
    began: int
    chapters: list[Chapter]
    lines: list[Line]
    tracks: list[Recorded]


def course_of(facts: Iterable[Fact]) -> Course:
    """Of a log with at least one fact."""
    stage = Stage()
    began, last, pages = 0, "", Pages()
    chapters: list[Chapter] = []
    for scene in stage.scenes(facts):
        if scene.cover or not scene.step:
            continue
        began = began or scene.at
        chapter = pages.chapter(scene)
        if scene.step != last:
            chapters.append(chapter)
        elif not chapters[-1].text:  # a question is asked after it came on the stage
            chapters[-1].text = chapter.text
        last = scene.step
    lesson = stage.lesson
    state: Any = lesson.states["lesson"]
    tracks = stage.tracks.settle(lesson)
    return Course(state.title, state.opened, lesson.at, began or state.opened, chapters, lines_of(lesson), tracks)


def lines_of(lesson: Lesson) -> list[Line]:
    """The captions as they stand at last, corrected, in the order in which it was said; none lies over the next."""
    captions: Any = lesson.states["captions"]
    spoken = sorted((line for line in captions.lines.values() if line.text != BLANK), key=lambda line: line.begin)
    lines = [Line(line.begin, line.end, line.text, lesson.people.name(line.member)) for line in spoken]
    for line, after in itertools.pairwise(lines):
        if line.begin < after.begin < line.end:
            line.end = after.begin
    return lines


class Stage:
    """The fold of a log, and what is to be seen of it."""

    def __init__(self) -> None:
        self.lesson, self.tracks = Lesson(kinds()), Tracks()

    def scenes(self, facts: Iterable[Fact]) -> Iterator[Scene]:
        """Each differs from the one before, and is what its moment ended with."""
        waiting: Scene | None = None
        for scene in self._all(facts):
            if waiting is not None and waiting.at < scene.at:
                yield waiting
            waiting = scene
        if waiting is not None:
            yield waiting

    def _all(self, facts: Iterable[Fact]) -> Iterator[Scene]:
        shown: Scene | None = None
        for fact in facts:
            touched = self.lesson.fold(fact)
            self.tracks.look(self.lesson, fact)
            if shown is None or _concerns(touched, shown):
                scene = scene_of(self.lesson, self.lesson.at)
                if shown is None or not scene.same(shown):
                    shown = scene
                    yield scene


def _concerns(touched: Touched, shown: Scene) -> bool:
    parts = ("slides", "timer", f"ink/{shown.step}", shown.kind)
    return any(touched.covers(part) for part in parts)


def scene_of(lesson: Lesson, at: int) -> Scene:
    slides: Json = lesson.view(Role.wall, "slides") or {}
    now: Json = slides.get("now", {})
    step = str(now.get("step", ""))
    told: Json = slides.get("steps", {}).get(step, {})
    scene = Scene(at, str(slides.get("cover", "")), step, str(now.get("kind", "")))
    scene.asset, scene.text, scene.title = told.get("asset", ""), told.get("text", ""), told.get("title", "")
    scene.size = (told.get("width", 0), told.get("height", 0))
    if step:
        ink: Json = lesson.view(Role.wall, f"ink/{step}") or {}
        scene.ink = tuple(sorted(ink.get("strokes", {}).values(), key=lambda stroke: int(stroke["n"])))
    if scene.kind in ASKS:
        scene.asked = (lesson.view(Role.wall, scene.kind) or {}).get(str(now.get("ref", "")))
    if told.get("seconds"):
        scene.ends = int((lesson.view(Role.wall, "timer") or {}).get("ends", 0))
    return scene


class Pages:
    """Pages are counted in the order in which they came on the stage first."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def chapter(self, scene: Scene) -> Chapter:
        number = 0
        if scene.kind == "page":
            number = self._numbers.setdefault(scene.step, len(self._numbers) + 1)
        words = str((scene.asked or {}).get("text", "")) or scene.title or scene.text
        return Chapter(scene.at, " ".join(words.split())[:120], scene.kind, number)
