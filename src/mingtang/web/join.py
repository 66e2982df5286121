"""Students come in: by a code, with a name and a seat (protocol J1, J2)."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from mingtang.catalog.records import LessonRecord
from mingtang.core.event import Refused
from mingtang.core.lesson import Lesson
from mingtang.core.member import NAME_LENGTH, Member, Role, Seat, clean_name
from mingtang.web import lessons, who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.limits import Limit
from mingtang.web.logs import lesson_id
from mingtang.web.node import Node
from mingtang.web.tokens import KEYRING, KEYRING_DAYS, MEMBER_DAYS, TICKET_SECONDS, member_cookie, new_id

MOST_BODY = 16 * 1024


class Here(Struct):
    """Students connected now, by seat."""

    room: int
    remote: int


class Guest(Struct):
    name: str
    seat: Seat


class Found(Struct, omit_defaults=True):
    """What a code leads to. `member` is there when this browser has joined before."""

    id: str
    code: str
    title: str
    course: str
    opened: int
    here: Here
    member: Guest | None = None


class Joining(Struct):
    name: str
    seat: Seat = Seat.room


class MemberView(Struct):
    id: str
    name: str
    role: Role
    seat: Seat


class Joined(Struct):
    """`lesson` is the id that the live socket's address wants."""

    lesson: str
    member: MemberView


class Ticket(Struct):
    """Good once it is used within a minute, for a device that cannot send cookies with its socket."""

    ticket: str


async def find(request: AnyRequest, node: Node, code: str) -> tuple[LessonRecord, Lesson]:
    """The open lesson with this code. Wrong ones are counted: a code is short, and guessing must not pay."""
    row = await node.catalog.lesson_by_code("".join(sign for sign in code if sign.isalnum()))
    member = row and node.seals.member(dict(request.cookies), row.id)
    if not member:
        _hold_back(node.wrong_codes, who.client(request))
    if row is None:
        node.wrong_codes.take(who.client(request))
        raise Fault(404, "join.unknown")
    lesson_id.set(row.id)
    lesson = await lessons.look(node, row)
    if lesson is None or lesson.ended:
        was_here = bool(lesson and member and lesson.people.get(member))
        raise Fault(410, "join.ended", lesson=row.id, title=row.title) if was_here else Fault(410, "join.ended")
    return row, lesson


def _hold_back(limit: Limit, whom: str) -> None:
    if seconds := limit.wait(whom):
        raise Fault(429, "join.slow_down", retry_after=seconds, seconds=seconds)


def _member(request: AnyRequest, node: Node, row: LessonRecord, lesson: Lesson) -> Member | None:
    held = node.seals.member(dict(request.cookies), row.id)
    return lesson.people.members.get(held) if held else None


@get("/api/lessons/{code:str}", tags=["join"])
async def show_lesson(request: AnyRequest, node: NamedDependency[Node], code: FromPath[str]) -> Response[Found]:
    """J1: whether a code is known, and to what it leads."""
    row, lesson = await find(request, node, code)
    member, here = _member(request, node, row, lesson), lesson.people.here
    guest = Guest(member.name, member.seat) if member and not member.removed else None
    if guest is None and len(lesson.people.members) >= node.settings.max_members:
        raise Fault(409, "join.full", most=node.settings.max_members)
    found = Found(row.id, row.code, row.title, row.course, row.created, Here(here[Seat.room], here[Seat.remote]), guest)
    return Response(found, headers={"Cache-Control": "no-store"})


@post("/api/lessons/{code:str}/join", status_code=200, request_max_body_size=MOST_BODY, tags=["join"])
async def join(
    request: AnyRequest, node: NamedDependency[Node], code: FromPath[str], data: JSONBody[Joining]
) -> Response[Joined]:
    """J2: makes a member and sets its cookie. From the same browser it is the same member, whose name and seat
    may change sixty times a minute: each change is an event for ever."""
    row, lesson = await find(request, node, code)
    name = _name(data.name)
    member = _member(request, node, row, lesson)
    if member:
        _hold_back(node.changes, member.id)
        node.changes.take(member.id)
    else:
        _hold_back(node.joins, who.client(request))
        if len(lesson.people.members) >= node.settings.max_members:
            raise Fault(409, "join.full", most=node.settings.max_members)
        node.joins.take(who.client(request))
    id_ = member.id if member else new_id()
    try:
        await lessons.admit(node, row.id, id_, name, Role.student, data.seat)
    except Refused as refused:
        _explain(refused)
    role = member.role if member else Role.student
    joined = Joined(row.id, MemberView(id_, name, role, data.seat))
    return Response(joined, cookies=_cookies(request, node, row.id, id_))


def _cookies(request: AnyRequest, node: Node, lesson: str, member: str) -> list[Cookie]:
    """One for the lesson itself, and the keyring with all this browser has been in: its notebooks outlast the first."""
    own = node.seals.seal("member", lesson, member, seconds=MEMBER_DAYS * 86400)
    known = node.seals.memberships(request.cookies)
    known.pop(lesson, None)
    kept = node.seals.keyring({**known, lesson: member})
    return [
        who.cookie(request, node, member_cookie(lesson), own, MEMBER_DAYS),
        who.cookie(request, node, KEYRING, kept, KEYRING_DAYS),
    ]


def _name(text: str) -> str:
    if len(text.strip()) > NAME_LENGTH:
        raise Fault(400, "join.name_long", most=NAME_LENGTH)
    name = clean_name(text)
    if not name:
        raise Fault(400, "join.no_name")
    return name


def _explain(refused: Refused) -> None:
    if refused.code == "roster.removed":
        raise Fault(403, "join.removed") from refused
    if refused.code == "lesson.ended":
        raise Fault(410, "join.ended") from refused
    raise refused


@post("/api/lessons/{code:str}/ticket", status_code=200, request_max_body_size=MOST_BODY, tags=["join"])
async def make_ticket(request: AnyRequest, node: NamedDependency[Node], code: FromPath[str]) -> Response[Ticket]:
    """A short-lived pass to the live socket for a member whose device sends no cookies there (J3)."""
    row, lesson = await find(request, node, code)
    member = _member(request, node, row, lesson)
    if member is None:
        raise Fault(401, "not_a_member")
    ticket = Ticket(node.seals.seal("ticket", row.id, member.id, seconds=TICKET_SECONDS))
    return Response(ticket, headers={"Cache-Control": "no-store"})
