"""A backup laid out as a new data folder: all of it, checked, or nothing. A folder in use stays as it is."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
import stat
import zipfile
import zlib
from pathlib import Path

import msgspec

from mingtang.web.folder import sync_folder
from mingtang.web.keeping.backup import FORMAT, MANIFEST, PIECE, VERSION, Contents, Part, check, heads
from mingtang.web.trouble import Trouble

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
MOST_MANIFEST = 512 << 20
NEEDED = ("lessons.db", "catalog.db")
# Names of plain files in plain folders: nothing that leads elsewhere, nothing hidden.
_is_name = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/){0,5}[A-Za-z0-9][A-Za-z0-9._-]*").fullmatch


def restore(file: Path, to: Path) -> Contents:
    """Raises Trouble; the folder is there afterwards only when everything in it is what was backed up."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Trouble("folder-not-empty", folder=str(to))
    draft = to.with_name(f"{to.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        contents = _unpack(file, draft)
        _check(draft, contents)
        with contextlib.suppress(FileNotFoundError):
            to.rmdir()
        os.rename(draft, to)
        sync_folder(to.parent)
    except BROKEN as error:
        raise Trouble("backup-damaged", file=str(file), reason=str(error)[:200]) from error
    except sqlite3.Error as error:
        raise Trouble("database-damaged", file=str(file), reason=str(error)) from error
    except OSError as error:
        raise Trouble("file-unwritable", file=str(to), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return contents


def _unpack(file: Path, draft: Path) -> Contents:
    with zipfile.ZipFile(file) as zip_:
        infos = {info.filename: info for info in zip_.infolist()}
        contents = _contents(file, zip_, infos)
        needed = sum(info.file_size for info in infos.values())
        if shutil.disk_usage(draft).free < needed:
            raise Trouble("disk-too-small", folder=str(draft.parent), mb=needed // 1_000_000 + 1)
        for name, part in contents.parts.items():
            _take(zip_, infos[name], part, draft / name)
    return contents


def _contents(file: Path, zip_: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> Contents:
    """What it holds, as far as the table of contents can be believed."""
    if MANIFEST not in infos or infos[MANIFEST].file_size > MOST_MANIFEST:
        raise Trouble("no-backup", file=str(file))
    try:
        contents = msgspec.json.decode(zip_.read(MANIFEST), type=Contents)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Trouble("no-backup", file=str(file)) from error
    if contents.format != FORMAT or contents.version > VERSION:
        newer = contents.format == FORMAT
        raise Trouble("backup-newer" if newer else "no-backup", file=str(file), program=contents.program)
    strange = [name for name, info in infos.items() if not _is_harmless(info)]
    strange += (infos.keys() - {MANIFEST}) ^ contents.parts.keys()
    if strange or len(infos) != len(zip_.infolist()) or not contents.parts.keys() >= set(NEEDED):
        raise Trouble("backup-strange", file=str(file), name=(strange or ["?"])[0][:100])
    return contents


def _is_harmless(info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return _is_name(info.filename) is not None and kind in (0, stat.S_IFREG) and not info.flag_bits & 0x1


def _take(zip_: zipfile.ZipFile, info: zipfile.ZipInfo, told: Part, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sum_, size = hashlib.sha256(), 0
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with zip_.open(info) as packed, open(descriptor, "wb") as out:
        while piece := packed.read(PIECE):
            sum_.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if (size, sum_.hexdigest()) != (told.size, told.sha256):
        raise Trouble("backup-damaged", file=info.filename, reason="its checksum does not fit")


def _check(draft: Path, contents: Contents) -> None:
    for name in NEEDED:
        with contextlib.closing(sqlite3.connect(draft / name)) as db:
            check(db, name)
    if heads(draft / "lessons.db") != contents.lessons:
        raise Trouble("backup-damaged", file="lessons.db", reason="its logs have other lengths")
