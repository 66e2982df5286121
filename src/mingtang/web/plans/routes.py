"""The teacher's plans: listed, made, read, written, copied, put away and brought back."""

from __future__ import annotations

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from mingtang.catalog.plans import Summary
from mingtang.plans import model
from mingtang.plans.model import PlanStep
from mingtang.web import who
from mingtang.web.errors import AnyRequest
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.shown import PlanView, show
from mingtang.web.words import say

MOST_PLAN = 8_000_000
FRESH = {"Cache-Control": "no-store"}


class PlanListed(Struct):
    """One plan in the list. `asset` is its first page, `lessons` how many were begun from it."""

    id: str
    title: str
    course: str
    language: str
    version: int
    updated: int
    steps: int
    questions: int
    asset: str
    lessons: int


class PlanList(Struct):
    """The last changed first."""

    plans: list[PlanListed]


class NewPlan(Struct):
    """A plan without steps."""

    title: str = ""
    course: str = ""
    language: str = "en"


class WrittenPlan(Struct):
    """The whole plan as the editor has it; `base` is the version it began from."""

    base: int
    title: str
    steps: list[PlanStep]
    course: str = ""
    language: str = "en"


class PlanVersionListed(Struct):
    """One version; `at` in UTC ms, `steps` their number."""

    version: int
    at: int
    steps: int


class PlanVersions(Struct):
    """Newest first."""

    versions: list[PlanVersionListed]


@get("/api/teach/plans", tags=["plans"])
async def list_plans(request: AnyRequest, node: NamedDependency[Node]) -> Response[PlanList]:
    """All plans in use, the last changed first."""
    who.require_teacher(request, node)
    listed = [_listed(one) for one in await node.catalog.plans.listed()]
    return Response(PlanList(listed), headers=FRESH)


def _listed(one: Summary) -> PlanListed:
    plan, version, asset, lessons = one
    return PlanListed(
        id=plan.id,
        title=plan.title,
        course=plan.course,
        language=plan.language,
        version=plan.version,
        updated=plan.updated,
        steps=version.steps,
        questions=version.questions,
        asset=asset,
        lessons=lessons,
    )


@post("/api/teach/plans", tags=["plans"])
async def make_plan(request: AnyRequest, node: NamedDependency[Node], data: JSONBody[NewPlan]) -> PlanView:
    """A plan without steps."""
    who.require_teacher(request, node)
    made = await keeping.begin(node, keeping.draft(node, data.title, data.course, data.language, []))
    return await show(node, made)


@get("/api/teach/plans/{plan:str}", tags=["plans"])
async def read_plan(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Response[PlanView]:
    """The present version, with its pages as far as they are drawn."""
    who.require_teacher(request, node)
    return Response(await show(node, await keeping.version_of(node, plan)), headers=FRESH)


@put("/api/teach/plans/{plan:str}", request_max_body_size=MOST_PLAN, tags=["plans"])
async def write_plan(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str], data: JSONBody[WrittenPlan]
) -> PlanView:
    """A new version; the same again is no new one. Refused when `base` is not the present version."""
    who.require_teacher(request, node)
    draft = keeping.draft(node, data.title, data.course, data.language, data.steps)
    return await show(node, await keeping.write(node, plan, data.base, draft))


@get("/api/teach/plans/{plan:str}/versions", tags=["plans"])
async def list_versions(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]
) -> Response[PlanVersions]:
    """All versions that are kept, newest first."""
    who.require_teacher(request, node)
    await keeping.find(node, plan)
    told = [PlanVersionListed(*one) for one in await node.catalog.plans.versions(plan)]
    return Response(PlanVersions(told), headers=FRESH)


@get("/api/teach/plans/{plan:str}/versions/{number:int}", tags=["plans"])
async def read_version(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str], number: FromPath[int]
) -> PlanView:
    """A version of then."""
    who.require_teacher(request, node)
    return await show(node, await keeping.version_of(node, plan, number))


@post("/api/teach/plans/{plan:str}/duplicate", tags=["plans"])
async def copy_plan(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> PlanView:
    """A plan of its own with the same steps and decks; its questions begin a history of their own."""
    who.require_teacher(request, node)
    row = await keeping.version_of(node, plan)
    uses = {deck.id: name for deck, name in await node.catalog.plans.decks(plan)}
    title = say(row.language, "plan.copy_of", title=row.title)
    steps = model.decode(row.content)
    return await show(
        node, await keeping.begin(node, keeping.draft(node, title, row.course, row.language, steps), uses)
    )


@delete("/api/teach/plans/{plan:str}", tags=["plans"])
async def archive_plan(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> None:
    """Takes a plan out of the list. Nothing of it is deleted."""
    who.require_teacher(request, node)
    await keeping.find(node, plan)
    await node.catalog.plans.archive(plan, node.hall.clock())


@post("/api/teach/plans/{plan:str}/restore", tags=["plans"])
async def restore_plan(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> PlanView:
    """Brings a plan back into the list."""
    who.require_teacher(request, node)
    await keeping.find(node, plan)
    await node.catalog.plans.archive(plan, 0)
    return await show(node, await keeping.version_of(node, plan))
