"""The catalog as the rest of the program asks it: one thread, short questions, records handed out detached."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from mingtang.catalog.bank import Bank
from mingtang.catalog.engine import engine_of
from mingtang.catalog.keeping import Keeping, pages_of_imported
from mingtang.catalog.plans import Plans, pages_of_taught
from mingtang.catalog.records import AssistantLink, DeckRecord, LessonRecord, NotebookRecord, PageRecord, WallRecord
from mingtang.catalog.schema import bring_up_to_date
from mingtang.catalog.shared import Shared

T = TypeVar("T")
CODE_LENGTH = 6
CODE_SIGNS = "23456789"  # 0 and 1 are mistaken for letters when read aloud or from the last row


def new_code(length: int = CODE_LENGTH) -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(length))


class CatalogAway(Exception):  # noqa: N818
    """The catalog cannot be asked at the moment: its database is away, or its disk is full."""


class Catalog:
    """All questions run one after another on a thread of its own, away from the live tasks."""

    def __init__(self, address: Path | str) -> None:
        """A file, or postgresql://…"""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="catalog")
        self._engine = engine_of(address)
        bring_up_to_date(self._engine)
        self.plans = Plans(self._ask)
        self.keeping = Keeping(self._ask)
        self.shared = Shared(self._ask)
        self.bank = Bank(self._ask)

    async def _ask(self, question: Callable[[Session], T]) -> T:
        def answer() -> T:
            try:
                with Session(self._engine, expire_on_commit=False) as session, session.begin():
                    return question(session)
            except OperationalError as error:
                raise CatalogAway(" ".join(str(error.orig).split())) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, answer)

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._engine.dispose()

    async def compact(self) -> None:
        """Clears the file of what was deleted in it. On PostgreSQL the server does that by itself."""

        def compact() -> None:
            if self._engine.dialect.name == "sqlite":
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    for said in ("pragma secure_delete = on", "vacuum", "pragma wal_checkpoint(truncate)"):
                        connection.exec_driver_sql(said)

        await asyncio.get_running_loop().run_in_executor(self._thread, compact)

    # Lessons

    async def add_lesson(self, lesson: str, title: str, course: str, language: str, at: int) -> LessonRecord:
        """Draws a code that no open lesson has; the unique index is what makes sure."""
        for _ in range(100):
            row = LessonRecord(
                id=lesson, code=new_code(), title=title, course=course, language=language, created=at, ended=0, people=0
            )
            try:
                return await self._ask(lambda s, row=row: _added(s, row))  # type: ignore[misc]
            except IntegrityError:
                continue
        raise RuntimeError("no free lesson code was found")

    async def lesson(self, lesson: str) -> LessonRecord | None:
        return await self._ask(lambda s: s.get(LessonRecord, lesson))

    async def lesson_by_code(self, code: str) -> LessonRecord | None:
        """The open lesson with this code, else the latest that had it."""
        wanted = select(LessonRecord).where(LessonRecord.code == code)
        newest = wanted.order_by(LessonRecord.ended != 0, LessonRecord.created.desc())
        return await self._ask(lambda s: s.scalars(newest.limit(1)).first())

    async def lessons(self) -> list[LessonRecord]:
        newest = select(LessonRecord).order_by(LessonRecord.created.desc())
        return await self._ask(lambda s: list(s.scalars(newest)))

    async def follow(self, lesson: str, title: str, ended: int, people: int) -> None:
        """Copies what the log says."""
        change = update(LessonRecord).where(LessonRecord.id == lesson)
        await self._ask(lambda s: s.execute(change.values(title=title, ended=ended, people=people)) and None)

    # Decks

    async def add_deck(self, deck: str, lesson: str, name: str, pages: int, sha256: str, at: int) -> None:
        row = DeckRecord(
            id=deck, lesson=lesson, name=name, status="reading", pages=pages, sha256=sha256, created=at, code=""
        )
        await self._ask(lambda s: s.add(row))

    async def finish_deck(self, deck: str, status: str, code: str = "") -> None:
        change = update(DeckRecord).where(DeckRecord.id == deck).values(status=status, code=code)
        await self._ask(lambda s: s.execute(change) and None)

    async def decks_in_reading(self) -> list[DeckRecord]:
        wanted = select(DeckRecord).where(DeckRecord.status == "reading").order_by(DeckRecord.created)
        return await self._ask(lambda s: list(s.scalars(wanted)))

    async def deck_pages(self) -> dict[str, tuple[str, int]]:
        """For each lesson with pages: the first page's asset, and the number of pages of its newest deck or of the
        steps of its plan."""
        wanted = (
            select(DeckRecord.lesson, PageRecord.asset, DeckRecord.pages)
            .join(PageRecord, (PageRecord.deck == DeckRecord.id) & (PageRecord.page == 1))
            .order_by(DeckRecord.created)
        )

        def answer(session: Session) -> dict[str, tuple[str, int]]:
            asked = (pages_of_imported(), pages_of_taught(), wanted)
            rows = [row for question in asked for row in session.execute(question)]
            return {lesson: (asset, pages) for lesson, asset, pages in rows}

        return await self._ask(answer)

    async def add_page(self, deck: str, page: int, asset: str) -> None:
        await self._ask(lambda s: s.merge(PageRecord(deck=deck, page=page, asset=asset)) and None)

    async def page_asset(self, deck: str, page: int) -> str | None:
        return await self._ask(lambda s: getattr(s.get(PageRecord, (deck, page)), "asset", None))

    # Links and walls

    async def renew_assistant_link(self, token_hash: str, lesson: str, at: int) -> None:
        """A lesson has one: the new one takes the place of the old."""

        def renew(session: Session) -> None:
            session.execute(delete(AssistantLink).where(AssistantLink.lesson == lesson))
            session.add(AssistantLink(token_hash=token_hash, lesson=lesson, created=at))

        await self._ask(renew)

    async def lesson_of_link(self, token_hash: str) -> str | None:
        return await self._ask(lambda s: getattr(s.get(AssistantLink, token_hash), "lesson", None))

    async def notebook_number(self, lesson: str, member: str) -> int:
        """Of the link that leads to this member's notebook."""
        return await self._ask(lambda s: getattr(s.get(NotebookRecord, (lesson, member)), "number", 1))

    async def renew_notebook(self, lesson: str, member: str) -> int:
        """The next number: links with the ones before lead nowhere."""

        def renew(session: Session) -> int:
            row = session.get(NotebookRecord, (lesson, member)) or NotebookRecord(
                lesson=lesson, member=member, number=1
            )
            row.number += 1
            session.add(row)
            return row.number

        return await self._ask(renew)

    async def pair_wall(self, wall: str, lesson: str, at: int) -> None:
        await self._ask(lambda s: s.merge(WallRecord(id=wall, lesson=lesson, paired=at)) and None)

    async def wall(self, wall: str) -> WallRecord | None:
        return await self._ask(lambda s: s.get(WallRecord, wall))

    async def forget_wall(self, wall: str) -> None:
        def forget(session: Session) -> None:
            if row := session.get(WallRecord, wall):
                session.delete(row)

        await self._ask(forget)


def _added(session: Session, row: LessonRecord) -> LessonRecord:
    session.add(row)
    session.flush()
    return row
