"""Watching again, over a real server: how soon a replay opens, how long a seek takes, what three hundred who go back
cost beside three hundred who stay live."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import httpx

from bench.crowd import Student, connect
from bench.machine import Served, at, served
from mingtang.stores.reading import open_reader
from mingtang.web.tokens import TEACHER, Seals

SEEKS = 200
STUDENTS = 300
STRETCH_S = 20.0
PLAYED_S = 50  # a chunk lasts so long at twice the speed


def rows(data: Path, lesson: str) -> list[list[str]]:
    with served(data=data) as server:
        return asyncio.run(_measure(server, lesson))


async def _measure(server: Served, lesson: str) -> list[list[str]]:
    base = f"{server.url}/api/replay/{lesson}"
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        await http.get(f"{server.url}/teach", params={"key": server.key})
        cold = await _open(http, base)
        whole = time.monotonic()
        while (index := (await http.get(f"{base}/student")).json()).get("more"):
            pass
        made, warm = time.monotonic() - whole, await _open(http, base)
        seeks = [await _seek(http, base, index) for _ in range(SEEKS)]
        live, behind = await _crowds(server, http, lesson, base, index)
    return [
        ["replay opened, nothing made yet", f"{cold * 1000:.0f} ms", "1 s"],
        ["the rest of the journal made meanwhile", f"{made:.1f} s", "-"],
        ["replay opened again", f"{warm * 1000:.0f} ms", "1 s"],
        [f"a seek to any moment, p95 of {SEEKS}", f"{at(seeks, 0.95) * 1000:.0f} ms", "100 ms"],
        [f"{STUDENTS} students live: CPU a minute", f"{live:.1f} s", "-"],
        [f"{STUDENTS} students behind, their lines open: CPU a minute", f"{behind:.1f} s", "near that"],
    ]


async def _open(http: httpx.AsyncClient, base: str) -> float:
    """The right, the table and the first chunk: then the first slide is seen."""
    began = time.monotonic()
    (await http.get(base)).raise_for_status()
    index = (await http.get(f"{base}/student")).json()
    (await http.get(f"{base}/student/{index['tracks']['main'][0][0]}")).raise_for_status()
    return time.monotonic() - began


async def _seek(http: httpx.AsyncClient, base: str, index: dict[str, Any]) -> float:
    """The chunks of the standing parts and of one page's ink at a moment by chance; patching takes a few ms more."""
    moment = random.randint(0, index["until"])
    tracks = [index["tracks"]["main"], random.choice(list(index["tracks"].values()))]
    names = [[cut for cut in cuts if cut[1] <= moment or cut is cuts[0]][-1][0] for cuts in tracks]
    began = time.monotonic()
    got = await asyncio.gather(*(http.get(f"{base}/student/{name}") for name in names))
    for answer in got:
        answer.raise_for_status().json()
    return time.monotonic() - began


async def _crowds(
    server: Served, http: httpx.AsyncClient, lesson: str, base: str, index: dict[str, Any]
) -> tuple[float, float]:
    seals = Seals(bytes.fromhex((server.data / "secret").read_text().strip()), server.key)
    teacher = await connect(server.port, lesson, f"{TEACHER}={http.cookies[TEACHER]}")
    members = _members(server.data, lesson)
    cookies = [f"mt-{lesson}={seals.seal('member', lesson, member, seconds=86400)}" for member in members]
    students = [await connect(server.port, lesson, cookie) for cookie in cookies]
    live = await _stretch(server, teacher, students, [])
    names = [cut[0] for cut in index["tracks"]["main"]]
    limits = httpx.Limits(max_connections=40)
    async with httpx.AsyncClient(timeout=60, limits=limits) as plain:
        behind = await _stretch(
            server, teacher, students, [_watch(plain, base, cookie, names) for cookie in cookies]
        )  # fmt: skip
    return live, behind


def _members(data: Path, lesson: str) -> list[str]:
    rows = open_reader(str(data / "lessons.db")).rows(lesson)
    joined = [json.loads(row.data) for row in rows if row.kind == "member.joined"]
    return [one["id"] for one in joined if one["role"] == "student"][:STUDENTS]


async def _watch(http: httpx.AsyncClient, base: str, cookie: str, names: list[str]) -> None:
    """One who plays at twice the speed: a chunk now and then; every other one is near the end, asking for the table."""
    near = random.random() < 0.5
    await asyncio.sleep(random.random() * PLAYED_S / 10)
    while True:
        if near:
            (await http.get(f"{base}/student", headers={"Cookie": cookie})).raise_for_status()
            await asyncio.sleep(5)
        else:
            name = random.choice(names)
            (await http.get(f"{base}/student/{name}", headers={"Cookie": cookie})).raise_for_status()
            await asyncio.sleep(PLAYED_S / 5)  # five tracks: standing parts, and ink of some pages


async def _stretch(server: Served, teacher: Student, students: list[Student], more: list[Any]) -> float:
    """CPU seconds a minute of the server and its readings in a lively lesson: the teacher points twenty times a second
    half of the time and does something every two seconds; of the students five a second say how they follow."""
    tasks = [asyncio.create_task(one) for one in more]
    began, cpu = time.monotonic(), _cpu(server)
    number, page = 0, (await teacher.hello)["parts"]["slides"]["now"]["step"]
    while time.monotonic() < began + STRETCH_S:
        number += 1
        if number % 40 < 20:
            teacher.send({"t": "say", "topic": "slides", "data": {"x": number % 20 / 20, "y": 0.5}})
        if number % 40 == 0:
            teacher.do(f"b{time.monotonic_ns()}", "slides.cover", to="black" if number % 80 else "")
        if number % 4 == 0:
            mark = random.choice(("lost", "slower", "faster"))
            random.choice(students).do(f"m{time.monotonic_ns()}", "pace.mark", page=page, mark=mark)
        await asyncio.sleep(0.05)
    used, took = _cpu(server) - cpu, time.monotonic() - began
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return used * 60 / took


def _cpu(server: Served) -> float:
    """Of the server and of the processes that read for it."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(process.name) == server.pid or int(fields[1]) == server.pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total
