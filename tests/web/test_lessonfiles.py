"""Lesson files over HTTP and from the terminal: out of one server, into another, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from pathlib import Path

import httpx
import pytest

from bench.school.folder import fill
from mingtang.settings import Settings
from mingtang.web.folder import Folder
from mingtang.web.keeping import opener
from mingtang.web.keeping.taking import NOTE, Note, Taking
from mingtang.web.node import Node, open_node
from tests.readings.lessons import contents, edited, write

EVENTS = 300


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    """A data folder with one lesson of two pages that has ended."""
    import asyncio

    folder = tmp_path_factory.mktemp("school") / "data"
    asyncio.run(fill(folder, 1, 8, EVENTS, 2, seed=5))
    return folder


@pytest.fixture
async def file(school: Path, tmp_path: Path) -> Path:
    """What the server of that folder gives out."""
    from bench.school.folder import lesson_id
    from mingtang.readings.lessonfile.packing import pack
    from mingtang.stores.reading import open_reader

    out = tmp_path / "lesson.mingtang"
    pack(open_reader(str(school / "lessons.db")), lesson_id(5), school / "assets", out)
    return out


def send(teacher: httpx.AsyncClient, file: Path, **asked: str) -> Awaitable[httpx.Response]:
    return teacher.post("/api/teach/import", content=file.read_bytes(), params=asked)


async def state(node: Node) -> tuple[object, ...]:
    """All that an import might have changed."""
    folder = node.folder.path
    files = sorted(str(f) for name in ("assets", "imports") for f in (folder / name).rglob("*") if f.is_file())
    return await node.hall.store.lessons(), [row.id for row in await node.catalog.lessons()], files


async def test_a_lesson_goes_in_and_out_again_with_the_same_bytes(node, teacher, file):
    answer = await send(teacher, file, lang="zh")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    back = await teacher.get(f"/api/teach/lessons/{made['id']}/lesson.mingtang")
    assert back.status_code == 200
    assert back.content == file.read_bytes()
    assert "attachment" in back.headers["content-disposition"]
    assert list(node.folder.imports.iterdir()) == []


async def test_it_stands_in_the_teachers_list_and_its_pages_can_be_seen(node, teacher, file):
    made = (await send(teacher, file)).json()
    listed = (await teacher.get("/api/teach/lessons")).json()["lessons"]
    assert [(one["id"], one["pages"]) for one in listed] == [(made["id"], 2)]
    assert listed[0]["ended"] > 0
    assert (await teacher.get(f"/assets/{listed[0]['asset']}/640.webp")).status_code == 200
    snapshot = await teacher.get(f"/api/teach/lessons/{made['id']}/snapshot")
    assert snapshot.json()["seq"] == made["events"] >= EVENTS


async def test_a_lesson_that_is_here_is_refused_and_may_be_had_as_a_copy(node, teacher, file):
    first = (await send(teacher, file)).json()
    before = await state(node)
    again = await send(teacher, file)
    assert (again.status_code, again.json()["code"]) == (409, "file.exists")
    assert await state(node) == before
    copy = (await send(teacher, file, copy="true")).json()
    assert copy["id"] != first["id"]
    assert (await node.hall.look(copy["id"])).digest() == (await node.hall.look(first["id"])).digest()


async def test_a_lesson_that_went_on_when_it_was_exported_is_over_here(node, teacher, lesson, tmp_path):
    running = await teacher.get(f"/api/teach/lessons/{lesson['id']}/lesson.mingtang")
    (tmp_path / "running").write_bytes(running.content)
    copy = (await send(teacher, tmp_path / "running", copy="true")).json()
    found = await node.hall.look(copy["id"])
    assert found.ended
    assert found.seq == copy["events"] + 1
    assert not (await node.hall.look(lesson["id"])).ended


@pytest.mark.parametrize("wrong", ["cut", "hash", "event", "empty", "pdf"])
async def test_a_file_that_is_not_right_adds_nothing(node, teacher, file, tmp_path, wrong, pdfs):
    bad = tmp_path / "bad"
    match wrong:
        case "cut":
            bad.write_bytes(file.read_bytes()[:-100])
        case "hash":
            write(bad, {**contents(file), "events.jsonl": b"{}\n"}, vouch=False)
        case "event":
            write(bad, edited(contents(file), lambda lines: lines[50].update(kind="member.flew")))
        case "empty":
            bad.write_bytes(b"")
        case "pdf":
            bad.write_bytes(pdfs.pages(1))
    before = await state(node)
    answer = await send(teacher, bad)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"].startswith("file.")
    assert await state(node) == before


async def test_another_picture_under_the_same_name_is_never_written_over(node, teacher, file):
    asset = next(name.split("/")[1] for name in contents(file) if name.startswith("assets/"))
    place = node.folder.assets / asset[:2] / asset
    place.mkdir(parents=True)
    (place / "640.webp").write_bytes(b"mine")
    before = await state(node)
    answer = await send(teacher, file)
    assert (answer.status_code, answer.json()["code"]) == (409, "file.picture_taken")
    assert (place / "640.webp").read_bytes() == b"mine"
    assert await state(node) == before


async def test_only_the_teacher_takes_lessons_out_and_in(browser, node, lesson, file):
    stranger = browser()
    assert (await stranger.get(f"/api/teach/lessons/{lesson['id']}/lesson.mingtang")).status_code == 401
    assert (await send(stranger, file)).status_code == 401


async def test_an_unknown_lesson_cannot_be_exported(teacher, node):
    answer = await teacher.get("/api/teach/lessons/nobody/lesson.mingtang")
    assert (answer.status_code, answer.json()["code"]) == (404, "file.no_lesson")
    assert list(node.folder.imports.iterdir()) == []


async def test_a_file_larger_than_the_server_takes_is_refused_while_it_comes(
    settings, browser, node, teacher, tmp_path
):
    small = Settings(**{**{f: getattr(settings, f) for f in settings.__slots__}, "max_lesson_mb": 1})
    node.settings = small
    answer = await teacher.post("/api/teach/import", content=b"x" * 1_100_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "file.too_big")

    async def endless():
        for _ in range(20):
            yield b"x" * 100_000

    answer = await teacher.post("/api/teach/import", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "file.too_big")
    assert list(node.folder.imports.iterdir()) == []


async def test_a_worker_that_dies_or_talks_nonsense_is_a_refusal(node, teacher, file, monkeypatch):
    before = await state(node)
    for command in (("false",), ("sh", "-c", "kill -9 $$"), ("echo", "{")):
        monkeypatch.setattr(opener, "COMMAND", command)
        answer = await send(teacher, file)
        assert answer.status_code == 422
    assert await state(node) == before


async def test_what_a_crash_left_half_way_is_taken_back_at_the_next_start(settings, file, monkeypatch):
    folder = Folder(settings.data)
    folder.prepare()

    async def killed(*_: object) -> None:
        raise RuntimeError("as if the process had ended here")

    async with open_node(settings, folder, "http://x") as node:
        monkeypatch.setattr(Taking, "_list", killed)
        monkeypatch.setattr(Taking, "_undo", killed)
        place = folder.imports / "one"
        place.mkdir()
        await opener.unpacked(file, place / "in", 100)
        with pytest.raises(RuntimeError, match="as if"):
            await node.taking.take(place, "en", False)
        assert await node.hall.store.lessons() != []
        assert (place / NOTE).exists()
    monkeypatch.undo()
    async with open_node(settings, folder, "http://x") as node:
        assert await state(node) == ([], [], [])


async def test_a_note_left_by_a_finished_import_takes_nothing_away(settings, file):
    folder = Folder(settings.data)
    folder.prepare()
    async with open_node(settings, folder, "http://x") as node:
        place = folder.imports / "one"
        place.mkdir()
        await opener.unpacked(file, place / "in", 100)
        taken = await node.taking.take(place, "en", False)
        import msgspec

        (place / NOTE).write_bytes(msgspec.json.encode(Note(taken.lesson, [])))
    async with open_node(settings, folder, "http://x") as node:
        assert await node.hall.store.lessons() == [taken.lesson]


@pytest.mark.slow
def test_the_terminal_exports_beside_a_running_server_and_imports_with_and_without_one(serve, school, tmp_path):
    server = serve(school)
    from bench.school.folder import lesson_id

    out = tmp_path / "out.mingtang"
    done = server.command("export", lesson_id(5), str(out))
    assert (done.returncode, out.exists()) == (0, True), done.stderr
    assert "file-there" in server.command("export", lesson_id(5), str(out)).stderr
    assert "file.exists" in server.command("import", str(out)).stderr
    assert server.command("import", str(out), "--copy").returncode == 0
    digest = server.command("digest", lesson_id(5)).stdout
    server.stop()
    other = serve(tmp_path / "other")
    other.stop()
    assert other.command("import", str(out)).returncode == 0, other.command("import", str(out)).stderr
    assert other.command("digest", lesson_id(5)).stdout == digest
    out.write_bytes(out.read_bytes()[:5000])
    failed = other.command("import", str(out), "--copy")
    assert (failed.returncode, failed.stderr[:5]) == (1, "[file")
    assert json.loads(other.command("log", lesson_id(5)).stdout.splitlines()[0])["kind"] == "lesson.opened"


async def test_the_plan_it_was_taught_from_travels_with_a_lesson(node, teacher, tmp_path):
    note = {"id": "n1", "kind": "note", "text": "Bring chalk"}
    about = {"title": "Sets", "course": "", "language": "en"}
    plan = (await teacher.post("/api/teach/plans", json={"title": "Sets"})).json()
    written = {"base": plan["version"], **about, "steps": [note]}
    plan = (await teacher.put(f"/api/teach/plans/{plan['id']}", json=written)).json()
    begun = (await teacher.post(f"/api/teach/plans/{plan['id']}/lessons", json={"group": "A"})).json()
    later = {"base": plan["version"], **about, "steps": [{**note, "text": "Bring a pencil"}]}
    assert (await teacher.put(f"/api/teach/plans/{plan['id']}", json=later)).status_code == 200
    out = await teacher.get(f"/api/teach/lessons/{begun['id']}/lesson.mingtang")
    (tmp_path / "planned").write_bytes(out.content)
    text = contents(tmp_path / "planned")["plan/plan.md"]
    assert "Bring chalk" in text.decode()
    assert "pencil" not in text.decode()
    copy = (await send(teacher, tmp_path / "planned", copy="true")).json()
    again = await teacher.get(f"/api/teach/lessons/{copy['id']}/lesson.mingtang")
    (tmp_path / "again").write_bytes(again.content)
    assert contents(tmp_path / "again")["plan/plan.md"] == text
    await node.retention._remove(copy["id"])
    assert list(node.folder.came.iterdir()) == []
    strange = {**contents(tmp_path / "planned"), "plan/plan.md": b"\xff\xfe"}
    refused = await send(teacher, write(tmp_path / "strange", strange), copy="true")
    assert refused.json()["code"] == "file.damaged"
