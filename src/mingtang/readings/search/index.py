"""The index as a SQLite file: texts as they were written, and FTS5 over their grams. Never a truth: a file that is
missing, old or damaged is begun anew and filled from the logs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from mingtang.core.member import Role
from mingtang.readings import following
from mingtang.readings.following import Followed
from mingtang.readings.pages import absent
from mingtang.readings.search.entries import ALL, STAFF_ONLY, Entry, entries
from mingtang.readings.search.folding import grams
from mingtang.stores.reading import LogReader

FORMAT = 1
TABLES = """
create table lesson (id text primary key, title text not null, course text not null, began integer not null,
  seq integer not null) without rowid;
create table person (lesson text, member text, staff integer not null, primary key (lesson, member)) without rowid;
create table entry (id integer primary key, lesson text not null, kind text not null, ref text not null,
  sight text not null, step text not null, at integer not null, text text not null);
create unique index entry_name on entry (lesson, kind, ref, sight);
create virtual table words using fts5 (sight, grams, content = '', tokenize = 'ascii', prefix = '1 2');
"""
FILES = ("", "-wal", "-shm")

Name = tuple[str, str, str]


def seqs(log: LogReader, path: str) -> dict[str, int]:
    """How far each lesson has been read."""
    with contextlib.closing(_writable(Path(path))) as db:
        return dict(db.execute("select id, seq from lesson").fetchall())


def catch_up(log: LogReader, path: str, assets: str, lesson: str, again: bool = False) -> list[str]:
    """Reads the lesson's new events into the index; `again` also when there are none. Returns the assets whose writing
    is not in the folder `assets`, and so not in the index."""
    with contextlib.closing(_writable(Path(path))) as db:
        row = db.execute("select seq from lesson where id = ?", (lesson,)).fetchone()
        if row and not again and not log.rows(lesson, row[0], 1):
            return []
        found = following.follow(log, lesson)
        if found is None:
            return []
        if row and found.progress.known > row[0]:  # a person was erased since: no byte of his words stays in the file
            _strike_out(db, [lesson])
        now = entries(found, assets)
        with _changing(db):
            _write(db, lesson, found, now)
        return absent(assets, found.assets)


def drop(log: LogReader, path: str, lessons: list[str]) -> None:
    """Lessons that are no more, or whose logs were written anew: nothing of them stays in file or process.
    The next catch_up reads those that still have a log again."""
    with contextlib.closing(_writable(Path(path))) as db:
        for lesson in lessons:
            following.forget(log, lesson)
        _strike_out(db, lessons)


def _strike_out(db: sqlite3.Connection, lessons: list[str]) -> None:
    for lesson in lessons:
        with _changing(db):
            _forget(db, lesson)
    with _changing(db):
        db.execute("insert into words (words) values ('optimize')")
    db.execute("vacuum")
    db.execute("pragma wal_checkpoint(truncate)")


@contextlib.contextmanager
def _changing(db: sqlite3.Connection) -> Iterator[None]:
    """The file is this process's own from before the first look: two that strike out the same words spoil FTS5."""
    db.execute("begin immediate")
    with db:
        yield


def _forget(db: sqlite3.Connection, lesson: str) -> None:
    for id, sight, text in db.execute("select id, sight, text from entry where lesson = ?", (lesson,)).fetchall():
        _unsay(db, id, lesson, sight, text)
    for table, key in (("entry", "lesson"), ("person", "lesson"), ("lesson", "id")):
        db.execute(f"delete from {table} where {key} = ?", (lesson,))  # noqa: S608 — names of our own


def _write(db: sqlite3.Connection, lesson: str, found: Followed, now: Iterable[Entry]) -> None:
    """Only what has changed is written: a running lesson is read again and again."""
    known = db.execute("select seq from lesson where id = ?", (lesson,)).fetchone()
    if known and known[0] > found.lesson.seq:  # another process of this folder was first
        return
    rows = db.execute("select kind, ref, sight, id, step, at, text from entry where lesson = ?", (lesson,))
    old: dict[Name, tuple[int, str, int, str]] = {(k, r, s): (id, *more) for k, r, s, id, *more in rows}
    new: dict[Name, Entry] = {(e.kind, e.ref, e.sight): e for e in now}
    for name, (id, step, at, text) in old.items():
        kept = new.get(name)
        if kept and (kept.step, kept.at, kept.text) == (step, at, text):
            del new[name]
            continue
        _unsay(db, id, lesson, name[2], text)
        db.execute("delete from entry where id = ?", (id,))
    for entry in new.values():
        _say(db, lesson, entry)
    _write_lesson(db, lesson, found)


def _write_lesson(db: sqlite3.Connection, lesson: str, found: Followed) -> None:
    told = found.lesson.view(Role.student, "lesson") or {}
    row = (lesson, told.get("title", ""), told.get("course", ""), found.began, found.lesson.seq)
    db.execute("insert or replace into lesson (id, title, course, began, seq) values (?, ?, ?, ?, ?)", row)
    db.execute("delete from person where lesson = ?", (lesson,))
    people = [(lesson, m.id, m.role in (Role.teacher, Role.assistant)) for m in found.lesson.people.members.values()]
    here = [row for row in people if found.lesson.people.get(row[1])]
    db.executemany("insert into person (lesson, member, staff) values (?, ?, ?)", here)


def _say(db: sqlite3.Connection, lesson: str, entry: Entry) -> None:
    told = "insert into entry (lesson, kind, ref, sight, step, at, text) values (?, ?, ?, ?, ?, ?, ?)"
    name = (lesson, entry.kind, entry.ref, entry.sight, entry.step, entry.at, entry.text)
    id = db.execute(told, name).lastrowid
    seen, said = sights(lesson, entry.sight), grams(entry.text)
    db.execute("insert into words (rowid, sight, grams) values (?, ?, ?)", (id, seen, said))


def _unsay(db: sqlite3.Connection, id: int, lesson: str, sight: str, text: str) -> None:
    gone = "insert into words (words, rowid, sight, grams) values ('delete', ?, ?, ?)"
    db.execute(gone, (id, sights(lesson, sight), grams(text)))


def sights(lesson: str, sight: str) -> str:
    """What a row's `sight` holds: the word of everybody who may find it; the teacher of all lessons by plain words."""
    if sight == ALL:
        return f"all {seen_by_all(lesson)}"
    return f"staff {seen_by_staff(lesson)}" if sight == STAFF_ONLY else seen_by_one(sight)


def seen_by_all(lesson: str) -> str:
    return "a" + lesson.encode().hex()


def seen_by_staff(lesson: str) -> str:
    return "s" + lesson.encode().hex()


def seen_by_one(member: str) -> str:
    return "m" + member.encode().hex()


def _writable(path: Path) -> sqlite3.Connection:
    try:
        return _opened(path)
    except sqlite3.DatabaseError:
        for end in FILES:
            path.with_name(path.name + end).unlink(missing_ok=True)
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    """Raises DatabaseError for a file that is no index of this program."""
    db = sqlite3.connect(path, timeout=30)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("pragma secure_delete = on")
        version = db.execute("pragma user_version").fetchone()[0]
        if version == FORMAT:
            return db
        if version or db.execute("select 1 from sqlite_master").fetchone():
            raise sqlite3.DatabaseError("an index of another shape")
        db.executescript(f"begin; {TABLES} pragma user_version = {FORMAT}; commit;")
        path.chmod(0o600)
    except BaseException:
        db.close()
        raise
    return db
