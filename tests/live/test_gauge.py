"""A line that is encrypted here hides nothing: what a viewer does not read is known before it is much (M6)."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import ssl
import struct
import sys

import pytest

from mingtang.live.media.gauge import Gauge, can_gauge
from tests.tls import Made, made

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked in Linux's words")
QUEUED = 0x5411  # SIOCOUTQ: what the other side has not acknowledged
MOST, PIECE = 4096, 1000


class Sender(asyncio.Protocol):
    """Writes whenever it may, as a relay does."""

    def __init__(self) -> None:
        self.full, self.drained = asyncio.Event(), asyncio.Event()
        self.written = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.socket: socket.socket = transport.get_extra_info("socket")
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 2 * MOST)
        assert can_gauge(transport)
        self._gauge = Gauge(transport, MOST, self.full.set, self.drained.set)
        self.send()

    def send(self) -> None:
        for _ in range(4):
            if not self.full.is_set():
                self._gauge.write(b"x" * PIECE)
                self.written += PIECE
        if not self.full.is_set():
            asyncio.get_running_loop().call_soon(self.send)

    def in_the_kernel(self) -> int:
        return int(struct.unpack("i", fcntl.ioctl(self.socket.fileno(), QUEUED, struct.pack("i", 0)))[0])


def reader(port: int) -> socket.socket:
    """Has shaken hands and reads no more."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    plain.connect(("127.0.0.1", port))
    return trusting.wrap_socket(plain)


def unread(line: socket.socket) -> int:
    return int(struct.unpack("i", fcntl.ioctl(line.fileno(), 0x541B, struct.pack("i", 0)))[0])


async def test_what_an_encrypted_line_does_not_take_is_not_hidden_behind_the_encryption(tmp_path):
    one: Made = made("127.0.0.1")
    files = one.write(tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["tls_cert"], files["tls_key"])
    sender = Sender()
    server = await asyncio.get_running_loop().create_server(lambda: sender, "127.0.0.1", 0, ssl=context)
    line = await asyncio.to_thread(reader, server.sockets[0].getsockname()[1])
    async with asyncio.timeout(20):
        await sender.full.wait()
        hidden = sender.written - sender.in_the_kernel() - unread(line)
        assert hidden < 4 * MOST, "what was written and is not with the kernel is held by the program"
        left = sender.written
        while left:
            left -= len(await asyncio.to_thread(line.recv, 16 * 1024))
        await sender.drained.wait()
    line.close()
    server.close()
