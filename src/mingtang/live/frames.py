"""What browsers send almost always, read at a glance: whole small text frames, and answers to our pings. Anything else
is left to the library, which knows all of RFC 6455."""

from __future__ import annotations

from collections.abc import Iterator

try:
    from websockets.speedups import apply_mask
except ImportError:  # where it could not be compiled
    from websockets.utils import apply_mask

_TEXT, _PONG = 0x81, 0x8A  # final, nothing reserved is set
_MASKED, _LONG = 0x80, 126


class Glance:
    """Iterate for the texts; `rest` is what could not be read so, from the beginning of a frame on."""

    __slots__ = ("_data", "_place")

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    @property
    def rest(self) -> bytes:
        return self._data[self._place :]

    def __iter__(self) -> Iterator[bytes]:
        data, length = self._data, len(self._data)
        while length - self._place >= 6:
            start, kind, size = self._place + 2, data[self._place], data[self._place + 1] - _MASKED
            if size == _LONG:
                start, size = start + 2, int.from_bytes(data[start : start + 2], "big")
            elif not 0 <= size < _LONG:
                return
            end = start + 4 + size
            if end > length or not (kind == _TEXT or (kind == _PONG and size == 0)):
                return
            self._place = end
            if kind == _TEXT:
                yield apply_mask(data[start + 4 : end], data[start : start + 4])
