"""Lessons and catalog from one place to another: a data folder or PostgreSQL. What is there already and is the same is
passed over, so that a move that was cut off is begun again; what differs stops it. A damaged lesson is left where it
is, and named. The pictures stay where they are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select

from mingtang.catalog.engine import engine_of
from mingtang.catalog.records import KeyRecord, Record
from mingtang.settings import Settings
from mingtang.stores import Damaged, Store, is_postgres
from mingtang.web import engines
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble

ROWS_AT_ONCE = 2000
KEYS = {"secret": "secret", "teacher": "teacher.key"}


@dataclass(slots=True)
class Moved:
    """`damaged` has a sentence for each lesson that was not moved."""

    lessons: int = 0
    events: int = 0
    records: int = 0
    damaged: list[str] = field(default_factory=list)


async def move(settings: Settings, source: str, target: str) -> Moved:
    """Raises Trouble. Neither place may have a server that writes to it."""
    moved = Moved()
    async with _opened(settings, source) as (old, old_catalog), _opened(settings, target) as (new, new_catalog):
        await asyncio.to_thread(_compare_catalog, old_catalog, new_catalog)
        for lesson in await old.lessons():
            try:
                moved.events += await _move_log(lesson, old, new)
            except Damaged as error:
                moved.damaged.append(str(error))
            else:
                moved.lessons += 1
        moved.records = await asyncio.to_thread(_move_catalog, old_catalog, new_catalog)
        await asyncio.to_thread(_move_keys, source, target, old_catalog, new_catalog)
    return moved


@contextlib.asynccontextmanager
async def _opened(settings: Settings, place: str) -> AsyncIterator[tuple[Store, Engine]]:
    postgres = is_postgres(place)
    settings = replace(settings, store=place if postgres else "")
    folder = Folder(settings.data if postgres else Path(place))
    with contextlib.ExitStack() as held:
        if not postgres:
            folder.prepare()
            held.enter_context(folder.locked())
        store = await engines.open_store(settings, folder)
        try:
            await engines.open_catalog(settings, folder).close()  # makes its tables
            engine = engine_of(place if postgres else folder.catalog)
            held.callback(engine.dispose)
            yield store, engine
        finally:
            await store.close()


async def _move_log(lesson: str, old: Store, new: Store) -> int:
    """Every row is read back from the new place and compared. Of a damaged lesson nothing new stays there: it would
    look like a whole one. Raises Damaged."""
    head = await new.head(lesson)
    try:
        return await _copy_log(lesson, old, new, head)
    except Damaged:
        if not head:
            await new.remove(lesson)
        raise


async def _copy_log(lesson: str, old: Store, new: Store, head: int) -> int:
    seq = 0
    while rows := await old.read(lesson, seq, ROWS_AT_ONCE):
        fresh = [row for row in rows if row.seq > head]
        if fresh:
            await new.append(lesson, fresh[0].seq - 1, fresh)
        if await new.read(lesson, seq, len(rows)) != rows:
            raise Trouble("move-differs", lesson=lesson)
        seq = rows[-1].seq
    if head > seq:
        raise Trouble("move-differs", lesson=lesson)
    return seq


def _tables() -> list[Table]:
    return [table for table in Record.metadata.sorted_tables if table is not KeyRecord.__table__]


def _compare_catalog(old: Engine, new: Engine) -> None:
    """A record that both have and that differs was changed at one of them: which is meant, nobody can know."""
    with old.connect() as source, new.connect() as target:
        for table in _tables():
            known = {_key(table, row): row for row in _rows(target, table)}
            for row in _rows(source, table):
                if known.get(key := _key(table, row), row) != row:
                    raise Trouble("move-record-differs", table=table.name, key=" ".join(map(str, key)))


def _move_catalog(old: Engine, new: Engine) -> int:
    with old.connect() as source, new.begin() as target:
        count = 0
        for table in _tables():
            rows = _rows(source, table)
            known = {tuple(row) for row in target.execute(select(*table.primary_key.columns))}
            fresh = [row for row in rows if _key(table, row) not in known]
            if fresh:
                target.execute(insert(table), fresh)
            count += len(rows)
    return count


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _key(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _move_keys(source: str, target: str, old: Engine, new: Engine) -> None:
    """Cookies and the teacher's link go on being good: in a folder the keys are files, in PostgreSQL records."""
    keys = _keys_of(source, old)
    if is_postgres(target):
        table = KeyRecord.__table__
        with new.begin() as connection:
            for name, value in keys.items():
                connection.execute(table.delete().where(table.c.name == name))  # type: ignore[attr-defined]
                connection.execute(table.insert().values(name=name, value=value))  # type: ignore[attr-defined]
    elif len(keys) == len(KEYS):
        Folder(Path(target)).take_keys(keys["secret"], keys["teacher"])


def _keys_of(place: str, engine: Engine) -> dict[str, str]:
    if not is_postgres(place):
        folder = Folder(Path(place))
        return {"secret": folder.secret().hex(), "teacher": folder.teacher_key()}
    with engine.connect() as connection:
        return {row.name: row.value for row in connection.execute(select(KeyRecord.__table__))}
