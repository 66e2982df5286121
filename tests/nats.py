"""A NATS server of the tests' own, from Debian's package, ended by its process id."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time

import pytest

from tests.postgres import free_port

PATIENCE_S = 30


class Nats:
    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
        if program is None:
            pytest.skip("needs Debian's package nats-server")
        self._program = program
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://{self.host}:{self.port}"

    def start(self) -> Nats:
        where = ["-a", self.host, "-p", str(self.port)]
        self.process = subprocess.Popen([self._program, *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 2):
                return self
            assert self.process.poll() is None
            assert time.monotonic() < until, "NATS did not start"

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
