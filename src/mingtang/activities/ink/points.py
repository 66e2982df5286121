"""The points of a stroke as short text. One unit is 1/8192 of the page's width, in both directions, so that a stroke
has the same shape on a page of any proportion. `points.ts` is the browser's half; both obey points.json.

Bytes: a head (1 = with pressure, 0 = without), then of each point the differences to the one before (the first: to
zero) in x, y and, where there is, pressure: zigzag, then 7 bits to a byte, low bits first; as unpadded base64url."""

from __future__ import annotations

import binascii
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator

WIDTH = 8192
HIGHEST = 8 * WIDTH
PRESSURE = 255
MOST = 4000

Point = tuple[int, ...]


def encode(points: list[Point]) -> str:
    """`points` are (x, y) or all (x, y, pressure)."""
    width = len(points[0]) if points else 2
    out = bytearray([width == 3])
    last: Point = (0,) * width
    for point in points:
        for value, before in zip(point, last, strict=True):
            _put(out, value - before)
        last = point
    return urlsafe_b64encode(out).decode().rstrip("=")


def _put(out: bytearray, difference: int) -> None:
    rest = difference * 2 if difference >= 0 else -difference * 2 - 1
    while rest > 127:
        out.append(rest & 127 | 128)
        rest >>= 7
    out.append(rest)


def decode(text: str) -> list[Point]:
    """1 to 4 000 points on the page; raises ValueError for anything else."""
    try:
        data = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    if not data or data[0] > 1:
        raise ValueError("not a stroke")
    points = list(_points(list(_numbers(data[1:])), 3 if data[0] else 2))
    if not 0 < len(points) <= MOST:
        raise ValueError("too few or too many points")
    return points


def _numbers(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value // 2 if value % 2 == 0 else -(value // 2) - 1
            value = shift = 0
        elif shift > 14:
            raise ValueError("a number of more than three bytes")
    if shift:
        raise ValueError("cut short")


def _points(numbers: list[int], width: int) -> Iterator[Point]:
    if len(numbers) % width:
        raise ValueError("cut short")
    last: Point = (0,) * width
    for at in range(0, len(numbers), width):
        last = tuple(map(sum, zip(last, numbers[at : at + width], strict=True)))
        if not _fits(last):
            raise ValueError("off the page")
        yield last


def _fits(point: Point) -> bool:
    bounds: Iterable[int] = (WIDTH, HIGHEST, PRESSURE)
    return all(0 <= value <= most for value, most in zip(point, bounds, strict=False))
