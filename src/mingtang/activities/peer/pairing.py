"""Who talks with whom: as many as can be disagree, and among such pairs as many as can be join the room and the remote.

Pure: the same people and the same seed give the same pairs."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from mingtang.core.member import Seat


class Person(NamedTuple):
    """`answer` is "" for one who has not voted."""

    id: str
    answer: str
    seat: Seat


Group = list[Person]


def groups(voters: Iterable[Person], silent: Iterable[Person], away: Iterable[Person], seed: int) -> list[Group]:
    """Pairs, a three where the number is odd. Voters come first; then those here who did not vote; those who voted and
    are away now come last and by themselves, so that nobody waits for an empty chair."""
    chance = Random(seed)  # noqa: S311 — who talks with whom is no secret worth guessing
    made, odd = pairs(voters, chance)
    more, here = pairs([*silent, *([odd] if odd else [])], chance)
    last, gone = pairs(away, chance)
    made += more
    left = [p for p in (here, gone) if p]
    if len(made) + len(last) < len(left):
        return [*made, *last, left]
    if here:
        join(here, made, last)
    if gone:
        join(gone, last, made)
    return made + last


def pairs(people: Iterable[Person], chance: Random) -> tuple[list[Group], Person | None]:
    """Pairs, and the one left over. In a line sorted by answer, the largest group first, the n-th of the first half
    meets the n-th of the second: two of one answer meet only when more than half gave it, and then as seldom as can
    be."""
    by_answer: dict[str, list[Person]] = {}
    order = sorted(people)
    chance.shuffle(order)
    for person in order:
        by_answer.setdefault(person.answer, []).append(person)
    line = [p for group in sorted(by_answer.values(), key=len, reverse=True) for p in group]
    odd = line.pop(0) if len(line) % 2 else None
    half = len(line) // 2
    return mix([[a, b] for a, b in zip(line[:half], line[half:], strict=True)]), odd


def mix(made: list[Group]) -> list[Group]:
    """Lets a pair of the room and a remote pair change partners wherever that costs no disagreement. Works on kinds of
    pairs (by their answers), of which there are few, so it costs the same for each pair."""
    room, remote = _kinds(made, Seat.room), _kinds(made, Seat.remote)
    mixed = [pair for pair in made if pair[0].seat != pair[1].seat]
    for one in room.values():
        for two in remote.values():
            while one and two and (crossed := _cross(one[-1], two[-1])):
                one.pop()
                two.pop()
                mixed += crossed
    return mixed + [p for kind in (*room.values(), *remote.values()) for p in kind]


def _kinds(made: list[Group], seat: Seat) -> dict[tuple[str, ...], list[Group]]:
    kinds: dict[tuple[str, ...], list[Group]] = {}
    for pair in made:
        if pair[0].seat is seat and pair[1].seat is seat:
            kinds.setdefault(tuple(sorted(p.answer for p in pair)), []).append(pair)
    return kinds


def _cross(one: Group, two: Group) -> list[Group] | None:
    (a, b), (c, d) = one, two
    before = differ(one) + differ(two)
    ways = ([[a, c], [b, d]], [[a, d], [b, c]])
    best = max(ways, key=lambda way: differ(way[0]) + differ(way[1]))
    return best if differ(best[0]) + differ(best[1]) >= before else None


def join(odd: Person, rather: list[Group], others: list[Group]) -> None:
    """Makes a three of the pair where one more view, and one from the other seat, is worth most."""

    def worth(group: Group) -> tuple[bool, bool]:
        return all(p.answer != odd.answer for p in group), any(p.seat != odd.seat for p in group)

    two = [g for g in rather if len(g) == 2] or [g for g in others if len(g) == 2]
    max(two, key=worth).append(odd)


def differ(group: Group) -> bool:
    """Whether two of them gave different answers; who gave none disagrees with nobody."""
    return len({p.answer for p in group} - {""}) > 1


def is_mixed(group: Group) -> bool:
    return len({p.seat for p in group}) > 1
