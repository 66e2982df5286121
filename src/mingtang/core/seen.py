"""Which commands of a lesson made facts, so that one said again counts once: twelve bytes for each, however long the
lesson goes on. Ids are kept as hashes within each member: two that were alike (one chance in 2^64) would be his own."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import lru_cache
from hashlib import blake2b


class Said:
    """Of one member: the hashes of ids in order, and beside them the places in the log."""

    __slots__ = ("keys", "places")

    def __init__(self) -> None:
        self.keys = array("q")
        self.places = array("I")

    def find(self, key: int) -> tuple[int, bool]:
        """Where it stands or belongs, and whether it stands there."""
        at = bisect_left(self.keys, key)
        return at, at < len(self.keys) and self.keys[at] == key


class Seen:
    def __init__(self) -> None:
        self._members: dict[str, Said] = {}

    def place(self, by: str, cmd: str) -> int | None:
        """Where in the log the last fact of this command stands; None when it made none."""
        said = self._members.get(by)
        if said is None or not cmd:
            return None
        at, there = said.find(_key(cmd))
        return said.places[at] if there else None

    def add(self, by: str, cmd: str, seq: int) -> None:
        said = self._members.get(by)
        if said is None:
            said = self._members[by] = Said()
        key = _key(cmd)
        at, there = said.find(key)
        if there:
            said.places[at] = seq
        else:
            said.keys.insert(at, key)
            said.places.insert(at, seq)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self._places() == other._places()

    def _places(self) -> dict[str, dict[int, int]]:
        return {by: dict(zip(said.keys, said.places, strict=True)) for by, said in self._members.items()}


@lru_cache(1024)  # looked for, written down and looked for once more, within moments
def _key(cmd: str) -> int:
    return int.from_bytes(blake2b(cmd.encode(), digest_size=8).digest(), "little", signed=True)
