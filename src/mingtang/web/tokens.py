"""Signed cookies and links. What they say can be read by their holder, but not made or changed by anybody else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from mingtang.web import keyring

DAY = 24 * 3600
MEMBER_DAYS, KEYRING_DAYS, STAFF_DAYS, TEACHER_DAYS, WALL_DAYS = 14, 200, 30, 180, 365
TICKET_SECONDS = 60

TEACHER = "mt-teacher"
WALL = "mt-wall"
KEYRING = "mt-kept"
MEMBER = "mt-"


def member_cookie(lesson: str) -> str:
    return f"{MEMBER}{lesson}"


def staff_cookie(lesson: str) -> str:
    return f"mt-staff-{lesson}"


def is_staffs(cookie: str) -> bool:
    return cookie == TEACHER or cookie.startswith(staff_cookie(""))


def notebook_cookie(lesson: str) -> str:
    return f"{MEMBER}book-{lesson}"


def new_id() -> str:
    return secrets.token_hex(8)


def digest(token: str) -> str:
    return hashlib.sha256(_bytes(token)).hexdigest()


def _bytes(text: str) -> bytes:
    """Of whatever was sent: a header's bytes beyond ASCII arrive as half characters, which utf-8 alone refuses."""
    return text.encode("utf-8", "surrogatepass")


class Held(NamedTuple):
    """What a personal link to a notebook says; good as long as the catalog has this number for it."""

    lesson: str
    member: str
    number: int


class Seals:
    """One secret of the server, used apart for each purpose: a member's cookie is never taken for a teacher's."""

    def __init__(self, secret: bytes, teacher_key: str, now: Callable[[], float] = time.time) -> None:
        self._signer = hmac.new(secret, digestmod="sha256")
        self._teacher_key = teacher_key
        self._now = now

    def seal(self, purpose: str, *fields: str, seconds: float) -> str:
        """Fields may not hold a dot."""
        body = ".".join((*fields, str(int(self._now() + seconds))))
        return f"{body}.{self._sign(purpose, body)}"

    def unseal(self, purpose: str, text: str) -> list[str] | None:
        """The fields, or None when the seal is not ours, was for something else, or is too old."""
        body, _, sign = text.rpartition(".")
        if not body or not hmac.compare_digest(_bytes(sign), _bytes(self._sign(purpose, body))):
            return None
        *fields, until = body.split(".")
        return fields if int(until) > self._now() else None

    def _sign(self, purpose: str, body: str) -> str:
        signer = self._signer.copy()  # hmac.digest hands the interpreter to another thread each time
        signer.update(_bytes(f"{purpose}\0{body}"))
        return signer.hexdigest()[:40]

    # The teacher

    def is_teacher_key(self, key: str) -> bool:
        return hmac.compare_digest(_bytes(key), _bytes(self._teacher_key))

    def teacher(self) -> str:
        return self.seal("teacher", digest(self._teacher_key)[:16], seconds=TEACHER_DAYS * DAY)

    def is_teacher(self, text: str) -> bool:
        """False as well for a cookie given out under an older key."""
        return self.unseal("teacher", text) == [digest(self._teacher_key)[:16]]

    # Members: the ids of a teacher and a wall follow from who they are, so that they come back as the same member

    def teacher_member(self, lesson: str) -> str:
        return "t" + self._sign("teacher member", lesson)[:15]

    def wall_member(self, wall: str, lesson: str) -> str:
        return "w" + self._sign("wall member", f"{wall}.{lesson}")[:15]

    def member(self, cookies: Mapping[str, str], lesson: str) -> str | None:
        """By the lesson's own cookie; once that is gone, by the browser's keyring."""
        own = self._held("member", cookies.get(member_cookie(lesson), ""), lesson)
        return own or self._kept(cookies).get(lesson)

    def memberships(self, cookies: Mapping[str, str]) -> dict[str, str]:
        """All that this browser is a member of: lesson → member, those of the keyring first."""
        found = self._kept(cookies)
        for name, value in cookies.items():
            lesson = name.removeprefix(MEMBER)
            if name.startswith(MEMBER) and (member := self._held("member", value, lesson)):
                found[lesson] = member
        return found

    def keyring(self, members: Mapping[str, str]) -> str:
        """The value of a cookie that keeps them for a term."""
        return self.seal("kept", keyring.packed(members), seconds=KEYRING_DAYS * DAY)

    def _kept(self, cookies: Mapping[str, str]) -> dict[str, str]:
        fields = self.unseal("kept", cookies.get(KEYRING, ""))
        return keyring.unpacked(fields[0]) if fields else {}

    def staff(self, cookies: dict[str, str], lesson: str) -> str | None:
        return self._held("staff", cookies.get(staff_cookie(lesson), ""), lesson)

    def ticket(self, text: str, lesson: str) -> str | None:
        return self._held("ticket", text, lesson)

    def _held(self, purpose: str, text: str, lesson: str) -> str | None:
        fields = self.unseal(purpose, text)
        return fields[1] if fields and fields[0] == lesson else None

    def notebook_token(self, held: Held) -> str:
        return self.seal("notebook", held.lesson, held.member, str(held.number), seconds=KEYRING_DAYS * DAY)

    def notebook(self, token: str) -> Held | None:
        fields = self.unseal("notebook", token)
        return Held(fields[0], fields[1], int(fields[2])) if fields else None

    def wall(self, cookies: dict[str, str]) -> tuple[str, str] | None:
        """The wall's id and the pairing code it shows."""
        fields = self.unseal("wall", cookies.get(WALL, ""))
        return (fields[0], fields[1]) if fields else None
