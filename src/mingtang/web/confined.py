"""A program that is given what came from outside: limited in memory, time and files, without the server's secrets in
its environment, ended with everything it started. Run as a module, it sets the limits and becomes that program."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SOURCES = Path(__file__).parents[2]
SAID = 4_000_000  # bytes of answer that are kept
MEMORY = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL})  # how a program ends when it gets none
NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody is


@dataclass(frozen=True, slots=True)
class Bounds:
    memory_mb: int
    seconds: int
    file_mb: int = 64
    files: int = 256


@dataclass(frozen=True, slots=True)
class Ended:
    """`signal` is how it was killed, 0 when it ended by itself. `late`: it was, because its time was over."""

    status: int
    out: bytes
    said: str
    late: bool = False

    @property
    def signal(self) -> int:
        """A shell around the program tells it as 128 and more."""
        return -self.status if self.status < 0 else max(0, self.status - 128)

    @property
    def starved(self) -> bool:
        return self.signal in MEMORY or "MemoryError" in self.said or "bad_alloc" in self.said


async def run(command: Sequence[str], folder: Path, bounds: Bounds, seconds: float | None = None) -> Ended:
    """Waits for its end. It sees nothing of this process but the folder; `seconds` is by the clock on the wall."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "mingtang.web.confined", json.dumps(asdict(bounds)), *command,
        cwd=folder, env=_environment(folder), start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds or bounds.seconds):
            out, said = await process.communicate()
        return Ended(process.returncode or 0, out[:SAID], said[-2000:].decode(errors="replace"))
    except TimeoutError:
        return Ended(-signal.SIGKILL, b"", "", late=True)
    finally:
        _end(process.pid)
        await process.wait()


def _end(leader: int) -> None:
    """Its children too: they are of its session, whether it still lives or not."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _environment(folder: Path) -> dict[str, str]:
    home = str(folder)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), NOWHERE)
    return {
        "PYTHONPATH": str(SOURCES),
        "PYTHONIOENCODING": "utf-8",
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        **proxies,
    }


def _limit(bounds: Bounds) -> None:
    memory = bounds.memory_mb << 20
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_FSIZE, bounds.file_mb << 20),
        (resource.RLIMIT_NOFILE, bounds.files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def main() -> None:
    _limit(Bounds(**json.loads(sys.argv[1])))
    os.nice(5)
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 — the command comes from this program, not from a request


if __name__ == "__main__":
    main()
