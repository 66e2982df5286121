"""A lesson file looked at with suspicion: it is taken only when all in it is what it says it is. Runs in a process of
its own, as anything may be in a file."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

import mingtang
from mingtang.activities import kinds
from mingtang.core.event import Row, is_id
from mingtang.core.frame import LessonOpened
from mingtang.core.lesson import Lesson
from mingtang.core.member import Role
from mingtang.core.patch import FORBIDDEN
from mingtang.core.upcast import Unreadable
from mingtang.readings.lessonfile.layout import (
    EVENTS,
    FORMAT,
    LONGEST_LINE,
    MANIFEST,
    MOST_ENTRIES,
    VERSION,
    BadFile,
    Line,
    Manifest,
    is_entry,
)
from mingtang.readings.lessonfile.packing import digests
from mingtang.readings.lessonfile.tapes import check_tape

PIECE = 1 << 20
MOST_MANIFEST = 16 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_line = msgspec.json.Decoder(Line)


class PageText(Struct):
    """What text.json has to be."""

    runs: list[dict[str, str | float | int]]


def unpack(file: Path, into: Path, most_bytes: int) -> Manifest:
    """Everything of the file below the empty folder `into`, each entry at its own name. Raises BadFile, then or before
    the log has been folded; what lies in `into` then is rubbish."""
    try:
        with zipfile.ZipFile(file) as zip_:
            found = _entries(zip_, most_bytes)
            manifest = _manifest(zip_, found)
            for name, info in found.items():
                if name != MANIFEST:
                    _take(zip_, info, manifest, into / name)
    except BROKEN as error:
        raise BadFile("file.damaged", reason=str(error)[:200]) from error
    check(manifest, into)
    (into / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return manifest


def _entries(zip_: zipfile.ZipFile, most_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """By what the table of contents says alone: nothing has been unpacked yet."""
    infos = zip_.infolist()
    if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > most_bytes:
        raise BadFile("file.too_big", most=most_bytes // 1_000_000)
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        if name in found or not _is_harmless(info):
            raise BadFile("file.hostile", name=name[:100])
        found[name] = info
    if MANIFEST not in found or EVENTS not in found:
        raise BadFile("file.not_one")
    return found


def _is_harmless(info: zipfile.ZipInfo) -> bool:
    """A plain file at a place that the format knows, packed in one of the two ways it uses."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    plain = kind in (0, stat.S_IFREG) and not info.flag_bits & 0x1
    known = info.filename == MANIFEST or is_entry(info.filename) is not None
    return known and plain and info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _manifest(zip_: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo]) -> Manifest:
    if found[MANIFEST].file_size > MOST_MANIFEST:
        raise BadFile("file.not_one")
    data = zip_.read(MANIFEST)
    try:
        head = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        format_, version = msgspec.json.decode(head["format"], type=str), msgspec.json.decode(head["version"], type=int)
        if format_ == FORMAT and version > VERSION:
            raise BadFile("file.newer", found=version, known=VERSION)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, KeyError, RecursionError, UnicodeError) as error:
        raise BadFile("file.not_one") from error
    if format_ != FORMAT or version < 1 or not is_id(manifest.lesson.id):
        raise BadFile("file.not_one")
    for name in (found.keys() - {MANIFEST}) ^ manifest.entries.keys():
        raise BadFile("file.stray" if name in found else "file.missing", name=name[:100])
    return manifest


def _take(zip_: zipfile.ZipFile, info: zipfile.ZipInfo, manifest: Manifest, place: Path) -> None:
    told = manifest.entries[info.filename]
    place.parent.mkdir(parents=True, exist_ok=True)
    sum_, size = hashlib.sha256(), 0
    with zip_.open(info) as packed, place.open("xb") as out:
        for piece in _pieces(packed):
            size += len(piece)
            sum_.update(piece)
            out.write(piece)
    if size != told.size or sum_.hexdigest() != told.sha256:
        raise BadFile("file.wrong_hash", name=info.filename)
    if place.suffix == ".webp":
        _check_picture(place)
    elif place.name == "text.json":
        _check_text(place)
    elif place.suffix == ".objects":
        check_tape(place)
    elif place.name == "plan.md":
        place.read_bytes().decode()


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    """Never more than the table of contents has promised: zipfile sees to that."""
    while piece := packed.read(PIECE):
        yield piece


def _check_picture(place: Path) -> None:
    with place.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise BadFile("file.bad_picture", name=place.parent.name)


def _check_text(place: Path) -> None:
    try:
        msgspec.json.decode(place.read_bytes(), type=PageText)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise BadFile("file.bad_picture", name=place.parent.name) from error


# The log


def rows_of(events: Path) -> Iterator[Row]:
    """Rows as a store takes them. Raises BadFile at the first that is out of shape or out of order."""
    with events.open("rb") as file:
        number, last = 0, 0
        while text := file.readline(LONGEST_LINE):
            number += 1
            try:
                line = _line.decode(text)
            except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
                raise BadFile("file.bad_line", line=number) from error
            if line.seq != number or line.at < last:
                raise BadFile("file.bad_order", line=number)
            last = line.at
            yield Row(line.seq, line.at, line.by, line.cmd, line.kind, line.version, bytes(line.data))


def check(manifest: Manifest, folder: Path) -> None:
    """The log folds, comes to what the manifest says, and names no picture but those that are there."""
    lesson, named = Lesson(kinds()), set[str]()
    for row in rows_of(folder / EVENTS):
        _fold(lesson, row, named)
    if lesson.seq != manifest.events:
        raise BadFile("file.wrong_count", found=lesson.seq, told=manifest.events)
    _check_views(lesson)
    if manifest.program == mingtang.__version__ and digests(lesson) != manifest.digests:
        raise BadFile("file.wrong_digest")
    there = {name.split("/")[1] for name in manifest.entries if name.startswith("assets/")}
    for asset in there - named:
        raise BadFile("file.stray", name=f"assets/{asset}")
    known = {f"media/{track}.objects" for track in lesson.states["media"].tracks}
    for name in {name for name in manifest.entries if name.startswith("media/")} - known:
        raise BadFile("file.stray", name=name)


def _fold(lesson: Lesson, row: Row, named: set[str]) -> None:
    try:
        fact = kinds().fact(row)
    except Unreadable as error:
        raise BadFile("file.unknown_kind", kind=row.kind[:80], line=row.seq) from error
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError) as error:
        raise BadFile("file.bad_line", line=row.seq) from error
    if fact.kind != row.kind or isinstance(fact.event, LessonOpened) != (row.seq == 1):
        raise BadFile("file.bad_order" if fact.kind == row.kind else "file.bad_line", line=row.seq)
    try:
        lesson.take(fact)
        named.update(kinds().owner[type(fact.event)].assets(fact.event))
    except Exception as error:  # whatever a rule stumbles over, it is this file's
        raise BadFile("file.bad_event", line=row.seq, kind=row.kind) from error


def _check_views(lesson: Lesson) -> None:
    """Browsers refuse names that reach a prototype, so such a lesson could be opened and never be seen."""
    try:
        _check_names([lesson.views(role) for role in Role])
        for member in lesson.people.members:
            _check_names(lesson.mine(member))
    except BadFile:
        raise
    except Exception as error:  # as above
        raise BadFile("file.unseeable") from error


def _check_names(value: object) -> None:
    if isinstance(value, dict):
        if FORBIDDEN & value.keys():
            raise BadFile("file.unseeable")
        for inner in value.values():
            _check_names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_names(inner)
