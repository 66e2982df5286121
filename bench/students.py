"""A class of students at a real server: everybody joins by the code, slides are turned, everybody votes at once.

    python -m bench.students [--n 1000]

The goals stand beside the figures: a slide turn seen by all within 500 ms (p99), a thousand answers durable within
5 s, each answered within 300 ms (p95), the tally not more than 1 s behind, memory below 400 MB."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from typing import Any

import httpx

from bench.crowd import Student, connect
from bench.machine import LOAD_CORE, Served, allow_many_files, at, served, table
from tools.demo_deck import deck

TURNS = 20
SPREAD_S = 4.0


async def join(http: httpx.AsyncClient, server: Served, code: str, lesson: str, number: int) -> Student:
    body = {"name": f"Student {number}", "seat": "remote" if number % 3 == 0 else "room"}
    answer = await http.post(f"{server.url}/api/lessons/{code}/join", json=body)
    answer.raise_for_status()
    name = f"mt-{lesson}"
    return await connect(server.port, lesson, f"{name}={answer.cookies[name]}")


async def teach(server: Served, n: int) -> list[list[object]]:
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        await http.get(f"{server.url}/teach", params={"key": server.key})
        made = await http.post(
            f"{server.url}/api/teach/lessons", data={"title": "Bench"}, files={"deck": ("deck.pdf", deck())}
        )
        made.raise_for_status()
        lesson, code = made.json()["id"], made.json()["code"]
        await http.get(f"{server.url}/teach/{lesson}")
        teacher = await connect(server.port, lesson, "; ".join(f"{c.name}={c.value}" for c in http.cookies.jar))
        steps = await _steps(teacher, 9)
        began = time.monotonic()
        students = await _join_all(server, code, lesson, n)
        joined = time.monotonic() - began
        turns = await _turn(teacher, students, steps)
        answers, behind, durable = await _vote(teacher, students)
    return [
        ["all joined (HTTP and socket)", f"{joined:.1f} s", "-"],
        ["slide turn seen by all, p99", f"{at(turns, 0.99) * 1000:.0f} ms", "500 ms"],
        ["slide turn seen by all, median", f"{at(turns, 0.5) * 1000:.0f} ms", "-"],
        [f"{n} answers durable and answered", f"{durable:.1f} s", "5 s"],
        ["an answer, p95", f"{at(answers, 0.95) * 1000:.0f} ms", "300 ms"],
        ["teacher's tally complete after the last answer", f"{behind * 1000:.0f} ms", "1000 ms"],
        ["memory", f"{server.memory_mb():.0f} MB", "400 MB"],
        ["CPU of the server, whole run", f"{server.cpu_s():.1f} s", "-"],
    ]


async def _join_all(server: Served, code: str, lesson: str, n: int) -> list[Student]:
    students: list[Student] = []
    limits = httpx.Limits(max_connections=40)
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}, limits=limits) as http:
        for first in range(0, n, 40):
            numbers = range(first, min(first + 40, n))
            students += await asyncio.gather(*(join(http, server, code, lesson, k) for k in numbers))
            http.cookies.clear()
    return students


async def _steps(teacher: Student, pages: int) -> list[str]:
    """The steps of the deck, in order, once all are there."""
    slides: dict[str, Any] = (await teacher.hello)["parts"]["slides"]
    while len(slides["steps"]) < pages:
        await asyncio.sleep(0.1)
        again = await connect_again(teacher)
        slides = again["parts"]["slides"]
    return sorted(slides["steps"], key=lambda s: slides["steps"][s]["pos"])


async def connect_again(teacher: Student) -> dict[str, Any]:
    """A fresh hello on a line of its own: simpler here than folding patches."""
    loop = asyncio.get_running_loop()
    _, probe = await loop.create_connection(lambda: _same(teacher), *teacher.transport.get_extra_info("peername")[:2])
    hello = await probe.hello
    probe.transport.close()
    return hello


def _same(teacher: Student) -> Student:
    probe = Student("", "")
    probe._request = teacher._request
    return probe


async def _turn(teacher: Student, students: list[Student], steps: list[str]) -> list[float]:
    """Seconds from sending each turn until the last student has read it."""
    took = []
    for number in range(TURNS):
        step = steps[(number + 1) % len(steps)]
        counts = [len(s.patches) for s in students]
        sent = teacher.do(f"turn{number}", "slides.turn", to=step)
        while not all(len(s.patches) > c for s, c in zip(students, counts, strict=True)):
            await asyncio.sleep(0.002)
        took.append(max(s.patches[c][0] for s, c in zip(students, counts, strict=True)) - sent)
        await asyncio.sleep(0.1)
    return took


async def _vote(teacher: Student, students: list[Student]) -> tuple[list[float], float, float]:
    """Latency of each answer, how long the tally was behind, and the time until the last answer was durable."""
    question = {"form": "single", "text": "How many?", "options": ["One", "Two", "Three"]}
    teacher.do("make", "poll.make", id="q1", question=question)
    teacher.do("open", "poll.open", id="q1")
    while "open" not in teacher.answers:
        await asyncio.sleep(0.01)
    for name in ("make", "open"):
        if teacher.answers[name][1]["t"] != "ok":
            raise SystemExit(f"{name}: {teacher.answers[name][1]}")
    seen = len(teacher.patches)
    began = time.monotonic()
    sent = {}
    for number, student in enumerate(students):
        sent[student] = student.do("vote", "poll.vote", id="q1", answer=["abc"[number % 3]])
        if number % 25 == 24:
            await asyncio.sleep(SPREAD_S * 25 / len(students))
    while not all("vote" in s.answers for s in students):
        await asyncio.sleep(0.01)
    bad = [s.answers["vote"][1] for s in students if s.answers["vote"][1]["t"] != "ok"]
    if bad:
        raise SystemExit(f"{len(bad)} votes were refused, the first: {bad[0]}")
    last = max(s.answers["vote"][0] for s in students)
    await asyncio.sleep(1.5)
    tally = max(when for when, _ in teacher.patches[seen:])
    return [s.answers["vote"][0] - sent[s] for s in students], max(0.0, tally - last), last - began


def run(n: int) -> None:
    allow_many_files()
    with served() as server:
        os.sched_setaffinity(0, {LOAD_CORE})
        rows = asyncio.run(teach(server, n))
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    table(f"{n} students, one process on one core", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=1000)
    run(asked.parse_args().n)
