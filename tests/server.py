"""A Mingtang server in a process of its own, as people start it: it can be stopped, killed and started again."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60
PLAIN = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # for plain http: reading the world's certificates takes 30 ms each time


class Server:
    """Started on a free port of loopback; started again, it takes the same port. `within` is what the command is run
    by, such as `ip netns exec NAME`; `environment` is added to its own; `program` is the module that is run."""

    def __init__(
        self,
        data: Path,
        *,
        host: str = "127.0.0.1",
        within: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        program: str = "mingtang",
        **settings: str,
    ) -> None:
        self.data, self.host, self._within, self._program = data, host, within, program
        self.port = 0
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("MINGTANG_") or k == "MINGTANG_STATIC"}
        self._env |= {
            "PYTHONPATH": str(ROOT / "src"),
            **{f"MINGTANG_{k.upper()}": v for k, v in settings.items()},
        }
        self._env |= environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data.parent / "server.log"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> Server:
        flags = ["--host", self.host, "--port", str(self.port), "--data", str(self.data)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._within, sys.executable, "-m", self._program, "serve", *flags],
                env=self._env,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._wait_until_told()
        return self

    def _wait_until_told(self) -> None:
        """The server prints the teacher's link when it can be used."""
        assert self._process is not None
        assert self._process.stdout is not None
        out = b""
        while b"/teach?key=" not in out:
            ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE_S)
            more = os.read(self._process.stdout.fileno(), 4096) if ready else b""
            assert more, f"the server did not start: {out.decode()} {self.log()[-2000:]}"
            out += more
        self.port = int(json.loads((self.data / "server.json").read_bytes())["port"])

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return process.wait(PATIENCE_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def limit_file_size(self, size: int) -> None:
        """No file of the process may grow beyond `size` bytes: what a full disk looks like from inside."""
        hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def teacher_link(self) -> str:
        return f"{self.url}/teach?key={(self.data / 'teacher.key').read_text().strip()}"

    @contextlib.contextmanager
    def teacher(self) -> Iterator[httpx.Client]:
        """A browser that has opened the private link."""
        with httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=30, verify=PLAIN) as client:
            client.get(self.teacher_link())
            yield client

    def lesson(self, title: str = "Sets") -> dict[str, Any]:
        with self.teacher() as teacher:
            made = teacher.post("/api/teach/lessons", files={"title": (None, title)})
            assert made.status_code == 201, made.text
            return dict(made.json())

    def join(self, code: str, name: str, seat: str = "room") -> str:
        """A new member; the Cookie header that proves it."""
        given, url = {"name": name, "seat": seat}, f"{self.url}/api/lessons/{code}/join"
        joined = httpx.post(url, json=given, timeout=30, verify=PLAIN)
        assert joined.status_code == 200, joined.text
        return "; ".join(f"{c.name}={c.value}" for c in joined.cookies.jar)

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line on this server's data folder."""
        env = {**self._env, "MINGTANG_DATA": str(self.data)}
        return subprocess.run(
            [sys.executable, "-m", "mingtang", *arguments],
            env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
