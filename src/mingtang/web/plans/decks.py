"""Slides for a plan: a file is opened, its pages become steps at once, and are drawn one by one."""

from __future__ import annotations

from collections.abc import Iterable

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from mingtang.plans import model
from mingtang.plans.model import PlanPage, PlanStep
from mingtang.plans.text import ids
from mingtang.web import who
from mingtang.web.decks.intake import Upload, receive
from mingtang.web.decks.reading import Opened
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.teach import Begun, UploadOperation

ATTEMPTS = 5


@post("/api/teach/plans/{plan:str}/decks", operation_class=UploadOperation, request_max_body_size=None, tags=["plans"])
async def add_deck(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Begun:
    """Another file of slides. Its pages are steps of a new version at once, behind the step `after` or at the end."""
    who.require_teacher(request, node)
    row = await keeping.find(node, plan)
    upload = await receive(request, node.folder.uploads, node.settings.max_upload_mb)
    if not upload.deck:
        raise Fault(400, "teach.no_file")
    opened = await node.reading.open(upload, row.language)
    await take(node, plan, opened, upload.fields.get("after", ""))
    return Begun(upload.deck, opened.pages)


async def take(node: Node, plan: str, opened: Opened, after: str = "", steps: bool = True) -> None:
    """The deck and, if wanted, its steps."""
    upload = opened.upload
    names = {name for _, name in await node.catalog.plans.decks(plan)}
    await node.reading.begin_for_plan(plan, opened, free_name(upload, names))
    if steps:
        fresh = [page_step(upload.deck, page, said) for page, said in enumerate(opened.notes, 1)]
        await insert(node, plan, fresh, after)


async def insert(node: Node, plan: str, fresh: list[PlanStep], after: str = "") -> int:
    """The fresh steps in a new version, whose number it gives; who writes at the same time does not stop it."""
    for _ in range(ATTEMPTS):
        now = await keeping.version_of(node, plan)
        whole = placed(model.decode(now.content), fresh, after)
        draft = keeping.draft(node, now.title, now.course, now.language, whole)
        try:
            return (await keeping.write(node, plan, now.version, draft)).version
        except Fault as fault:
            if fault.code != "plan.conflict":
                raise
    raise Fault(409, "plan.busy")


def page_step(deck: str, page: int, notes: str = "") -> PlanStep:
    return PlanStep(id=ids.of_page(deck, page), kind="page", page=PlanPage(deck=deck, page=page), notes=notes)


def placed(steps: list[PlanStep], fresh: Iterable[PlanStep], after: str) -> list[PlanStep]:
    """The fresh ones right behind the step `after`; at the end when there is none of that name."""
    at = next((n for n, step in enumerate(steps, 1) if step.id == after), len(steps))
    return [*steps[:at], *fresh, *steps[at:]]


def free_name(upload: Upload, taken: set[str]) -> str:
    """Two files of one folder cannot share a name."""
    stem, dot, end = upload.name.rpartition(".")
    stem, end = (stem, dot + end) if dot else (upload.name, "")
    names = (upload.name if n == 1 else f"{stem}-{n}{end}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name.casefold() not in {one.casefold() for one in taken})
