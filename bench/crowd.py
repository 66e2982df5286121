"""Many students in one process: a lean WebSocket client that notes when each frame came. Loopback only."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from typing import Any

MASK = b"\0\0\0\0"
BROWSER = "\r\n".join(  # what Chromium sends besides, so that reading it is not left out
    (
        "Pragma: no-cache",
        "Cache-Control: no-cache",
        "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
        "Safari/537.36",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    )
)


class Student(asyncio.Protocol):
    """`got` is called for every frame with its JSON and the time (monotonic seconds) at which it was read."""

    def __init__(self, path: str, cookie: str) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Origin: http://127.0.0.1\r\n{BROWSER}\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: {cookie}\r\n\r\n"
        ).encode()
        self._buffer = b""
        self._open = False
        self.hello: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.patches: list[tuple[float, bytes]] = []
        self.answers: dict[str, tuple[float, dict[str, Any]]] = {}
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self._buffer += data
        if not self._open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self.hello.set_exception(ConnectionError(head.decode()[:200]))
                return
            self._open, self._buffer = True, rest
        while (frame := self._next()) is not None:
            self._take(frame, now)

    def _next(self) -> bytes | None:
        data = self._buffer
        if len(data) < 2:
            return None
        size, start = data[1] & 127, 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < start + size:
            return None
        self._buffer = data[start + size :]
        return data[start : start + size] if data[0] & 15 == 1 else b""

    def _take(self, payload: bytes, now: float) -> None:
        if payload.startswith(b'{"t":"patch"'):
            self.patches.append((now, payload))
        elif payload.startswith(b'{"t":"hello"'):
            if not self.hello.done():
                self.hello.set_result(json.loads(payload))
        elif payload.startswith((b'{"t":"ok"', b'{"t":"no"')):
            answer = json.loads(payload)
            self.answers[answer.get("id", "")] = (now, answer)

    def send(self, frame: dict[str, Any]) -> float:
        payload = json.dumps(frame, separators=(",", ":")).encode()
        size = len(payload)
        head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
        self.transport.write(head + MASK + payload)
        return time.monotonic()

    def do(self, cmd: str, kind: str, **data: Any) -> float:
        return self.send({"t": "do", "id": cmd, "kind": kind, "data": data})


async def connect(port: int, lesson: str, cookie: str) -> Student:
    loop = asyncio.get_running_loop()
    _, student = await loop.create_connection(lambda: Student(f"/live/{lesson}", cookie), "127.0.0.1", port)
    async with asyncio.timeout(60):
        await student.hello
    return student
