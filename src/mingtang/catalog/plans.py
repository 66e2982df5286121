"""Plans in the catalog: their versions, which are only ever added, and the decks they use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from mingtang.catalog.records import LessonRecord, PlanDeck, PlanDeckUse, PlanPage, PlanRecord, PlanVersion, Taught

T = TypeVar("T")
Ask = Callable[[Callable[[Session], Any]], Awaitable[Any]]


class Draft(Struct):
    """A version that is not written yet; the fields are those of PlanVersion."""

    title: str
    course: str
    language: str
    content: str
    source: str = ""
    steps: int = 0
    questions: int = 0
    deck: str = ""
    page: int = 0


class Stale(Exception):  # noqa: N818
    """Somebody else has written since; nothing was written now."""

    def __init__(self, version: int, updated: int) -> None:
        super().__init__(f"the plan is at version {version}")
        self.version, self.updated = version, updated


class Summary(NamedTuple):
    """One plan in a list: its present version, the asset of its first page, how many lessons were begun from it."""

    plan: PlanRecord
    version: PlanVersion
    asset: str
    lessons: int


class Plans:
    """`ask` runs a question on the catalog's thread, in one transaction."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def add(self, plan: str, draft: Draft, at: int, uses: dict[str, str] | None = None) -> PlanVersion:
        """`uses`: the decks of the new plan, by id, with the name of their file."""

        def make(session: Session) -> PlanVersion:
            row = PlanRecord(id=plan, version=1, created=at, updated=at, archived=0, **_about(draft))
            session.add(row)
            session.flush()
            for deck, name in (uses or {}).items():
                session.add(PlanDeckUse(plan=plan, deck=deck, name=name, added=at))
            return _append(session, row, draft, at)

        found: PlanVersion = await self._ask(make)
        return found

    async def write(self, plan: str, base: int, draft: Draft, at: int) -> PlanVersion | None:
        """The new version, or the present one when the draft says the same; None for an unknown plan. Raises Stale."""

        def change(session: Session) -> PlanVersion | None:
            row = session.get(PlanRecord, plan, with_for_update=True)
            if row is None:
                return None
            now = session.get(PlanVersion, (plan, row.version))
            if now is not None and _same(now, draft):  # also when an answer was lost and the same comes again
                return now
            if row.version != base:
                raise Stale(row.version, row.updated)
            row.version, row.updated = base + 1, max(at, row.updated)
            row.title, row.course, row.language = draft.title, draft.course, draft.language
            return _append(session, row, draft, row.updated)

        found: PlanVersion | None = await self._ask(change)
        return found

    async def plan(self, plan: str) -> PlanRecord | None:
        found: PlanRecord | None = await self._ask(lambda s: s.get(PlanRecord, plan))
        return found

    async def version(self, plan: str, version: int | None = None) -> PlanVersion | None:
        """A version of then; without a number, the present one."""

        def find(session: Session) -> PlanVersion | None:
            row = session.get(PlanRecord, plan)
            return session.get(PlanVersion, (plan, version or row.version)) if row else None

        found: PlanVersion | None = await self._ask(find)
        return found

    async def versions(self, plan: str) -> list[tuple[int, int, int]]:
        """(number, when, steps), newest first."""
        told = select(PlanVersion.version, PlanVersion.at, PlanVersion.steps).where(PlanVersion.plan == plan)
        newest = told.order_by(PlanVersion.version.desc())
        found: list[tuple[int, int, int]] = await self._ask(lambda s: [tuple(row) for row in s.execute(newest)])
        return found

    async def listed(self) -> list[Summary]:
        """Those in use, the last changed first."""
        taught = select(Taught.plan, func.count().label("lessons")).group_by(Taught.plan).subquery()
        wanted = (
            select(PlanRecord, PlanVersion, func.coalesce(PlanPage.asset, ""), func.coalesce(taught.c.lessons, 0))
            .join(PlanVersion, (PlanVersion.plan == PlanRecord.id) & (PlanVersion.version == PlanRecord.version))
            .outerjoin(PlanPage, (PlanPage.deck == PlanVersion.deck) & (PlanPage.page == PlanVersion.page))
            .outerjoin(taught, taught.c.plan == PlanRecord.id)
            .where(PlanRecord.archived == 0)
            .order_by(PlanRecord.updated.desc(), PlanRecord.id)
        )
        found: list[Summary] = await self._ask(lambda s: [Summary(*row) for row in s.execute(wanted)])
        return found

    async def archive(self, plan: str, at: int) -> None:
        """With a time of 0 it comes back."""
        change = update(PlanRecord).where(PlanRecord.id == plan).values(archived=at)
        await self._ask(lambda s: s.execute(change) and None)

    # Lessons begun from plans

    async def teach(self, lesson: str, plan: str, version: int, group: str) -> None:
        row = Taught(lesson=lesson, plan=plan, version=version, group=group)
        await self._ask(lambda s: s.add(row))

    async def taught(self, lesson: str) -> Taught | None:
        found: Taught | None = await self._ask(lambda s: s.get(Taught, lesson))
        return found

    async def taught_and_open(self) -> list[LessonRecord]:
        """Lessons begun from plans that have not ended, as far as the catalog knows."""
        wanted = select(LessonRecord).join(Taught, Taught.lesson == LessonRecord.id).where(LessonRecord.ended == 0)
        found: list[LessonRecord] = await self._ask(lambda s: list(s.scalars(wanted)))
        return found

    # Decks

    async def add_deck(self, deck: str, plan: str, name: str, pages: int, sha256: str, at: int) -> None:
        def add(session: Session) -> None:
            session.add(
                PlanDeck(id=deck, status="reading", pages=pages, sha256=sha256, created=at, code="", params="{}")
            )
            session.flush()
            session.add(PlanDeckUse(plan=plan, deck=deck, name=name, added=at))

        await self._ask(add)

    async def finish_deck(self, deck: str, status: str, code: str = "", params: str = "{}") -> None:
        change = update(PlanDeck).where(PlanDeck.id == deck).values(status=status, code=code, params=params)
        await self._ask(lambda s: s.execute(change) and None)

    async def add_page(self, deck: str, page: int, asset: str, width: int, height: int, title: str) -> None:
        row = PlanPage(deck=deck, page=page, asset=asset, width=width, height=height, title=title)
        await self._ask(lambda s: s.merge(row) and None)

    async def decks(self, plan: str) -> list[tuple[PlanDeck, str]]:
        """With the names of their files, in the order they came."""
        wanted = (
            select(PlanDeck, PlanDeckUse.name)
            .join(PlanDeckUse, PlanDeckUse.deck == PlanDeck.id)
            .where(PlanDeckUse.plan == plan)
            .order_by(PlanDeckUse.added, PlanDeckUse.name)
        )
        found: list[tuple[PlanDeck, str]] = await self._ask(lambda s: [tuple(row) for row in s.execute(wanted)])
        return found

    async def pages(self, plan: str) -> list[PlanPage]:
        """Of all its decks, as far as they are drawn."""
        wanted = (
            select(PlanPage)
            .join(PlanDeckUse, PlanDeckUse.deck == PlanPage.deck)
            .where(PlanDeckUse.plan == plan)
            .order_by(PlanPage.deck, PlanPage.page)
        )
        found: list[PlanPage] = await self._ask(lambda s: list(s.scalars(wanted)))
        return found

    async def decks_in_reading(self) -> list[tuple[PlanDeck, int, str]]:
        """With the number of pages drawn, and the language of a plan that uses it."""
        drawn = select(func.count()).where(PlanPage.deck == PlanDeck.id).scalar_subquery()
        language = (
            select(func.min(PlanRecord.language))
            .join(PlanDeckUse, PlanDeckUse.plan == PlanRecord.id)
            .where(PlanDeckUse.deck == PlanDeck.id)
            .scalar_subquery()
        )
        wanted = select(PlanDeck, drawn, language).where(PlanDeck.status == "reading").order_by(PlanDeck.created)
        found: list[tuple[PlanDeck, int, str]] = await self._ask(lambda s: [tuple(row) for row in s.execute(wanted)])
        return found


def pages_of_taught() -> Select[str, str, int]:
    """For each lesson begun from a plan: the first page's asset and the number of steps."""
    return (
        select(Taught.lesson, PlanPage.asset, PlanVersion.steps)
        .join(PlanVersion, (PlanVersion.plan == Taught.plan) & (PlanVersion.version == Taught.version))
        .join(PlanPage, (PlanPage.deck == PlanVersion.deck) & (PlanPage.page == PlanVersion.page))
    )


def _about(draft: Draft) -> dict[str, str]:
    return {"title": draft.title, "course": draft.course, "language": draft.language}


def _append(session: Session, row: PlanRecord, draft: Draft, at: int) -> PlanVersion:
    fields = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    version = PlanVersion(plan=row.id, version=row.version, at=at, **fields)
    session.add(version)
    session.flush()
    return version


def _same(now: PlanVersion, draft: Draft) -> bool:
    """A text written in another way is a change; the steps saved again by the editor are none."""
    if draft.source and draft.source != now.source:
        return False
    return (now.title, now.course, now.language, now.content) == (
        draft.title, draft.course, draft.language, draft.content,
    )  # fmt: skip
