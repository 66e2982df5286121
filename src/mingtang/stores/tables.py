"""The tables of a log in PostgreSQL, the questions asked of them, and how an address is spoken of."""

from __future__ import annotations

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mingtang.stores import StoreFailed

VERSION = 1
LEAST_SERVER = 140000
CONNECT_S = 3
CHANNEL = "mingtang"
NEWS_LENGTH = 7000  # a notice of PostgreSQL holds 8000 bytes
ONE_AT_A_TIME = 0x6D696E68  # the number of this program's lock

_SCHEMA = """
create table event (
  lesson text collate "C" not null, seq bigint not null, at bigint not null, by text not null, cmd text not null,
  kind text not null, version integer not null, data bytea not null, sum bigint not null,
  primary key (lesson, seq)
)
"""
# What brings a database of version N to N + 1; a new program opens every older one.
_MIGRATIONS: dict[int, str] = {0: _SCHEMA}
# One statement is one transaction and one way there and back. The notice goes out with the commit.
INSERT = """
with taken as (
  insert into event (lesson, seq, at, by, cmd, kind, version, data, sum)
  select * from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[],
                       %s::bytea[], %s::bigint[])
  returning 1
) select pg_notify('mingtang', %s) from (select count(*) as n from taken) as t where n > 0
"""
# Whatever the database's owner has set: an answer means that it is on disk.
DURABLE = "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
SELECT = (
    "select seq, at, by, cmd, kind, version, data, sum from event where lesson = %s and seq > %s order by seq limit %s"
)
REWRITE = """
update event set version = %s, data = %s, sum = %s
where lesson = %s and seq = %s and at = %s and by = %s and cmd = %s and kind = %s
"""
CUT = "delete from event where lesson = %s and seq > %s"
HEAD = "select coalesce(max(seq), 0) from event where lesson = %s"
# The connections of these names that are still there are ended; what they had begun is done or not by then.
END = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = any(%s)"
# Of errors that PostgreSQL itself tells, these do not say that nothing was done: lines, operators, the system.
DOUBTFUL = ("08", "40003", "57", "58", "XX")
# The first row of each lesson is found by its key; a scan over all rows would take minutes.
LESSONS = """
with recursive l(name) as (
  (select lesson from event order by lesson limit 1)
  union all
  select (select lesson from event where lesson > l.name order by lesson limit 1) from l where l.name is not null
) select name from l join event on lesson = name and seq = 1 order by at, name
"""


def conninfo(address: str) -> str:
    """A peer that is gone without a word is noticed, whatever the system's own patience is."""
    patience = {"connect_timeout": CONNECT_S, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    return make_conninfo(address, **{k: v for k, v in patience.items() if k not in conninfo_to_dict(address)})


def place_of(address: str) -> str:
    """Where a database is, for people and logs: never its password."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        return "an address that cannot be read"
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def is_doubtful(error: Exception) -> bool:
    """Whether a statement that ended so may have been done."""
    told = error.sqlstate if isinstance(error, psycopg.Error) else None
    return told is None or told.startswith(DOUBTFUL)


async def prepare(address: str) -> None:
    """Makes or migrates the tables, one node at a time. Raises StoreFailed with a sentence."""
    try:
        async with await AsyncConnection.connect(conninfo(address)) as db, db.transaction():
            await db.execute("select pg_advisory_xact_lock(%s)", (ONE_AT_A_TIME,))
            await _migrate(db)
    except (psycopg.Error, OSError) as error:
        reason = " ".join(str(error).split())
        raise StoreFailed(
            f"The logs at {place_of(address)} cannot be opened: {reason}. Nothing was changed."
        ) from error


async def _migrate(db: AsyncConnection) -> None:
    if db.info.server_version < LEAST_SERVER:
        raise StoreFailed(f"This is PostgreSQL {db.info.server_version // 10000}; version 14 or newer is needed.")
    await db.execute("create table if not exists log_version (version integer not null)")
    found = await (await db.execute("select version from log_version")).fetchone()
    version = int(found[0]) if found else 0
    if version > VERSION:
        raise StoreFailed(f"The logs have version {version}, this program reads up to {VERSION}. Use a newer program.")
    for step in range(version, VERSION):
        await db.execute(_MIGRATIONS[step])
    if version < VERSION:
        await db.execute("delete from log_version")
        await db.execute("insert into log_version values (%s)", (VERSION,))
