"""What the catalog knows of lessons that came as files, and how it lets go of a lesson."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from mingtang.catalog.records import (
    DeckRecord,
    ImportedRecord,
    LessonRecord,
    NotebookRecord,
    PageRecord,
    PlanPage,
    Record,
)

Ask = Callable[[Callable[[Session], Any]], Awaitable[Any]]


class Keeping:
    """`ask` runs a question on the catalog's thread, in one transaction."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def add_imported(self, lesson: str, pages: int, asset: str, **told: Any) -> None:
        """`told` are the other fields of LessonRecord; the lesson has ended, so its code may be another's too."""

        def add(session: Session) -> None:
            session.add(LessonRecord(id=lesson, **told))
            session.flush()
            session.add(ImportedRecord(lesson=lesson, pages=pages, asset=asset))

        await self._ask(add)

    async def forget_notebook(self, lesson: str, member: str) -> None:
        """Links that were made to it open nothing any more."""

        def renew(session: Session) -> None:
            row = session.get(NotebookRecord, (lesson, member))
            if row is not None:
                row.number += 1
            else:
                session.add(NotebookRecord(lesson=lesson, member=member, number=2))

        await self._ask(renew)

    async def imported_besides(self, lesson: str) -> list[str]:
        """Other lessons that came as files: they may share pictures with this one."""
        wanted = select(ImportedRecord.lesson).where(ImportedRecord.lesson != lesson)
        found: list[str] = await self._ask(lambda s: list(s.scalars(wanted)))
        return found

    async def pictures_besides(self, lesson: str) -> set[str]:
        """Every picture of a plan or of another lesson's deck."""
        decks = select(PageRecord.asset).join(DeckRecord, DeckRecord.id == PageRecord.deck)
        others = decks.where(DeckRecord.lesson != lesson)
        found: set[str] = await self._ask(lambda s: {*s.scalars(select(PlanPage.asset)), *s.scalars(others)})
        return found

    async def forget(self, lesson: str) -> None:
        """Nothing tells of the lesson any more."""

        def forget(session: Session) -> None:
            decks = select(DeckRecord.id).where(DeckRecord.lesson == lesson)
            session.execute(delete(PageRecord).where(PageRecord.deck.in_(decks)))
            for table in Record.metadata.sorted_tables:
                for key in table.foreign_keys:
                    if key.column.table.name == LessonRecord.__tablename__:
                        session.execute(delete(table).where(key.parent == lesson))
            session.execute(delete(LessonRecord).where(LessonRecord.id == lesson))

        await self._ask(forget)


def pages_of_imported() -> Select[str, str, int]:
    """For each lesson with pages that came as a file: the first page's asset and how many there are."""
    told = select(ImportedRecord.lesson, ImportedRecord.asset, ImportedRecord.pages)
    return told.where(ImportedRecord.pages > 0)
