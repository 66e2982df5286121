"""What opens a live socket: ours lets in nothing that the library would turn away, and answers the same."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.http11 import Request
from websockets.server import ServerProtocol

from mingtang.live import handshake
from tests.live.stage import LESSON

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
USUAL = {
    "Host": "school.example",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}


def request(fields, line="GET /live/l1?back=7 HTTP/1.1"):
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in fields), "", ""]).encode("latin-1")


def by_the_library(data):
    """Its answer to the same bytes: status and what proves that the key was read."""
    library = ServerProtocol()
    library.receive_data(data)
    for event in library.events_received():
        if isinstance(event, Request):
            response = library.accept(event)
            return response.status_code, response.headers.get("Sec-WebSocket-Accept", "")
    return 400, ""


def status(read):
    return 101 if isinstance(read, handshake.Asked) else int(read[9:12])


def test_what_a_browser_asks_is_read_and_welcomed():
    asked = handshake.read(request([*USUAL.items(), ("Cookie", "a=1"), ("cookie", "b=2")]) + b"\x81\x80....")
    assert (asked.path, asked.query, asked.rest) == ("/live/l1", "back=7", b"\x81\x80....")
    assert asked.headers["host"] == "school.example"
    assert asked.headers["cookie"] == "a=1; b=2"
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in asked.welcome


def test_a_request_in_pieces_is_waited_for_but_not_without_end():
    whole = request(USUAL.items())
    assert all(handshake.read(whole[:size]) is None for size in range(len(whole)))
    assert status(handshake.read(b"GET /live/l1 HTTP/1.1\r\nA: " + b"x" * handshake.LONGEST)) == 431


@pytest.mark.parametrize("name", ["Origin", "Host", "Sec-WebSocket-Key", "Upgrade", "Content-Length"])
def test_what_may_mean_two_things_is_refused(name):
    twice = [*USUAL.items(), (name, USUAL.get(name, "https://a.example")), (name.lower(), "https://b.example")]
    assert status(handshake.read(request(twice))) == 400


@pytest.mark.parametrize(
    "line",
    [
        "POST /live/l1 HTTP/1.1",
        "GET /live/l1 HTTP/1.0",
        "GET /live/l 1 HTTP/1.1",
        "GET  HTTP/1.1",
        "GET /live/l1 HTTP/1.1\nOrigin: https://b.example",
    ],
)
def test_what_is_no_opening_is_refused(line):
    assert status(handshake.read(request(USUAL.items(), line))) == 400


fields = st.lists(
    st.tuples(
        st.sampled_from(
            [*USUAL, "upgrade", "Origin", "Cookie", "Content-Length", "Transfer-Encoding", " X", "X ", "é"]
        ),
        st.sampled_from([*USUAL.values(), "WebSocket", "h2c, websocket", "close", "12", "0", "x\0y", "x\ty", "", "é"])
        | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=6),
    ),
    max_size=4,
)


@given(fields, st.sets(st.sampled_from(list(USUAL))), st.randoms(use_true_random=False))
def test_whoever_is_let_in_would_have_been_let_in_by_the_library(more, left_out, chance):
    given_fields = [*((n, v) for n, v in USUAL.items() if n not in left_out), *more]
    chance.shuffle(given_fields)
    data = request(given_fields)
    read = handshake.read(data)
    if isinstance(read, handshake.Asked):
        library, accept = by_the_library(data)
        assert library == 101
        assert accept.encode() in read.welcome


@given(st.binary(max_size=200))
def test_noise_is_refused_or_waited_for(noise):
    assert not isinstance(handshake.read(b"GET /live/" + noise), handshake.Asked)


async def ask(stage, *pieces):
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    return reader, writer


async def test_frames_that_come_with_the_opening_are_heard(stage):
    """And one whose opening comes byte by byte is let in as well."""
    whole = request(USUAL.items(), f"GET /live/{LESSON}?ticket=s1 HTTP/1.1") + b"\x89\x82\0\0\0\0hi"
    for pieces in ([whole], [whole[:20], whole[20:21], whole[21:]]):
        reader, writer = await ask(stage, *pieces)
        async with asyncio.timeout(10):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
            assert b"\x8a\x02hi" in await reader.readuntil(b"\x8a\x02hi")
        writer.close()


async def test_who_is_refused_gets_a_whole_answer_and_the_line_is_closed(stage):
    for opening, code in (
        (request([]), b"426"),
        (request(USUAL.items(), "GET /live/l1 HTTP/1.1\r\nbad header: 1"), b"400"),
    ):
        reader, writer = await ask(stage, opening)
        async with asyncio.timeout(10):
            assert (await reader.read()).startswith(b"HTTP/1.1 " + code)
        writer.close()


async def test_who_hangs_up_in_the_middle_of_the_opening_leaves_nothing(stage):
    _, writer = await ask(stage, request(USUAL.items())[:40])
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    await (await stage.join("s1")).do("pulse.reply", v="a")
