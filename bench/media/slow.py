"""Lines that do not follow: one of 400 kbit/s, and some that stand still, beside one that does."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.machine import LOAD_CORE, ROOT, build, free_port, lines, pinned, running
from bench.media.certificate import certificate
from mingtang.live.media import objects
from mingtang.live.media.objects import BadObject, Kind

SLOW_BYTES_PER_S = 50_000
STUDENTS, WATCHING = 40, 2
BUFFER = 16 * 1024


class Watcher:
    """A socket that reads as fast as it is told to, from a kernel that keeps little for it. Over TLS it is the line
    that is slow as well: what comes off it is deciphered at once."""

    def __init__(self, port: int, member: int, tls: bool = False) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.connect(("127.0.0.1", port))
        self._cipher = Cipher(self.socket) if tls else None
        key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        self._send(
            f"GET /media/bench?ticket={member} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\n{key}\r\n".encode()
        )
        self._data = b""
        while b"\r\n\r\n" not in self._data:
            self._data += self._plain(self.socket.recv(1024))
        self._data = self._data.partition(b"\r\n\r\n")[2]
        see = b'{"t":"see","tracks":{"1":2,"2":0}}'
        self._send(bytes((0x81, 0x80 | len(see), 0, 0, 0, 0)) + see)

    def _send(self, data: bytes) -> None:
        self.socket.sendall(self._cipher.cipher(data) if self._cipher else data)

    def _plain(self, data: bytes) -> bytes:
        return self._cipher.decipher(data) if self._cipher else data

    def frames(self, until: float, bytes_per_s: int) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of each, as they come at that pace."""
        began, got = time.monotonic(), 0
        while time.monotonic() < until:
            part = self.socket.recv(2048)
            if not part:
                return
            got += len(part)
            self._data += self._plain(part)
            yield from self._whole()
            time.sleep(max(0.0, began + got / bytes_per_s - time.monotonic()))

    def _whole(self) -> Iterator[tuple[int, bytes]]:
        while len(self._data) >= 10:
            size, head = self._data[1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(self._data[2:4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(self._data[2:10], "big"), 10
            if len(self._data) < head + size:
                return
            yield self._data[0] & 15, self._data[head : head + size]
            self._data = self._data[head + size :]


class Cipher:
    """The client's end of TLS, apart from its socket."""

    def __init__(self, line: socket.socket) -> None:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # the certificate is a moment old
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trusting.wrap_bio(self._in, self._out)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                line.sendall(self._out.read())
                self._in.write(line.recv(4096))
        line.sendall(self._out.read())

    def cipher(self, data: bytes) -> bytes:
        self._tls.write(data)
        return self._out.read()

    def decipher(self, data: bytes) -> bytes:
        self._in.write(data)
        plain = b""
        with contextlib.suppress(ssl.SSLWantReadError):
            while part := self._tls.read(1 << 14):
                plain += part
        return plain


@contextlib.contextmanager
def sending(seconds: float, tls: bool = False) -> Iterator[tuple[int, int, list[dict[str, float]]]]:
    """A server that is sent to; its port, its pid, and in the end what those who follow say. With `tls` the server
    encrypts; raises CalledProcessError where OpenSSL's headers are missing for that."""
    load = build("mediaload", "-DTLS", "-lssl", "-lcrypto") if tls else build("mediaload")
    port, told = free_port(), list[dict[str, float]]()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.media.relay_server", str(port), str(STUDENTS)]
        if tls:
            certificate(Path(folder))
            command.append(folder)
        with running(command, port) as pid:
            sizes = ["--n", str(WATCHING), "--seconds", str(seconds), "--port", str(port), "--pid", str(pid)]
            program = [*pinned(LOAD_CORE), str(load), *sizes, *(["--tls"] if tls else [])]
            others = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT)
            try:
                yield port, pid, told
                told += lines(others.communicate()[0])
            finally:
                others.kill()
                others.wait()


def slow_line(seconds: float, tls: bool = False) -> list[list[object]]:
    late, heard, levels = [], [], []
    with sending(seconds, tls) as (port, _, told):
        watcher = Watcher(port, WATCHING + 1, tls)
        for opcode, payload in watcher.frames(time.monotonic() + seconds, SLOW_BYTES_PER_S):
            if opcode == 1 and (said := json.loads(payload))["t"] == "level":
                levels.append((said["layer"], said["why"]))
            with contextlib.suppress(BadObject):
                head = objects.read(payload)
                if head.kind is Kind.sound:
                    late.append(time.time() * 1000 - head.time)
                    heard.append(head.seq)
    gaps = sum(b != a + 1 for a, b in itertools.pairwise(heard))
    others = sum(t["lost_pictures"] + t["lost_sounds"] for t in told)
    who = "a viewer of 400 kbit/s" + (" over TLS" if tls else "")
    return [
        [f"{who}: its sound at most so late", f"{max(late) / 1000:.2f} s", "1 s"],
        ["its sounds missing", f"{gaps} of {len(heard)}", "0"],
        ["what it was told", ", ".join(f"{why} {layer}" for layer, why in levels) or "nothing", "-"],
        ["objects the others lost meanwhile", f"{others:.0f}", "0"],
    ]


def stalled_lines(count: int) -> list[list[object]]:
    with sending(6) as (port, pid, told):
        time.sleep(2)
        before, kernel = _memory_kb(pid), 0.0
        watchers = [Watcher(port, WATCHING + 1 + n) for n in range(count)]
        most = before
        until = time.monotonic() + 4
        while time.monotonic() < until:
            most = max(most, _memory_kb(pid))
            kernel = max(kernel, _unsent_kb(port, {w.socket.getsockname()[1] for w in watchers}))
            time.sleep(0.1)
    others = sum(t["lost_pictures"] + t["lost_sounds"] for t in told)
    return [
        ["a viewer that reads nothing: memory of the server", f"{max(0, most - before) / count:.0f} KB", "1 MB"],
        ["and of the kernel, at most", f"{kernel:.0f} KB", "-"],
        [f"objects the others lost while {count} stood still", f"{others:.0f}", "0"],
    ]


def _memory_kb(pid: int) -> float:
    return float(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])


def _unsent_kb(port: int, to: set[int]) -> float:
    """The fullest queue of the server's sockets to these ports."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    ends = ((int(r[1][9:], 16), int(r[2][9:], 16), int(r[4][:8], 16)) for r in rows)
    return max((unsent / 1024 for here, there, unsent in ends if here == port and there in to), default=0.0)
