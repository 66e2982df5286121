"""A plan as the editor gets it: the version's steps with what is known of their pages."""

from __future__ import annotations

import json
from typing import Any, Literal

from msgspec import Struct, field

from mingtang.catalog.records import PlanDeck, PlanPage, PlanVersion
from mingtang.plans import model
from mingtang.plans.model import PlanStep
from mingtang.web.node import Node


class PlanProblem(Struct, omit_defaults=True):
    """A place of plan.md that could not be read. `code` is a message key, `suggestion` what may have been meant."""

    line: int
    code: str
    params: dict[str, Any]
    suggestion: str = ""


class PlanDeckView(Struct, omit_defaults=True):
    """A deck of a plan. Its name is that of its file in the plan's folder."""

    id: str
    name: str
    pages: int
    drawn: int
    state: Literal["reading", "ready", "failed"]
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class PlanView(Struct):
    """A version of a plan. A page that is not drawn yet has no asset; those that never will be are left out."""

    id: str
    title: str
    course: str
    language: str
    version: int
    updated: int
    steps: list[PlanStep]
    problems: list[PlanProblem]
    decks: list[PlanDeckView]


async def show(node: Node, version: PlanVersion) -> PlanView:
    decks = await node.catalog.plans.decks(version.plan)
    pages = {(page.deck, page.page): page for page in await node.catalog.plans.pages(version.plan)}
    lost = {deck.id for deck, _ in decks if deck.status == "failed"}
    steps = [_drawn(step, pages) for step in model.decode(version.content)]
    return PlanView(
        id=version.plan,
        title=version.title,
        course=version.course,
        language=version.language,
        version=version.version,
        updated=version.at,
        steps=[s for s in steps if not (s.page and not s.page.asset and s.page.deck in lost)],
        problems=[],
        decks=[_deck(deck, name, pages) for deck, name in decks],
    )


def _drawn(step: PlanStep, pages: dict[tuple[str, int], PlanPage]) -> PlanStep:
    if step.page and (known := pages.get((step.page.deck, step.page.page))):
        page = step.page
        page.asset, page.width, page.height, page.title = known.asset, known.width, known.height, known.title
    return step


def _deck(deck: PlanDeck, name: str, pages: dict[tuple[str, int], PlanPage]) -> PlanDeckView:
    drawn = sum(1 for of, _ in pages if of == deck.id)
    state: Any = deck.status
    return PlanDeckView(deck.id, name, deck.pages, drawn, state, deck.code, json.loads(deck.params))
