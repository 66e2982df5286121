"""Everybody's questions without their authors' ids; a name only where the author gave it. Students see what is open or
lately answered, staff also what waits, the wall the one that is shown. A member's own questions are in `mine`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, NotRequired, TypedDict, cast

from mingtang.activities.questions.state import Question, State, is_public
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json

OPEN_SHOWN = 80
WAITING_SHOWN = 40
ANSWERED_SHOWN = 20


class QuestionItem(TypedDict):
    """`asked` and `answered` in ms UTC; `name` only of who gave it; `merged` holds the ids of those united with it, for
    staff with their texts. `stand` is for staff: to others a question is open, or answered when it has `answered`."""

    text: str
    votes: int
    asked: int
    name: NotRequired[str]
    page: NotRequired[str]
    pinned: NotRequired[bool]
    answered: NotRequired[int]
    answer: NotRequired[str]
    merged: NotRequired[dict[str, str]]
    stand: NotRequired[Literal["waiting", "open", "answered", "dismissed"]]


class QuestionsShown(TypedDict):
    """What the wall has of the question on it."""

    text: str
    votes: int


class QuestionsView(TypedDict):
    """The most wanted open questions and the last answered ones; `open` and `waiting` count all. The wall has `wall`
    alone; `waiting` is for staff."""

    anonymous: bool
    see: Literal["at_once", "approved"]
    items: dict[str, QuestionItem]
    open: int
    waiting: NotRequired[int]
    shown: NotRequired[str]
    wall: NotRequired[QuestionsShown]


class QuestionsList(TypedDict):
    """`questions/list`: all that were not withdrawn or merged."""

    items: dict[str, QuestionItem]


class QuestionOwn(TypedDict):
    """`into` is the question that a merged one is asked by."""

    text: str
    stand: Literal["waiting", "open", "answered", "dismissed", "merged"]
    asked: int
    page: NotRequired[str]
    answered: NotRequired[int]
    answer: NotRequired[str]
    into: NotRequired[str]


class QuestionsMine(TypedDict):
    """Own questions, and the ids of questions one has said "me too" to (also of those merged since)."""

    asked: dict[str, QuestionOwn]
    votes: dict[str, bool]


def parts(state: State, role: Role) -> Iterable[str]:
    return ("questions", "questions/list") if role in STAFF else ("questions",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "questions/list" and role in STAFF:
        every = (q for q in state.questions.values() if q.stand not in ("withdrawn", "merged"))
        return {"items": {q.id: _item(state, q, people, True) for q in every}}
    if part != "questions":
        return None
    return _wall(state) if role is Role.wall else cast(Json, _standing(state, people, role in STAFF))


def mine(state: State, member: str, people: People) -> Json:
    questions = (state.questions[id] for id in state.asked.get(member, ()))
    asked = {q.id: _own(q) for q in questions if q.stand != "withdrawn"}
    votes = dict.fromkeys(sorted(state.voted.get(member, ())), True)
    return cast(Json, QuestionsMine(asked=asked, votes=votes)) if asked or votes else {}


def secrets(state: State) -> Iterable[str]:
    """The words that only authors and staff may read, unless a question that all see has them too."""
    public = "\n".join(q.text for q in state.questions.values() if is_public(q))
    return (q.text for q in state.questions.values() if not is_public(q) and q.text not in public)


def _wall(state: State) -> Json:
    shown = state.questions.get(state.shown)
    return {"wall": QuestionsShown(text=shown.text, votes=len(shown.wants))} if shown else {}


def _standing(state: State, people: People, staff: bool) -> QuestionsView:
    seen = QuestionsView(
        anonymous=state.anonymous,
        see=state.see,
        items={q.id: _item(state, q, people, staff) for q in _first(state, staff)},
        open=len(state.ranked),
    )
    if staff:
        seen["waiting"] = len(state.waiting)
    if state.shown:
        seen["shown"] = state.shown
    return seen


def _first(state: State, staff: bool) -> Iterator[Question]:
    yield from (state.questions[id] for _, _, id in state.ranked[:OPEN_SHOWN])
    yield from (state.questions[id] for id in islice(reversed(state.answered), ANSWERED_SHOWN))
    if staff:
        yield from (state.questions[id] for id in islice(state.waiting, WAITING_SHOWN))
    if state.shown:
        yield state.questions[state.shown]


def _item(state: State, question: Question, people: People, staff: bool) -> QuestionItem:
    item = QuestionItem(text=question.text, votes=len(question.wants), asked=question.asked)
    if not question.anonymous:
        item["name"] = people.name(question.by)
    if question.page:
        item["page"] = question.page
    if question.pinned:
        item["pinned"] = True
    if question.answered:
        item["answered"] = question.answered
    if question.answer:
        item["answer"] = question.answer
    if question.merged:
        item["merged"] = {id: state.questions[id].text if staff else "" for id in question.merged}
    if staff:
        item["stand"] = cast(Literal["waiting", "open", "answered", "dismissed"], question.stand)
    return item


def _own(question: Question) -> QuestionOwn:
    own = QuestionOwn(
        text=question.text,
        stand=cast(Literal["waiting", "open", "answered", "dismissed", "merged"], question.stand),
        asked=question.asked,
    )
    if question.page:
        own["page"] = question.page
    if question.answered:
        own["answered"] = question.answered
    if question.answer:
        own["answer"] = question.answer
    if question.into:
        own["into"] = question.into
    return own
