"""A PostgreSQL of the tests' own, from Debian's package: made in a folder of its own, ended by its process id."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

PATIENCE_S = 60


def binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


def free_port() -> int:
    with contextlib.closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Postgres:
    """Trusts everybody on loopback, and those who are joined by cable to the address `also`. `hasty` answers before the
    disk has it: for tests that never cut its power."""

    def __init__(self, hasty: bool = False, also: str = "") -> None:
        self._hasty = ("-c", "fsync=off") if hasty else ()
        self._also = also
        found = binaries()
        if found is None:
            pytest.skip("needs Debian's package postgresql")
        self.bin = found
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="mingtang-postgres-"))
        self.process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "mt",
                  "--no-sync", "--no-instructions")  # fmt: skip
        if also:
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {also}/24 trust\n")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            user=self._user,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> Postgres:
        log = (self.folder / "log").open("ab")
        heard = ",".join(["127.0.0.1", *filter(None, [self._also])])
        with log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
                 "-c", f"listen_addresses={heard}",
                 "-c", "max_connections=60", "-c", "shared_buffers=32MB", *self._hasty],
                user=self._user, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return self
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
                assert time.monotonic() < until, "PostgreSQL did not start"

    def url(self, database: str) -> str:
        return f"postgresql://mt@{self._also or '127.0.0.1'}:{self.port}/{database}"

    def made(self, database: str) -> str:
        """The address of a new, empty database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'create database "{database}"')
        return self.url(database)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: connections are cut, what was committed is written; SIGQUIT: as a crash, but tidy."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(number)
            process.wait(PATIENCE_S)

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
