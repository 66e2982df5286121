"""`mingtang doctor`: what works on this computer, or in a data folder, and what to do about what does not."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingtang.cli.terminal import out, text
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.examination import examine
from mingtang.web.folder import Folder, write_whole
from mingtang.web.trouble import Trouble

LEAST_FREE_MB, SLOW_FSYNC_MS, TRIALS = 500, 50, 20
EARLIEST = 1_750_000_000  # a clock before this program was written is wrong
FAILED = 1
MARKS = {"good": "✓", "poor": "–", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is good, poor (a lesson can be taught all the same) or bad."""

    name: str
    state: str
    params: dict[str, Any]


def run(given: argparse.Namespace, settings: Settings) -> int:
    if given.folder:
        return _examine(Path(given.folder))
    findings = [finding for check in CHECKS for finding in check(settings)]
    for finding in findings:
        out(f"{MARKS[finding.state]} {text(f'doctor.{finding.name}.{finding.state}', **finding.params)}")
    return FAILED if any(finding.state == "bad" for finding in findings) else 0


def _examine(path: Path) -> int:
    """Every record of a data folder. Nothing is changed."""
    if not path.is_dir():
        raise Trouble("no-data", folder=str(path))
    bad = 0
    for found in examine(Folder(path)):
        bad += found.weight == "bad"
        out(f"{MARKS[found.weight]} {text(found.code, **found.params)}")
    out(text("examined.end_bad" if bad else "examined.end_good", n=bad))
    return FAILED if bad else 0


def _python(settings: Settings) -> Iterator[Finding]:
    yield Finding("python", "good", {"version": ".".join(map(str, sys.version_info[:3]))})


def _pdf(settings: Settings) -> Iterator[Finding]:
    try:
        from io import BytesIO

        import pypdfium2 as pdfium
        from PIL import features

        document = pdfium.PdfDocument.new()
        document.new_page(96, 54)
        document[0].render(scale=1).to_pil().save(BytesIO(), "WEBP")
        assert features.check("webp")
    except Exception as error:
        yield Finding("pdf", "bad", {"reason": error})
        return
    yield Finding("pdf", "good", {})


def _office(settings: Settings) -> Iterator[Finding]:
    from mingtang.web.decks.office import find

    found = find()
    yield Finding("office", "good" if found else "poor", {"path": found})


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = Folder(settings.data)
    where = next(path for path in (folder.path.absolute(), *folder.path.absolute().parents) if path.exists())
    try:
        free = shutil.disk_usage(where).free // 1_000_000
        with tempfile.TemporaryDirectory(dir=where) as trial:
            took = _fsync_ms(Path(trial))
    except OSError as error:
        yield Finding("folder", "bad", {"folder": folder.path, "reason": error.strerror})
        return
    yield Finding("folder", "good", {"folder": folder.path})
    yield Finding("disk", "good" if free >= LEAST_FREE_MB else "bad", {"free": free, "least": LEAST_FREE_MB})
    yield Finding("fsync", "good" if took < SLOW_FSYNC_MS else "poor", {"ms": round(took, 1)})


def _fsync_ms(folder: Path) -> float:
    times = []
    for trial in range(TRIALS):
        began = time.perf_counter()
        write_whole(folder / str(trial % 2), os.urandom(4096))
        times.append(time.perf_counter() - began)
    return sorted(times)[TRIALS // 2] * 1000


def _port(settings: Settings) -> Iterator[Finding]:
    server = Folder(settings.data)
    running = server.server() if server.path.is_dir() and server.is_locked() else None
    if running:
        yield Finding("port", "good", {"port": running["port"]})
        return
    try:
        with contextlib.closing(network.bind(settings.host, settings.port)):
            yield Finding("port", "good", {"port": settings.port})
    except Trouble as trouble:
        yield Finding("port", "bad", {"port": settings.port, "reason": text(trouble.code, **trouble.params)})


def _network(settings: Settings) -> Iterator[Finding]:
    address = network.lan_address()
    yield Finding("network", "poor" if address.startswith("127.") else "good", {"address": address})


def _clock(settings: Settings) -> Iterator[Finding]:
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    yield Finding("clock", "good" if time.time() > EARLIEST else "bad", {"now": now})


def _pages(settings: Settings) -> Iterator[Finding]:
    built = (settings.static_folder / "student.html").exists()
    yield Finding("pages", "good" if built else "bad", {"folder": settings.static_folder})


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python,
    _pages,
    _pdf,
    _office,
    _folder,
    _port,
    _network,
    _clock,
)
