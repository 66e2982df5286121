"""The lesson's clock: UTC in ms, which never goes back while the process runs, whatever the machine's does."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
# What Python calls monotonic stands still in a closed laptop; this goes on. Linux alone tells the two apart.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def system_clock() -> Clock:
    start, begun = time.time_ns(), _running_ns()
    return lambda: (start + _running_ns() - begun) // 1_000_000


def _running_ns() -> int:
    return time.clock_gettime_ns(_SINCE_BOOT)
