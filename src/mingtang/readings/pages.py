"""The writing on a drawn page, as paragraphs: the same joining of pieces as on a student's screen (slides/text.ts)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u30ff\uac00-\ud7af]")
_BROKEN = re.compile(r"[a-z]-$")


class Run(Struct):
    """One piece; places and sizes in parts of the page."""

    t: str
    x: float
    y: float
    w: float
    h: float


class Drawn(Struct):
    runs: list[Run]


def paragraphs(assets: str, asset: str) -> tuple[str, ...]:
    """Of one asset below the folder `assets`; () for a page without writing and for one that cannot be read."""
    try:
        return _read(_place(assets, asset))
    except (OSError, msgspec.MsgspecError):
        return ()


def absent(assets: str, wanted: Iterable[str]) -> list[str]:
    """Those that are not in the folder: a node whose pictures lie in shared storage has only what it was asked for."""
    return [asset for asset in wanted if not _place(assets, asset).exists()]


def _place(assets: str, asset: str) -> Path:
    return Path(assets) / asset[:2] / asset / "text.json"


@lru_cache(maxsize=4096)
def _read(place: Path) -> tuple[str, ...]:
    return tuple(joined_runs(msgspec.json.decode(place.read_bytes(), type=Drawn).runs))


def joined_runs(runs: list[Run]) -> list[str]:
    texts: list[str] = []
    last: Run | None = None
    for run in runs:
        if last is not None and (_beside(last, run) or _below(last, run)):
            texts[-1] = _joined(texts[-1], run.t)
        else:
            texts.append(run.t)
        last = run
    return [text.strip() for text in texts if text.strip()]


def _beside(a: Run, b: Run) -> bool:
    return abs(a.y + a.h / 2 - b.y - b.h / 2) < a.h / 2 and b.x >= a.x and b.x - a.x - a.w < 2 * a.h


def _below(a: Run, b: Run) -> bool:
    gap = b.y - a.y - a.h
    alike = min(a.h, b.h) > 0.75 * max(a.h, b.h)
    return alike and abs(a.x - b.x) < 0.02 and -0.5 * a.h < gap < 0.6 * a.h


def _joined(before: str, after: str) -> str:
    if _BROKEN.search(before) and after[:1].islower():
        return before[:-1] + after
    close = _WIDE.match(before[-1:]) and _WIDE.match(after[:1])
    return before + ("" if close or before[-1:].isspace() else " ") + after
