"""Dividing people by chance, with both seats spread fairly or kept apart. The same seed divides the same."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from random import Random

from mingtang.core.member import Member, Seat


def divide(students: Sequence[Member], groups: int, seed: int) -> list[list[str]]:
    """Everybody into so many groups: their sizes differ by one at most, and so do their numbers of each seat."""
    dice = Random(seed)  # noqa: S311 — repeatable chance
    made: list[list[str]] = [[] for _ in range(min(groups, len(students)))]
    order = sorted(students, key=lambda member: (member.seat is Seat.remote, dice.random()))
    for n, member in enumerate(order):
        made[n % len(made)].append(member.id)
    return made


def divide_apart(students: Sequence[Member], groups: int, seed: int) -> list[list[str]]:
    """The same, each seat by itself: it has groups according to its number, and at least one."""
    room = [m for m in students if m.seat is Seat.room]
    remote = [m for m in students if m.seat is Seat.remote]
    if not room or not remote or groups < 2:
        return divide(students, groups, seed)
    of_room = min(max(1, round(groups * len(room) / len(students))), groups - 1)
    return divide(room, of_room, seed) + divide(remote, groups - of_room, seed)


def divide_by_size(students: Sequence[Member], size: int, apart: bool, seed: int) -> list[list[str]]:
    """No group is larger than `size`."""
    seats: list[Sequence[Member]] = [[m for m in students if m.seat is seat] for seat in Seat] if apart else [students]
    return [group for some in seats for group in divide(some, ceil(len(some) / size), seed)]
