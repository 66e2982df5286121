"""A person erased from a server: nothing of him is on the disk, and every figure stays."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from bench.school.folder import fill
from mingtang.activities import kinds
from mingtang.buses.local import Air
from mingtang.core.lesson import replay
from mingtang.core.member import Role
from mingtang.live.others import Others
from mingtang.settings import Settings
from mingtang.stores.reading import open_reader
from mingtang.web.app import application
from mingtang.web.folder import Folder
from mingtang.web.keeping.remains import Remains
from mingtang.web.node import Node, open_node

LESSONS, STUDENTS = 2, 12


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("erase") / "data"
    asyncio.run(fill(folder, LESSONS, STUDENTS, 500, 2, seed=11))
    return folder


@pytest.fixture
async def taught(school, tmp_path, bundle):
    """A server on a copy of that folder, with the teacher's browser."""
    data = Path(shutil.copytree(school, tmp_path / "copy"))
    folder = Folder(data)
    async with open_node(Settings(data=data, static=str(bundle)), folder, "http://x") as node:
        way = httpx.ASGITransport(app=application(node), raise_app_exceptions=False)
        key = {"Authorization": f"Bearer {folder.teacher_key()}"}
        async with httpx.AsyncClient(transport=way, base_url="http://hall.test", headers=key, timeout=60) as teacher:
            yield node, teacher


def facts_of(node: Node, lesson: str):
    return [kinds().fact(row) for row in open_reader(str(node.folder.log)).rows(lesson)]


NAME, WORDS = "Adelaide Byron", ["Why has nobody told Ockham?", "阿黛尔问：这是为什么？"]


async def somebody_who_wrote(node: Node) -> tuple[str, str]:
    """Lesson and member; the student is called NAME and has written WORDS, which nobody else has."""
    lesson = min(open_lessons(node))
    facts = facts_of(node, lesson)
    asked = [f for f in facts if f.kind in ("questions.asked", "peer.said")]
    member = Counter(f.by for f in asked if f.kind == "questions.asked").most_common(1)[0][0]
    joined = next(f for f in facts if f.kind == "member.joined" and f.event.id == member)
    new = [replace(joined, event=replace(joined.event, name=NAME))]
    for number, fact in enumerate(f for f in asked if f.by == member):
        new.append(replace(fact, event=replace(fact.event, text=WORDS[number % 2])))
    await node.hall.store.rewrite(lesson, [kinds().row(fact) for fact in new])
    return lesson, member


def open_lessons(node: Node) -> list[str]:
    import sqlite3

    with sqlite3.connect(node.folder.log) as db:
        return [row[0] for row in db.execute("select distinct lesson from event")]


