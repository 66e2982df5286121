"""The running server: uvicorn around the application and the live socket, from a locked folder to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType

import uvicorn

from mingtang.live.hall import Hall
from mingtang.live.pauses import collect_rarely
from mingtang.live.porch import Porch
from mingtang.live.socket import live_protocol
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.app import application
from mingtang.web.folder import Folder
from mingtang.web.node import ALONE, Node, Place, open_node
from mingtang.web.security import live_gate
from mingtang.web.tls.ways import Secure, Ways
from mingtang.web.watch import watched

log = logging.getLogger(__name__)
GRACE_S = 5
HANDSHAKE_S = 15
MOST_FILES = 65536


@dataclass(frozen=True, slots=True)
class Started:
    """What a person is told when the server is up. `secure` is its address by https; `link_here` the teacher's link on
    this computer, where a browser trusts plain http."""

    address: str
    teacher_link: str
    port: int
    has_pages: bool
    secure: str = ""
    link_here: str = ""


Beside = Callable[[Settings, Hall], contextlib.AbstractAsyncContextManager[None]]
"""What of somebody else's goes along with the lessons while they are served; a function of a module, for workers."""


def serve_at(
    settings: Settings,
    folder: Folder,
    ways: Ways,
    told: Callable[[Started], None],
    place: Place = ALONE,
    beside: Beside | None = None,
) -> None:
    """In this process, on sockets that listen; the folder is locked by the caller."""
    _allow_many_sockets()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings, folder, ways, told, place, beside))


async def _serve(
    settings: Settings,
    folder: Folder,
    ways: Ways,
    told: Callable[[Started], None],
    place: Place,
    beside: Beside | None,
) -> None:
    if place.bus is not None:
        _end_with_parent(asyncio.get_running_loop())
    async with open_node(settings, folder, _address(settings, ways), place, ways.secure) as node:
        server = Server(_config(settings, node), node, lambda: told(_started(node, ways.port)))
        if beside is not None:
            await server.beside.enter_async_context(beside(settings, node.hall))
        try:
            with watched(settings, node.hall):
                await server.serve(sockets=[ways.plain])
        finally:
            if place.bus is None:
                folder.unannounce()
            log.info("stopped")


def _address(settings: Settings, ways: Ways) -> str:
    """For students: with the own authority by plain http, as their phones do not know it."""
    if ways.secure is not None and settings.tls == "files":
        return ways.secure.address
    return network.url_for(settings.host, ways.port)


def _end_with_parent(loop: asyncio.AbstractEventLoop) -> None:
    """A worker that nobody watches over any more ends as if it had been told to."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop.add_reader(parent.sentinel, _end_worker, loop, parent.sentinel)


def _end_worker(loop: asyncio.AbstractEventLoop, sentinel: int) -> None:
    loop.remove_reader(sentinel)
    os.kill(os.getpid(), signal.SIGTERM)


def _started(node: Node, port: int) -> Started:
    node.folder.announce(node.address, network.own_address(node.settings.host), port)
    log.info("serving", extra={"data": {"address": node.address, "port": port}})
    collect_rarely()
    path = f"/teach?key={node.folder.teacher_key()}"
    secure, here = node.secure.address if node.secure else "", ""
    if node.settings.tls == "own" and network.own_address(node.settings.host) != node.settings.host:
        here = f"http://localhost:{port}{path}"
    link = (secure or node.address) + path
    return Started(node.address, link, port, (node.settings.static_folder / "student.html").exists(), secure, here)


def _config(settings: Settings, node: Node) -> uvicorn.Config:
    return uvicorn.Config(
        application(node),
        http=Porch,
        ws=live_protocol(node.hall, live_gate(node.seals, settings.public_url)),
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
        backlog=network.BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
    )


class Server(uvicorn.Server):
    """Tells when it is up, and on its way down lets the hall say goodbye (1012) before connections are waited for."""

    def __init__(self, config: uvicorn.Config, node: Node, up: Callable[[], None]) -> None:
        super().__init__(config)
        self._node, self._up = node, up
        self._hurried = asyncio.Event()
        self._held, self.beside = contextlib.AsyncExitStack(), contextlib.AsyncExitStack()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self._hurried.set()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._node.secure is not None:
            await self._held.enter_async_context(self._node.secure.shown.looked_after())
            self.servers.append(await self._listen(self._node.secure))
        self._up()

    async def _listen(self, secure: Secure) -> asyncio.Server:
        def connection() -> asyncio.Protocol:
            return Porch(self.config, self.server_state, self.lifespan.state)

        return await asyncio.get_running_loop().create_server(
            connection,
            sock=secure.socket,
            ssl=secure.shown.context,
            backlog=network.BACKLOG,
            ssl_handshake_timeout=HANDSHAKE_S,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._node.closing.set()
        await self._drain()
        await self._node.reading.close()
        await self.beside.aclose()
        await self._node.recorder.close()
        await self._node.hall.close()
        await self._held.aclose()
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        """/ready says no from now on, so that a balancer sends nobody new; a second signal waits no longer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._node.settings.drain_seconds):
                await self._hurried.wait()


def _allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
