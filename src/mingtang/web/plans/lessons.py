"""A lesson begun from a plan: its steps, notes and questions stand in the log before anybody comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from mingtang.core.event import Command
from mingtang.core.text import tidy
from mingtang.plans import model
from mingtang.plans.model import PlanStep
from mingtang.web import lessons, who
from mingtang.web.commands import command
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.shown import PlanView, show
from mingtang.web.teach import Made


class BeginLesson(Struct):
    """What is left out is as in the plan; `group` names who it is for."""

    title: str = ""
    course: str = ""
    group: str = ""


@post("/api/teach/plans/{plan:str}/lessons", tags=["plans"])
async def begin_lesson(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str], data: JSONBody[BeginLesson]
) -> Made:
    """A lesson with everything that the plan's present version holds. Its log names plan and version."""
    who.require_teacher(request, node)
    version = await keeping.version_of(node, plan)
    view = await show(node, version)
    reading = [deck for deck in view.decks if deck.state == "reading"]
    if reading:
        drawn, pages = sum(deck.drawn for deck in reading), sum(deck.pages for deck in reading)
        raise Fault(409, "plan.still_reading", drawn=drawn, pages=pages)
    wishes = list(commands(node, view))
    course = data.course or view.course
    row = await lessons.open_lesson(node, data.title or view.title, view.language, course)
    group = tidy(data.group)[: keeping.LONGEST].strip()
    await node.catalog.plans.teach(row.id, plan, view.version, group)
    named = command(node.hall.kinds, "lesson.plan", plan=plan, version=view.version, group=group)
    # Asked for at once they are gathered into one append.
    await asyncio.gather(*(node.hall.submit(row.id, wish) for wish in (named, *wishes)))
    address = who.address(request, node)
    return Made(row.id, row.code, f"{address}/j/{row.code}", f"{address}/teach/{row.id}")


def commands(node: Node, view: PlanView) -> Iterator[Command]:
    """What makes the plan's questions, and lays its steps; a step's id is that of its question too."""
    kinds = node.hall.kinds
    steps = [step for step in view.steps if step.kind != "unread" and (step.page is None or step.page.asset)]
    for step in model.questions(kinds, steps):
        prepared = kinds.activities[step.kind].plan
        assert prepared is not None
        yield from prepared.prepare(step.id, model.content(kinds, step))
    used = {step.page.deck for step in steps if step.page}
    decks = [{"id": deck.id, "name": deck.name} for deck in view.decks if deck.id in used]
    if steps:
        asked = set(model.question_kinds(kinds))
        yield command(kinds, "slides.lay", decks=decks, steps=[_laid(step, step.kind in asked) for step in steps])


def _laid(step: PlanStep, is_question: bool) -> dict[str, Any]:
    laid: dict[str, Any] = {"id": step.id, "kind": step.kind, "note": step.notes}
    if page := step.page:
        laid["page"] = {name: getattr(page, name) for name in page.__struct_fields__}
    elif is_question:
        laid["ref"] = step.id
    else:
        laid |= {"text": step.text, "seconds": step.seconds}
    return laid
