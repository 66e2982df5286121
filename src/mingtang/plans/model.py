"""A plan as data: steps in their order. What a question may be is said by the activities that can be prepared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from mingtang.core.activity import Kinds
from mingtang.core.event import Id, Refused

MOST_STEPS = 2000
LONGEST_CLOCK = 4 * 3600
STAGE = ("page", "board", "note", "timer", "break", "unread")  # kinds of steps that are no activity's

Kind = Annotated[str, Meta(pattern="^[a-z]{1,20}$")]
Notes = Annotated[str, Meta(max_length=4000)]
Shown = Annotated[str, Meta(max_length=4000)]


class PlanPage(Struct, kw_only=True, omit_defaults=True):
    """A page of a deck. Its picture is known once it is drawn."""

    deck: Id
    page: Annotated[int, Meta(ge=1, le=3000)]
    asset: str = ""
    width: int = 0
    height: int = 0
    title: str = ""


class PlanStep(Struct, kw_only=True, omit_defaults=True):
    """`question` is that of the activity `kind` names; `text` is a note's sheet, the label of a timer or break, and of
    an unread step what could not be read; `seconds` how long a timer or break runs; `notes` is for the speaker."""

    id: Id
    kind: Kind
    notes: Notes = ""
    page: PlanPage | None = None
    question: dict[str, Any] | None = None
    text: str = ""
    seconds: Annotated[int, Meta(ge=0, le=LONGEST_CLOCK)] = 0


class BadStep(Exception):  # noqa: N818
    """A step that no plan can hold; `code` is a message key."""

    def __init__(self, step: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.step, self.code, self.params = step, code, params


def question_kinds(kinds: Kinds) -> list[str]:
    return [name for name, activity in kinds.activities.items() if activity.plan]


def checked(kinds: Kinds, steps: Iterable[PlanStep]) -> list[PlanStep]:
    """The steps as they are kept: what belongs to another kind left out, questions in their full shape. Raises
    BadStep."""
    seen: set[str] = set()
    kept = []
    for step in steps:
        if step.id in seen:
            raise BadStep(step.id, "plan.same_id")
        seen.add(step.id)
        kept.append(_checked(kinds, step))
    if len(kept) > MOST_STEPS:
        raise BadStep(kept[MOST_STEPS].id, "plan.too_many_steps", most=MOST_STEPS)
    return kept


def _checked(kinds: Kinds, step: PlanStep) -> PlanStep:
    kept = PlanStep(id=step.id, kind=step.kind, notes=step.notes)
    match step.kind:
        case "page":
            if step.page is None:
                raise BadStep(step.id, "plan.no_page")
            kept.page = PlanPage(deck=step.page.deck, page=step.page.page)
        case "board":
            pass
        case "note":
            kept.text = _text(step, step.text, 4000)
        case "unread":
            kept.text = _text(step, step.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"), 1_000_000).rstrip()
        case "timer" | "break":
            kept.text, kept.seconds = " ".join(step.text.split()), step.seconds
            if not step.seconds or len(kept.text) > 80:
                raise BadStep(step.id, "plan.no_seconds" if not step.seconds else "plan.long_label", most=80)
        case _:
            kept.question = plain(content(kinds, step))
    return kept


def _text(step: PlanStep, text: str, most: int) -> str:
    if not text.strip():
        raise BadStep(step.id, "plan.no_text")
    if len(text) > most:
        raise BadStep(step.id, "plan.long_text", most=most)
    return text


def content(kinds: Kinds, step: PlanStep) -> Struct:
    """The question of a step, in its activity's shape. Raises BadStep."""
    activity = kinds.activities.get(step.kind)
    if activity is None or activity.plan is None:
        raise BadStep(step.id, "plan.unknown_kind", kind=step.kind)
    try:
        found: Struct = activity.plan.check(msgspec.convert(step.question, activity.plan.Content))
    except msgspec.ValidationError as error:
        raise BadStep(step.id, "plan.bad_question", reason=str(error)) from error
    except Refused as refused:
        raise BadStep(step.id, refused.code, **refused.params) from refused
    return found


def plain(content: Struct) -> dict[str, Any]:
    """A question as JSON has it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(content))
    return found


def questions(kinds: Kinds, steps: Iterable[PlanStep]) -> Iterator[PlanStep]:
    known = set(question_kinds(kinds))
    return (step for step in steps if step.kind in known)


def encode(steps: Iterable[PlanStep]) -> str:
    return msgspec.json.encode(list(steps)).decode()


def decode(content: str) -> list[PlanStep]:
    return msgspec.json.decode(content, type=list[PlanStep])
