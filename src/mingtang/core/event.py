"""What may stand in a log (Event, Fact) and what may be asked for (Command, Refused)."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, NamedTuple

from msgspec import Meta, Struct

from mingtang.core.member import Role

# Ids become keys of maps in browsers, so the three names that reach an object's prototype are not ids (protocol S6).
ID_PATTERN = r"^(?!(?:constructor|prototype)$)[A-Za-z0-9][A-Za-z0-9-]{0,31}$"
Id = Annotated[str, Meta(pattern=ID_PATTERN)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]

_is_id = re.compile(ID_PATTERN).match


def is_id(text: str) -> bool:
    return _is_id(text) is not None


class Event(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A fact, past tense, tagged `activity.fact`. `version` grows when its shape changes (see upcast)."""

    version: ClassVar[int] = 1


class Command(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """A wish, imperative, tagged `activity.wish`. Only members whose role is in `roles` may utter it;
    a command with no roles is the server's own. `late` ones are uttered after the end of the lesson, and only then."""

    roles: ClassVar[frozenset[Role]] = frozenset()
    late: ClassVar[bool] = False


class Fact(Struct, frozen=True):
    """An event at its place in the log. `at` is UTC in ms; `by` a member id, "" the server; `cmd` the command's id."""

    seq: int
    at: int
    by: str
    cmd: str
    event: Event

    @property
    def kind(self) -> str:
        return kind_of(type(self.event))


class Row(NamedTuple):
    """A fact as stores keep it: `data` is the event as JSON, `version` the shape it was written in."""

    seq: int
    at: int
    by: str
    cmd: str
    kind: str
    version: int
    data: bytes


class Refused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """A command's "no". `code` is a message key in every language, `params` fill the message."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def kind_of(struct: type[Struct]) -> str:
    return str(struct.__struct_config__.tag)
