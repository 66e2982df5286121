"""Who is in the picture: the one who speaks, if he has a camera, else the teacher, else the room. From levels alone,
nothing is decoded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from mingtang.readings.video.recorded import Recorded
from mingtang.stores.media.objects import Kind, read

STEP_MS = 1000
AUDIBLE = 55  # −dBov; who is quieter says nothing
PATIENCE = 2  # steps that somebody must speak before the picture turns to him
OBJECTS = Callable[[Recorded], Iterable[bytes]]


class Turns:
    """Whose camera is shown from when on."""

    def __init__(self, tracks: Sequence[Recorded], objects: OBJECTS, begin: int, end: int) -> None:
        self._cameras = [track for track in tracks if track.source in ("camera", "room_camera")]
        self._begin = begin
        steps = max(1, -(-(end - begin) // STEP_MS))
        loudest = self._loudest(tracks, objects, steps) if len(self._cameras) > 1 else [""] * steps
        self._times, self._shown = self._decide(loudest)

    def at(self, time: int) -> Recorded | None:
        which = bisect_right(self._times, time) - 1
        return self._shown[which] if which >= 0 else None

    def _loudest(self, tracks: Sequence[Recorded], objects: OBJECTS, steps: int) -> list[str]:
        """Of each step the member who was loudest, "" for nobody."""
        best, who = [AUDIBLE] * steps, [""] * steps
        owners = {camera.member for camera in self._cameras}
        for track in tracks:
            if track.source in ("microphone", "room_microphone") and track.member in owners:
                for step, level in _levels(objects(track), self._begin, steps):
                    if level < best[step]:
                        best[step], who[step] = level, track.member
        return who

    def _decide(self, loudest: Sequence[str]) -> tuple[list[int], list[Recorded | None]]:
        times: list[int] = []
        shown: list[Recorded | None] = []
        speaker, rival, spoke = "", "", 0
        for step, member in enumerate(loudest):
            spoke = spoke + 1 if member == rival else 1
            rival = member
            if member and spoke >= PATIENCE:
                speaker = member
            time = self._begin + step * STEP_MS
            camera = self._camera(speaker, time)
            if not shown or camera is not shown[-1]:
                times.append(time)
                shown.append(camera)
        return times, shown

    def _camera(self, speaker: str, time: int) -> Recorded | None:
        here = [
            one for one in self._cameras if any(begin <= time + STEP_MS and time < end for begin, end in one.for_all)
        ]
        order = (lambda one: one.member == speaker, lambda one: one.staff and one.source == "camera",
                 lambda one: one.source == "room_camera", lambda one: True)  # fmt: skip
        return next((one for rule in order for one in here if rule(one)), None)


def _levels(objects: Iterable[bytes], begin: int, steps: int) -> Iterable[tuple[int, int]]:
    """Step and the loudest of what one said in it."""
    loudest: dict[int, int] = {}
    for data in objects:
        head = read(data)
        step = (head.time - begin) // STEP_MS
        if head.kind is Kind.sound and 0 <= step < steps:
            loudest[step] = min(head.level, loudest.get(step, head.level))
    return loudest.items()
