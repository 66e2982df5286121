"""Who takes part in a lesson: roles, seats, and the people as the log tells them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct, field


class Role(StrEnum):
    teacher = "teacher"
    assistant = "assistant"
    student = "student"
    observer = "observer"
    wall = "wall"


class Seat(StrEnum):
    room = "room"
    remote = "remote"


STAFF = frozenset({Role.teacher, Role.assistant})
STUDENTS = frozenset({Role.student})
TAUGHT = frozenset({Role.teacher, Role.assistant, Role.student})
EVERYONE = frozenset(Role)
NAME_LENGTH = 60

# Controls, line breaks and the marks that turn the reading direction of everything after them.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060\u2066-\u2069\ufeff]")


class Member(Struct):
    """One who takes part. `here` is presence as the log has it; `removed` members stay for the record."""

    id: str
    name: str
    role: Role
    seat: Seat
    joined: int
    here: bool = False
    removed: bool = False


class People(Struct):
    """All members of a lesson, built by folding `member.*` events; counts of students here are kept running."""

    members: dict[str, Member] = field(default_factory=dict)
    here: dict[Seat, int] = field(default_factory=lambda: {Seat.room: 0, Seat.remote: 0})

    def get(self, member: str) -> Member | None:
        found = self.members.get(member)
        return None if found is None or found.removed else found

    def name(self, member: str) -> str:
        found = self.members.get(member)
        return found.name if found else ""

    def students(self) -> Iterator[Member]:
        return (m for m in self.members.values() if m.role is Role.student and not m.removed)

    def students_here(self) -> Iterator[Member]:
        return (m for m in self.students() if m.here)


# The program itself: it admits members, notes presence and adds drawn pages. It may utter every command.
SERVER = Member(id="", name="", role=Role.teacher, seat=Seat.room, joined=0)


def clean_name(text: str) -> str:
    """A name fit for a list: one line, no controls or direction marks, at most NAME_LENGTH characters. May be ""."""
    spaced = _UNFIT.sub(" ", unicodedata.normalize("NFC", text))
    return " ".join(spaced.split())[:NAME_LENGTH].strip()
