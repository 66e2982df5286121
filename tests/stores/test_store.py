"""One suite for all stores: what a log is, whoever keeps it."""

import asyncio
import contextlib
import os
import secrets
import sqlite3

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.core.event import Row
from mingtang.stores import Conflict, Damaged, StoreFailed
from mingtang.stores.memory import MemoryStore
from mingtang.stores.postgres import PostgresStore
from mingtang.stores.sqlite import SqliteStore


def row(seq: int, data: bytes = b"{}") -> Row:
    return Row(seq, 1000 + seq, "m1", f"c{seq}", "poll.voted", 1, data)


async def opened(kind, request, tmp_path):
    if kind == "postgres":
        return await PostgresStore.open(request.getfixturevalue("database")())
    return MemoryStore() if kind == "memory" else await SqliteStore.open(tmp_path / "log.db")


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request, tmp_path):
    made = await opened(request.param, request, tmp_path)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def shared_database(database):
    return database()


async def test_what_was_appended_is_read_back_in_order(store):
    await store.append("a", 0, [row(1), row(2, b'{"x":1}')])
    await store.append("a", 2, [row(3)])
    assert await store.read("a") == [row(1), row(2, b'{"x":1}'), row(3)]
    assert await store.head("a") == 3


async def test_a_log_can_be_read_from_any_position(store):
    await store.append("a", 0, [row(n) for n in range(1, 11)])
    assert [r.seq for r in await store.read("a", 7)] == [8, 9, 10]
    assert [r.seq for r in await store.read("a", 2, 3)] == [3, 4, 5]
    assert await store.read("a", 10) == []


async def test_an_unknown_lesson_has_no_rows(store):
    assert await store.read("nobody") == []
    assert await store.head("nobody") == 0


async def test_an_append_at_another_place_is_a_conflict_and_takes_nothing(store):
    await store.append("a", 0, [row(1)])
    with pytest.raises(Conflict):
        await store.append("a", 0, [row(1, b'{"other":1}')])
    with pytest.raises(Conflict):
        await store.append("a", 5, [row(6)])
    assert await store.read("a") == [row(1)]


async def test_rows_that_do_not_continue_are_the_callers_mistake(store):
    with pytest.raises(ValueError, match="stands where"):
        await store.append("a", 0, [row(2)])


async def test_lessons_do_not_touch_one_another(store):
    await asyncio.gather(*(store.append(f"l{n}", 0, [row(1), row(2)]) for n in range(50)))
    assert sorted(await store.lessons()) == sorted(f"l{n}" for n in range(50))
    assert [len(await store.read(f"l{n}")) for n in range(50)] == [2] * 50


async def test_of_two_writers_for_one_place_exactly_one_wins(store):
    answers = await asyncio.gather(*(store.append("a", 0, [row(1)]) for _ in range(20)), return_exceptions=True)
    assert answers.count(None) == 1
    assert sum(isinstance(a, Conflict) for a in answers) == 19
    assert await store.head("a") == 1


async def test_a_conflict_in_one_lesson_does_not_spoil_what_gathers_beside_it(store):
    await store.append("a", 0, [row(1)])
    wishes = [store.append("a", 0, [row(1)]), *(store.append(f"b{n}", 0, [row(1)]) for n in range(30))]
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert isinstance(answers[0], Conflict)
    assert answers[1:] == [None] * 30


async def test_a_closed_store_says_so(store):
    await store.close()
    await store.close()
    with pytest.raises(StoreFailed):
        await store.append("a", 0, [row(1)])
    with pytest.raises(StoreFailed):
        await store.read("a")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5), st.binary(max_size=50)), max_size=20))
async def test_any_sequence_of_appends_reads_back_the_same_from_every_store(tmp_path_factory, shared_database, appends):
    memory, sqlite = MemoryStore(), await SqliteStore.open(tmp_path_factory.mktemp("s") / "log.db")
    postgres = await PostgresStore.open(shared_database)
    example = secrets.token_hex(4)  # the database outlives it
    for letter, count, data in appends:
        lesson = example + letter
        head = await memory.head(lesson)
        rows = [row(head + 1 + n, data) for n in range(count)]
        for store in (memory, sqlite, postgres):
            await store.append(lesson, head, rows)
    for lesson in (example + letter for letter in "abc"):
        assert await memory.read(lesson) == await sqlite.read(lesson) == await postgres.read(lesson)
    await sqlite.close()
    await postgres.close()


async def test_rewriting_changes_data_in_its_place_and_nothing_else(store):
    await store.append("a", 0, [row(n, b'{"name":"Ada"}') for n in range(1, 6)])
    await store.append("b", 0, [row(1, b'{"name":"Ada"}')])
    await store.rewrite("a", [row(2, b'{"name":""}')._replace(version=2), row(5, b"{}")])
    changed = [row(2, b'{"name":""}')._replace(version=2), row(5, b"{}")]
    kept = [row(n, b'{"name":"Ada"}') for n in (1, 3, 4)]
    assert await store.read("a") == sorted([*changed, *kept])
    assert await store.read("b") == [row(1, b'{"name":"Ada"}')]
    await store.append("a", 5, [row(6)])


