"""Questions come into a plan from GIFT, Aiken and Moodle XML, and go out of it as files that Moodle reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollQuestion
from mingtang.catalog.records import PlanVersion
from mingtang.plans import model
from mingtang.plans.exchange import gift_writing, moodle_writing
from mingtang.plans.exchange.foreign import Note
from mingtang.plans.model import PlanStep
from mingtang.web import who
from mingtang.web.decks.intake import receive
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.decks import insert
from mingtang.web.questions import intake
from mingtang.web.teach import UploadOperation
from mingtang.web.words import catalogue

MOST_MB = 16
SHAPES: dict[str, type[PollQuestion] | type[PeerQuestion]] = {"poll": PollQuestion, "peer": PeerQuestion}
Write = Callable[[Iterable[PollQuestion | PeerQuestion], str], str]


class Added(Struct):
    """`added`: the ids of the new steps; `version`: the plan's, now; `report`: what was not carried over, by name."""

    added: list[str]
    version: int
    report: list[Note]


@post(
    "/api/teach/plans/{plan:str}/questions", operation_class=UploadOperation, request_max_body_size=None, tags=["plans"]
)
async def add_questions(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Added:
    """The form's `file` (GIFT, Aiken or Moodle XML) becomes steps behind the step `after`, or at the end: all of it, or
    nothing when it cannot be read."""
    who.require_teacher(request, node)
    await keeping.find(node, plan)
    upload = await receive(request, node.folder.uploads, MOST_MB)
    if not upload.deck:
        raise Fault(400, "import.no_file")
    try:
        file = await intake.read(upload.file)
    finally:
        upload.discard()
    fresh = intake.steps(file)
    version = await insert(node, plan, fresh, upload.fields.get("after", ""))
    return Added([step.id for step in fresh], version, file.notes)


@get("/api/teach/plans/{plan:str}/questions.gift", tags=["plans"])
async def export_gift(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Response[bytes]:
    """The plan's questions as GIFT. What GIFT cannot hold is named in comments."""
    return await _export(request, node, plan, gift_writing.write, "gift.txt", "text/plain; charset=utf-8")


@get("/api/teach/plans/{plan:str}/questions.xml", tags=["plans"])
async def export_moodle(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Response[bytes]:
    """The plan's questions as Moodle XML. What Moodle has no kind for is named in comments."""
    return await _export(request, node, plan, moodle_writing.write, "xml", "application/xml")


async def _export(request: AnyRequest, node: Node, plan: str, write: Write, ending: str, kind: str) -> Response[bytes]:
    who.require_teacher(request, node)
    version = await keeping.version_of(node, plan)
    words = catalogue(version.language, Path(intake.__file__).parent)
    data = write(_questions(version), words["import.left_out"]).encode()
    headers = {"Content-Disposition": f'attachment; filename="questions.{ending}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind, headers=headers)


def _questions(version: PlanVersion) -> list[PollQuestion | PeerQuestion]:
    steps = model.decode(version.content)
    return [msgspec.convert(step.question, SHAPES[step.kind]) for step in steps if _is_question(step)]


def _is_question(step: PlanStep) -> bool:
    return step.kind in SHAPES and step.question is not None
