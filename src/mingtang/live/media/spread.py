"""Writes each object to all who look at its track, a slice at a time, sound before pictures, so that answers and pages
are served in between."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from typing import TYPE_CHECKING

from mingtang import metrics
from mingtang.live.media.tracks import Item

if TYPE_CHECKING:
    from mingtang.live.media.viewer import Sight

SLICE = 500
_straight = os.write  # to the kernel, without the loop in between
Job = tuple[Item, tuple["Sight", ...]]


class Spread:
    def __init__(self) -> None:
        self._sounds: deque[Job] = deque()
        self._pictures: deque[Job] = deque()
        self._scheduled = False
        self._places = {id(self._sounds): 0, id(self._pictures): 0}

    def put(self, item: Item, sound: bool, sights: tuple[Sight, ...]) -> None:
        """The first slice is written at once: a small lesson waits for nothing."""
        if sights:
            (self._sounds if sound else self._pictures).append((item, sights))
            if not self._scheduled:
                self._write_slice()

    def _write_slice(self) -> None:
        self._scheduled = False
        now, left = asyncio.get_running_loop().time(), SLICE
        for jobs in (self._sounds, self._pictures):
            while jobs and left > 0:
                left -= self._write(jobs, left, now)
        if self._sounds or self._pictures:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._write_slice)

    def _write(self, jobs: deque[Job], most: int, now: float) -> int:
        """Of the first job, at most so many; returns how many."""
        item, sights = jobs[0]
        begin = self._places[id(jobs)]
        part = sights[begin : begin + most] if begin or len(sights) > most else sights
        self._places[id(jobs)] = begin + len(part)
        if begin + len(part) == len(sights):
            jobs.popleft()
            self._places[id(jobs)] = 0
        write_to(part, item, now)
        return len(part)


def write_to(sights: tuple[Sight, ...], item: Item, now: float) -> None:
    """Nearly all of what a viewer costs is this loop: it calls nothing that it need not."""
    frame, size, plain, held, straight = item.frame, len(item.frame), not item.configures, 0, _straight
    for sight in sights:
        if not (plain and sight.flows):
            sight.hold(item, now)
            held += 1
        elif sight.fd < 0:
            sight.write(frame)
        else:
            try:
                sent = straight(sight.fd, frame)
            except OSError:
                sent = 0  # it is full, or gone: write() sees which
            if sent != size:
                sight.write(frame[sent:])
    metrics.media_out.inc(len(sights) - held)
