"""A lesson begun from a plan that was written by hand, in real browsers: notes, a break, a question, in their turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.classroom.people import Classroom, Person
from tests.classroom.test_poll_kinds import pair

pytestmark = pytest.mark.slow

TEXT = {
    "en": """\
---
title: Sets
---

## note

Today

- Sets
- Maps

> Wait for all.

## break: 5 min
name: Coffee

## poll

Which holds for every set?

- [x] No element is in it twice
- [ ] It has an order

## timer: 90 s
""",
    "zh": """\
---
标题：集合
语言：中文
---

## 便笺

今天

- 集合
- 映射

> 等大家都到。

## 休息：5 分钟
名称：喝水

## 投票

哪一条对每个集合都成立？

- [x] 元素不重复
- [ ] 有顺序

## 计时：90 秒
""",
}


def begin(room: Classroom) -> Person:
    """The plan is made and begun over HTTP, as the editor does it."""
    key = (room.server.data / "teacher.key").read_text().strip()
    with httpx.Client(base_url=room.server.url, headers={"Authorization": f"Bearer {key}"}) as client:
        plan = client.post("/api/teach/plans", json={"title": "x", "language": room.lang}).json()
        body = {"base": 1, "text": TEXT[room.lang]}
        written = client.put(f"/api/teach/plans/{plan['id']}/plan.md", json=body).json()
        assert written["problems"] == []
        made: dict[str, Any] = client.post(f"/api/teach/plans/{plan['id']}/lessons", json={}).json()
    teacher = room.person("teacher", "teacher")
    teacher.page.goto(room.server.teacher_link())
    teacher.page.goto(f"{room.server.url}/teach/{made['id']}")
    teacher.hears(lambda ear: "slides" in ear.parts)
    room.code, room.lesson = made["code"], made["id"]
    return teacher


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_planned_lesson_is_taught_step_by_step(classroom: Callable[[str], Classroom], lang: str) -> None:
    room = classroom(lang)
    teacher = begin(room)
    mei, wall = room.person("mei", "phone"), room.person("wall", "wall")
    mei.join("Mei", "room")
    pair(room, teacher, wall)
    item = "Maps" if lang == "en" else "映射"
    teacher.key("ArrowRight")
    for person in (wall, mei):
        person.page.get_by_text(item).first.wait_for()
    assert not any(text in wall.page.inner_text("body") for text in ("Wait for all", "等大家都到"))
    room.check("note")
    teacher.key("ArrowRight")
    label = "Coffee" if lang == "en" else "喝水"
    for person in (wall, mei):
        person.page.get_by_text(label).first.wait_for()
        person.page.locator("time[role=timer]").first.wait_for()
    mei.hears(lambda ear: ear.parts["timer"]["ends"] - ear.parts["timer"]["started"] == 300_000)
    room.check("break")
    teacher.key("ArrowRight")
    mei.hears(lambda ear: ear.parts["timer"] == {})
    mei.page.get_by_text("No element is in it twice" if lang == "en" else "元素不重复").first.wait_for()
    teacher.key("v")
    mei.choose(0)
    mei.sees("poll.received")
    teacher.key("ArrowRight")
    wall.page.get_by_role("heading", name=room.say("timer.timer")).wait_for()
    room.check("timer")
