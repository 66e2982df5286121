"""The report over HTTP and in the terminal: the same bytes, for staff alone, during the lesson and after it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.school import folder
from mingtang.cli import main
from mingtang.readings.report import lane, report_of, to_json
from mingtang.readings.report.tables import TABLES
from mingtang.stores.reading import open_reader
from mingtang.web.node import Node
from mingtang.web.report.routes import HERE
from mingtang.web.words import catalogue

pytestmark = pytest.mark.slow
Browsers = Callable[..., httpx.AsyncClient]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two that have ended and one that goes on."""
    data = tmp_path_factory.mktemp("held") / "data"
    ended = folder.run(data, lessons=2, students=12, events=0, slides=2, seed=1, ended=True)
    return data, ended + folder.run(data, lessons=1, students=6, events=0, slides=0, seed=9, ended=False)


@pytest.fixture
def lessons(held: tuple[Path, list[str]], tmp_path: Path) -> list[str]:
    """In the folder that `node` then opens."""
    shutil.copytree(held[0], tmp_path / "data")
    return held[1]


@pytest.fixture
async def teacher(lessons: list[str], node: Node, browser: Browsers) -> httpx.AsyncClient:
    client = browser()
    await client.get("/teach", params={"key": node.folder.teacher_key()})
    return client


def path(lesson: str, more: str = "") -> str:
    return f"/api/teach/lessons/{lesson}/report{more}"


async def test_the_server_and_the_terminal_count_to_the_same_bytes(
    teacher: httpx.AsyncClient, lessons: list[str], node: Node, capfdbinary: Any
) -> None:
    for lesson in lessons:
        got = await teacher.get(path(lesson))
        assert got.status_code == 200
        assert "mingtang-teacher" in got.headers
        facts = [node.hall.kinds.fact(row) for row in await node.hall.store.read(lesson)]
        assert got.content == to_json(report_of(facts))
        capfdbinary.readouterr()
        asked = ["report", lesson, "--json", "--data", str(node.folder.path)]
        assert await asyncio.to_thread(main, asked) == 0
        assert capfdbinary.readouterr().out == got.content


async def test_without_gzip_it_comes_as_it_is(teacher: httpx.AsyncClient, lessons: list[str]) -> None:
    plain = await teacher.get(path(lessons[0]), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    packed = await teacher.get(path(lessons[0]), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


async def test_while_the_lesson_goes_on_the_report_follows_it(
    teacher: httpx.AsyncClient, lessons: list[str], node: Node
) -> None:
    before = (await teacher.get(path(lessons[2]))).json()
    assert "ended" not in before
    member = node.seals.teacher_member(lessons[2])
    end = node.hall.kinds.command("lesson.end", b"{}")
    assert end is not None
    await node.hall.submit(lessons[2], end, member)
    after = (await teacher.get(path(lessons[2]))).json()
    assert after["events"] == before["events"] + 1
    assert after["ended"] == after["until"] or after["ended"] > after["until"]


async def test_only_staff_may_read_it(lessons: list[str], node: Node, browser: Browsers) -> None:
    nobody = browser()
    for more in ("", "/people.csv"):
        assert (await nobody.get(path(lessons[0], more))).status_code == 401
    student = browser()
    code = (await node.catalog.lesson(lessons[2])).code  # type: ignore[union-attr]
    joined = await student.post(f"/api/lessons/{code}/join", json={"name": "Mei", "seat": "room"})
    assert joined.status_code in (200, 201)
    for more in ("", "/people.csv"):
        assert (await student.get(path(lessons[2], more))).status_code == 403


@pytest.mark.parametrize("lesson", ["nothing", "-", "x" * 40, "..%2f", "constructor"])
async def test_a_lesson_there_is_not_is_said_to_be_unknown(teacher: httpx.AsyncClient, lesson: str) -> None:
    got = await teacher.get(path(lesson))
    assert got.status_code == 404
    assert "trace" not in got.text


async def test_every_table_is_a_spreadsheet_with_heads_in_the_language_of_the_lesson(
    teacher: httpx.AsyncClient, lessons: list[str], node: Node
) -> None:
    for lesson in lessons[:2]:
        language = (await node.catalog.lesson(lesson)).language  # type: ignore[union-attr]
        for name, (columns, _) in TABLES.items():
            got = await teacher.get(path(lesson, f"/{name}.csv"))
            assert got.status_code == 200, name
            assert got.content.startswith(b"\xef\xbb\xbf")
            rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
            assert rows[0] == [catalogue(language, HERE)[f"report.col_{column}"] for column in columns.split()]
            assert not [cell for cell in rows[0] if cell.startswith("report.")]
            assert len(rows) > 1
            assert {len(row) for row in rows} == {len(rows[0])}
    assert (await teacher.get(path(lessons[0], "/secrets.csv"))).status_code == 404
    assert (await teacher.get(path(lessons[0], "/people"))).status_code == 404


async def test_a_name_that_a_spreadsheet_would_run_is_only_text(lessons: list[str], node: Node) -> None:
    submit, kinds = node.hall.submit, node.hall.kinds
    for id, name in (("x1", "=1+1"), ("x2", '@SUM("a")')):
        wish = kinds.command(
            "roster.admit", json.dumps({"id": id, "name": name, "role": "student", "seat": "room"}).encode()
        )
        come = kinds.command("roster.come", json.dumps({"id": id}).encode())
        assert wish is not None
        assert come is not None
        await submit(lessons[2], wish)
        await submit(lessons[2], come)
    found = await node.reader.ask("report", lane.table_of, lessons[2], "people")
    assert found is not None
    assert {row[0] for row in found.rows} >= {"'=1+1", '\'@SUM("a")'}


async def test_after_a_log_was_rewritten_what_was_folded_of_it_can_be_forgotten(lessons: list[str], node: Node) -> None:
    log = open_reader(str(node.folder.log))
    first = lane.follow(log, lessons[0])
    assert lessons[0] in lane._kept
    lane.forget(log, lessons[0])
    assert lessons[0] not in lane._kept
    assert lane.follow(log, lessons[0]) == first
    log.close()


def test_the_terminal_says_the_figures_in_words(
    lessons: list[str], tmp_path: Path, capfd: Any, monkeypatch: Any
) -> None:
    data = str(tmp_path / "data")
    for language, word in (("en", "Students"), ("zh", "学生")):
        monkeypatch.setenv("MINGTANG_LANGUAGE", language)
        assert main(["report", lessons[0], "--data", data]) == 0
        assert word in capfd.readouterr().out
    assert main(["report", "nothing", "--data", data]) == 1
    assert "no-such-lesson" in capfd.readouterr().err
    assert main(["report", lessons[0], "--at", "0", "--data", data]) == 1
    assert "no-such-place" in capfd.readouterr().err


def test_a_lesson_file_gives_the_same_bytes_as_the_lesson_it_was_made_of(
    lessons: list[str], tmp_path: Path, capfdbinary: Any
) -> None:
    data, file = str(tmp_path / "data"), tmp_path / "lesson.mingtang"
    assert main(["export", lessons[0], str(file), "--data", data]) == 0
    assert main(["report", lessons[0], "--json", "--data", data]) == 0
    capfdbinary.readouterr()
    assert main(["report", lessons[0], "--json", "--data", data]) == 0
    of_log = capfdbinary.readouterr().out
    assert main(["report", str(file), "--json", "--data", str(tmp_path / "elsewhere")]) == 0
    assert capfdbinary.readouterr().out == of_log
    file.write_bytes(file.read_bytes()[:-400])
    assert main(["report", str(file)]) == 1
    assert b"[file." in capfdbinary.readouterr().err
