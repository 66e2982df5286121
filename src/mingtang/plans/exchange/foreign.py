"""A question as another program's file has it, before it is made one of ours; and what is told of what stays behind."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollQuestion

Kind = Literal["single", "multiple", "truefalse", "text", "number", "matching", "essay", "note"]
PEER = "peer instruction"  # the tag by which our own exports are known again
WHERE = 80


class Note(Struct):
    """What was not carried over. `where`: the question's name or its beginning; `what`: the thing, in one word; `code`
    is a message key."""

    where: str
    what: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


class Taken(Struct, omit_defaults=True):
    """One step for a plan: a poll, a question of peer instruction, or a text alone."""

    poll: PollQuestion | None = None
    peer: PeerQuestion | None = None
    text: str = ""


class File(Struct):
    """What a whole file comes to."""

    taken: list[Taken]
    notes: list[Note]


class Choice(Struct):
    """`share`: 1 for a right answer, between 0 and 1 for a partly right one, below 0 for one that costs points."""

    text: str
    share: float = 0.0
    tolerance: float = 0.0


class Foreign(Struct):
    """`choices`: the options, or the accepted answers. `pairs`: left and right; an empty left is a right side too many.
    `lost`: what the file says and no poll of ours can."""

    kind: Kind
    text: str
    name: str = ""
    line: int = 0
    choices: list[Choice] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    peer: bool = False
    lost: set[str] = field(default_factory=set)
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        said = " ".join((self.name or self.text).split())
        return said if len(said) <= WHERE else said[: WHERE - 1] + "…"


class BadFile(Exception):  # noqa: N818
    """The file as a whole is refused; `code` is a message key."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params
