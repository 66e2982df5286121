"""Somebody on the stage of a real server who is no browser: he enters, begins tracks and sends what was made before,
in the lesson's own time."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from mingtang.live.media.objects import HEADER, pack, read

PATIENCE_S = 30
Line = Callable[[str], ClientConnection]
"""line(path) opens a socket of the server as this member."""


class Speaker:
    def __init__(self, line: Line, lesson: str, as_: str = "teacher") -> None:
        self._held = contextlib.ExitStack()
        self._live = self._held.enter_context(line(f"/live/{lesson}?as={as_}"))
        assert json.loads(self._live.recv(PATIENCE_S))["t"] == "hello"
        self._media = self._held.enter_context(line(f"/media/{lesson}?as={as_}"))
        assert json.loads(self._media.recv(PATIENCE_S))["t"] == "hello"
        self._numbers = count(1)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.tracks: dict[int, dict[str, Any]] = {}
        self.do("media.enter", consent=True)

    def do(self, kind: str, **data: Any) -> None:
        number = str(next(self._numbers))
        self._live.send(json.dumps({"t": "do", "id": number, "kind": kind, "data": data}))
        while (said := self._heard()).get("id") != number:
            pass
        assert said["t"] == "ok", said

    def _heard(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._live.recv(PATIENCE_S))
        found = said.get("parts", {}).get("media", {}).get("tracks", {})
        self.tracks |= {int(track): about for track, about in found.items() if about}
        return said

    def start(self, source: str, codec: str) -> int:
        """The number of the new track."""
        before = set(self.tracks)
        self.do("media.start", source=source, codec=codec)
        while not (new := set(self.tracks) - before):
            self._heard()
        return new.pop()

    def send(self, *objects: bytes) -> None:
        for data in objects:
            self._media.send(data)

    def play(self, track: int, objects: Iterable[bytes]) -> None:
        """In its own time from now on, until it is over or `close`; times in the objects are ms from the beginning."""
        thread = threading.Thread(target=self._play, args=(track, list(objects), time.time() * 1000), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _play(self, track: int, objects: list[bytes], begin: float) -> None:
        for data in objects:
            head = read(data)
            if self._over.wait(max(0.0, (begin + head.time) / 1000 - time.time())):
                return
            with contextlib.suppress(ConnectionClosed):  # a test that failed does not wait for the end of the talk
                self._media.send(pack(head._replace(track=track, time=int(begin) + head.time), data[HEADER:]))

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._held.close()
