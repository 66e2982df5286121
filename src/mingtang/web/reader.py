"""Readings are made beside the lessons: in processes of their own, so that no report ever delays an answer."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Concatenate, ParamSpec, TypeVar

from mingtang.stores.reading import LogReader, open_reader

log = logging.getLogger(__name__)
NICENESS = 5
P = ParamSpec("P")
T = TypeVar("T")

_address = ""
_reader: LogReader | None = None


class ReadingFailed(Exception):  # noqa: N818
    """The process that read ended twice before it had an answer."""


class Reader:
    """A lane is one process: what is asked in it is done in order, so its functions may keep what they have folded.
    A lane begins with its first question."""

    def __init__(self, address: str) -> None:
        """`address` is what stores.reading.open_reader takes."""
        self._address = address
        self._lanes: dict[str, ProcessPoolExecutor] = {}
        self._closed = False

    async def ask(
        self, lane: str, function: Callable[Concatenate[LogReader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`function(reader, …)`, a module’s own function; what it raises is raised here. Raises ReadingFailed."""
        for _ in range(2):
            if self._closed:
                break
            pool = self._lane(lane)
            try:
                work = pool.submit(_run, function, args, kwargs)
                return await asyncio.wrap_future(work)
            except BrokenProcessPool:
                log.warning("a reading process ended", extra={"data": {"lane": lane}})
                if self._lanes.get(lane) is pool:
                    del self._lanes[lane]
        raise ReadingFailed(lane)

    def runs(self, lane: str) -> bool:
        """Whether anything was asked there: a lane that never began keeps nothing."""
        return lane in self._lanes

    def _lane(self, name: str) -> ProcessPoolExecutor:
        pool = self._lanes.get(name)
        if pool is None:
            spawn = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_begin, initargs=(self._address,))
            self._lanes[name] = pool
        return pool

    async def close(self) -> None:
        """What is being made is given up: it can be made again."""
        self._closed = True
        lanes, self._lanes = list(self._lanes.values()), {}
        for pool in lanes:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)


def _begin(address: str) -> None:
    global _address
    _address = address
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends this process
    os.nice(NICENESS)


def _run(function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    global _reader
    if _reader is None:
        _reader = open_reader(_address)
    return function(_reader, *args, **kwargs)
