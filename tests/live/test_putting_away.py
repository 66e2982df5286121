"""A lesson that nobody is in any more is put away: a server that stands for months holds none of it."""

import asyncio
import contextlib
import gc
import weakref

import pytest

from mingtang.core.lesson import replay
from mingtang.live import hall as halls
from mingtang.live import presence
from mingtang.live.media import absence
from tests.live.media import SOUND, look, sound, started
from tests.live.nodes import many
from tests.live.stage import KINDS, LESSON, staged


@contextlib.asynccontextmanager
async def alone():
    async with staged() as made:
        yield made


@contextlib.asynccontextmanager
async def one_of_many():
    async with many(2) as made:
        yield made.stages[0]


@pytest.fixture(params=[alone, one_of_many])
async def quick(request, monkeypatch):
    """A stage where ten minutes and times of grace are over at once."""
    monkeypatch.setattr(halls, "IDLE_FOR_S", 0.0)
    monkeypatch.setattr(halls, "SWEEP_EVERY_S", 0.01)
    monkeypatch.setattr(presence, "GRACE_S", 0.0)
    monkeypatch.setattr(absence, "GRACE_S", 0.0)
    gc.disable()  # on a server it looks for circles once in hours
    try:
        async with request.param() as made:
            yield made
    finally:
        gc.enable()


async def lived(stage):
    """A lesson with people, a vote, a hand and a broken line, left by all; what it was made of."""
    teacher, student = await stage.join("t1"), await stage.join("s1", "want=slides/strip")
    await teacher.do("poll.make", id="q1", question={"form": "single", "text": "?", "options": ["a", "b"]})
    await teacher.do("poll.open", id="q1")
    await student.do("poll.vote", id="q1", answer=["a"])
    await student.do("hands.raise")
    await student.send("{nonsense")
    await stage.submit("media.enter", by="t1")
    track = await started(stage, "t1", SOUND)
    voice, ear = await look(stage, "t1"), await look(stage, "s2")
    await ear.see(**{f"t{track}": 0})
    await ear.settled()
    await voice.send(sound(track, 1))
    await ear.until(lambda heard: heard.objects)
    door = stage.hall.door(LESSON)
    made = [door, door.task, door.task.lesson, door.task.hub]
    made += [stage.hall.media.at(LESSON)]
    made += [port for held in door.task.hub.screens.values() for port in (screen.port for screen in held)]
    for client in (teacher, voice):
        client.socket.transport.abort()
    await ear.socket.close()
    await student.socket.close()
    return [weakref.ref(one) for one in made]


async def away(stage) -> None:
    async with asyncio.timeout(10):
        while stage.hall.door(LESSON) is not None:  # noqa: ASYNC110 — the sweep of the hall has no event
            await asyncio.sleep(0.01)


def held(made) -> list[str]:
    return [type(one()).__name__ for one in made if one() is not None]


async def test_of_a_lesson_that_was_put_away_nothing_is_held(quick):
    made = await lived(quick)
    await away(quick)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):  # a timer of the last flush may still be running
            while held(made):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert held(made) == []


async def test_it_comes_back_as_it_was(quick):
    await lived(quick)
    await away(quick)
    again = await quick.join("s1")
    assert again.mine["poll"]["q1"] == {"1": ["a"]}
    lesson = await quick.hall.look(LESSON)
    rows = await quick.store.read(LESSON)
    assert lesson.digest() == replay(KINDS, map(KINDS.fact, rows)).digest()
