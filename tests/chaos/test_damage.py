"""What a disk does to a log: torn by a power cut, a byte flipped anywhere, files missing. Nothing damaged is believed,
nothing acknowledged is lost, no lesson suffers for another's damage, and `mingtang doctor` finds and names it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random

import httpx
import pytest

from bench.school import folder as school
from mingtang.core.event import Row
from mingtang.stores import StoreFailed
from mingtang.stores.sqlite import SqliteStore
from mingtang.web.examination import Found, examine
from mingtang.web.folder import Folder
from tests.server import Server

pytestmark = pytest.mark.slow
FLIPS, CUTS = 150, 60


def rows(first: int, count: int, chance: Random) -> list[Row]:
    return [
        Row(n, 1000 + n, "s1", f"c{n}", "poll.voted", 1, chance.randbytes(chance.randrange(20, 300)).hex().encode())
        for n in range(first, first + count)
    ]


# Power


class Cut:
    """A log's files as a power cut leaves them: all that was acknowledged is on the disk, of the next some bytes."""

    def __init__(self, path: Path) -> None:
        self.path, self.wal = path, path.with_name(path.name + "-wal")

    def sizes(self) -> int:
        return self.wal.stat().st_size if self.wal.exists() else 0

    def copy(self, to: Path, wal: bytes) -> Path:
        to.mkdir()
        shutil.copy(self.path, to / self.path.name)
        (to / self.wal.name).write_bytes(wal)
        return to / self.path.name


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = await SqliteStore.open(tmp_path / "lessons.db")
    yield made
    await made.close()


async def test_a_log_torn_by_a_power_cut_has_everything_acknowledged_and_nothing_half(
    store: SqliteStore, tmp_path: Path
) -> None:
    chance, cut = Random(7), Cut(tmp_path / "lessons.db")
    head = 0
    for number in range(CUTS):
        before = cut.sizes()
        more = rows(head + 1, chance.randrange(1, 20), chance)
        await store.append("l", head, more)
        wal = cut.wal.read_bytes()
        torn = wal[: chance.randrange(before, len(wal))] + chance.randbytes(chance.choice((0, 0, 100, 5000)))
        again = await SqliteStore.open(cut.copy(tmp_path / str(number), torn))
        kept = await again.read("l")
        assert len(kept) in (head, head + len(more)), "a commit is there whole or not at all"
        assert [r.seq for r in kept] == list(range(1, len(kept) + 1))
        await again.append("l", len(kept), rows(len(kept) + 1, 1, chance))
        await again.close()
        shutil.rmtree(tmp_path / str(number))
        head += len(more)


# Bytes


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Three lessons with slides, at rest."""
    path = tmp_path_factory.mktemp("term") / "data"
    lessons = school.run(path, 3, 12, 700, 3, 1, True)
    with sqlite3.connect(path / "lessons.db") as db:
        db.execute("pragma wal_checkpoint(truncate)")
        db.execute("pragma journal_mode = delete")
    db.close()
    return path, lessons


@pytest.fixture
def data(term: tuple[Path, list[str]], tmp_path: Path) -> Path:
    return Path(shutil.copytree(term[0], tmp_path / "data"))


def all_rows(path: Path, lessons: list[str]) -> dict[str, list[Row] | str]:
    """Of each lesson its rows, or why they cannot be had."""

    async def read() -> dict[str, list[Row] | str]:
        try:
            store = await SqliteStore.open(path)
        except StoreFailed as failed:
            return {lesson: str(failed) for lesson in lessons}
        found: dict[str, list[Row] | str] = {}
        for lesson in lessons:
            try:
                found[lesson] = await store.read(lesson)
            except StoreFailed as failed:
                found[lesson] = str(failed)
        await store.close()
        return found

    return asyncio.run(read())


def flip(file: Path, place: int, chance: Random) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def test_a_flipped_byte_is_never_believed_and_never_takes_the_program_down(
    term: tuple[Path, list[str]], tmp_path: Path
) -> None:
    path, lessons = term
    true, chance = all_rows(path / "lessons.db", lessons), Random(11)
    size, told = (path / "lessons.db").stat().st_size, 0
    for _ in range(FLIPS):
        file = tmp_path / "lessons.db"
        shutil.copy(path / "lessons.db", file)
        flip(file, chance.randrange(100, size), chance)
        seen = all_rows(file, lessons)
        for lesson in lessons:
            if isinstance(seen[lesson], str):
                told += 1
            elif seen[lesson] != true[lesson]:
                assert _shorter(seen[lesson], true[lesson]), "rows were changed and believed"
        for leftover in tmp_path.glob("lessons.db*"):
            leftover.unlink()
    assert told > FLIPS / 3, "most bytes of a log matter, and their damage is told"


def _shorter(seen: list[Row] | str, true: list[Row] | str) -> bool:
    """A flipped key hides rows from their lesson; what is left is true, and the doctor finds the gap."""
    return isinstance(seen, list) and all(row in true for row in seen)


def test_damage_in_one_lesson_is_named_and_the_others_are_taught_on(
    term: tuple[Path, list[str]], data: Path, tmp_path: Path
) -> None:
    victim, *others = term[1]
    _damage(data, victim, 40)
    found = list(examine(Folder(data)))
    assert [(f.code, f.params["lesson"], f.params["seq"]) for f in found if f.weight == "bad"] == [
        ("examined.flipped", victim, 40)
    ]
    server = Server(data).start()
    try:
        with server.teacher() as teacher:
            listed = teacher.get("/api/teach/lessons").json()["lessons"]
            assert {one["id"] for one in listed} == {victim, *others}
            assert teacher.get(f"/api/teach/lessons/{victim}/snapshot").status_code == 503
            for lesson in others:
                assert teacher.get(f"/api/teach/lessons/{lesson}/snapshot").status_code == 200
        code = server.lesson()["code"]
        assert server.join(code, "Ada")
        assert httpx.get(f"{server.url}/ready", timeout=20).status_code == 200
    finally:
        server.stop()
    assert "Traceback" not in server.log()
    kept = server.cli("export", victim, str(tmp_path / "kept.mingtang"), "--at", "39")
    assert kept.returncode == 0, kept.stderr


def _damage(data: Path, lesson: str, seq: int) -> None:
    """One letter of one record, behind the program's back."""
    with sqlite3.connect(data / "lessons.db") as db:
        (body,) = db.execute("select data from event where lesson = ? and seq = ?", (lesson, seq)).fetchone()
        changed = bytes(body).replace(b'"', b"'", 1)
        db.execute("update event set data = ? where lesson = ? and seq = ?", (changed, lesson, seq))
    db.close()


