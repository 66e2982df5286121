"""A whole data folder as one file, taken while a server runs on it and writes: databases by SQLite's own backup, each
as it was at one moment, then the files that they name, which only ever come before them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

import mingtang
from mingtang.web.folder import Folder, sync_folder
from mingtang.web.trouble import Trouble

FORMAT, VERSION, MANIFEST = "mingtang-backup", 1, "backup.json"
KEYS = frozenset({"secret", "teacher.key", "tls"})
# What is made again by itself, or belongs to the process that runs now.
LEFT_OUT = frozenset({"imports", "readings", "lock", "server.json", "unswept"})
DATABASES = ("lessons.db", "catalog.db")  # logs first: a picture and a lesson's name are there before its events
DERIVED = (".db", ".db-wal", ".db-shm", ".new")
MEDIA = "media"
PACKED = (".webp", ".pdf", ".zip", ".objects")
PIECE = 1 << 20


class Part(Struct):
    """A file of the folder."""

    size: int
    sha256: str


class Contents(Struct):
    """`lessons`: the last position of each log. `keys`: whether the file makes its holder the teacher."""

    format: str
    version: int
    program: str
    keys: bool
    lessons: dict[str, int]
    parts: dict[str, Part]


def back_up(folder: Folder, out: Path, keys: bool, media: bool = True) -> Contents:
    """`out` is whole or not there, and readable by this user alone. Without `media` what is recorded of voice and
    picture is left out. Raises Trouble."""
    draft = out.with_name(f"{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent) as work:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:
                contents = _write(folder, file, Path(work), keys, media)
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, out)
        sync_folder(out.parent)
    except sqlite3.Error as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    except OSError as error:
        raise Trouble("file-unwritable", file=str(out), reason=error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    return contents


def _write(folder: Folder, file: object, work: Path, keys: bool, media: bool) -> Contents:
    parts: dict[str, Part] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_:  # type: ignore[call-overload]
        for name in DATABASES:
            _copy(folder.path / name, work / name)
            parts[name] = _put(zip_, work / name, name)
        lessons = heads(work / "lessons.db")
        for name, path in _files(folder.path, keys, media):
            with contextlib.suppress(FileNotFoundError):  # an upload that was read to its end meanwhile
                parts[name] = _put(zip_, path, name)
        contents = Contents(FORMAT, VERSION, mingtang.__version__, keys, lessons, parts)
        zip_.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(contents), indent=1))
    return contents


def _copy(source: Path, copy: Path) -> None:
    """In one step, which holds one moment of the database; whoever writes meanwhile does not wait."""
    place = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(place, uri=True)) as live,
        contextlib.closing(sqlite3.connect(copy)) as kept,
    ):
        live.backup(kept)
        kept.execute("pragma journal_mode = delete")
        check(kept, source.name)


def check(db: sqlite3.Connection, name: str) -> None:
    """Raises Trouble for a database whose pages do not fit together."""
    found = db.execute("pragma quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Trouble("database-damaged", file=name, reason=str(found)[:200])


def heads(log: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(log)) as db:
        return {
            str(lesson): int(last) for lesson, last in db.execute("select lesson, max(seq) from event group by lesson")
        }


def _files(folder: Path, keys: bool, media: bool) -> Iterator[tuple[str, Path]]:
    """Everything that people or lessons have put there, by name below the folder."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        top = inner.parts[0]
        if top == MEDIA and not media:
            continue
        if top in LEFT_OUT or top.startswith(".") or (top in KEYS and not keys) or inner.name.endswith(DERIVED):
            continue
        if path.is_file() and not path.is_symlink():
            yield inner.as_posix(), path


def _put(zip_: zipfile.ZipFile, path: Path, name: str) -> Part:
    sum_, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(path, name)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, zip_.open(info, "w", force_zip64=True) as packed:
        while piece := source.read(PIECE):
            sum_.update(piece)
            size += len(piece)
            packed.write(piece)
    return Part(size, sum_.hexdigest())


def room_for(out: Path, folder: Folder, media: bool = True) -> None:
    """Raises Trouble when the disk could not hold another copy of the databases and of what is recorded."""
    needed = sum((folder.path / name).stat().st_size for name in DATABASES if (folder.path / name).exists())
    needed += sum(file.stat().st_size for file in folder.media.rglob("*") if file.is_file()) if media else 0
    if shutil.disk_usage(out.parent).free < needed:
        raise Trouble("disk-too-small", folder=str(out.parent), mb=needed // 1_000_000 + 1)