def everything_on_disk(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            yield str(file), gzip.decompress(data) if file.suffix == ".gz" else data


def places_of(text: str, folder: Path) -> list[str]:
    wanted = (text.encode(), json.dumps(text)[1:-1].encode())
    return [name for name, data in everything_on_disk(folder) if any(one in data for one in wanted)]


async def read_in_every_way(teacher: httpx.AsyncClient, lesson: str) -> list[str]:
    """So that whatever is kept of readings is kept."""
    said = []
    for view in ("teacher", "student", "wall"):
        index = await teacher.get(f"/api/replay/{lesson}/{view}")
        said.append(index.text)
        for cuts in index.json()["tracks"].values() if index.status_code == 200 else ():
            said += [(await teacher.get(f"/api/replay/{lesson}/{view}/{cut[0]}")).text for cut in cuts]
    said.append((await teacher.get(f"/api/teach/lessons/{lesson}/report")).text)
    said.append((await teacher.get("/api/search", params={"q": "Ockham"})).text)
    return said


async def test_nothing_is_changed_before_it_is_really_wanted(taught):
    node, teacher = taught
    lesson, member = await somebody_who_wrote(node)
    before = facts_of(node, lesson)
    answer = await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": member})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["done"], told["people"][0]["name"]) == (False, NAME)
    assert told["people"][0]["blanked"]["questions.asked"] > 0
    assert told["people"][0]["kept"] > 0
    assert facts_of(node, lesson) == before


async def test_no_byte_of_name_or_words_is_left_in_the_data_folder(taught):
    node, teacher = taught
    lesson, member = await somebody_who_wrote(node)
    await node.librarian.catch_up()
    before = await read_in_every_way(teacher, lesson)
    assert any(WORDS[0] in text for text in before)
    assert places_of(WORDS[0], node.folder.path) != []
    answer = await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": member, "really": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["swept"]
    for text in (NAME, *WORDS):
        assert places_of(text, node.folder.path) == []
    await node.librarian.catch_up()
    after = await read_in_every_way(teacher, lesson)
    for text in (NAME, *WORDS):
        assert [said for said in after if text in said] == []
        assert places_of(text, node.folder.path) == []


async def test_the_figures_stay_and_the_digest_is_that_of_the_new_log(taught):
    node, teacher = taught
    lesson, member = await somebody_who_wrote(node)
    before = replay(kinds(), facts_of(node, lesson))
    csv = f"/api/teach/lessons/{lesson}/attendance.csv"
    lines = len((await teacher.get(csv)).text.splitlines())
    await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": member, "really": True})
    after = replay(kinds(), facts_of(node, lesson))
    for part in ("poll", "peer"):
        was, now = before.view(Role.teacher, part), after.view(Role.teacher, part)
        assert without_words(now) == without_words(was)
    assert (await node.hall.look(lesson)).digest() == after.digest() != before.digest()
    assert len((await teacher.get(csv)).text.splitlines()) == lines
    assert [f.event.answer for f in facts_of(node, lesson) if f.kind == "peer.voted"] != []


def without_words(value):
    if isinstance(value, dict):
        return {key: without_words(inner) for key, inner in value.items()}
    return [without_words(v) for v in value] if isinstance(value, list) else "…" if isinstance(value, str) else value


async def test_a_name_is_found_in_all_lessons_and_also_by_an_earlier_name(taught):
    node, teacher = taught
    name, lessons = "Adelaide Everywhere", open_lessons(node)
    for lesson in lessons:
        facts = facts_of(node, lesson)
        joined = next(f for f in facts if f.kind == "member.joined" and f.event.role is Role.student)
        row = kinds().row(joined)
        changed = row._replace(data=row.data.replace(joined.event.name.encode(), name.encode()))
        await node.hall.store.rewrite(lesson, [changed])
    found = (await teacher.post("/api/teach/erase", json={"name": name})).json()
    assert sorted(one["lesson"] for one in found["people"]) == sorted(lessons)
    assert (await teacher.post("/api/teach/erase", json={"name": name, "really": True})).json()["swept"]
    assert places_of(name, node.folder.path) == []


async def test_who_is_not_there_or_not_one_is_said_in_words(taught, browser):
    node, teacher = taught
    lesson, _ = await somebody_who_wrote(node)
    nobody = await teacher.post("/api/teach/erase", json={"name": "Nobody at all", "really": True})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "erase.nobody")
    for row in [r for r in await node.hall.store.read(lesson) if r.kind == "member.joined"][-3:-1]:
        named = json.loads(row.data) | {"name": "Twin"}
        await node.hall.store.rewrite(lesson, [row._replace(data=json.dumps(named).encode())])
    twins = await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": "Twin", "really": True})
    assert (twins.status_code, twins.json()["code"]) == (409, "erase.which")
    assert (await teacher.post("/api/teach/erase", json={"member": "Twin"})).status_code == 400


async def test_only_the_teacher_erases(browser, node, lesson):
    answer = await browser().post("/api/teach/erase", json={"name": "Teacher", "really": True})
    assert answer.status_code == 401


