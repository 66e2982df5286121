"""The request that opens a live socket: read in one look, with what is to be answered. It knows no frames and nobody's
rights. websockets reads any request of HTTP; in a storm of people coming back that was a third of the time."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

LONGEST = 32 * 1024  # a browser's cookies of one site are a few KB
MOST_FIELDS = 128
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3

_WORD = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
# Anything else is no request of a browser: controls, folded lines, spaces before a colon, a body, other methods.
_HEAD = re.compile(rf"GET ([\x21-\x7e]+) HTTP/1\.1\r\n((?:{_WORD}:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n").fullmatch
_are_options = re.compile(rf"{_WORD}(?:[\t ]*,[\t ]*{_WORD})*").fullmatch
_is_key = re.compile(r"[A-Za-z0-9+/]{22}==").fullmatch
_ONCE = frozenset({"host", "origin", "sec-websocket-key", "sec-websocket-version", "upgrade", "content-length"})


class Asked(NamedTuple):
    """`headers` have small letters; `welcome` is what the asker gets when he may come in; `rest` came after it."""

    path: str
    query: str
    headers: dict[str, str]
    welcome: bytes
    rest: bytes


def read(data: bytes) -> Asked | bytes | None:
    """What is asked; or the refusal of what is no opening of a WebSocket; None while the request is not whole."""
    end = data.find(b"\r\n\r\n") + 4
    if end < 4:
        return refusal(431, "Request Header Fields Too Large") if len(data) > LONGEST else None
    if end > LONGEST:
        return refusal(431, "Request Header Fields Too Large")
    found = _HEAD(data[:end].decode("latin-1"))
    headers = None if found is None else _fields(found[2])
    if found is None or headers is None:
        return refusal(400, "Bad Request")
    if not _upgrades(headers):
        return refusal(426, "Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
    key = headers.get("sec-websocket-key", "")
    if not _is_key(key):
        return refusal(400, "Bad Request")
    path, _, query = found[1].partition("?")
    return Asked(path, query, headers, _welcome(key), data[end:])


def refusal(status: int, words: str, more: str = "") -> bytes:
    """An answer after which the line is closed."""
    head = f"HTTP/1.1 {status} {words}\r\nConnection: close\r\nContent-Type: text/plain\r\n{more}"
    return f"{head}Content-Length: {len(words) + 2}\r\n\r\n{words}.\n".encode()


def _fields(lines: str) -> dict[str, str] | None:
    """None for what may mean two things: a second Origin, Host or key, or a body after the head."""
    fields: dict[str, str] = {}
    split = lines.split("\r\n")
    if len(split) > MOST_FIELDS:
        return None
    for line in split[:-1]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        if name not in fields:
            fields[name] = value
        elif name in _ONCE:
            return None
        else:
            fields[name] += ("; " if name == "cookie" else ", ") + value
    return None if "transfer-encoding" in fields or fields.get("content-length", "0") != "0" else fields


def _upgrades(headers: dict[str, str]) -> bool:
    options = headers.get("connection", "").lower()
    return (
        headers.get("upgrade", "").lower() == "websocket"
        and headers.get("sec-websocket-version") == "13"
        and _are_options(options) is not None
        and "upgrade" in (option.strip(" \t") for option in options.split(","))
    )


def _welcome(key: str) -> bytes:
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )
