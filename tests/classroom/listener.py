"""A program that hears and sees a lesson as a member's page would: by a media socket of its own, object by object."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import av
import websockets
from websockets.sync.client import connect
from websockets.typing import Origin

from mingtang.live.media.objects import HEADER, Head, Kind, read
from tests.classroom.people import Person

PATIENCE_S = 30.0


class Object(NamedTuple):
    """`came`: when, ms UTC."""

    head: Head
    payload: bytes
    came: float


class Listener:
    """`objects` grows while the line stands; each track that is asked for is seen from its newest group on."""

    def __init__(self, person: Person, as_: str) -> None:
        server, lesson = person.classroom.server, person.classroom.lesson
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in person.context.cookies())
        url = f"ws://{server.host}:{server.port}/media/{lesson}?as={as_}"
        self.objects: list[Object] = []
        self._news = threading.Condition()
        self._lines = contextlib.ExitStack()
        self._socket = self._lines.enter_context(
            connect(url, origin=Origin(server.url), additional_headers={"Cookie": cookies}, max_size=None)
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def see(self, *tracks: int) -> None:
        self._socket.send(json.dumps({"t": "see", "tracks": {str(track): 3 for track in tracks}}))

    def cannot(self, track: int, codec: str) -> None:
        """Says that there is no decoder here for the codec of a track."""
        self._socket.send(json.dumps({"t": "cannot", "track": track, "codec": codec}))

    def of(self, track: int) -> list[Object]:
        return [one for one in list(self.objects) if one.head.track == track]

    def until(self, what: Callable[[], Any]) -> None:
        """Until it is so, looking at each object that comes."""
        with self._news:
            assert self._news.wait_for(what, PATIENCE_S), f"not after {len(self.objects)} objects"

    def close(self) -> None:
        self._lines.close()
        self._thread.join(PATIENCE_S)

    def _listen(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                data = self._socket.recv()
                if isinstance(data, bytes):
                    with self._news:
                        self.objects.append(Object(read(data), data[HEADER:], time.time() * 1000))
                        self._news.notify_all()


def flashes(objects: list[Object]) -> list[int]:
    """When the picture turned white, ms: between the last dark one and the first bright."""
    shown = brightness(objects)
    pairs = itertools.pairwise(shown)
    return [(last + first) // 2 for (last, before), (first, now) in pairs if before < 128 <= now]


def beeps(objects: list[Object]) -> list[int]:
    """When it became loud, ms."""
    heard = [(one.head.time, one.head.level < 30) for one in objects if one.head.kind is Kind.sound]
    return [when for (_, before), (when, now) in itertools.pairwise(heard) if now and not before]


def brightness(objects: list[Object]) -> list[tuple[int, float]]:
    """Each picture decoded: its time and how bright it is in the middle."""
    configuration = next(json.loads(one.payload) for one in objects if one.head.kind is Kind.configuration)
    name = {"vp8": "vp8", "vp0": "vp9", "avc": "h264", "av0": "av1"}[configuration["codec"][:3]]
    decoder = av.CodecContext.create(name, "r")
    shown: list[tuple[int, float]] = []
    for one in objects:
        if one.head.kind is Kind.picture:
            frames = decoder.decode(av.Packet(one.payload))
            shown += [(one.head.time, _middle(frame)) for frame in frames]
    return shown


def _middle(frame: Any) -> float:
    """The mean of some rows that nothing but the flash changes."""
    plane = frame.reformat(format="gray").planes[0]
    rows = bytes(plane)[plane.line_size * 20 : plane.line_size * 40]
    return sum(rows) / len(rows)


def lasts(objects: list[Object]) -> int:
    """From the first to the last, ms."""
    times = [one.head.time for one in objects if one.head.kind is not Kind.configuration]
    return times[-1] - times[0] if times else 0


def apart(times: list[int]) -> list[int]:
    """How far each is from a whole second, ms; positive: late."""
    return [(time + 500) % 1000 - 500 for time in times]
