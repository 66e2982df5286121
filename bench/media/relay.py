"""What relaying voice and picture costs beside a C floor in the same run; what becomes of slow, stalled and cut lines.

    python -m bench.media.relay [--quick]

One sender of 1.2 Mbit/s and 32 kbit/s (20 ms an object, 60 ms for more than 500, as browsers send), N who watch. CPU
for each viewer and minute is the figure to compare, best of the rounds. Latencies are of this machine and minute."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.machine import LOAD_CORE, allow_many_files, build, free_port, lines, pinned, running, table
from bench.media.back import back_again
from bench.media.certificate import certificate
from bench.media.slow import slow_line, stalled_lines

PATIENCE_S = 120
SHORT_MS, LONG_MS, CROWD = 20, 60, 500  # as browser/media/capture/sending.svelte.ts
Phase = dict[str, float]


def measure(
    command: list[str], port: int, viewers: int, seconds: float, *extra: str, load: Path | None = None
) -> Phase:
    with running(command, port) as pid:
        sizes = ["--n", str(viewers), "--seconds", str(seconds), "--port", str(port), "--pid", str(pid)]
        sizes += ["--sound-ms", str(LONG_MS if viewers > CROWD else SHORT_MS)]
        program = [*pinned(LOAD_CORE), str(load or build("mediaload")), *sizes, *extra]
        done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    found = lines(done.stdout)
    if not found:
        raise SystemExit(f"{viewers} viewers: {done.stderr.strip()[:300]}")
    return found[0]


def floor(viewers: int, seconds: float) -> Phase:
    port = free_port()
    return measure([str(build("mediafloor")), str(port)], port, viewers, seconds)


def product(viewers: int, seconds: float, *extra: str, load: Path | None = None) -> Phase:
    port = free_port()
    command = [sys.executable, "-m", "bench.media.relay_server", str(port), str(viewers)]
    if load is None:
        return measure(command, port, viewers, seconds, *extra)
    with tempfile.TemporaryDirectory() as folder:
        certificate(Path(folder))
        return measure([*command, folder], port, viewers, seconds, *extra, load=load)


def beside_the_floor(sizes: list[int], rounds: int, seconds: float) -> None:
    rows = []
    for viewers in sizes:
        pairs = [(floor(viewers, seconds), product(viewers, seconds)) for _ in range(rounds)]
        key = "cpu_s_per_viewer_min"
        least, ours = min(f[key] for f, _ in pairs), min(p[key] for _, p in pairs)
        best = min((p for _, p in pairs), key=lambda p: p[key])
        lost = f"{best['lost_pictures']:.0f}, {best['lost_sounds']:.0f}"
        ratio = f"{ours / least:.2f}"
        rows.append([
            viewers, f"{least * 1000:.1f}", f"{ours * 1000:.1f}", ratio, "1.3", f"{best['core_share'] * 100:.0f} %",
            lost, f"{best['p50_ms']:.0f}, {best['p99_ms']:.0f}", f"{best['kb_per_viewer']:.1f}",
        ])  # fmt: skip
    head = [
        "viewers", "C floor, CPU-ms a viewer and minute", "Mingtang", "x floor", "goal", "of a core",
        "pictures, sounds left out", "p50, p99 ms", "KB a viewer",
    ]  # fmt: skip
    table("Relaying 1.2 Mbit/s + 32 kbit/s", head, rows)


def over_tls(viewers: int, seconds: float) -> list[list[object]]:
    try:
        load = build("mediaload", "-DTLS", "-lssl", "-lcrypto")
    except subprocess.CalledProcessError:
        return [["TLS in the process", "not measured: no headers of OpenSSL here", "-"]]
    found = product(viewers, seconds, "--tls", load=load)
    share = [f"{viewers} viewers with TLS in the process: of a core", f"{found['core_share'] * 100:.0f} %", "100 %"]
    return [list[object](share), *slow_line(15 if viewers < 500 else 40, tls=True)]


def run(quick: bool = False) -> None:
    allow_many_files()
    sizes, rounds, seconds = ([200], 1, 4.0) if quick else ([200, 1000, 2000], 3, 8.0)
    beside_the_floor(sizes, rounds, seconds)
    rows = over_tls(100 if quick else 500, seconds)
    rows += slow_line(15 if quick else 40) + stalled_lines(20) + back_again(50)
    table("Lines of voice and picture", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    run(asked.parse_args().quick)
