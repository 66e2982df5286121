"""Several processes that serve one data folder at one port, and the process that watches over them: it holds the
folder, the port and the exchange on which they speak, and begins anew a worker that has died. It serves nobody."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from mingtang.buses.unix import Exchange
from mingtang.settings import Settings
from mingtang.web import engines, logs, network, server
from mingtang.web.folder import Folder
from mingtang.web.node import Place
from mingtang.web.tls import shown
from mingtang.web.tls.ways import open_ways
from mingtang.web.trouble import Trouble

log = logging.getLogger(__name__)
ENDS_WITHIN_S = 15.0
AGAIN_AFTER_S = 0.5
Told = Callable[[server.Started], None]


def watch_over(settings: Settings, folder: Folder, told: Told, beside: server.Beside | None = None) -> None:
    """Runs until SIGINT or SIGTERM; the folder is locked by the caller. Raises Trouble when it cannot begin."""
    with contextlib.ExitStack() as held:
        settings = dataclasses.replace(settings, port=_hold(held, settings.host, settings.port))
        if (source := shown.kept(settings, folder)) is not None:
            source.refresh()  # once, so that workers find it made
            settings = dataclasses.replace(settings, tls_port=_hold(held, settings.host, settings.tls_port))
        way = Path(tempfile.mkdtemp(prefix="mingtang-"))  # a socket's path may be short only
        try:
            asyncio.run(_watch(settings, folder, way / "bus", told, beside))
        finally:
            shutil.rmtree(way, ignore_errors=True)


def _hold(held: contextlib.ExitStack, host: str, port: int) -> int:
    """A port that workers share; which it is."""
    sock = held.enter_context(contextlib.closing(network.bind(host, port, shared=True, listening=False)))
    return int(sock.getsockname()[1])


async def _watch(settings: Settings, folder: Folder, bus: Path, told: Told, beside: server.Beside | None) -> None:
    store = await engines.open_store(settings, folder)  # once, so that workers find all of it made
    await store.close()
    await engines.open_catalog(settings, folder).close()
    folder.secret(), folder.teacher_key()
    exchange = Exchange(bus)
    await exchange.open()
    crew = Crew(settings, bus, beside)
    try:
        told(await crew.begin())
        await crew.watch()
    finally:
        await crew.end()
        await exchange.close()
        folder.unannounce()


class Crew:
    def __init__(self, settings: Settings, bus: Path, beside: server.Beside | None = None) -> None:
        self._settings, self._bus, self._beside = settings, bus, beside
        self._spawn = multiprocessing.get_context("spawn")
        self._workers: dict[int, BaseProcess] = {}
        self._ends: list[asyncio.Task[None]] = []
        self._over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._over.set)

    async def begin(self) -> server.Started:
        """Returns when all workers serve. Raises Trouble when one does not begin."""
        pipes = [self._start(number, fresh=True) for number in range(self._settings.workers)]
        first, *_ = [await asyncio.to_thread(_hear, pipe) for pipe in pipes]
        return first

    def _start(self, number: int, fresh: bool) -> Connection:
        mine, its = self._spawn.Pipe(duplex=False)
        level = logging.getLevelName(logging.getLogger().level)
        process = self._spawn.Process(
            target=_work,
            args=(self._settings, number, self._bus, fresh, level, its, self._beside),
            name=f"worker {number}",
        )
        process.start()
        its.close()
        self._workers[number] = process
        return mine

    async def watch(self) -> None:
        self._ends = [asyncio.create_task(self._again(number)) for number in self._workers]
        await self._over.wait()

    async def _again(self, number: int) -> None:
        while not self._over.is_set():
            await asyncio.to_thread(self._workers[number].join)
            if self._over.is_set():
                return
            log.error("a worker ended and is begun anew", extra={"data": {"worker": number}})
            await asyncio.sleep(AGAIN_AFTER_S)
            if not self._over.is_set():
                self._start(number, fresh=False)

    async def end(self) -> None:
        """As uvicorn does for one: each says goodbye to its screens."""
        self._over.set()
        for process in self._workers.values():
            with contextlib.suppress(ProcessLookupError):
                if process.pid and process.is_alive():
                    os.kill(process.pid, signal.SIGTERM)
        wait = ENDS_WITHIN_S + self._settings.drain_seconds
        for process in self._workers.values():
            await asyncio.to_thread(process.join, wait)
            if process.is_alive():
                process.kill()
        await asyncio.gather(*self._ends, return_exceptions=True)


def _hear(pipe: Connection) -> server.Started:
    try:
        said: server.Started | Trouble = pipe.recv()
    except EOFError as error:
        raise Trouble("worker-failed") from error
    if isinstance(said, Trouble):
        raise said
    return said


def _work(
    settings: Settings,
    number: int,
    bus: Path,
    fresh: bool,
    level: str,
    pipe: Connection,
    beside: server.Beside | None,
) -> None:
    """A worker's whole life."""
    logs.set_up(level)
    folder = Folder.of(settings)
    place = Place(number, bus, fresh)
    if settings.metrics_port:  # each has numbers of its own
        settings = dataclasses.replace(settings, metrics_port=settings.metrics_port + number)
    try:
        with open_ways(settings, folder, shared=True) as ways:
            server.serve_at(settings, folder, ways, partial(_tell, pipe), place, beside)
    except Trouble as trouble:
        _tell(pipe, trouble)
        raise SystemExit(1) from trouble


def _tell(pipe: Connection, said: server.Started | Trouble) -> None:
    with contextlib.suppress(OSError):  # nobody waits for one that takes a dead worker's place
        pipe.send(said)
