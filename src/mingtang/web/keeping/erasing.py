"""A person taken out of lessons, running or over: found by member or by name, told what goes, then blanked."""

from __future__ import annotations

import logging

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct, field

from mingtang import metrics
from mingtang.readings.erasing import Changed, Erased, called, changes
from mingtang.readings.lessonfile.layout import BadFile
from mingtang.stores import Conflict, StoreFailed
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node

log = logging.getLogger(__name__)
LANE = "erase"
PATIENCE = 5  # times that a log is searched while others are faster


class Wanted(Struct):
    """`lesson` and `member`, a member's id or name, for one lesson; `name` alone for all lessons of this server.
    Nothing is changed unless `really`."""

    lesson: str = ""
    member: str = ""
    name: str = ""
    really: bool = False


class Erasure(Struct):
    """Who was found, and what of each is blanked; `failed` are lessons whose logs cannot be read. `swept`: no byte of
    it is left on the disk; else that comes when no lesson is held."""

    people: list[Erased]
    done: bool
    swept: bool = False
    failed: list[str] = field(default_factory=list)


@post("/api/teach/erase", status_code=200, tags=["teach"])
async def erase_person(request: AnyRequest, node: NamedDependency[Node], data: JSONBody[Wanted]) -> Response[Erasure]:
    """Blanks names, questions, written answers, notes and handwriting of a person and takes away what was recorded of
    him; what he voted stays, without a name. Without `really` it only tells what would go."""
    who.require_teacher(request, node)
    found = await erase(node, data)
    return Response(found, status_code=200, headers={"Cache-Control": "no-store"})


async def erase(node: Node, wanted: Wanted) -> Erasure:
    """Also for the command line, without a server. Raises Fault."""
    lessons = [wanted.lesson] if wanted.lesson else [row.id for row in await node.catalog.lessons()]
    name = wanted.member or wanted.name
    if not name or (wanted.member and not wanted.lesson):
        raise Fault(400, "bad_shape")
    people, failed = list[Erased](), list[str]()
    for lesson in lessons:
        try:
            members = await node.reader.ask(LANE, called, lesson, name)
            if wanted.member and len(members) > 1:
                raise Fault(409, "erase.which", name=name, members=", ".join(members))
            people += [await _one(node, lesson, member, wanted.really) for member in members]
        except (BadFile, StoreFailed) as error:
            log.error("nobody could be erased from lesson %s: %s", lesson, error)
            failed.append(lesson)
    if not people and not failed:
        raise Fault(404, "erase.nobody", name=name)
    swept = wanted.really and not node.hall.busy() and await node.remains.sweep()
    return Erasure(people, wanted.really, swept, failed)


async def _one(node: Node, lesson: str, member: str, really: bool) -> Erased:
    if not really:
        return (await _changes(node, lesson, member)).erased
    found: list[Changed] = []

    async def change() -> None:
        """Again when another node was first: what it wrote may be his."""
        while not found or not await _written(node, lesson, found[-1], patient=len(found) < PATIENCE):
            found.append(await _changes(node, lesson, member))

    await node.hall.rewrite(lesson, change)
    erased = found[-1].erased
    await node.recorder.erase(lesson, erased.tracks)
    await node.remains.forget(lesson)
    await node.catalog.keeping.forget_notebook(lesson, member)
    log.info("a person was erased", extra={"data": {"lesson": lesson, "member": member, "blanked": erased.blanked}})
    return erased


async def _written(node: Node, lesson: str, changed: Changed, patient: bool) -> bool:
    """The blanks and the word of them, in one transaction; False when the log has grown since it was read. Who is not
    patient writes them all the same, at the end as it is now: what came meanwhile is looked through next."""
    told, store = changed.told, node.hall.store
    while told is not None:
        try:
            await store.rewrite(lesson, changed.rows, told)
        except Conflict:
            metrics.conflicts.inc()
            if patient:
                return False
            last = (await store.read(lesson, told.seq - 1))[-1]
            told = told._replace(seq=last.seq + 1, at=max(told.at, last.at))
        else:
            return told is changed.told
    return True


async def _changes(node: Node, lesson: str, member: str) -> Changed:
    found = await node.reader.ask(LANE, changes, lesson, member, node.hall.clock())
    if found is None:
        raise Fault(404, "erase.nobody", name=member)
    return found
