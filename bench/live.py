"""Fan-out through the whole path (command, durable append, fold, patch, socket) beside a C epoll floor, in one run.

    python -m bench.live [--n 5000] [--rounds 2]

CPU per million deliveries is the figure to compare; the floor is the same load on bare `send()`. Server and load each
have a core of their own. Latencies are of this machine at this minute."""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench.machine import LOAD_CORE, allow_many_files, build, free_port, lines, pinned, running, table

PHASES = ["connect", "rate:2:3", "rate:10:3", "sat:1.5", "ingest:2", "ingest:0", "close"]
PRODUCT = [
    *("--path", "/live/bench?ticket=%ID%", "--hello", "", "--ack-marker", '"ok"'),
    *("--pub", '{"t":"do","id":"%TS%","kind":"pulse.beat","data":{"ts":"%TS%","pad":"%PAD%"}}'),
    *("--ans", '{"t":"do","id":"a%ID%","kind":"pulse.reply","data":{"v":"%PAD%"}}'),
]
Phase = dict[str, float]


def measure(name: str, command: list[str], port: int, n: int, extra: list[str], phases: list[str]) -> list[Phase]:
    with running(command, port) as pid:
        load = [str(build("wsbench")), "--label", name, "--n", str(n), "--port", str(port), "--pid", str(pid)]
        done = subprocess.run([*pinned(LOAD_CORE), *load, *extra, *phases], capture_output=True, text=True, check=False)
        if done.stderr:
            print(f"{name}: {done.stderr.strip()[:300]}", file=sys.stderr)
        return lines(done.stdout)


def run(n: int, rounds: int) -> None:
    allow_many_files()
    found: dict[str, list[Phase]] = {"C floor": [], "Mingtang": []}
    for _ in range(rounds):
        port = free_port()
        floor_phases = [p for p in PHASES if not p.startswith("ingest")]
        found["C floor"] += measure("floor", [str(build("cfloor")), str(port)], port, n, [], floor_phases)
        port = free_port()
        server = [sys.executable, "-m", "bench.live_server", str(port), str(n)]
        found["Mingtang"] += measure("mingtang", server, port, n, PRODUCT, PHASES)
    report(n, found)


def best(phases: list[Phase], name: str, key: str, worst: bool = False, **having: float) -> float | None:
    values = [
        p[key] for p in phases if p["phase"] == name and key in p and all(p.get(k) == v for k, v in having.items())
    ]
    return (max(values) if worst else min(values)) if values else None


def report(n: int, found: dict[str, list[Phase]]) -> None:
    floor = best(found["C floor"], "sat", "cpu_s_per_M")
    rows = []
    for name, phases in found.items():
        cpu = best(phases, "sat", "cpu_s_per_M")
        rows.append(
            [
                name, _say(cpu, 2), _say(cpu / floor if cpu and floor else None, 2),
                _say(best(phases, "rate", "p99_ms", rate=10.0)), _say(best(phases, "rate", "lost", True), 0),
                _say(best(phases, "connect", "rss_kb_per_conn")),
                _say(best(phases, "ingest", "acks_per_s", True, spread_s=0.0), 0),
                _say(best(phases, "ingest", "ack_p99_ms", spread_s=0.0), 0),
            ]
        )  # fmt: skip
    head = [
        "",
        "CPU-s per million",
        "x floor",
        "p99 ms at 10/s",
        "lost",
        "KB a connection",
        "durable answers/s",
        "p99 ms",
    ]
    table(f"Fan-out to {n} screens, server on one core", head, rows)


def _say(value: float | None, places: int = 1) -> str:
    return "-" if value is None else f"{value:.{places}f}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=5000)
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    run(given.n, given.rounds)
