"""What is read at a glance is what the library reads, and the rest is left to it whole."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from mingtang.live.frames import Glance

texts = st.binary(max_size=300) | st.sampled_from([b"", b"x" * 125, b"x" * 126, b"x" * 65_535, b"x" * 65_536])
others = st.sampled_from([Opcode.BINARY, Opcode.CONT])
sent = st.lists(
    st.builds(Frame, st.just(Opcode.PONG), st.binary(max_size=3))
    | st.builds(Frame, st.just(Opcode.TEXT), texts)
    | st.builds(Frame, others, texts, st.booleans()),
    max_size=6,
)


def by_the_library(data):
    library = ServerProtocol(state=OPEN, max_size=1 << 20)
    library.receive_data(data)
    return [bytes(f.data) for f in library.events_received() if f.opcode is Opcode.TEXT], library.data_to_send()


@given(sent, st.integers(0, 400), st.randoms(use_true_random=False))
def test_it_takes_the_texts_that_come_first_and_leaves_the_rest_as_it_came(frames, cut, chance):
    whole = b"".join(f.serialize(mask=True) for f in frames)
    data = whole[: max(0, len(whole) - cut)] if chance.random() < 0.5 else whole
    glance = Glance(data)
    seen = list(glance)
    assert data.endswith(glance.rest)
    before = data[: len(data) - len(glance.rest)]
    assert by_the_library(before)[0] == seen


@pytest.mark.parametrize(
    "frame",
    [
        Frame(Opcode.TEXT, b"not masked").serialize(mask=False),
        b"\xc1\x82\0\0\0\0hi",
        Frame(Opcode.TEXT, b"more follows", fin=False).serialize(mask=True),
        Frame(Opcode.BINARY, b"bytes").serialize(mask=True),
        Frame(Opcode.PING, b"").serialize(mask=True),
        Frame(Opcode.PONG, b"news").serialize(mask=True),
        Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True),
        b"\x81\xff" + bytes(7),
        b"\x81\xfe\xff\xff" + bytes(9),
    ],
)
def test_everything_else_is_the_librarys(frame):
    text = Frame(Opcode.TEXT, b"hello").serialize(mask=True)
    glance = Glance(text + frame + text)
    assert list(glance) == [b"hello"]
    assert glance.rest == frame + text


def test_noise_raises_nothing():
    for _ in range(200):
        glance = Glance(noise := os.urandom(40))
        list(glance)
        assert noise.endswith(glance.rest)
