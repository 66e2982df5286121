"""Frames of the live protocol: what a screen may send, and how answers are written. docs/build/protocol.md."""

from __future__ import annotations

import struct
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from mingtang.core.member import Member
from mingtang.core.patch import Json

LONGEST = 64 * 1024
encode = msgspec.json.Encoder().encode

NO_CONTROLS = "^[^\\x00-\\x1f]*$"  # the id becomes a column of text, which holds no NUL everywhere
_Part = Annotated[str, Meta(min_length=1, max_length=80)]


class Do(Struct, tag_field="t", tag="do"):
    id: Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_CONTROLS)]
    kind: Annotated[str, Meta(max_length=80)]
    data: Raw
    again: bool = False


class Want(Struct, tag_field="t", tag="want"):
    part: _Part


class Drop(Struct, tag_field="t", tag="drop"):
    part: _Part


class Say(Struct, tag_field="t", tag="say"):
    topic: _Part
    data: Any


Sent = Do | Want | Drop | Say
decode = msgspec.json.Decoder(Sent).decode


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """One unmasked WebSocket frame (RFC 6455 5.2), built once for everybody."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


def payload(data: bytes) -> bytes:
    """What frame() was made of."""
    size = data[1]
    return data[2 if size < 126 else 4 if size == 126 else 10 :]


PING = frame(b"", 9)


def ok(cmd: str, seq: int) -> bytes:
    return frame(encode({"t": "ok", "id": cmd, "seq": seq}))


def no(code: str, params: Json | None = None, **about: str) -> bytes:
    """A refusal; `about` names what was refused: id=… for a command, part=… for a wish to see."""
    return frame(encode({"t": "no", **about, "code": code, **({"params": params} if params else {})}))


def bye(code: str) -> bytes:
    return frame(encode({"t": "bye", "code": code}))


def you(member: Member) -> Json:
    return {"id": member.id, "name": member.name, "role": member.role, "seat": member.seat}


def joined(parts: dict[str, bytes]) -> bytes:
    """A JSON object of values that are JSON already."""
    return b"{" + b",".join(encode(name) + b":" + value for name, value in parts.items()) + b"}"


def hello(member: Member, seq: int, at: int, parts: bytes, mine: Json) -> bytes:
    head = encode({"t": "hello", "you": you(member), "seq": seq, "at": at, "mine": mine})
    return frame(head[:-1] + b',"parts":' + parts + b"}")


def again(member: Member, seq: int, at: int, mine: Json) -> bytes:
    return frame(encode({"t": "again", "you": you(member), "seq": seq, "at": at, "mine": mine}))


def patch(seq: int, at: int, parts: dict[str, bytes]) -> bytes:
    return frame(b'{"t":"patch","seq":%d,"at":%d,"parts":' % (seq, at) + joined(parts) + b"}")


def mine(seq: int, at: int, change: Json) -> bytes:
    return frame(encode({"t": "mine", "seq": seq, "at": at, "patch": change}))


def part(seq: int, at: int, name: str, value: bytes) -> bytes:
    return frame(b'{"t":"part","seq":%d,"at":%d,"part":' % (seq, at) + encode(name) + b',"value":' + value + b"}")


def said(topic: str, sender: int, data: Any) -> bytes:
    return frame(encode({"t": "said", "topic": topic, "from": sender, "data": data}))
