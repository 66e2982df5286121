"""The pictures of a video, one after another: what stood on the stage, who spoke, what was shown from a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mingtang.core.event import Fact
from mingtang.readings.video.canvas import BOARD, SECOND, SPEAKER, WHOLE, Box, Canvas
from mingtang.readings.video.drawing import Drawing
from mingtang.readings.video.recorded import Recorded
from mingtang.readings.video.scenes import Course, Scene, Stage
from mingtang.readings.video.seeing import Player
from mingtang.readings.video.speaking import Turns

RATE = 15
STILL_MS = 1000  # a picture on which nothing changes is sent again after so long
LARGE = ("screen", "document")
OpenAt = Callable[[Recorded, int], Iterator[bytes]]


class Footage:
    """Times are ms UTC and never go back. `open_at` gives a track's objects from the key at or before a time."""

    def __init__(
        self, course: Course, facts: Sequence[Fact], assets: Path, open_at: OpenAt, span: tuple[int, int]
    ) -> None:
        self._scenes = Stage().scenes(facts)
        self._next = next(self._scenes, None)
        self._scene, self._turned = Scene(span[0]), 0
        self._players = {
            track.no: Player(track, lambda time, track=track: open_at(track, time))  # type: ignore[misc]
            for track in course.tracks
            if not track.is_sound
        }
        self._screens = [track for track in course.tracks if track.source in LARGE]
        self._turns = Turns(course.tracks, lambda track: open_at(track, span[0]), *span)
        self.drawing = Drawing(assets, course.title)
        self._canvas = Canvas()
        self._laid: dict[Box, Any] = {}

    def frames(self, begin: int, end: int) -> Iterator[tuple[int, Any]]:
        """Time and picture, each new or after a while the same again; the first at `begin`."""
        sent = begin - STILL_MS
        for number in range((end - begin) * RATE // 1000):
            time = begin + number * 1000 // RATE
            if self._compose(time) or time - sent >= STILL_MS:
                sent = time
                yield time, self._canvas.frame()

    def _compose(self, time: int) -> bool:
        """Whether anything changed."""
        while self._next is not None and self._next.at <= time:
            if (self._next.step, self._next.cover) != (self._scene.step, self._scene.cover):
                self._turned = self._next.at
            self._scene, self._next = self._next, next(self._scenes, None)
        near = time + 500 // RATE  # a picture that comes within half a step belongs to this one
        screen, since = self._screen(near)
        speaker = self._speaker(near)
        wanted = _places(self._scene, self._turned, screen, since, speaker)
        return self._lay(wanted, time)

    def _screen(self, time: int) -> tuple[Any, int]:
        """The screen or document that was begun last, and when."""
        for track in reversed(self._screens):
            if (frame := self._players[track.no].at(time)) is not None:
                return frame, next(begin for begin, end in track.for_all if begin <= time < end)
        return None, 0

    def _speaker(self, time: int) -> Any:
        track = self._turns.at(time)
        return None if track is None else self._players[track.no].at(time)

    def _lay(self, wanted: dict[Box, Any], time: int) -> bool:
        if wanted.keys() != self._laid.keys():
            self._canvas.clear(WHOLE)
            self._laid = {}
        changed = False
        for box, what in wanted.items():
            key: Any = what
            if isinstance(what, Scene):
                key = (id(what), -(-(what.ends - time) // 1000)) if what.ends > time else (id(what), 0)
            if box in self._laid and _same(self._laid[box], key):
                continue
            self._laid[box] = key
            changed = True
            if isinstance(what, Scene):
                self._canvas.lay_image(self.drawing.draw(what, (box.width, box.height), time), box)
            else:
                self._canvas.lay_frame(what, box)
        return changed


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) if isinstance(one, tuple) and isinstance(other, tuple) else one is other


def _places(scene: Scene, turned: int, screen: Any, since: int, speaker: Any) -> dict[Box, Any]:
    """Large is what came last, the stage or a screen; the other one is small, below who speaks."""
    if screen is None:
        return {WHOLE: scene} if speaker is None else {BOARD: scene, SPEAKER: speaker}
    large, small = (screen, scene) if since >= turned else (scene, screen)
    places = {BOARD: large, SECOND: small}
    return places if speaker is None else {**places, SPEAKER: speaker}
