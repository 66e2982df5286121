"""What an engine has to say to one lesson, in order, by commands: what the log cannot take now is said again for a
while."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial

import msgspec

from mingtang.core.event import Refused
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.stores import StoreFailed

log = logging.getLogger(__name__)
ATTEMPTS, AGAIN_S = 10, 1.0
ENDS_WITHIN_S = 2.0


class Pen:
    def __init__(self, hall: Hall, lesson: str) -> None:
        self._hall, self._lesson = hall, lesson
        self._waiting: list[tuple[str, dict[str, object]]] = []
        self._writing: asyncio.Task[None] | None = None

    def tell(self, kind: str, **data: object) -> None:
        self._waiting.append((kind, data))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            for _ in range(ATTEMPTS):
                if await self._written(*self._waiting[0]):
                    break
                await asyncio.sleep(AGAIN_S)
            self._waiting.pop(0)

    async def _written(self, kind: str, data: dict[str, object]) -> bool:
        """Whether it is settled, so or so."""
        try:
            command = self._hall.kinds.command(kind, msgspec.json.encode(data))
            if command is not None:
                await self._hall.submit(self._lesson, command)
        except msgspec.ValidationError:
            log.warning("an engine said what is no line", extra={"data": {"lesson": self._lesson}})
        except UnknownLesson:
            return True
        except StoreFailed:
            return False
        except Refused as refused:
            return refused.code != "store_failed"
        return True

    async def close(self) -> None:
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=ENDS_WITHIN_S)
            self._writing.cancel()


@contextlib.asynccontextmanager
async def nobody(hall: Hall) -> AsyncIterator[None]:
    """Where there is no engine, lessons that had one are told so."""
    hall.media.opened.append(partial(_withdraw, hall))
    yield


def _withdraw(hall: Hall, lesson: str) -> None:
    door = hall.door(lesson)
    if door is not None and door.task.lesson.states["captions"].engine:
        Pen(hall, lesson).tell("captions.offer", engine="")
