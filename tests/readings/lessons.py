"""Logs in memory for tests of readings, and files made wrong in every way."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingtang.core.event import Row

PICTURE = b"RIFF\x10\x00\x00\x00WEBPVP8 "
TEXT = b'{"runs":[]}'


class Logs:
    """Reads like a store; lessons are put in by hand."""

    def __init__(self, **lessons: list[Row]) -> None:
        self._lessons = lessons

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        return self._lessons.get(lesson, [])[after : None if limit is None else after + limit]

    def close(self) -> None:
        """Nothing is held."""


def shelve(assets: Path, asset: str, picture: bytes = PICTURE) -> None:
    folder = assets / asset[:2] / asset
    folder.mkdir(parents=True)
    (folder / "640.webp").write_bytes(picture)
    (folder / "1600.webp").write_bytes(picture)
    (folder / "text.json").write_bytes(TEXT)


def contents(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as zip_:
        return {info.filename: zip_.read(info) for info in zip_.infolist()}


def write(file: Path, entries: dict[str, bytes], vouch: bool = True) -> Path:
    """`vouch` makes the manifest agree with what is there, as somebody would who means harm."""
    entries = dict(entries)
    if vouch and "manifest.json" in entries:
        manifest = json.loads(entries["manifest.json"])
        told = {n: {"size": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in entries.items()}
        del told["manifest.json"]
        entries["manifest.json"] = json.dumps({**manifest, "entries": told}).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zip_:
        for name, data in entries.items():
            zip_.writestr(name, data)
    return file


def edited(entries: dict[str, bytes], change: Callable[[list[dict[str, Any]]], object]) -> dict[str, bytes]:
    """The same with other events."""
    lines = [json.loads(line) for line in entries["events.jsonl"].splitlines()]
    change(lines)
    return {**entries, "events.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines)}
