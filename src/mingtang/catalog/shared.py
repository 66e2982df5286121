"""What the nodes of one hall share besides lessons: keys, and the codes on walls that wait to be paired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mingtang.catalog.records import KeyRecord, WallCode

Ask = Callable[[Callable[[Session], Any]], Awaitable[Any]]


class Shared:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def key(self, name: str, mine: str) -> str:
        """The key of that name: `mine` when no node has brought one before."""

        def found(session: Session) -> str | None:
            return getattr(session.get(KeyRecord, name), "value", None)

        try:
            return str(
                await self._ask(found) or await self._ask(lambda s: s.add(KeyRecord(name=name, value=mine))) or mine
            )
        except IntegrityError:  # another node was first
            return str(await self._ask(found))

    async def show_code(self, wall: str, code: str, now: int, until: int) -> bool:
        """Whether the wall may show the code from now on: False when another one does."""

        def show(session: Session) -> bool:
            session.execute(delete(WallCode).where((WallCode.until < now) | (WallCode.wall == wall)))
            if session.get(WallCode, code):
                return False
            session.add(WallCode(code=code, wall=wall, until=until))
            return True

        try:
            return bool(await self._ask(show))
        except IntegrityError:
            return False

    async def codes_shown(self, now: int) -> int:
        shown = select(func.count()).select_from(WallCode).where(WallCode.until >= now)
        return int(await self._ask(lambda s: s.scalar(shown)))

    async def take_code(self, code: str, now: int) -> str | None:
        """The wall that shows the code, which from now on is free."""

        def take(session: Session) -> str | None:
            row = session.get(WallCode, code)
            if row is None or row.until < now:
                return None
            session.delete(row)
            return row.wall

        found: str | None = await self._ask(take)
        return found
