"""Which commands of a lesson made facts, so that one said again counts once: twelve bytes for each, however long the
lesson goes on. Ids are kept as numbers, each member his own: two that were alike (one chance in 2^61) would be his."""

from __future__ import annotations

from array import array
from bisect import bisect_left

_PRIME = 2**61 - 1  # short ids are their own remainder, long ones are random


class Said:
    """Of one member: the numbers of his commands, ascending, and beside them the places in the log."""

    __slots__ = ("numbers", "places")

    def __init__(self) -> None:
        self.numbers = array("q")
        self.places = array("I")


class Seen:
    def __init__(self) -> None:
        self._members: dict[str, Said] = {}

    def place(self, by: str, cmd: str) -> int | None:
        """Where in the log the last fact of this command stands; None when it made none."""
        said = self._members.get(by)
        if said is None or not cmd:
            return None
        number, numbers = _number(cmd), said.numbers
        at = bisect_left(numbers, number)
        return said.places[at] if at < len(numbers) and numbers[at] == number else None

    def add(self, by: str, cmd: str, seq: int) -> None:
        said = self._members.get(by)
        if said is None:
            said = self._members[by] = Said()
        number, numbers = _number(cmd), said.numbers
        at = bisect_left(numbers, number)
        if at < len(numbers) and numbers[at] == number:  # another fact of the same command
            said.places[at] = seq
        else:
            numbers.insert(at, number)
            said.places.insert(at, seq)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self._places() == other._places()

    def _places(self) -> dict[str, dict[int, int]]:
        return {by: dict(zip(said.numbers, said.places, strict=True)) for by, said in self._members.items()}


def _number(cmd: str) -> int:
    return int.from_bytes(cmd.encode(), "big") % _PRIME
