"""Staff ask for one page's marks by span of time, or for every page's sums; each student sees the own marks alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, cast

from mingtang.activities.pace.rules import MARKS, Page, State
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json

PAGE = "pace/on/"


class PaceOn(TypedDict, total=False):
    """`pace/on/<step>`: how many marks were put in each span, by the span's number (30 s each, counted from 1970).
    The screen weighs them by age; spans older than six minutes may be missing."""

    lost: dict[str, int]
    slower: dict[str, int]
    faster: dict[str, int]


class PaceSum(TypedDict, total=False):
    lost: int
    slower: int
    faster: int


class PacePages(TypedDict):
    """How many students ever put each mark, by step."""

    pages: dict[str, PaceSum]


class PaceMarks(TypedDict, total=False):
    """When the own marks were put, ms UTC."""

    lost: int
    slower: int
    faster: int


class PaceMine(TypedDict):
    pages: dict[str, PaceMarks]


def parts(state: State, role: Role) -> Iterable[str]:
    return ("pace/pages", *(PAGE + page for page in state.pages)) if role in STAFF else ()


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if role not in STAFF:
        return None
    if part == "pace/pages":
        return cast(Json, PacePages(pages={id: _sums(page) for id, page in state.pages.items()}))
    if part.startswith(PAGE) and part.count("/") == 2:
        page = state.pages.get(part.removeprefix(PAGE))
        return {} if page is None else cast(Json, _spans(page))
    return None


def mine(state: State, member: str, people: People) -> Json:
    pages = {id: cast(PaceMarks, dict(marks)) for id, marks in state.own.get(member, {}).items() if marks}
    return cast(Json, PaceMine(pages=pages)) if pages else {}


def _spans(page: Page) -> PaceOn:
    return cast(PaceOn, {m: {str(s): n for s, n in page.spans[m].items()} for m in MARKS if page.spans[m]})


def _sums(page: Page) -> PaceSum:
    return cast(PaceSum, {mark: len(page.ever[mark]) for mark in MARKS if page.ever[mark]})
