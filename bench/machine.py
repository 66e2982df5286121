"""Starting what is measured: pinned to a core, on loopback, on a free port, ended by its own pid."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "bench" / "build"
SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1


def build(name: str, *flags: str) -> Path:
    """A C program of bench/floor, compiled when it is missing or older than its source; with flags, one for these."""
    source, program = ROOT / "bench" / "floor" / f"{name}.c", BUILD / "".join((name, *flags))
    BUILD.mkdir(exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["gcc", "-O2", "-w", "-o", str(program), str(source), "-lm", *flags], check=True)
    return program


def pinned(core: int) -> list[str]:
    return ["taskset", "-c", str(core)]


def allow_many_files() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], port: int, core: int = SERVER_CORE, patience: float = 120) -> Iterator[int]:
    """The process's pid, once it listens on `port`."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    process = subprocess.Popen([*pinned(core), *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process, patience)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{process.args} ended with {process.returncode} before it listened")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"{process.args} did not listen within {patience:.0f} s")


@dataclass(frozen=True, slots=True)
class Served:
    """A Mingtang server as people start it, on an empty data folder."""

    port: int
    pid: int
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> str:
        return (self.data / "teacher.key").read_text().strip()

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(core: int = SERVER_CORE, data: Path | None = None, port: int = 0) -> Iterator[Served]:
    """On an empty folder and a free port, or on `data` and `port`. What the server starts is on the same core."""
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as folder:
        port, data = port or free_port(), data or Path(folder) / "data"
        command = [sys.executable, "-m", "mingtang", "serve", "--host", "127.0.0.1", "--port", str(port)]
        with running([*command, "--data", str(data)], port, core) as pid:
            while not (data / "server.json").exists():  # it listens a moment before it is ready
                time.sleep(0.02)
            yield Served(port, pid, data)


def about() -> str:
    """The machine, in words: figures without it say little."""
    described = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in described if "model name" in line), "")
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return f"{os.cpu_count()} cores ({model or 'unnamed'}), {system}, Python {platform.python_version()}"


_told: list[str] = []


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    text = "\n".join(
        [
            title,
            "",
            f"| {' | '.join(head)} |",
            f"|{'---|' * len(head)}",
            *(f"| {' | '.join(map(str, r))} |" for r in rows),
        ]
    )
    _told.append(text)
    print(f"\n{text}", flush=True)


def keep(title: str, missing: Sequence[str] = (), page: Path = ROOT / "docs" / "run" / "figures.md") -> None:
    """Writes all tables that were printed into the page, and what is missing, in place of an earlier run's."""
    begin, end = f"<!-- {title}: written by python -m bench --write -->", f"<!-- end of {title} -->"
    text = page.read_text(encoding="utf-8")
    made = "\n\n".join([begin, f"## {title}", f"{date.today():%d %B %Y}, {about()}.", *_told, *missing, end])
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    page.write_text(f"{before.rstrip()}\n\n{made}{after}", encoding="utf-8")


def lines(text: str) -> list[dict[str, float]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def at(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