async def test_links_to_the_notebook_of_the_erased_open_nothing(taught):
    node, teacher = taught
    lesson, member = await somebody_who_wrote(node)
    number = await node.catalog.notebook_number(lesson, member)
    await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": member, "really": True})
    assert await node.catalog.notebook_number(lesson, member) != number


async def test_the_disk_is_cleared_later_when_a_lesson_is_held_and_a_restart_remembers(taught, monkeypatch):
    node, teacher = taught
    lesson, member = await somebody_who_wrote(node)
    monkeypatch.setattr(node.hall, "busy", lambda: True)
    answer = await teacher.post("/api/teach/erase", json={"lesson": lesson, "member": member, "really": True})
    assert not answer.json()["swept"]
    assert node.remains.due
    assert await node.remains.sweep()
    assert not node.remains.due
    assert places_of(WORDS[0], node.folder.path) == []


@pytest.mark.slow
def test_the_terminal_erases_with_and_without_a_server(serve, school, tmp_path):
    data = Path(shutil.copytree(school, tmp_path / "cli"))
    server = serve(data)
    lesson = one_lesson(data)
    rows = open_reader(str(data / "lessons.db")).rows(lesson)
    people = [json.loads(r.data) for r in rows if r.kind == "member.joined" and b'"student"' in r.data]
    dry = server.command("erase", lesson, people[0]["id"])
    assert (dry.returncode, people[0]["name"] in dry.stdout) == (0, True), dry.stderr
    assert places_of(people[0]["name"], data) != []
    assert server.command("erase", lesson, people[0]["id"], "--yes").returncode == 0
    assert people[0]["name"] not in server.command("log", lesson).stdout
    server.stop()
    done = server.command("erase", "--everywhere", people[1]["name"], "--yes")
    assert done.returncode == 0, done.stderr
    assert places_of(people[1]["name"], data) == []
    assert "[bad-use]" in server.command("erase", lesson).stderr
    assert "[erase.nobody]" in server.command("erase", "--everywhere", "Nobody", "--yes").stderr


def one_lesson(data: Path) -> str:
    import sqlite3

    with sqlite3.connect(data / "lessons.db") as db:
        return str(db.execute("select min(lesson) from event").fetchone()[0])


async def test_another_node_that_is_told_forgets_its_readings_too(taught, settings):
    node, _ = taught
    air, forgotten = Air(), asyncio.Event()
    here, there = Others(air.bus()), Others(air.bus())
    away = Remains(node.folder, node.hall.store, node.catalog, node.reader, node.librarian, there)
    away.also.append(lambda lesson: forgotten.set() if lesson == "l1" else None)
    told = Remains(node.folder, node.hall.store, node.catalog, node.reader, node.librarian, here)
    await told.forget("l1")
    async with asyncio.timeout(20):
        await forgotten.wait()
    await here.close()
    await there.close()


@pytest.mark.slow
def test_a_lesson_on_postgres_is_erased_and_taken_away(database, school, tmp_path):
    """The same commands on the other engine."""
    from tests.server import Server

    server = Server(tmp_path / "nodes", store=database()).start()
    try:
        made = server.lesson("Sets")
        server.join(made["code"], "Adelaide Postgres")
        assert "Adelaide Postgres" in server.cli("log", made["id"]).stdout
        done = server.cli("erase", made["id"], "Adelaide Postgres", "--yes")
        assert done.returncode == 0, done.stderr
        assert "Adelaide Postgres" not in server.cli("log", made["id"]).stdout
        out = server.cli("export", made["id"], str(tmp_path / "pg.mingtang"))
        assert out.returncode == 0, out.stderr
        assert server.cli("import", str(tmp_path / "pg.mingtang"), "--copy").returncode == 0
        assert "[backup-elsewhere]" in server.cli("backup", str(tmp_path / "b.zip")).stderr
        assert server.cli("retention").returncode == 0
    finally:
        server.stop()
