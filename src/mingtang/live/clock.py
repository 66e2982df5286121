"""The lesson's clock: UTC in ms, which never goes back while the process runs, whatever the machine's does."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]


def system_clock() -> Clock:
    start, ticks = time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000
    return lambda: start + time.monotonic_ns() // 1_000_000 - ticks
