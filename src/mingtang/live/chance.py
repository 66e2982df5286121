"""What rules draw lots with, taken from the machine many at a time: to ask it for each answer costs more than to decide
it."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator

AT_ONCE = 512


def chances() -> Iterator[int]:
    """Numbers of 63 bits that nobody can tell beforehand, without end."""
    while True:
        for number in struct.unpack(f"{AT_ONCE}Q", secrets.token_bytes(8 * AT_ONCE)):
            yield number >> 1
