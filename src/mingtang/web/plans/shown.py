"""A plan as the editor gets it: the version's steps with what is known of their pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct, field

from mingtang.catalog.records import PlanDeck, PlanPage, PlanVersion
from mingtang.plans import model
from mingtang.plans.model import PlanStep
from mingtang.plans.text.pages import PlanFile
from mingtang.plans.text.reader import Problem, parse
from mingtang.plans.text.writer import write
from mingtang.web.node import Node


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
    problems: list[Problem]
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
        problems=await problems_of(node, version, steps, [PlanFile(d.id, name, d.pages) for d, name in decks]),
        decks=[_deck(deck, name, pages) for deck, name in decks],
    )


async def problems_of(
    node: Node, version: PlanVersion, steps: Sequence[PlanStep], files: Sequence[PlanFile]
) -> list[Problem]:
    """Their lines are those of plan.md as it is given out."""
    if not version.source and all(step.kind != "unread" for step in steps):
        return []
    text = version.source or _written(node, version, steps, files)
    return (await asyncio.to_thread(parse, node.hall.kinds, text, files)).problems


async def text_of(node: Node, version: PlanVersion) -> str:
    """plan.md of a version."""
    if version.source:
        return version.source
    return _written(node, version, (await show(node, version)).steps, await files_of(node, version.plan))


async def files_of(node: Node, plan: str) -> list[PlanFile]:
    return [PlanFile(deck.id, name, deck.pages) for deck, name in await node.catalog.plans.decks(plan)]


def _written(node: Node, version: PlanVersion, steps: Sequence[PlanStep], files: Sequence[PlanFile]) -> str:
    names = {file.deck: file.name for file in files}
    return write(node.hall.kinds, version.title, version.course, version.language, steps, names)


def _drawn(step: PlanStep, pages: dict[tuple[str, int], PlanPage]) -> PlanStep:
    if step.page and (known := pages.get((step.page.deck, step.page.page))):
        page = step.page
        page.asset, page.width, page.height, page.title = known.asset, known.width, known.height, known.title
    return step


def _deck(deck: PlanDeck, name: str, pages: dict[tuple[str, int], PlanPage]) -> PlanDeckView:
    drawn = sum(1 for of, _ in pages if of == deck.id)
    state: Any = deck.status
    return PlanDeckView(deck.id, name, deck.pages, drawn, state, deck.code, json.loads(deck.params))
