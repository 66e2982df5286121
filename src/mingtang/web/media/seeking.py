"""Recorded objects for who is within this program: `MediaPort.seek`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import islice

from mingtang.stores.media.reels import Reels

AT_ONCE = 256


async def objects_between(reels: Reels, lesson: str, track: int, begin: int, end: int) -> AsyncIterator[bytes]:
    """The configuration, then the objects from the key at or before `begin` to before `end`, ms UTC."""
    reel = await asyncio.to_thread(reels.reel, lesson, track)
    found = reel.objects(begin, end) if reel is not None else iter(())
    while some := await asyncio.to_thread(lambda: list(islice(found, AT_ONCE))):
        for one in some:
            yield one