@pytest.mark.parametrize("other", [row(9), row(0), row(2)._replace(by="m2"), row(2)._replace(kind="poll.made")])
async def test_rewriting_never_moves_or_invents_a_row_and_takes_all_or_none(store, other):
    await store.append("a", 0, [row(1), row(2)])
    with pytest.raises(ValueError, match="stands there"):
        await store.rewrite("a", [row(1, b'{"x":1}'), other])
    assert await store.read("a") == [row(1), row(2)]


async def test_rewriting_tells_of_itself_in_the_next_place_in_the_same_moment(store):
    await store.append("a", 0, [row(1), row(2)])
    await store.rewrite("a", [row(1, b'{"x":1}')], row(3, b'{"told":1}'))
    assert await store.read("a") == [row(1, b'{"x":1}'), row(2), row(3, b'{"told":1}')]
    assert await store.head("a") == 3
    await store.append("a", 3, [row(4)])
    with pytest.raises(Conflict):
        await store.append("a", 3, [row(4)])
    await store.rewrite("a", [], row(5))
    await store.append("a", 5, [row(6)])


@pytest.mark.parametrize("place", [2, 4])
async def test_rewriting_a_log_that_has_grown_is_a_conflict_and_blanks_nothing(store, place):
    await store.append("a", 0, [row(1), row(2)])
    with pytest.raises(Conflict):
        await store.rewrite("a", [row(1, b'{"x":1}')], row(place))
    assert await store.read("a") == [row(1), row(2)]
    await store.append("a", 2, [row(3)])


async def test_rewriting_that_names_a_wrong_row_tells_of_nothing(store):
    await store.append("a", 0, [row(1)])
    with pytest.raises(ValueError, match="stands there"):
        await store.rewrite("a", [row(1)._replace(by="m2")], row(2))
    assert await store.read("a") == [row(1)]
    await store.append("a", 1, [row(2)])


async def test_of_appends_and_rewritings_for_one_place_exactly_one_wins(store):
    await store.append("a", 0, [row(1)])
    wishes = [store.append("a", 1, [row(2)]), store.rewrite("a", [row(1, b'{"x":1}')], row(2))]
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert sorted(type(answer) for answer in answers if answer) == [Conflict]
    blank = answers[1] is None
    assert await store.read("a") == [row(1, b'{"x":1}') if blank else row(1), row(2)]
    await store.append("a", 2, [row(3)])


async def test_a_removed_log_is_gone_and_may_begin_again(store, monkeypatch):
    monkeypatch.setattr("mingtang.stores.sqlite.REMOVED_AT_ONCE", 2)
    await store.append("a", 0, [row(n) for n in range(1, 6)])
    await store.append("b", 0, [row(1)])
    await asyncio.gather(store.remove("a"), *(store.append(f"c{n}", 0, [row(1)]) for n in range(20)))
    await store.remove("a")
    assert await store.read("a") == []
    assert "a" not in await store.lessons()
    assert await store.read("b") == [row(1)]
    await store.append("a", 0, [row(1)])
    assert await store.head("a") == 1


async def test_compacting_keeps_every_log(store):
    await store.append("a", 0, [row(1), row(2)])
    await asyncio.gather(store.compact(), store.append("b", 0, [row(1)]), store.append("a", 2, [row(3)]))
    assert await store.read("a") == [row(1), row(2), row(3)]
    assert await store.read("b") == [row(1)]


# What only a file can suffer