# The doctor


def weights(data: Path) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for one in examine(Folder(data)):
        found.setdefault(one.code, []).append(one)
    return found


def test_a_whole_folder_is_found_whole(data: Path) -> None:
    assert {f.weight for f in examine(Folder(data))} == {"good"}


def nothing(data: Path) -> None:
    """The file is there, and empty."""
    (data / "lessons.db").write_bytes(b"")


def half(data: Path) -> None:
    (data / "lessons.db").write_bytes(b"SQLite format 3\0half")


def folder(data: Path) -> None:
    (data / "lessons.db").mkdir()


def another(data: Path) -> None:
    with sqlite3.connect(data / "lessons.db") as db:
        db.execute("create table users (id text)")
    db.close()


@pytest.mark.parametrize("make", [nothing, half, folder, another])
def test_what_is_no_log_is_said_to_be_none_and_nothing_in_it_to_be_whole(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path)
    before = [(place.name, place.stat().st_size) for place in tmp_path.iterdir()]
    found = weights(tmp_path)
    assert found["examined.unlisted"][0].weight == "bad"
    assert "examined.logs_whole" not in found
    assert [(place.name, place.stat().st_size) for place in tmp_path.iterdir()] == before


def test_a_missing_record_is_named(term: tuple[Path, list[str]], data: Path) -> None:
    with sqlite3.connect(data / "lessons.db") as db:
        db.execute("delete from event where lesson = ? and seq = 100", (term[1][0],))
    db.close()
    gap = weights(data)["examined.gap"][0]
    assert (gap.params["lesson"], gap.params["seq"], gap.params["before"]) == (term[1][0], 100, 99)


def test_a_record_of_a_newer_program_is_named(term: tuple[Path, list[str]], data: Path) -> None:
    lesson = term[1][0]

    async def add() -> int:
        store = await SqliteStore.open(data / "lessons.db")
        head = await store.head(lesson)
        await store.append(lesson, head, [Row(head + 1, 1, "", "", "magic.happened", 1, b'{"kind":"magic.happened"}')])
        await store.close()
        return head

    head = asyncio.run(add())
    assert weights(data)["examined.unreadable"][0].params["seq"] == head + 1


def test_lost_pictures_left_files_and_strangers_are_named(term: tuple[Path, list[str]], data: Path) -> None:
    page = next((data / "assets").glob("??/*"))
    shutil.rmtree(page)
    (data / "assets" / "aa" / ("a" * 32)).mkdir(parents=True)
    (data / "uploads" / "half").mkdir()
    with sqlite3.connect(data / "lessons.db") as db:
        db.execute("update event set lesson = 'stranger' where lesson = ?", (term[1][0],))
    db.close()
    found = weights(data)
    assert found["examined.page_lost"][0].weight == "bad"
    for code in ("examined.spare_pages", "examined.left_over", "examined.empty_row"):
        assert found[code][0].weight == "poor", code
    assert "examined.flipped" in found, "a record in another lesson's place is no record of that lesson"


@pytest.fixture(params=["lessons.db", "catalog.db"])
def ruined(request: pytest.FixtureRequest, data: Path) -> Path:
    """A file whose middle is noise."""
    content = bytearray((data / request.param).read_bytes())
    middle = len(content) // 2
    content[4096:middle] = Random(3).randbytes(middle - 4096)
    (data / request.param).write_bytes(content)
    return data


def test_a_ruined_file_is_told_in_words_in_both_languages_and_nothing_is_changed(ruined: Path) -> None:
    before = {file: file.read_bytes() for file in ruined.glob("*.db")}
    for language, word in (("en", "restore"), ("zh", "备份")):
        told = Server(ruined, language=language).cli("doctor", str(ruined))
        assert told.returncode == 1
        assert word in told.stdout
        assert "Traceback" not in told.stdout + told.stderr
    assert {file: file.read_bytes() for file in before} == before


def test_a_folder_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    told = Server(tmp_path / "data").cli("doctor", str(tmp_path / "nowhere"))
    assert told.returncode == 1
    assert "nowhere" in told.stderr
    assert "Traceback" not in told.stderr
