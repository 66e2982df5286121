"""A short lesson with voice and picture in a data folder: slides, ink, a question, and recorded tracks that flash and
beep at every whole second. Made by the program's own rules; no browser and no server take part.

python -m bench.school.recorded --data FOLDER [--seconds 20] [--codec vp9]"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.school.clock import Clock
from bench.school.folder import Drawn, lesson_id
from bench.school.hour import BEGIN, Page
from bench.school.pen import stroke
from mingtang.catalog.book import Catalog
from mingtang.core.event import Row
from mingtang.stores.sqlite import SqliteStore
from mingtang.web.decks.shelf import Shelf
from mingtang.web.folder import Folder
from mingtang.web.tokens import Seals
from tools import demo_deck
from tools.recorded import Shot, picture, sound, write

TEACHER, STUDENT, WALL = "t0000", "s0001", "w0000"
LEAD_MS = 3000  # from the opening to the first page
QUESTION = {
    "form": "single",
    "text": "What does a good hash do?",
    "options": ["Spreads keys evenly", "Sorts them", "Hides them"],
    "right": ["a"],
}


@dataclass(frozen=True, slots=True)
class Recording:
    """Where it lies: `begin` is UTC ms when the tracks begin, `ms` how long they are."""

    data: Path
    lesson: str
    code: str
    begin: int
    ms: int
    rows: list[Row]


class Hour:
    """The lesson's script. Tracks: 1 and 2 microphone and camera of the teacher, 3 and 4 of a remote student who speaks
    from the second third on, 5 the teacher's screen in the last third."""

    def __init__(self, pages: list[Page], seconds: int, shot: Shot, code: str, teacher: str, seed: int = 1) -> None:
        self.clock, self.pages, self.seconds, self.shot = Clock(seed, BEGIN), pages, seconds, shot
        self.code, self.teacher = code, teacher
        self.files: dict[int, Iterable[bytes]] = {}

    def hold(self) -> list[Row]:
        clock, third = self.clock, self.seconds * 1000 // 3 // 1000 * 1000
        steps = self._open()
        clock.now = LEAD_MS
        self._say("slides.cover", to="")
        self._say("media.enter")
        self._say("media.record", on=True)
        self._begin("microphone", self.teacher, 0, self.seconds * 1000)
        self._begin("camera", self.teacher, 0, self.seconds * 1000)
        self._draw(steps[0])
        clock.now = LEAD_MS + third
        self._second(steps, third)
        clock.now = LEAD_MS + 2 * third
        self._begin("screen", self.teacher, 2 * third, self.seconds * 1000 - 2 * third)
        clock.now = LEAD_MS + self.seconds * 1000
        self._say("lesson.end")
        return [clock.kinds.row(fact) for fact in clock.facts]

    def _open(self) -> list[str]:
        clock = self.clock
        clock.say("", "lesson.open", title="Why is a hash table fast?", code=self.code, course="CS101")
        for id, name, role, seat in (
            (self.teacher, "Teacher", "teacher", "room"),
            (STUDENT, "Mei", "student", "remote"),
            (WALL, "", "wall", "room"),
        ):
            clock.say("", "roster.admit", id=id, name=name, role=role, seat=seat)
            clock.say("", "roster.come", id=id)
        clock.say("", "slides.begin_deck", deck="deck", name="deck.pdf", pages=len(self.pages))
        made = [
            clock.say("", "slides.add_page", deck="deck", page=number, asset=page.asset, title=page.title,
                      width=page.width, height=page.height)
            for number, page in enumerate(self.pages, 1)
        ]  # fmt: skip
        self._say("poll.make", id="q1", question=QUESTION)
        steps = [events[0].step for events in made]  # type: ignore[attr-defined]
        self._say("slides.insert", id="step-q1", kind="poll", ref="q1", after=steps[-1])
        return steps

    def _second(self, steps: list[str], third: int) -> None:
        clock = self.clock
        self._say("slides.turn", to=steps[1])
        self._draw(steps[1])
        self._say("media.invite", member=STUDENT)
        clock.say(STUDENT, "media.enter", consent=True)
        self._begin("microphone", STUDENT, third, third)
        self._begin("camera", STUDENT, third, third)
        clock.now += third // 2
        self._say("slides.turn", to="step-q1")
        self._say("poll.ask", id="q1")
        self._say("poll.open", id="q1")
        clock.say(STUDENT, "poll.vote", id="q1", answer=["a"])
        self._say("poll.close", id="q1")
        self._say("poll.show", id="q1")
        self._say("poll.reveal", id="q1")
        self._say("captions.type", text="Spread <all> keys evenly.", took=1000)
        clock.now += third // 2
        clock.say(STUDENT, "media.leave")

    def _say(self, wish: str, /, **fields: object) -> None:
        if not self.clock.say(self.teacher, wish, **fields):
            raise ValueError(f"{wish} changed nothing: {self.clock.refused}")

    def _begin(self, source: str, by: str, after: int, ms: int) -> None:
        codec = "opus" if source == "microphone" else self.shot.codec.replace("avc", "h264")
        (started, *_) = self.clock.say(by, "media.start", source=source, codec=codec)
        begin = BEGIN + LEAD_MS + after
        loud = 0.5 if by == STUDENT else 0.1
        made = (
            sound(started.track, begin, ms, loud=loud)
            if codec == "opus"
            else picture(started.track, begin, ms, self.shot)
        )  # type: ignore[attr-defined]
        self.files[started.track] = made  # type: ignore[attr-defined]

    def _draw(self, step: str) -> None:
        for number in range(4):
            self._say("ink.draw", **stroke(self.clock.chance, step, f"{step}-{number}"))


async def record(path: Path, seconds: int = 20, shot: Shot = Shot(), seed: int = 1) -> Recording:
    """Adds the lesson. No server may be running on the folder."""
    folder = Folder(path)
    folder.prepare()
    seals = Seals(folder.secret(), folder.teacher_key())
    store, catalog, shelf = await SqliteStore.open(folder.log), Catalog(folder.catalog), Shelf(folder.assets)
    id = lesson_id(seed)
    try:
        with tempfile.TemporaryDirectory(dir=path) as work:
            deck = Drawn("demo-en", demo_deck.title("en"), "en", demo_deck.deck("en", 3), 3, Path(work) / "deck")
            pages = deck.shelve(shelf, Path(work), 3)
        row = await catalog.add_lesson(id, deck.title, "CS101", "en", BEGIN)
        hour = Hour(pages, seconds, shot, row.code, seals.teacher_member(id), seed)
        rows = hour.hold()
        await store.append(id, 0, rows)
        await catalog.follow(id, deck.title, rows[-1].at, 1)
    finally:
        await store.close()
        await catalog.close()
    for number, objects in hour.files.items():
        write(path / "media" / id / f"{number}.objects", objects)
    return Recording(path, id, row.code, BEGIN + LEAD_MS, seconds * 1000, rows)


def run(path: Path, seconds: int = 20, shot: Shot = Shot(), seed: int = 1) -> Recording:
    """`record` from where no event loop is, or another one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, record(path, seconds, shot, seed)).result()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--codec", default="vp9")
    given = asked.parse_args()
    print(run(given.data, given.seconds, Shot(given.codec)).lesson)


if __name__ == "__main__":
    main()
