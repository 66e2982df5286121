"""One student's own reading of a lesson: what the students' view showed, and what is the student's alone.

It holds nothing that the student's screen never had: it is the view of the role and the member's own, put together."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
from msgspec import Struct

from mingtang.core.lesson import Lesson
from mingtang.core.member import Role, Seat
from mingtang.readings.following import Followed, follow
from mingtang.readings.pages import absent, paragraphs
from mingtang.stores.reading import LogReader

INK = "ink/"


class Owner(Struct):
    name: str
    seat: Seat


class Notebook(Struct):
    """`parts` and `mine` as the student's screen has them, ink included; `moments` says when each step and question
    first came (ms UTC, see Followed), `began` when the lesson did; `texts` holds the paragraphs of each slide by asset.
    True at log position `seq`, whose time is `at`. `linked`: opened by the personal link, which gives no replay."""

    lesson: str
    you: Owner
    seq: int
    at: int
    began: int
    parts: dict[str, Any]
    mine: dict[str, Any]
    moments: dict[str, int]
    texts: dict[str, tuple[str, ...]]
    linked: bool = False


def notebook(id: str, found: Followed, member: str, assets: str = "") -> Notebook | None:
    """None for somebody who is no member, or was sent out."""
    lesson = found.lesson
    owner = lesson.people.get(member)
    if owner is None:
        return None
    parts = _parts(lesson)
    steps = parts.get("slides", {}).get("steps", {})
    pictures = [step["asset"] for step in steps.values() if "asset" in step]
    mine = lesson.mine(member)
    return Notebook(
        lesson=id,
        you=Owner(owner.name, owner.seat),
        seq=lesson.seq,
        at=lesson.at,
        began=found.began,
        parts=parts,
        mine=mine,
        moments=_moments(found.moments, parts, mine),
        texts={asset: said for asset in pictures if (said := paragraphs(assets, asset))},
    )


def _parts(lesson: Lesson) -> dict[str, Any]:
    """Ink on pages that were never shown stays out; so does the picture that comes next."""
    parts = lesson.views(Role.student)
    slides = {key: value for key, value in parts.get("slides", {}).items() if key != "next"}
    steps = slides.get("steps", {})
    kept = {part: v for part, v in parts.items() if not part.startswith(INK) or part.removeprefix(INK) in steps}
    return {**kept, "slides": slides}


def _moments(moments: dict[str, int], parts: dict[str, Any], mine: dict[str, Any]) -> dict[str, int]:
    known = {f"slides/{step}" for step in parts["slides"].get("steps", {})}
    known |= {f"{kind}/{id}" for kind in ("poll", "peer") for id in parts.get(kind, {})}
    known |= {f"questions/{id}" for id in mine.get("questions", {}).get("asked", {})}
    return {name: at for name, at in moments.items() if name in known}


def absent_pages(log: LogReader, lesson: str, assets: str) -> list[str]:
    """Pages whose writing has to be fetched first, for a reading process."""
    found = follow(log, lesson)
    return absent(assets, found.assets) if found else []


def read(log: LogReader, lesson: str, member: str, assets: str, linked: bool = False) -> bytes | None:
    """The notebook as gzipped JSON, for a reading process."""
    found = follow(log, lesson)
    made = found and notebook(lesson, found, member, assets)
    if not made:
        return None
    made.linked = linked
    return gzip.compress(msgspec.json.encode(made), 5, mtime=0)
