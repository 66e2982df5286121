"""What lies where in a lesson file, and the sentence for a file that is none. No reading, no writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

FORMAT, VERSION = "mingtang-lesson", 2
WITHOUT_MEDIA = 1  # what earlier programs read as well
MANIFEST, EVENTS = "manifest.json", "events.jsonl"
ASSET_FILES = ("640.webp", "1600.webp", "text.json")
MOST_ENTRIES = 20_000
LONGEST_LINE = 1_000_000  # of an event: a command is 64 KiB at most

is_asset = re.compile("[0-9a-f]{32}").fullmatch
is_entry = re.compile(
    r"events\.jsonl|assets/[0-9a-f]{32}/(?:640\.webp|1600\.webp|text\.json)"
    r"|plan/plan\.md|media/(?:0|[1-9][0-9]{0,4})\.objects"
).fullmatch


class BadFile(Exception):  # noqa: N818 — it is an answer to a person
    """The file is refused. `code` is a message key."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Entry(Struct):
    """A file in the zip, as the manifest vouches for it."""

    size: int
    sha256: str


class About(Struct):
    """The lesson in words. Times are UTC ms; `last` is the last event's, `ended` 0 for one that went on."""

    id: str
    title: str
    course: str
    code: str
    opened: int
    last: int
    ended: int
    students: int


class Manifest(Struct):
    """`digests`: what each role sees at the end, and all together. `absent`: pictures that the lesson names and the
    server had no more."""

    format: str
    version: int
    program: str
    lesson: About
    events: int
    digests: dict[str, str]
    entries: dict[str, Entry]
    absent: list[str] = field(default_factory=list)


class Line(Struct):
    """One event, one line. `data` is the event as the log has it, byte for byte."""

    seq: Annotated[int, Meta(ge=1, le=10**9)]
    at: Annotated[int, Meta(ge=0, le=2**53)]
    by: Annotated[str, Meta(max_length=64)]
    cmd: Annotated[str, Meta(max_length=64)]
    kind: Annotated[str, Meta(max_length=80)]
    version: Annotated[int, Meta(ge=1, le=10**6)]
    data: msgspec.Raw


class Pictures:
    """The pages of slides as they lie in a folder of assets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, asset: str) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file of an asset, in the order they have in a lesson file."""
        for name in ASSET_FILES:
            file = self._folder / asset[:2] / asset / name
            if is_asset(asset) and file.is_file():
                yield name, file.read_bytes()
