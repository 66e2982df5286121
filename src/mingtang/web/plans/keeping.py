"""Writing versions of plans: what may stand in one, and who was first."""

from __future__ import annotations

from collections.abc import Sequence

from mingtang.catalog.plans import Draft, Stale
from mingtang.catalog.records import PlanRecord, PlanVersion
from mingtang.core.text import tidy
from mingtang.plans import model
from mingtang.plans.model import BadStep, PlanStep
from mingtang.web.errors import Fault
from mingtang.web.node import Node
from mingtang.web.tokens import new_id
from mingtang.web.words import language_of, say

LONGEST = 300


async def find(node: Node, plan: str) -> PlanRecord:
    row = await node.catalog.plans.plan(plan)
    if row is None:
        raise Fault(404, "plan.unknown")
    return row


async def version_of(node: Node, plan: str, number: int | None = None) -> PlanVersion:
    """Raises Fault; without a number, the present version."""
    found = await node.catalog.plans.version(plan, number)
    if found is None:
        raise Fault(404, "plan.unknown" if number is None else "plan.unknown_version")
    return found


def draft(node: Node, title: str, course: str, language: str, steps: Sequence[PlanStep], source: str = "") -> Draft:
    """Raises Fault for a step that no plan can hold."""
    language = language_of(language)
    try:
        kept = model.checked(node.hall.kinds, steps)
    except BadStep as bad:
        raise Fault(400, "plan.bad_step", step=bad.step, why=bad.code, **bad.params) from bad
    first = next((step.page for step in kept if step.page), None)
    return Draft(
        title=tidy(title)[:LONGEST].strip() or say(language, "plan.untitled"),
        course=tidy(course)[:LONGEST].strip(),
        language=language,
        content=model.encode(kept),
        source=source,
        steps=len(kept),
        questions=sum(1 for _ in model.questions(node.hall.kinds, kept)),
        deck=first.deck if first else "",
        page=first.page if first else 0,
    )


async def begin(node: Node, draft: Draft, uses: dict[str, str] | None = None) -> PlanVersion:
    """A new plan."""
    return await node.catalog.plans.add(new_id(), draft, node.hall.clock(), uses)


async def write(node: Node, plan: str, base: int, draft: Draft) -> PlanVersion:
    """Raises Fault: plan.conflict when `base` is not the present version, and then nothing was written."""
    await check_pages(node, plan, draft)
    try:
        found = await node.catalog.plans.write(plan, base, draft, node.hall.clock())
    except Stale as stale:
        raise Fault(409, "plan.conflict", version=stale.version, updated=stale.updated) from stale
    if found is None:
        raise Fault(404, "plan.unknown")
    return found


async def check_pages(node: Node, plan: str, draft: Draft) -> None:
    """Pages are those of the plan's own decks."""
    known = {deck.id: deck.pages for deck, _ in await node.catalog.plans.decks(plan)}
    for step in model.decode(draft.content):
        if step.page and step.page.page > known.get(step.page.deck, 0):
            raise Fault(400, "plan.bad_step", step=step.id, why="plan.no_page")
