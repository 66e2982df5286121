"""Fan-out and answers through the whole path (command, durable append, fold, patch, socket), in one run beside a C
epoll floor and what others would build it on: Socket.IO on Node, plain Starlette.

    python -m bench.live [--n 5000] [--rounds 2] [--peers]

CPU per million deliveries is the figure to compare; the floor is the same load on bare `send()`. Server and load each
have a core of their own. Latencies are of this machine at this minute."""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from bench import peers
from bench.crowd import BROWSER
from bench.live_server import LESSON, cookie
from bench.machine import LOAD_CORE, allow_many_files, build, free_port, lines, pinned, running, table

FAN_OUT = ["connect", "rate:2:3", "rate:10:3", "sat:1.5"]
ANSWERS = ["ingest:2", "ingest:0", "ingestbg:2", "ingestbg:2"]
PRODUCT = [
    *("--path", f"/live/{LESSON}", "--header", BROWSER, "--first", "1", "--ack-marker", '"ok"'),
    *("--pub", '{"t":"do","id":"%TS%","kind":"pulse.beat","data":{"ts":"%TS%","pad":"%PAD%"}}'),
    *("--ans", '{"t":"do","id":"a%TS%","kind":"pulse.reply","data":{"v":"%PAD%"}}'),
]
Phase = dict[str, float]


def floor(port: int) -> list[str]:
    return [str(build("cfloor")), str(port)]


def product(n: int) -> Callable[[int], list[str]]:
    return lambda port: [sys.executable, "-m", "bench.live_server", str(port), str(n)]


@contextlib.contextmanager
def signed_in(n: int) -> Iterator[list[str]]:
    """PRODUCT with a cookie for each of N members."""
    with tempfile.NamedTemporaryFile("w", prefix="mingtang-cookies-") as file:
        file.writelines(f"{cookie(number)}\n" for number in range(n))
        file.flush()
        yield [*PRODUCT, "--cookies", file.name]


def measure(name: str, make: Callable[[int], list[str]], n: int, extra: list[str], phases: list[str]) -> list[Phase]:
    port = free_port()
    with running(make(port), port) as pid:
        load = [str(build("wsbench")), "--label", name, "--n", str(n), "--port", str(port), "--pid", str(pid)]
        done = subprocess.run([*pinned(LOAD_CORE), *load, *extra, *phases], capture_output=True, text=True, check=False)
        if done.stderr:
            print(f"{name}: {done.stderr.strip()[:300]}", file=sys.stderr)
        return lines(done.stdout)


def run(n: int, rounds: int, beside: bool = False) -> None:
    allow_many_files()
    found: dict[str, list[Phase]] = {}
    for _ in range(rounds):
        found.setdefault("C floor", []).extend(measure("floor", floor, n, [], [*FAN_OUT, "close"]))
        phases = [*FAN_OUT, *ANSWERS, "close"]
        with signed_in(n) as extra:
            found.setdefault("Mingtang", []).extend(measure("mingtang", product(n), n, extra, phases))
        if beside:
            found.setdefault("Socket.IO", []).extend(measure("sio", peers.socket_io, n, ["--proto", "sio"], phases))
            found.setdefault("Starlette", []).extend(measure("starlette", peers.starlette, n, [], phases))
    report(n, found)


def best(phases: list[Phase], name: str, key: str, worst: bool = False, **having: float) -> float | None:
    values = [
        p[key] for p in phases if p["phase"] == name and key in p and all(p.get(k) == v for k, v in having.items())
    ]
    return (max(values) if worst else min(values)) if values else None


def report(n: int, found: dict[str, list[Phase]]) -> None:
    least = best(found["C floor"], "sat", "cpu_s_per_M")
    rows = [[name, *_row(phases, least)] for name, phases in found.items()]
    head = [
        "", "CPU-s per million", "x floor", "p99 ms at 10/s", "lost", "KB a connection", "arrivals/s",
        "CPU-us an arrival",
        "answers/s at once", "p99 ms", "answers over 2 s beside 10 events/s: p99 ms", "those events: p99 ms",
    ]  # fmt: skip
    table(f"{n} screens, server on one core", head, rows)


def _row(phases: list[Phase], floor_cpu: float | None) -> list[str]:
    cpu = best(phases, "sat", "cpu_s_per_M")
    return [
        _say(cpu, 2),
        _say(cpu / floor_cpu if cpu and floor_cpu else None, 2),
        _say(best(phases, "rate", "p99_ms", rate=10.0)),
        _say(best(phases, "rate", "lost", True), 0),
        _say(_memory(phases)),
        _say(best(phases, "connect", "conn_per_s", True), 0),
        _say(best(phases, "connect", "cpu_us_per_conn"), 0),
        _say(best(phases, "ingest", "acks_per_s", True, spread_s=0.0), 0),
        _say(best(phases, "ingest", "ack_p99_ms", spread_s=0.0), 0),
        _say(best(phases, "ingestbg", "ack_p99_ms"), 0),
        _range(phases, "ingestbg", "bg_p99_ms"),
    ]


def _memory(phases: list[Phase]) -> float | None:
    """KB a connection, when everybody has answered: who has only come needs less."""
    come = next((p for p in phases if p["phase"] == "connect"), None)
    most = max((p["srv_rss_mb"] for p in phases if str(p["phase"]).startswith("ingest")), default=None)
    if come is None:
        return None
    return come["rss_kb_per_conn"] + ((most - come["srv_rss_mb"]) * 1024 / come["n"] if most else 0)


def _range(phases: list[Phase], name: str, key: str) -> str:
    least, most = _say(best(phases, name, key), 0), _say(best(phases, name, key, True), 0)
    return least if least == most else f"{least} to {most}"


def _say(value: float | None, places: int = 1) -> str:
    return "-" if value is None else f"{value:.{places}f}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=5000)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--peers", action="store_true", help="Socket.IO and Starlette, too; fetched at the first run")
    given = asked.parse_args()
    run(given.n, given.rounds, given.peers)
