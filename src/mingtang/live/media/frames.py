"""Text frames of the media socket: what a browser may say, and what is said to it. docs/build/media.md, M1 to M6."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from mingtang.live import wire

LONGEST = 8 * 1024
_Track = Annotated[int, Meta(ge=0, le=0xFFFF)]
_Layer = Annotated[int, Meta(ge=0, le=3)]


class Clock(Struct, tag_field="t", tag="clock"):
    n: Annotated[int, Meta(ge=0, lt=1 << 53)]


class See(Struct, tag_field="t", tag="see"):
    """The whole set of tracks wanted, each with its highest layer."""

    tracks: Annotated[dict[_Track, _Layer], Meta(max_length=64)]


class Key(Struct, tag_field="t", tag="key"):
    track: _Track


class Cannot(Struct, tag_field="t", tag="cannot"):
    """The viewer has no decoder for it."""

    track: _Track
    codec: Annotated[str, Meta(max_length=80)]


Asked = Key | Cannot
Sent = Clock | See | Key | Cannot
decode = msgspec.json.Decoder(Sent).decode


def hello(at: int) -> bytes:
    return wire.frame(wire.encode({"t": "hello", "at": at}))


def clock(n: int, at: int) -> bytes:
    return wire.frame(wire.encode({"t": "clock", "n": n, "at": at}))


def asked(what: Asked) -> bytes:
    """A viewer's wish, as its publisher gets it."""
    return wire.frame(wire.encode(what))


def level(track: int, layer: int, why: str) -> bytes:
    return wire.frame(wire.encode({"t": "level", "track": track, "layer": layer, "why": why}))
