"""A projector's screen becomes a lesson's wall by four digits typed at the console."""

from __future__ import annotations

import asyncio

import pytest

from mingtang.web import walls
from mingtang.web.errors import Fault


async def _pair(teacher, lesson, code):
    return await teacher.post(f"/api/teach/lessons/{lesson['id']}/walls", json={"code": code})


async def test_a_wall_waits_and_is_told_its_lesson_when_it_is_paired(browser, teacher, lesson, node):
    wall = browser()
    code = (await wall.post("/api/walls")).json()["code"]
    assert len(code) == 4
    assert set(code) <= set("23456789")
    waiting = asyncio.create_task(wall.get("/api/walls/me"))
    assert (await _pair(teacher, lesson, code)).status_code == 200
    assert (await waiting).json() == {"lesson": lesson["id"], "code": lesson["code"], "host": "hall.test"}
    people = (await node.hall.look(lesson["id"])).people
    assert sorted(m.role for m in people.members.values()) == ["teacher", "wall"]


async def test_a_wall_finds_its_lesson_again_after_a_power_cut(browser, teacher, lesson):
    wall = browser()
    await _pair(teacher, lesson, (await wall.post("/api/walls")).json()["code"])
    await wall.post("/api/walls")
    assert (await wall.get("/api/walls/me")).json()["lesson"] == lesson["id"]


async def test_a_wall_that_keeps_waiting_hears_so_and_asks_again(browser, monkeypatch):
    monkeypatch.setattr(walls, "WAIT_S", 0.01)
    wall = browser()
    await wall.post("/api/walls")
    assert (await wall.get("/api/walls/me")).status_code == 204


async def test_a_waiting_wall_is_let_go_when_the_server_stops(browser, node):
    wall = browser()
    await wall.post("/api/walls")
    waiting = asyncio.create_task(wall.get("/api/walls/me"))
    node.closing.set()
    assert (await waiting).status_code == 204


async def test_a_code_serves_once(browser, teacher, lesson):
    code = (await browser().post("/api/walls")).json()["code"]
    assert (await _pair(teacher, lesson, code)).status_code == 200
    answer = await _pair(teacher, lesson, code)
    assert (answer.status_code, answer.json()["code"]) == (404, "wall.unknown_code")


async def test_a_wall_keeps_its_code_when_its_page_is_loaded_again(browser):
    wall = browser()
    codes = {(await wall.post("/api/walls")).json()["code"] for _ in range(3)}
    assert len(codes) == 1


async def test_a_wall_of_an_ended_lesson_waits_for_the_next(browser, teacher, lesson, node, monkeypatch):
    monkeypatch.setattr(walls, "WAIT_S", 0.01)
    wall = browser()
    await _pair(teacher, lesson, (await wall.post("/api/walls")).json()["code"])
    await node.hall.submit(lesson["id"], node.hall.kinds.commands["lesson.end"](), by="")
    await wall.post("/api/walls")
    assert (await wall.get("/api/walls/me")).status_code == 204


async def test_a_wall_can_let_go_of_its_lesson(browser, teacher, lesson, monkeypatch):
    monkeypatch.setattr(walls, "WAIT_S", 0.01)
    wall = browser()
    await _pair(teacher, lesson, (await wall.post("/api/walls")).json()["code"])
    assert (await wall.delete("/api/walls/me")).status_code == 204
    await wall.post("/api/walls")
    assert (await wall.get("/api/walls/me")).status_code == 204


async def test_a_screen_that_never_asked_is_no_wall(browser):
    answer = await browser().get("/api/walls/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "wall.unknown")


async def test_guessing_codes_of_walls_is_held_back(teacher, lesson, node):
    answers = [await _pair(teacher, lesson, "0000") for _ in range(node.settings.wrong_codes + 1)]
    assert [a.status_code for a in answers[-2:]] == [404, 429]


async def test_one_address_cannot_use_up_the_codes(browser):
    answers = [await browser("203.0.113.9").post("/api/walls") for _ in range(31)]
    assert [a.status_code for a in answers[-2:]] == [201, 429]


async def test_codes_run_out_in_words_and_come_back_with_time(node, monkeypatch):
    monkeypatch.setattr(walls, "MOST_WAITING", 50)
    now = [0]
    codes = walls.Codes(node, lambda: now[0])
    shown = {await codes.show(str(n)) for n in range(walls.MOST_WAITING)}
    assert len(shown) == walls.MOST_WAITING
    with pytest.raises(Fault, match=r"wall\.many"):
        await codes.show("one more")
    now[0] = walls.CODE_GOOD_FOR_MS + 1
    assert await codes.show("one more")


async def test_a_wall_left_on_overnight_asks_for_a_new_lesson(browser, teacher, lesson, node, monkeypatch):
    monkeypatch.setattr(walls, "WAIT_S", 0.01)
    wall = browser()
    await _pair(teacher, lesson, (await wall.post("/api/walls")).json()["code"])
    later = node.hall.clock() + walls.PAIRED_FOR_MS + 1
    monkeypatch.setattr(node.hall, "clock", lambda: later)
    await wall.post("/api/walls")
    assert (await wall.get("/api/walls/me")).status_code == 204
