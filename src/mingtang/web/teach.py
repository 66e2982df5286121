"""The teacher's lessons: listed, opened with or without a deck, given decks and assistants."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import FromPath
from msgspec import Struct

import mingtang
from mingtang.catalog.records import LessonRecord
from mingtang.core.member import Seat
from mingtang.stores import StoreFailed
from mingtang.web import lessons, who
from mingtang.web.decks.intake import Upload, receive
from mingtang.web.decks.reading import Opened
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.join import Here
from mingtang.web.node import Node
from mingtang.web.papers import qr_svg
from mingtang.web.tokens import digest
from mingtang.web.words import language_of

TITLE_SPACE = str.maketrans("_", " ")


class Listed(Struct, omit_defaults=True):
    """One lesson in the teacher's list. Times are UTC ms; `joined` counts students ever admitted."""

    id: str
    code: str
    title: str
    opened: int
    joined: int
    course: str = ""
    ended: int = 0
    here: Here | None = None
    pages: int = 0
    asset: str = ""


class Lessons(Struct):
    """Newest first."""

    lessons: list[Listed]


class Made(Struct):
    """`url` is the address students type or scan; `console` the teacher's page."""

    id: str
    code: str
    url: str
    console: str


class Begun(Struct):
    """A deck whose pages are being drawn; they appear in the lesson one by one."""

    deck: str
    pages: int


class Link(Struct):
    """`qr` is the same address as SVG markup: the teacher's phone scans it, and the token is in no second request."""

    url: str
    qr: str


class About(Struct):
    """`host` is the address as people say it."""

    address: str
    host: str
    version: str


@dataclass
class UploadOperation(Operation):
    """Tells the API's description what the streamed form holds."""

    def __post_init__(self) -> None:
        text, file = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        fields: dict[str, Schema | Reference] = {"deck": file, "file": file}
        fields |= {"title": text, "lang": text, "course": text}
        form = Schema(type=OpenAPIType.OBJECT, properties=fields)
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)})


@get("/api/teach/about", tags=["teach"])
async def about(request: AnyRequest, node: NamedDependency[Node]) -> About:
    """Where this server is for others, and which version it is."""
    address = who.address(request, node)
    return About(address, who.host_of(address), mingtang.__version__)


@get("/api/teach/lessons", tags=["teach"])
async def list_lessons(request: AnyRequest, node: NamedDependency[Node]) -> Response[Lessons]:
    """All lessons of this server, newest first; lessons that go on with the students here now."""
    who.require_teacher(request, node)
    decks = await node.catalog.deck_pages()
    listed = [await _listed(node, row, *decks.get(row.id, ("", 0))) for row in await node.catalog.lessons()]
    return Response(Lessons(listed), headers={"Cache-Control": "no-store"})


async def _listed(node: Node, row: LessonRecord, asset: str, pages: int) -> Listed:
    """Ended lessons are told from the catalog: their logs stay closed."""
    lesson = None
    if not row.ended:
        with contextlib.suppress(StoreFailed):  # a damaged log is told where it is opened, and hides no other lesson
            lesson = await lessons.look(node, row, count=True)
    here = lesson.people.here if lesson and not row.ended else None
    return Listed(
        id=row.id,
        code=row.code,
        title=row.title,
        opened=row.created,
        joined=row.people,
        course=row.course,
        ended=row.ended,
        here=Here(here[Seat.room], here[Seat.remote]) if here else None,
        pages=pages,
        asset=asset,
    )


@post("/api/teach/lessons", operation_class=UploadOperation, request_max_body_size=None, tags=["teach"])
async def make_lesson(request: AnyRequest, node: NamedDependency[Node]) -> Made:
    """The form has `title`, `lang`, `course` and, if there is a PDF, `deck`. A file that is no deck makes no lesson."""
    who.require_teacher(request, node)
    upload = await receive(request, node.folder.uploads, node.settings.max_upload_mb)
    language = language_of(upload.fields.get("lang", ""))
    opened = await node.reading.open(upload, language) if upload.deck else None
    row = await begin_lesson(node, upload, opened, language)
    address = who.address(request, node)
    return Made(row.id, row.code, f"{address}/j/{row.code}", f"{address}/teach/{row.id}")


async def begin_lesson(node: Node, upload: Upload, opened: Opened | None, language: str) -> LessonRecord:
    title = upload.fields.get("title", "") or title_of(upload.name)
    try:
        row = await lessons.open_lesson(node, title, language, upload.fields.get("course", ""))
    except BaseException:
        if opened:
            await node.reading.give_up(opened)
        raise
    if opened:
        await node.reading.begin(row.id, opened)
    return row


def title_of(file: str) -> str:
    return (file.rpartition(".")[0] or file).translate(TITLE_SPACE).strip()


@post(
    "/api/teach/lessons/{lesson:str}/deck", operation_class=UploadOperation, request_max_body_size=None, tags=["teach"]
)
async def add_deck(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Begun:
    """Another PDF for a lesson; its pages follow behind the steps there are."""
    who.require_teacher(request, node)
    row = await running(node, lesson)
    upload = await receive(request, node.folder.uploads, node.settings.max_upload_mb)
    if not upload.deck:
        raise Fault(400, "teach.no_file")
    opened = await node.reading.open(upload, row.language)
    await node.reading.begin(lesson, opened)
    return Begun(upload.deck, opened.pages)


@post("/api/teach/lessons/{lesson:str}/assistants", tags=["teach"])
async def invite_assistants(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Link:
    """A link that makes its holder an assistant of this lesson. It ends the one before: who was sent out and cleared
    his cookies cannot come back by it. Only its hash is kept."""
    who.require_teacher(request, node)
    await running(node, lesson)
    token = secrets.token_urlsafe(18)
    await node.catalog.renew_assistant_link(digest(token), lesson, node.hall.clock())
    url = f"{who.address(request, node)}/assist/{token}"
    return Link(url, qr_svg(url).decode())


async def running(node: Node, lesson: str) -> LessonRecord:
    row = await node.catalog.lesson(lesson)
    if row is None:
        raise Fault(404, "teach.unknown_lesson")
    if (found := await lessons.look(node, row)) is None or found.ended:
        raise Fault(410, "lesson.ended")
    return row
