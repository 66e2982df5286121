"""A question to the index: who may find what, in which order, and a piece of each text with what was found in it."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from mingtang.readings.search.folding import CLOSE, Term, expression, placed, terms
from mingtang.readings.search.index import FORMAT, seen_by_all, seen_by_one, seen_by_staff
from mingtang.stores.reading import LogReader

MOST_HITS = 300
MOST_LESSONS = 30
MOST_OF_ONE = 12
BEFORE, AROUND = 24, 150
BEGINS = f"(?<!(?![{CLOSE}])[^\\W_])"  # of a word: no letter or number of the same kind of script stands before
# A title is worth more than a word on a slide, what one wrote oneself more than what others said.
WORTH = {"lesson": 3.0, "note": 1.6, "poll": 1.4, "peer": 1.4, "question": 1.2, "slide": 1.0, "right": 0.9}
OTHER = 0.8

FIND = """
select entry.lesson, entry.kind, entry.ref, entry.step, entry.at, entry.text, entry.sight not in ('', 'staff') as own,
  bm25(words, 0.0, 1.0) as score, entry.id
from words join entry on entry.id = words.rowid where words match ? order by score limit ?
"""


class Piece(Struct, array_like=True):
    """A stretch of a text; `hit` when it is what was asked for."""

    text: str
    hit: bool


class Hit(Struct, omit_defaults=True):
    """`at`: whole seconds since the lesson began, absent for what never came; `own`: only the asker can find it."""

    kind: str
    pieces: list[Piece]
    step: str = ""
    at: int | None = None
    own: bool = False


class Found(Struct):
    """What was found in one lesson, best first; `more` were left out. `began` in ms UTC."""

    lesson: str
    title: str
    course: str
    began: int
    hits: list[Hit]
    more: int = 0


class Answer(Struct):
    """Lessons, the one with the best hit first. `more`: there was more than can be shown."""

    lessons: list[Found]
    more: bool = False


NOTHING = msgspec.json.encode(Answer([]))


class Row(NamedTuple):
    lesson: str
    kind: str
    ref: str
    step: str
    at: int
    text: str
    own: int
    score: float
    id: int


def find(log: LogReader, path: str, query: str, members: dict[str, str] | None) -> bytes:
    """An Answer as JSON, for a reading process. `members`: which lessons the asker is a member of, as whom; None is the
    teacher, who finds what staff see in all of them."""
    asked, db = terms(query), _readable(Path(path))
    if not asked or db is None:
        return NOTHING
    with contextlib.closing(db):
        sight = _sight(db, members)
        if not sight:
            return NOTHING
        match = f"sight : ({sight}) AND grams : ({expression(asked)})"
        rows = [Row(*row) for row in db.execute(FIND, (match, MOST_HITS))]
        return msgspec.json.encode(_answer(db, rows, asked))


def _sight(db: sqlite3.Connection, members: dict[str, str] | None) -> str:
    if members is None:
        return "all OR staff"
    words: list[str] = []
    for lesson, member in members.items():
        row = db.execute("select staff from person where lesson = ? and member = ?", (lesson, member)).fetchone()
        if row:  # who was sent out finds nothing there
            words += [seen_by_all(lesson), seen_by_one(member)]
            words += [seen_by_staff(lesson)] if row[0] else []
    return " OR ".join(words)


def _answer(db: sqlite3.Connection, rows: list[Row], asked: list[Term]) -> Answer:
    """The rows come from FTS5's own ranking; the worth of their kinds makes the order."""
    by_lesson: dict[str, list[tuple[float, Row]]] = {}
    for row in rows:
        by_lesson.setdefault(row.lesson, []).append((-row.score * WORTH.get(row.kind, OTHER), row))
    told = {id: (title, course, began) for id, title, course, began in _lessons(db, list(by_lesson))}
    best = sorted(by_lesson, key=lambda id: (-max(s for s, _ in by_lesson[id]), -told[id][2], id))
    found = [_found(id, *told[id], _once(by_lesson[id]), asked) for id in best[:MOST_LESSONS]]
    return Answer(found, more=len(rows) == MOST_HITS or len(best) > MOST_LESSONS)


def _lessons(db: sqlite3.Connection, ids: list[str]) -> list[Any]:
    blanks = ",".join("?" * len(ids))
    return db.execute(f"select id, title, course, began from lesson where id in ({blanks})", ids).fetchall()  # noqa: S608


def _once(scored: list[tuple[float, Row]]) -> list[Row]:
    """Best first, in the order of the lesson where they are worth the same; a text that two sights hold only once."""
    ordered = sorted(scored, key=lambda one: (-round(one[0], 6), one[1].at < 0, one[1].at, one[1].id))
    return list({(row.kind, row.ref, row.text): row for _, row in ordered}.values())


def _found(lesson: str, title: str, course: str, began: int, rows: list[Row], asked: list[Term]) -> Found:
    hits = [_hit(row, asked) for row in rows[:MOST_OF_ONE]]
    return Found(lesson, title, course, began, hits, len(rows) - len(hits))


def _hit(row: Row, asked: list[Term]) -> Hit:
    at = None if row.at < 0 else row.at // 1000
    return Hit(kind=row.kind, pieces=pieces(row.text, asked), step=row.step, at=at, own=bool(row.own))


def pieces(text: str, asked: list[Term]) -> list[Piece]:
    """A stretch of the text around the first hit, as one line, parted into what was asked for and the rest."""
    normal, folded, places = placed(text)
    spots = sorted({(places[a], places[b - 1] + 1) for a, b in _spots(folded, asked)})
    start, stop = _window(normal, spots[0] if spots else (0, 0))
    made: list[Piece] = [Piece("…", False)] if start else []
    at = start
    for a, b in spots:
        a, b = max(a, at), min(b, stop)
        if a < b:
            made += [Piece(normal[at:a], False), Piece(normal[a:b], True)]
            at = b
    made += [Piece(normal[at:stop], False), Piece("…" if stop < len(normal) else "", False)]
    return _joined(made)


def _joined(made: list[Piece]) -> list[Piece]:
    """Neighbours of one kind together, white space as single spaces, nothing empty."""
    whole: list[Piece] = []
    for piece in made:
        text = re.sub(r"\s+", " ", piece.text)
        if whole and whole[-1].hit == piece.hit:
            whole[-1].text += text
        elif text:
            whole.append(Piece(text, piece.hit))
    return whole


def _spots(folded: str, asked: list[Term]) -> Iterator[tuple[int, int]]:
    for term in asked:
        beginning = "" if term.close else BEGINS
        for found in re.finditer(beginning + re.escape(term.text), folded):
            yield found.span()


def _window(text: str, spot: tuple[int, int]) -> tuple[int, int]:
    """Not cut within a word where that can be helped."""
    start = max(0, spot[0] - BEFORE)
    if start and (space := text.find(" ", start, spot[0])) > 0:
        start = space + 1
    stop = min(len(text), max(spot[1], start + AROUND))
    if stop < len(text) and (space := text.rfind(" ", spot[1], stop)) > 0:
        stop = space
    return start, stop


def _readable(path: Path) -> sqlite3.Connection | None:
    """None for an index that is not there yet, or is being made anew."""
    with contextlib.suppress(sqlite3.DatabaseError):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        if db.execute("pragma user_version").fetchone()[0] == FORMAT:
            return db
        db.close()
    return None
