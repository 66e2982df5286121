"""Where a step stands: positions are numbers, whole ones for pages, fractions for what was put between them.

The whole numbers of a deck that is still being read stay free for the pages to come."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

LEAST_GAP = 2.0**-24


def after(places: Mapping[str, float], step: str) -> float | None:
    """A position right after `step`; None when there is no room left and its neighbourhood must be spread first."""
    low = places[step]
    high = min((p for p in places.values() if p > low), default=low + 1)
    high = min(high, floor(low) + 1)
    return None if high - low < LEAST_GAP else (low + high) / 2


def front(places: Mapping[str, float]) -> float:
    return floor(min(places.values(), default=1.0)) - 1.0


def end(places: Mapping[str, float], reserved: float) -> float:
    return floor(max(0.0, reserved, *places.values())) + 1.0


def spread(places: Mapping[str, float], whole: int) -> dict[str, float]:
    """New positions, evenly apart, for the steps from `whole` up to the next whole number; their order stays."""
    near = sorted((pos, step) for step, pos in places.items() if whole <= pos < whole + 1)
    taken = int(bool(near) and near[0][0] == whole)
    room = len(near) + 1 - taken
    return {step: whole + (n + 1 - taken) / room for n, (_, step) in enumerate(near)}