async def test_after_compacting_no_byte_of_what_was_rewritten_or_removed_is_on_the_disk(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    lessons = [f"l{n}" for n in range(40)]
    for number in range(1, 60):  # turn about, so that pages split and cells move
        data = b'{"name":"Adelaide %d","text":"%s"}' % (number, b"Lovelace" * (number * 9 % 700))
        await asyncio.gather(*(store.append(lesson, number - 1, [row(number, data)]) for lesson in lessons))
    for lesson in lessons[:20]:
        await store.rewrite(lesson, [row(n, b"{}") for n in range(1, 60)])
    for lesson in lessons[20:]:
        await store.remove(lesson)
    await store.compact()
    left = b"".join((tmp_path / name).read_bytes() for name in os.listdir(tmp_path))
    assert b"Adelaide" not in left
    assert b"Lovelace" not in left
    await store.close()


async def test_what_was_acknowledged_is_there_after_opening_again(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    await store.append("a", 0, [row(1), row(2)])
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in os.listdir(tmp_path):  # as after a power cut: the files as they are, nothing closed
        if name.startswith("log.db"):
            (copy / name).write_bytes((tmp_path / name).read_bytes())
    again = await SqliteStore.open(copy / "log.db")
    assert await again.read("a") == [row(1), row(2)]
    await again.close()
    await store.close()


async def test_a_write_ahead_log_cut_in_the_middle_of_a_record_opens_with_all_whole_commits(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    for seq in range(1, 21):
        await store.append("a", seq - 1, [row(seq, b'"' + b"x" * 500 + b'"')])
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "log.db").write_bytes((tmp_path / "log.db").read_bytes())
    wal = (tmp_path / "log.db-wal").read_bytes()
    (cut / "log.db-wal").write_bytes(wal[: len(wal) - 700])
    await store.close()
    again = await SqliteStore.open(cut / "log.db")
    rows = await again.read("a")
    assert [r.seq for r in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == 19
    await again.append("a", 19, [row(20)])
    await again.close()


async def open_and_read(path):
    store = await SqliteStore.open(path)
    try:
        return await store.read("a")
    finally:
        await store.close()


async def test_a_log_file_cut_short_is_refused_with_a_sentence_and_not_changed(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    for seq in range(1, 200):
        await store.append("a", seq - 1, [row(seq, b'"' + b"x" * 300 + b'"')])
    await store.close()
    whole = (tmp_path / "log.db").read_bytes()
    (tmp_path / "log.db").write_bytes(whole[: len(whole) // 2 + 100])
    cut = (tmp_path / "log.db").read_bytes()
    with pytest.raises(StoreFailed, match=r"log\.db"):
        await open_and_read(tmp_path / "log.db")
    assert (tmp_path / "log.db").read_bytes() == cut


async def test_nothing_is_acknowledged_into_a_file_that_was_taken_away_or_replaced(tmp_path):
    path, aside = tmp_path / "lessons.db", tmp_path / "aside.db"
    store = await SqliteStore.open(path)
    await store.append("a", 0, [row(1)])
    path.rename(aside)
    with pytest.raises(StoreFailed, match="taken away"):
        await store.append("a", 1, [row(2)])
    path.write_bytes(aside.read_bytes())
    with pytest.raises(StoreFailed, match="replaced"):
        await store.append("a", 1, [row(2)])
    with pytest.raises(StoreFailed, match="replaced"):
        await store.rewrite("a", [row(1, b"{}")])
    aside.rename(path)
    await store.append("a", 1, [row(2)])
    assert await store.read("a") == [row(1), row(2)]
    await store.close()


async def test_a_file_that_is_no_log_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "log.db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StoreFailed, match="cannot be opened"):
        await SqliteStore.open(tmp_path / "log.db")


async def test_a_flipped_bit_is_found_and_named_and_other_lessons_are_whole(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    await store.append("a", 0, [row(1), row(2)])
    await store.append("b", 0, [row(1)])
    await store.close()
    db = sqlite3.connect(tmp_path / "log.db")
    db.execute("update event set data = cast('{ }' as blob) where lesson = 'a' and seq = 2")
    db.commit()
    db.close()
    store = await SqliteStore.open(tmp_path / "log.db")
    with pytest.raises(Damaged, match="Record 2 of lesson a"):
        await store.read("a")
    assert await store.read("b") == [row(1)]
    await store.close()


async def test_bytes_that_have_become_text_are_damage_too(tmp_path):
    """One bit of a record's head says which; so does a hand that edits the file."""
    store = await SqliteStore.open(tmp_path / "lessons.db")
    await store.append("a", 0, [row(1), row(2)])
    with contextlib.closing(sqlite3.connect(tmp_path / "lessons.db")) as db, db:
        db.execute("update event set data = cast(data as text) where seq = 2")
    with pytest.raises(Damaged, match="Record 2 of lesson a"):
        await store.read("a")
    await store.close()


async def test_an_answer_means_that_the_disk_has_it(tmp_path, database):
    """Of what only a power cut would show, at least the engines' own word: also where a database says otherwise."""
    store = await SqliteStore.open(tmp_path / "lessons.db")
    assert store._writer.execute("pragma synchronous").fetchone() == (2,), "full"
    await store.close()
    address = database()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("alter role current_user in database " + db.info.dbname + " set synchronous_commit = off")
    shared = await PostgresStore.open(address)
    await shared.append("a", 0, [row(1)])
    said = await shared._write_line.ask(lambda db: db.execute("show synchronous_commit"))
    assert (await said.fetchone())[0] == "on"
    await shared.close()


async def test_a_full_disk_refuses_the_append_and_the_log_goes_on_when_there_is_room(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    await store.append("a", 0, [row(1)])
    pages = store._writer.execute("pragma page_count").fetchone()[0]
    store._writer.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(StoreFailed, match="disk full"):
        await store.append("a", 1, [row(2, b'"' + b"x" * 50_000 + b'"')])
    assert await store.read("a") == [row(1)]
    store._writer.execute("pragma max_page_count = 1073741823")
    await store.append("a", 1, [row(2)])
    assert await store.head("a") == 2
    await store.close()


async def test_a_file_of_a_newer_program_is_left_alone(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    await store.close()
    db = sqlite3.connect(tmp_path / "log.db")
    db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StoreFailed, match="newer program"):
        await SqliteStore.open(tmp_path / "log.db")


async def test_appends_of_many_lessons_share_commits(tmp_path):
    store = await SqliteStore.open(tmp_path / "log.db")
    commits = []
    store._writer.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
    await asyncio.gather(*(store.append(f"l{n}", 0, [row(1)]) for n in range(300)))
    assert 0 < len(commits) < 100
    await store.close()
