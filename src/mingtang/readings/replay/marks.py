"""Where one may want to jump to in a lesson: each step put on the stage, each question opened, and for staff each
question from the class and each hand."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mingtang.core.event import Fact
from mingtang.core.member import STAFF, Role
from mingtang.core.patch import Json

OPENED = {"poll.opened": "poll", "peer.opened": "peer"}
FOR_STAFF = {"questions.asked": "question", "hands.raised": "hand"}


class Chapter(Struct, omit_defaults=True):
    """A step came on the stage at `at`, as the role saw it then."""

    at: int
    step: str
    kind: str
    title: str = ""
    ref: str = ""
    asset: str = ""


class Mark(Struct, omit_defaults=True):
    """`kind` is poll, peer, question or hand; `id` that of a poll or peer question."""

    at: int
    kind: str
    id: str = ""


class Marks:
    def __init__(self, role: Role) -> None:
        self._kinds = {**OPENED, **(FOR_STAFF if role in STAFF else {})}
        self.chapters: list[Chapter] = []
        self.marks: list[Mark] = []
        self._step = ""

    def note(self, fact: Fact, at: int) -> None:
        if kind := self._kinds.get(fact.kind):
            self.marks.append(Mark(at, kind, getattr(fact.event, "id", "") if fact.kind in OPENED else ""))

    def look(self, slides: Json, at: int) -> None:
        """`slides` is the part as the role has it now: what it does not hold is in no chapter."""
        now: dict[str, Any] = slides.get("now", {})
        step = str(now.get("step", ""))
        if not step or step == self._step:
            return
        self._step = step
        told: dict[str, Any] = slides.get("steps", {}).get(step, {})
        self.chapters.append(
            Chapter(at, step, str(now["kind"]), told.get("title", ""), now.get("ref", ""), told.get("asset", ""))
        )
