"""How long and how many the words and numbers of steps may be."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

MOST_STEPS = 5000
LONGEST_CLOCK = 4 * 3600

Asset = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Title = Annotated[str, Meta(max_length=300)]
Note = Annotated[str, Meta(max_length=4000)]
Sheet = Annotated[str, Meta(max_length=4000)]
Number = Annotated[int, Meta(ge=1, le=3000)]
Pixels = Annotated[int, Meta(ge=1, le=20000)]
Seconds = Annotated[int, Meta(ge=0, le=LONGEST_CLOCK)]
