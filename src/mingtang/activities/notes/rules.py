"""A student stars a step or writes a note on it, at any time of the lesson, and is the only one who sees it.

A note is written whole: each settled edit is one event, and an empty text takes it away. The log's file holds what is
written here like everything else; erasing a person blanks it there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.member import STUDENTS
from mingtang.core.text import BLANK

MOST_STEPS = 500
MOST_SIGNS = 100_000  # of all notes of one student: the whole of them comes with every hello
MOST_EDITS = 5_000

Note = Annotated[str, Meta(max_length=4000)]
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")


class Star(Command, tag="notes.star"):
    """Marks a step for oneself."""

    roles = STUDENTS
    page: Id


class Unstar(Command, tag="notes.unstar"):
    """Takes the mark away."""

    roles = STUDENTS
    page: Id


class Write(Command, tag="notes.write"):
    """One's note on a step is now this; an empty text takes it away."""

    roles = STUDENTS
    page: Id
    text: Note


class NotesStarred(Event, tag="notes.starred"):
    """A student marked a step for himself."""

    page: str


class NotesUnstarred(Event, tag="notes.unstarred"):
    """A student took the own mark away."""

    page: str


class NotesWritten(Event, tag="notes.written"):
    """A student's own note on a step is now this."""

    page: str
    text: str


commands = (Star, Unstar, Write)
events = (NotesStarred, NotesUnstarred, NotesWritten)
contributions = events


class Sheet(Struct):
    """What one student keeps: starred steps, and notes by step."""

    stars: dict[str, bool] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    signs: int = 0
    edits: int = 0


class State(Struct):
    """`sheets` by member."""

    sheets: dict[str, Sheet] = field(default_factory=dict)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    sheet = state.sheets.get(act.by.id) or Sheet()
    match command:
        case Star(page=page) if page not in sheet.stars:
            if len(sheet.stars) >= MOST_STEPS:
                raise Refused("notes.too_many", most=MOST_STEPS)
            return [NotesStarred(page=page)]
        case Unstar(page=page) if page in sheet.stars:
            return [NotesUnstarred(page=page)]
        case Write():
            return _write(sheet, command.page, tidied(command.text))
    return []


def tidied(text: str) -> str:
    """Lines stay lines; what cannot be seen, and white space at the end, goes."""
    one_kind = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub("", one_kind).rstrip()


def _write(sheet: Sheet, page: str, text: str) -> list[Event]:
    before = sheet.texts.get(page, "")
    if text == before:
        return []
    begins = not before and len(sheet.texts) >= MOST_STEPS
    longer = len(text) > len(before)
    if longer and (begins or sheet.edits >= MOST_EDITS or sheet.signs + len(text) - len(before) > MOST_SIGNS):
        raise Refused("notes.full")
    return [NotesWritten(page=page, text=text)]


def fold(state: State, event: Event, fact: Fact) -> None:
    sheet = state.sheets.setdefault(fact.by, Sheet())
    match event:
        case NotesStarred():
            sheet.stars[event.page] = True
        case NotesUnstarred():
            sheet.stars.pop(event.page, None)
        case NotesWritten():
            sheet.edits += 1
            sheet.signs += len(event.text) - len(sheet.texts.pop(event.page, ""))
            if event.text:
                sheet.texts[event.page] = event.text


def touches(event: Event) -> Iterable[str]:
    """No view has any of this: it is in `mine` alone."""
    return ()


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """The words. That there was a note, and where, stays."""
    for fact in facts:
        if fact.by in gone and isinstance(fact.event, NotesWritten) and fact.event.text:
            yield replace(fact, event=replace(fact.event, text=BLANK))
