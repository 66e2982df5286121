"""Voice and picture between nodes: each relays to its own viewers, over every bus there is."""

import asyncio
import contextlib

import pytest

from mingtang.buses.local import Air
from mingtang.buses.nats import NatsBus
from mingtang.buses.unix import Exchange, UnixBus
from mingtang.live.media.neighbours import ON_ITS_WAY
from tests.live.media import PICTURE, SOUND, configuration, look, picture, sound, started
from tests.live.nodes import many
from tests.live.stage import LESSON, PATIENCE
from tests.nats import Nats


@contextlib.asynccontextmanager
async def local(folder):
    yield Air().bus


@contextlib.asynccontextmanager
async def unix(folder):
    exchange = Exchange(folder / "bus")
    await exchange.open()
    yield lambda: UnixBus(folder / "bus")
    await exchange.close()


@contextlib.asynccontextmanager
async def nats(folder):
    server = Nats().start()
    try:
        yield lambda: NatsBus(server.url)
    finally:
        server.stop()


async def until(true):
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 — nothing tells of it
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def taught(count=2, media=None):
    """The teacher is at node 0, on the stage with a camera (1) and a microphone (2); every node knows it."""
    async with many(count, media) as nodes:
        for stage in nodes.stages:
            await stage.hall.open(LESSON)
        await until(lambda: all(bus.up for bus in (other.media for other in nodes.others)))
        await nodes.stages[0].submit("media.enter", by="t1")
        await started(nodes.stages[0], "t1", PICTURE)
        await started(nodes.stages[0], "t1", SOUND)
        for hall in nodes.halls:
            await hall.look(LESSON)
        yield nodes


async def speak(eye, heard, make):
    """Sends until it is heard: what nobody wants yet goes nowhere."""
    async with asyncio.timeout(PATIENCE):
        number = 0
        while not heard():
            await eye.send(make(number))
            number += 1
            await asyncio.sleep(0.01)
    return number


def relay(nodes, number):
    return nodes.halls[number].media.at(LESSON)


@pytest.mark.parametrize("way", [local, unix, nats])
async def test_what_is_sent_at_one_node_is_seen_at_another_whole_and_in_order(way, tmp_path):
    async with way(tmp_path) as media, taught(media=media) as nodes:
        teacher, eye = await look(nodes.stages[0], "t1"), await look(nodes.stages[1], "s2")
        room = await look(nodes.stages[1], "s3")
        await teacher.send(configuration(1), picture(1, 0, key=True), picture(1, 1), picture(1, 2))
        await eye.see(t1=2, t2=0)
        await room.see(t1=2, t2=0)
        await eye.until(lambda eye: eye.seqs(1) == [0, 1, 2])  # the group that had begun
        large = picture(1, 3, key=True, size=1_000_000)  # more than a message of the bus may be
        await teacher.send(large, *(picture(1, n) for n in range(4, 10)), sound(2, 0))
        await eye.until(lambda eye: eye.seqs(1) == list(range(10)) and eye.seqs(2)[-1:] == [0])
        assert large in eye.objects
        await room.until(lambda eye: eye.seqs(1) == list(range(10)))
        await room.settled()
        assert room.seqs(2) == []
        await eye.say("key", track=1)
        assert await teacher.told("key") == {"t": "key", "track": 1}


async def test_nothing_travels_that_nobody_looks_at(tmp_path):
    air = Air()
    passed = []
    air.lose = lambda topic, data: passed.append((topic, len(data))) or False
    async with taught(media=air.bus) as nodes:
        teacher, eye = await look(nodes.stages[0], "t1"), await look(nodes.stages[1], "s2")
        await eye.see(t2=0)
        await speak(teacher, lambda: any(size > 90 for _, size in passed), lambda n: sound(2, n, size=90))
        await teacher.send(*(picture(1, n, key=n == 0, size=5000) for n in range(20)))
        await teacher.settled()
        await eye.see()
        await eye.settled()
        await until(lambda: not relay(nodes, 0).tracks[2].sights)
        before = len(passed)
        await teacher.send(sound(2, 500), sound(2, 501))
        await teacher.settled()
        assert max(size for _, size in passed) < 1000
        assert not [size for _, size in passed[before:] if size > 90]


async def test_a_node_that_stands_still_loses_pictures_and_the_others_lose_nothing():
    air = Air()
    async with taught(3, media=air.bus) as nodes:
        teacher = await look(nodes.stages[0], "t1")
        near, far = await look(nodes.stages[1], "s2"), await look(nodes.stages[2], "a1")
        for eye in (near, far):
            await eye.see(t1=0, t2=0)
        await teacher.send(configuration(1), picture(1, 0, key=True), sound(2, 0))
        for eye in (near, far):
            await eye.until(lambda eye: eye.seqs(1) == [0] and bool(eye.seqs(2)))
        stalled = f"media.{nodes.others[0].node}"
        air.lose = lambda topic, data: topic == stalled and nodes.others[2].node.encode() in data  # it does not answer
        await teacher.send(*(picture(1, n, size=20_000) for n in range(1, 60)), *(sound(2, n) for n in range(1, 10)))
        await near.until(lambda eye: eye.seqs(1) == list(range(60)))
        await near.until(lambda eye: eye.seqs(2)[-1] == 9)
        reader = relay(nodes, 0)._neighbours.readers[nodes.others[2].node]
        assert reader.line.viewer.full
        assert reader._place - reader._got < ON_ITS_WAY + 40_000
        air.lose = lambda topic, data: False
        reader.sweep(asyncio.get_running_loop().time() + 2.5)
        await far.until(lambda eye: eye.seqs(2)[-1] == 9)


async def test_m7_who_comes_back_at_another_node_has_not_gone_and_goes_on_under_his_number():
    async with taught() as nodes:
        first, eye = await look(nodes.stages[0], "t1"), await look(nodes.stages[0], "s2")
        await eye.see(t2=0)
        await first.send(sound(2, 0))
        await eye.until(lambda eye: eye.seqs(2) == [0])
        second = await look(nodes.stages[1], "t1")
        await until(lambda: relay(nodes, 0)._elsewhere("t1"))
        await first.socket.close()
        await until(lambda: not relay(nodes, 0).members.get("t1"))
        relay(nodes, 0).sweep(asyncio.get_running_loop().time() + 6)
        number = 1 + await speak(second, lambda: bool(relay(nodes, 0).speakers), lambda n: sound(2, n + 1))
        await until(lambda: relay(nodes, 1)._neighbours.readers)
        await second.send(sound(2, number + 1))
        await eye.until(lambda eye: eye.seqs(2)[-1] == number + 1)
        assert "t1" in (await nodes.halls[0].look(LESSON)).states["media"].stage
        await second.socket.close()
        await until(lambda: not relay(nodes, 0)._elsewhere("t1"))
        relay(nodes, 0).sweep(asyncio.get_running_loop().time() + 6)
        await until(lambda: "t1" not in nodes.halls[0].door(LESSON).task.lesson.states["media"].stage)
