"""The question bank's index: every question of every plan with its versions, and each time it was asked. An index and
no truth: plans and logs hold it, and what is deleted here is made again from them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.orm import Session

from mingtang.catalog.records import (
    BankAsked,
    BankLesson,
    BankPlan,
    BankQuestion,
    BankVersion,
    LessonRecord,
    PlanRecord,
    PlanVersion,
)

Ask = Callable[[Callable[[Session], Any]], Awaitable[Any]]
ACCENTS = re.compile("[\u0300-\u036f]")
MOST_WORDS = 12
PLANS_AT_ONCE = 20


class Search(Struct, frozen=True):
    words: str = ""
    course: str = ""
    form: str = ""
    limit: int = 60


class Hit(NamedTuple):
    question: BankQuestion
    plan: PlanRecord


class Time(NamedTuple):
    """A question asked in a lesson, which has the title."""

    asked: BankAsked
    title: str


class Bank:
    """`ask` runs a question on the catalog's thread, in one transaction."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def catch_up(self) -> None:
        """Every plan is in the index as it is now; a few at a time, so that nobody else waits long for the catalog."""
        while await self._ask(_note_plans):
            pass

    async def find(self, search: Search) -> list[Hit]:
        """The last changed first. Every word must be in the text or the options; any part of it will do."""
        found: list[Hit] = await self._ask(lambda s: [Hit(*row) for row in s.execute(_wanted(search))])
        return found

    async def question(self, plan: str, step: str) -> Hit | None:
        """Of a plan that was put away too, and one that is in the plan no more."""
        wanted = _hits().where(BankQuestion.plan == plan, BankQuestion.step == step)
        row = await self._ask(lambda s: s.execute(wanted).first())
        return Hit(*row) if row else None

    async def versions(self, plan: str, step: str) -> list[BankVersion]:
        """As the question was, the newest first."""
        wanted = select(BankVersion).where(BankVersion.plan == plan, BankVersion.step == step)
        newest = wanted.order_by(BankVersion.version.desc())
        found: list[BankVersion] = await self._ask(lambda s: list(s.scalars(newest)))
        return found

    async def times(self, steps: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Time]]:
        """Each time that each of these questions (plan, step) was asked, the latest first."""
        wanted = set(steps)
        told = (
            select(BankAsked, LessonRecord.title)
            .join(LessonRecord, LessonRecord.id == BankAsked.lesson)
            .where(BankAsked.step.in_({step for _, step in wanted}))
            .order_by(BankAsked.at.desc())
        )
        found: dict[tuple[str, str], list[Time]] = {}
        for asked, title in await self._ask(lambda s: s.execute(told).all()):
            if (asked.plan, asked.step) in wanted:
                found.setdefault((asked.plan, asked.step), []).append(Time(asked, title))
        return found

    async def unread(self) -> list[str]:
        """Ended lessons whose history is not in the index yet, the newest first."""
        known = select(BankLesson.lesson)
        wanted = select(LessonRecord.id).where(LessonRecord.ended != 0, LessonRecord.id.not_in(known))
        newest = wanted.order_by(LessonRecord.created.desc())
        found: list[str] = await self._ask(lambda s: list(s.scalars(newest)))
        return found

    async def note_lesson(self, lesson: str, rows: list[BankAsked]) -> None:
        """What was asked in it, instead of what was known of it."""

        def note(session: Session) -> None:
            session.execute(delete(BankAsked).where(BankAsked.lesson == lesson))
            for row in rows:
                session.add(row)
            session.merge(BankLesson(lesson=lesson))

        await self._ask(note)

    async def empty(self) -> None:
        """Everything is made again at the next question."""

        def clear(session: Session) -> None:
            for table in (BankAsked, BankLesson, BankVersion, BankQuestion, BankPlan):
                session.execute(delete(table))

        await self._ask(clear)


def folded(text: str) -> str:
    """Case, width and accents do not matter to somebody who searches."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFC", ACCENTS.sub("", plain)).split())


def _hits() -> Select[BankQuestion, PlanRecord]:
    return select(BankQuestion, PlanRecord).join(PlanRecord, PlanRecord.id == BankQuestion.plan)


def _wanted(search: Search) -> Select[BankQuestion, PlanRecord]:
    wanted = _hits().where(BankQuestion.present == 1, PlanRecord.archived == 0)
    for word in folded(search.words).split()[:MOST_WORDS]:
        wanted = wanted.where(BankQuestion.folded.contains(word, autoescape=True))
    if search.course:
        wanted = wanted.where(PlanRecord.course == search.course)
    if search.form:
        wanted = wanted.where(BankQuestion.form == search.form)
    newest = wanted.order_by(BankQuestion.changed.desc(), BankQuestion.plan, BankQuestion.place)
    return newest.limit(search.limit)


def _note_plans(session: Session) -> int:
    """A few plans that have changed since; how many they were."""
    noted = func.coalesce(BankPlan.version, 0)
    behind = select(PlanRecord.id).outerjoin(BankPlan, BankPlan.plan == PlanRecord.id).where(PlanRecord.version > noted)
    plans = list(session.scalars(behind.limit(PLANS_AT_ONCE)))
    for plan in plans:
        _note_plan(session, plan)
    return len(plans)


def _note_plan(session: Session, plan: str) -> None:
    """Under the plan's lock, as another node may do the same."""
    now = session.get_one(PlanRecord, plan, with_for_update=True)
    noted = session.get(BankPlan, plan, populate_existing=True)
    fresh = and_(PlanVersion.plan == plan, PlanVersion.version > (noted.version if noted else 0))
    for version in session.scalars(select(PlanVersion).where(fresh).order_by(PlanVersion.version)):
        _note_version(session, version)
    session.merge(BankPlan(plan=plan, version=now.version))
    session.flush()


def _note_version(session: Session, version: PlanVersion) -> None:
    of_plan = select(BankQuestion).where(BankQuestion.plan == version.plan)
    known = {row.step: row for row in session.scalars(of_plan)}
    present = {}
    for place, step in enumerate(json.loads(version.content)):
        if step.get("question"):
            present[step["id"]] = place
            _note_question(session, version, step, place, known.get(step["id"]))
    for row in known.values():
        if row.step not in present:
            row.present = 0
    session.flush()


def _note_question(
    session: Session, version: PlanVersion, step: dict[str, Any], place: int, known: BankQuestion | None
) -> None:
    question = step["question"]
    content = json.dumps(question, ensure_ascii=False, sort_keys=True)
    if known is not None:
        known.place, known.present = place, 1
        if (known.kind, known.content) == (step["kind"], content):
            return
    texts = [question.get("text", ""), *question.get("options", [])]
    row = known or BankQuestion(plan=version.plan, step=step["id"], place=place, present=1, versions=0)
    row.kind, row.form = step["kind"], question.get("form", step["kind"])
    row.version, row.changed, row.versions = version.version, version.at, row.versions + 1
    row.content, row.folded = content, folded("\n".join(texts))
    if known is None:
        session.add(row)
    session.add(BankVersion(plan=version.plan, step=row.step, version=version.version, at=version.at, content=content))
