"""The question bank: every question of every plan, found by its words, with its versions and each time it was asked."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, Parameter
from msgspec import Struct

from mingtang.catalog.bank import Hit, Search, Time
from mingtang.catalog.records import BankVersion
from mingtang.readings.bank import Distractor, Told
from mingtang.web import lessons, who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node

FRESH = {"Cache-Control": "no-store"}
MOST = 200


class AskedOnce(Struct, omit_defaults=True):
    """One time the question was asked. Shares are 0 to 1; `p2` is that of the last round, `gain` normalised."""

    lesson: str
    title: str
    at: int
    answers: int
    version: int
    group: str = ""
    p1: float | None = None
    p2: float | None = None
    gain: float | None = None
    distractors: list[Distractor] = []


class QuestionVersion(Struct):
    """As the question was from this version of its plan on; `at` in UTC ms."""

    version: int
    at: int
    question: dict[str, Any]


class Banked(Struct, omit_defaults=True):
    """One question. `version`: the plan's, when the question was last changed; `versions`: how often it was put
    otherwise; `asked`: the latest first. `history` comes when one question is asked for."""

    id: str
    plan: str
    plan_title: str
    step: str
    kind: str
    form: str
    text: str
    version: int
    versions: int
    changed: int
    course: str = ""
    options: list[str] = []
    right: Any = None
    asked: list[AskedOnce] = []
    history: list[QuestionVersion] = []


class BankFound(Struct):
    """The last changed first."""

    questions: list[Banked]


@get("/api/teach/bank", tags=["plans"])
async def search_bank(
    request: AnyRequest,
    node: NamedDependency[Node],
    q: Annotated[str, Parameter(max_length=300)] = "",
    course: Annotated[str, Parameter(max_length=300)] = "",
    form: Annotated[str, Parameter(max_length=40)] = "",
    limit: Annotated[int, Parameter(ge=1, le=MOST)] = 60,
) -> Response[BankFound]:
    """Questions that have every word of `q` in their text or options, whole or in part, from one letter on."""
    who.require_teacher(request, node)
    await _freshen(node)
    hits = await node.catalog.bank.find(Search(q, course, form, limit))
    times = await node.catalog.bank.times((hit.question.plan, hit.question.step) for hit in hits)
    told = [_banked(hit, times.get((hit.question.plan, hit.question.step), [])) for hit in hits]
    return Response(BankFound(told), headers=FRESH)


@get("/api/teach/bank/{plan:str}/{step:str}", tags=["plans"])
async def show_banked(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str], step: FromPath[str]
) -> Response[Banked]:
    """One question with all its versions and each time it was asked."""
    who.require_teacher(request, node)
    await _freshen(node)
    hit = await node.catalog.bank.question(plan, step)
    if hit is None:
        raise Fault(404, "bank.unknown")
    times = await node.catalog.bank.times([(plan, step)])
    told = _banked(hit, times.get((plan, step), []))
    told.history = [_version(row) for row in await node.catalog.bank.versions(plan, step)]
    return Response(told, headers=FRESH)


async def _freshen(node: Node) -> None:
    """Plans as they are now; lessons begun from plans that have just ended."""
    await node.catalog.bank.catch_up()
    for row in await node.catalog.plans.taught_and_open():
        await lessons.look(node, row)
    await node.histories.freshen()


def _banked(hit: Hit, times: list[Time]) -> Banked:
    row, plan = hit
    question = msgspec.json.decode(row.content)
    return Banked(
        id=f"{row.plan}/{row.step}",
        plan=row.plan,
        plan_title=plan.title,
        step=row.step,
        kind=row.kind,
        form=row.form,
        text=question.get("text", ""),
        version=row.version,
        versions=row.versions,
        changed=row.changed,
        course=plan.course,
        options=question.get("options", []),
        right=question.get("right"),
        asked=[_time(one) for one in times],
    )


def _time(one: Time) -> AskedOnce:
    row, told = one.asked, msgspec.json.decode(one.asked.told, type=Told)
    return AskedOnce(
        lesson=row.lesson,
        title=one.title,
        at=row.at,
        answers=row.answers,
        version=row.version,
        group=row.group,
        p1=told.p1,
        p2=told.p2,
        gain=told.gain,
        distractors=told.distractors,
    )


def _version(row: BankVersion) -> QuestionVersion:
    return QuestionVersion(row.version, row.at, msgspec.json.decode(row.content))
