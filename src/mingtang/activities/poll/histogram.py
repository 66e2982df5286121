"""Numbers in bins: a few bars of a round width, laid out anew each time the answers have doubled.

Between two layouts a vote moves one count; numbers far out lie in `below` and `above`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field

BINS = 12
# Up to this many answers a new layout costs nothing worth saving.
FEW = 16
# From this many answers on, one in fifty at each end may be an accident and must not flatten all the others.
TRIM_FROM = 20
TRIM = 0.02


class Layout(NamedTuple):
    """Bin i holds start + i·width ≤ x < start + (i+1)·width, for i < size. `whole`: each bin is one whole number."""

    start: float
    width: float
    size: int
    whole: bool


class Histogram(Struct):
    layout: Layout | None = None
    laid_for: int = 0
    bins: dict[int, int] = field(default_factory=dict)

    def add(self, number: float, by: int) -> None:
        """`by` is 1 for an answer that came, -1 for one that went."""
        if self.layout is None:
            return
        place = bin_of(self.layout, number)
        count = self.bins.get(place, 0) + by
        if count:
            self.bins[place] = count
        else:
            self.bins.pop(place, None)

    def due(self, answers: int) -> bool:
        return answers <= FEW or answers >= 2 * self.laid_for

    def lay(self, numbers: Iterable[float]) -> None:
        """The layout that suits these numbers; sorts them, so it is called seldom."""
        ordered = sorted(numbers)
        self.bins, self.laid_for = {}, max(1, len(ordered))
        self.layout = layout(ordered) if ordered else None
        for number in ordered:
            self.add(number, 1)


def layout(ordered: list[float]) -> Layout:
    """`ordered` is sorted and not empty."""
    low, high = _ends(ordered)
    if all(n.is_integer() for n in (low, high)) and high - low < BINS and all(float(n).is_integer() for n in ordered):
        return Layout(low, 1.0, int(high - low) + 1, True)
    width = _round_width((high - low) / (BINS - 1))
    start = math.floor(low / width + 1e-9) * width
    return Layout(start, width, math.floor((high - start) / width + 1e-9) + 1, False)


def _ends(ordered: list[float]) -> tuple[float, float]:
    trim = max(1, int(len(ordered) * TRIM)) if len(ordered) >= TRIM_FROM else 0
    low, high = ordered[trim], ordered[-1 - trim]
    # Ends that lie near anyhow are shown.
    near = (high - low) / 4
    return (ordered[0] if ordered[0] >= low - near else low, ordered[-1] if ordered[-1] <= high + near else high)


def _round_width(least: float) -> float:
    """The smallest of 1, 2, 5, 10 … (times a power of ten) that is not below `least`; 1 when there is no spread."""
    if least <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(least))
    return float(next(step * unit for step in (1, 2, 5, 10) if step * unit >= least * (1 - 1e-9)))


def bin_of(layout: Layout, number: float) -> int:
    """-1 for below, `size` for above."""
    place = math.floor((number - layout.start) / layout.width + 1e-9)
    return max(-1, min(layout.size, place))
