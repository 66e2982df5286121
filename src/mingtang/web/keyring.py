"""Many memberships in one small cookie: a term of lessons in cookies of their own is more than proxies let through.

Lesson and member ids are eight bytes each; the newest MOST fit into what browsers keep of one cookie (4 KB)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

MOST = 170
ID_BYTES = 8
PAIR = 2 * ID_BYTES
_fits = re.compile("[0-9a-f]{16}").fullmatch


def packed(members: Mapping[str, str]) -> str:
    """Newest last. An id that is not of sixteen hex digits is left out: its own cookie has to do."""
    pairs = [(lesson, member) for lesson, member in members.items() if _fits(lesson) and _fits(member)]
    raw = b"".join(bytes.fromhex(lesson + member) for lesson, member in pairs[-MOST:])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpacked(text: str) -> dict[str, str]:
    """Lesson → member; {} for what is no keyring."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return {}
    pairs = (raw[at : at + PAIR].hex() for at in range(0, len(raw) - len(raw) % PAIR, PAIR))
    return {pair[:PAIR]: pair[PAIR:] for pair in pairs}
