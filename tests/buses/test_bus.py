"""One suite for all buses: what nodes may expect of one, and that a lost way comes back by itself."""

from __future__ import annotations

import asyncio

import pytest

from mingtang.buses.asking import Asker, NoAnswer
from mingtang.buses.local import Air
from mingtang.buses.nats import NatsBus, place_of
from mingtang.buses.unix import Exchange, UnixBus
from tests.nats import Nats

PATIENCE_S = 20


@pytest.fixture(scope="module")
def nats():
    server = Nats().start()
    yield server
    server.stop()


@pytest.fixture(params=["local", "unix", "nats"])
async def buses(request, tmp_path):
    """Three that can speak to one another."""
    exchange = None
    if request.param == "local":
        air = Air()
        made = [air.bus() for _ in range(3)]
    elif request.param == "unix":
        exchange = Exchange(tmp_path / "bus")
        await exchange.open()
        made = [UnixBus(tmp_path / "bus") for _ in range(3)]
    else:
        made = [NatsBus(request.getfixturevalue("nats").url) for _ in range(3)]
    yield made
    for bus in made:
        await bus.close()
    if exchange:
        await exchange.close()


def ear(bus, topic):
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    bus.subscribe(topic, heard.put_nowait)
    return heard


async def said(bus, topic, heard, word=b"?"):
    """Says a word until it is heard: a bus that is new or was cut does not say when it can be heard."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            bus.publish(topic, word)
            try:
                while await asyncio.wait_for(heard.get(), 0.2) != word:
                    pass
                return
            except TimeoutError:
                continue


async def test_a_message_reaches_all_others_who_listen_and_comes_not_back(buses):
    one, two, three = buses
    at = [ear(bus, "a") for bus in buses]
    other = ear(two, "b")
    await said(one, "a", at[1])
    await said(one, "a", at[2])
    await said(three, "a", at[0], b"!")
    one.publish("a", b"last")
    for heard in at[1:]:
        while await asyncio.wait_for(heard.get(), PATIENCE_S) != b"last":
            pass
    await said(three, "b", other, b"end")
    assert b"last" not in [at[0].get_nowait() for _ in range(at[0].qsize())]
    assert other.empty()


async def test_messages_of_one_sender_keep_their_order(buses):
    heard = ear(buses[1], "a")
    await said(buses[0], "a", heard)
    for number in range(500):
        buses[0].publish("a", b"n%d" % number)
    got = []
    while len(got) < 500:
        word = await asyncio.wait_for(heard.get(), PATIENCE_S)
        if word.startswith(b"n"):
            got.append(word)
    assert got == [b"n%d" % number for number in range(500)]


async def test_who_has_ended_listening_hears_no_more(buses):
    heard: list[bytes] = []
    end = buses[1].subscribe("a", heard.append)
    await said(buses[0], "a", ear(buses[1], "a"))
    end()
    before = len(heard)
    await said(buses[0], "a", ear(buses[2], "a"))
    assert len(heard) == before


async def test_a_question_is_answered_or_found_to_have_no_answer(buses):
    async def double(body: bytes) -> bytes | None:
        return body * 2 if body != b"no" else None

    one, two = Asker(buses[0], "one", double), Asker(buses[1], "two", double)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                assert await one.ask("two", b"x", 0.5) == b"xx"
                break
            except NoAnswer:
                await asyncio.sleep(0)
    answers = await asyncio.gather(*(one.ask("two", b"%d" % n, 5) for n in range(50)))
    assert answers == [b"%d%d" % (n, n) for n in range(50)]
    with pytest.raises(NoAnswer):
        await one.ask("two", b"no", 5)
    with pytest.raises(NoAnswer):
        await one.ask("nobody", b"x", 0.05)
    await one.close()
    await two.close()


async def test_a_nats_server_that_comes_late_and_goes_and_comes_back_is_found_again():
    server = Nats()
    one, two = NatsBus(server.url), NatsBus(server.url)
    heard = ear(two, "a")
    assert not one.up
    one.publish("a", b"lost")
    await asyncio.to_thread(server.start)
    await said(one, "a", heard, b"first")
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    await said(one, "a", heard, b"second")
    await one.close()
    await two.close()
    await asyncio.to_thread(server.stop)


async def test_workers_find_an_exchange_that_was_begun_anew(tmp_path):
    exchange = Exchange(tmp_path / "bus")
    one, two = UnixBus(tmp_path / "bus"), UnixBus(tmp_path / "bus")
    heard = ear(two, "a")
    await exchange.open()
    await said(one, "a", heard, b"first")
    await exchange.close()
    (tmp_path / "bus").unlink(missing_ok=True)
    exchange = Exchange(tmp_path / "bus")
    await exchange.open()
    await said(one, "a", heard, b"second")
    await one.close()
    await two.close()
    await exchange.close()


def test_a_password_is_never_said():
    assert place_of("nats://user:s3cret@bus.example:4223") == "bus.example:4223"
