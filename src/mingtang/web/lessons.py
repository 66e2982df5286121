"""Opening a lesson and letting the server's own people in; keeping the catalog's index beside the logs."""

from __future__ import annotations

import contextlib
import logging

from mingtang.catalog.records import LessonRecord
from mingtang.core.event import Refused
from mingtang.core.lesson import Lesson
from mingtang.core.member import Role, Seat
from mingtang.core.text import tidy
from mingtang.live.hall import UnknownLesson
from mingtang.stores import StoreFailed
from mingtang.web.commands import command
from mingtang.web.node import Node
from mingtang.web.tokens import new_id
from mingtang.web.words import say

log = logging.getLogger(__name__)
LONGEST = 300


async def open_lesson(node: Node, title: str, language: str, course: str = "") -> LessonRecord:
    """Catalog first, as it makes sure of the code; a row whose log was never begun is ended when lists are made."""
    title = _line(title) or say(language, "teach.untitled")
    lesson = new_id()
    row = await node.catalog.add_lesson(lesson, title, _line(course), language, node.hall.clock())
    try:
        await node.hall.create(lesson, title=title, code=row.code, course=row.course)
        await admit(node, lesson, node.seals.teacher_member(lesson), say(language, "teach.name"), Role.teacher)
    except (Refused, StoreFailed):
        await node.catalog.follow(lesson, title, node.hall.clock(), 0)
        raise
    log.info("lesson opened", extra={"data": {"lesson": lesson}})
    return row


def _line(text: str) -> str:
    """A shell may hand over half characters, which nothing can store."""
    return tidy(text.encode(errors="ignore").decode())[:LONGEST].strip()


async def admit(node: Node, lesson: str, member: str, name: str, role: Role, seat: Seat = Seat.room) -> int:
    wish = command(node.hall.kinds, "roster.admit", id=member, name=name, role=role.value, seat=seat.value)
    return await node.hall.submit(lesson, wish)


async def admit_once(node: Node, lesson: str, member: str, name: str, role: Role) -> None:
    """For those who come by a page: one who is a member already keeps name and seat; an ended lesson takes nobody."""
    found = await node.hall.look(lesson)
    if member not in found.people.members and not found.ended:
        with contextlib.suppress(Refused):
            await admit(node, lesson, member, name, role)


async def look(node: Node, row: LessonRecord, count: bool = False) -> Lesson | None:
    """The lesson of a row, the row following it; None when its log was never begun. People are
    counted for lists alone: a room that comes in at once would write the catalog at every head."""
    try:
        found = await node.hall.look(row.id)
    except UnknownLesson:
        row.ended = row.ended or row.created
        await node.catalog.follow(row.id, row.title, row.ended, 0)
        return None
    told = found.states["lesson"]
    people = sum(1 for _ in found.people.students()) if count or found.ended else row.people
    if (row.title, row.ended, row.people) != (told.title, told.ended, people):
        row.title, row.ended, row.people = told.title, told.ended, people
        await node.catalog.follow(row.id, row.title, row.ended, row.people)
    return found
