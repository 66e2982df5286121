"""A data folder looked through to the last byte, changing nothing: what is damaged, missing or left over, and where."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mingtang.activities import kinds
from mingtang.core.event import Row
from mingtang.core.lesson import Lesson
from mingtang.core.upcast import Unreadable
from mingtang.stores import checksum
from mingtang.stores.sqlite import connect
from mingtang.web.decks.shelf import NAMES
from mingtang.web.findings import Found
from mingtang.web.folder import Folder
from mingtang.web.media.examination import examine_media

_ROWS = "select seq, at, by, cmd, kind, version, data, sum from event where lesson = ? order by seq"
_PAGES = (
    "select asset, deck, page from pages union all select asset, deck, page from plan_pages",
    "select asset, deck, page from pages",
)
LEFT = ("uploads", "imports")


def examine(folder: Folder) -> Iterator[Found]:
    """May run beside a server: it only reads. Damage in one lesson hides nothing of the others."""
    if not folder.log.exists():
        yield Found("examined.no_log", "poor", {"folder": str(folder.path)})
        return
    for file in (folder.log, folder.catalog):
        yield from _integrity(file)
    logs = set[str]()
    yield from _logs(folder.log, logs)
    yield from _catalog(folder, logs)
    yield from examine_media(folder.log, folder.media, logs)
    yield from _left(folder)


def _integrity(file: Path) -> Iterator[Found]:
    """What SQLite itself says of its pages."""
    if not file.exists():
        yield Found("examined.no_file", "bad", {"file": str(file)})
        return
    try:
        with contextlib.closing(connect(file, read_only=True)) as db:
            said = [str(row[0]) for row in db.execute("pragma integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    if said != ["ok"]:
        yield Found("examined.file_damaged", "bad", {"file": str(file), "reason": "; ".join(said)[:300]})
    else:
        yield Found("examined.file_whole", "good", {"file": file.name})


def _logs(file: Path, logs: set[str]) -> Iterator[Found]:
    events = damaged = 0
    try:
        with contextlib.closing(connect(file, read_only=True)) as db:
            logs |= {str(name) for (name,) in db.execute("select distinct lesson from event")}
            for lesson in sorted(logs):
                length, wrong = _one(db, lesson)
                events += length
                if wrong is not None:
                    damaged += 1
                    yield wrong
    except sqlite3.DatabaseError as error:
        yield Found("examined.unlisted", "bad", {"reason": str(error)})
        return
    if not damaged:
        yield Found("examined.logs_whole", "good", {"lessons": len(logs), "events": events})


def _one(db: sqlite3.Connection, lesson: str) -> tuple[int, Found | None]:
    """How many records of a lesson can be believed, and what is wrong with the next."""
    state, seq = Lesson(kinds()), 0
    try:
        for *values, total in db.execute(_ROWS, (lesson,)):
            row = Row(*values)
            if row.seq != seq + 1:
                return seq, _damage("gap", lesson, seq + 1)
            if checksum(lesson, row) != total:
                return seq, _damage("flipped", lesson, row.seq)
            try:
                state.fold(kinds().fact(row))
            except (msgspec.MsgspecError, Unreadable):
                return seq, _damage("unreadable", lesson, row.seq)
            seq = row.seq
    except (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError, TypeError):
        return seq, _damage("unread", lesson, seq + 1)
    return seq, None


def _damage(kind: str, lesson: str, seq: int) -> Found:
    return Found(f"examined.{kind}", "bad", {"lesson": lesson, "seq": seq, "before": seq - 1})


def _catalog(folder: Folder, logs: set[str]) -> Iterator[Found]:
    try:
        with contextlib.closing(connect(folder.catalog, read_only=True)) as db:
            listed = {str(name) for (name,) in db.execute("select id from lessons")}
            pages = _pages(db)
    except sqlite3.DatabaseError as error:
        yield Found("examined.catalog_unread", "bad", {"reason": str(error)})
        return
    yield from (Found("examined.unlisted_log", "poor", {"lesson": lesson}) for lesson in sorted(logs - listed))
    yield from (Found("examined.empty_row", "poor", {"lesson": lesson}) for lesson in sorted(listed - logs))
    yield from _assets(folder, pages)


def _pages(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
    for asked in _PAGES:
        with contextlib.suppress(sqlite3.OperationalError):  # a catalog of before there were plans
            return list(db.execute(asked))
    return []


def _assets(folder: Folder, pages: list[tuple[str, str, int]]) -> Iterator[Found]:
    lost = [(deck, page) for asset, deck, page in pages if not _is_whole(folder.assets / asset[:2] / asset)]
    for deck, page in lost[:20]:
        yield Found("examined.page_lost", "bad", {"deck": deck, "page": page})
    known = {asset for asset, _, _ in pages}
    spare = [place for place in folder.assets.glob("??/*") if place.name not in known]
    if spare:
        size = sum(file.stat().st_size for place in spare for file in place.glob("*")) // 1_000_000
        yield Found("examined.spare_pages", "poor", {"n": len(spare), "mb": size})
    if not lost:
        yield Found("examined.pages_whole", "good", {"n": len(pages)})


def _is_whole(place: Path) -> bool:
    return all((file := place / name).is_file() and file.stat().st_size for name in NAMES)


def _left(folder: Folder) -> Iterator[Found]:
    for name in LEFT:
        rest = list((folder.path / name).glob("*"))
        if rest:
            yield Found("examined.left_over", "poor", {"folder": name, "n": len(rest)})
