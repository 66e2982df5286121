"""The shape of a report. What there is no ground to say is absent: a share of nobody, a median of nothing.

Times are ms UTC, lengths ms; shares and coefficients are rounded to four places. `source` names the events that the
figures beside it were computed from."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

FORMAT = 1
Where = dict[str, str | int]


class Figures(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all of them are: optional figures are left out when they are not known."""


class Source(Figures, frozen=True, kw_only=True):
    """All events of `kind` whose fields are as in `where` (`by` is who made it): `n` of them, the first and the last
    at these places of the log."""

    kind: str
    n: int
    first: int
    last: int
    where: Where = {}


Sources = list[Source]


class Seats(Struct, frozen=True):
    room: int
    remote: int


class Headline(Figures, frozen=True, kw_only=True):
    """`people` are students who came; of `expected` answers `answered` were given; `first` and `last`: the share of
    right answers in all first votes and in all last ones."""

    people: int
    took_part: int
    answered: int
    expected: int
    floor: int
    asked: int
    open: int
    first: float | None = None
    last: float | None = None
    source: Sources


class Presence(Figures, frozen=True, kw_only=True):
    """How many students were here at `began`, `began` + `step`, …, by seat; `most` at one time. `late`: came more than
    five minutes after the beginning."""

    step: int
    room: list[int]
    remote: list[int]
    most: int
    joined: Seats
    late: int
    proven: int
    source: Sources


class Written(Figures, frozen=True, kw_only=True):
    """A written answer, or those counted as the same. Struck ones are left out."""

    text: str
    n: int


class Numbers(Figures, frozen=True, kw_only=True):
    mean: float
    median: float
    least: float
    most: float


class RoundFigures(Figures, frozen=True, kw_only=True):
    """One round of voting. `missing` were here and had not answered when it closed. `counts` by option; `before` is the
    round before the discussion that led to this one."""

    n: int
    opened: int
    answered: Seats
    missing: Seats
    closed: int | None = None
    before: int | None = None
    counts: dict[str, int] | None = None
    right: int | None = None
    share: float | None = None
    numbers: Numbers | None = None
    written: list[Written] | None = None
    source: Sources


class Shift(Figures, frozen=True, kw_only=True):
    """From round `first` to round `second`: `moves` counts those who answered both, by first and second answer; `gain`
    is Hake's normalised gain of the shares right in each."""

    first: int
    second: int
    moves: dict[str, dict[str, int]]
    gain: float | None = None
    source: Sources


class Late(Figures, frozen=True, kw_only=True):
    """Answers given after the lesson, in the replay; in no other figure."""

    answered: int
    right: int | None = None
    source: Sources


class Asked(Figures, frozen=True, kw_only=True):
    """A question put to the class. `difficulty`: the share right in the first vote; `discrimination`: how being right
    in it goes with being right in the others (corrected point-biserial correlation), over `compared` students."""

    id: str
    kind: Literal["poll", "peer"]
    form: str
    text: str
    rounds: list[RoundFigures]
    shifts: list[Shift]
    step: int | None = None
    options: dict[str, str] | None = None
    right: list[str] | None = None
    difficulty: float | None = None
    discrimination: float | None = None
    compared: int | None = None
    late: Late | None = None
    source: Sources


class PageFigures(Figures, frozen=True, kw_only=True):
    """A step that was on the stage: how long, how many students were here at most meanwhile, how many were lost on it
    or wanted another pace. `seats` splits `lost` where that tells nobody's mark."""

    id: str
    n: int
    kind: str
    title: str
    shown: int
    here: int
    lost: int
    slower: int
    faster: int
    first: int | None = None
    asset: str | None = None
    dropped: bool = False
    seats: Seats | None = None
    source: Sources


class Question(Figures, frozen=True, kw_only=True):
    """A question that a student asked. `wants` others wanted it answered; `name` only of who gave it."""

    text: str
    at: int
    wants: int
    stand: str
    step: int | None = None
    name: str | None = None
    answered: int | None = None
    answer: str | None = None
    source: Sources


class Questions(Figures, frozen=True, kw_only=True):
    """`asked` counts all, the withdrawn, too, of which the rows say nothing. `wait`: the median time to an answer."""

    asked: int
    stands: dict[str, int]
    rows: list[Question]
    wait: int | None = None
    source: Sources


class TurnOfHand(Figures, frozen=True, kw_only=True):
    """Somebody was given the floor at `at`, after his hand had been up for `waited`."""

    name: str
    seat: str
    at: int
    waited: int


class SeatWaits(Figures, frozen=True, kw_only=True):
    raised: int
    taken: int
    median: int | None = None
    longest: int | None = None


class Hands(Figures, frozen=True, kw_only=True):
    """`lowered` by themselves, `put_down` by staff, `up` still at the end."""

    room: SeatWaits
    remote: SeatWaits
    lowered: int
    put_down: int
    up: int
    turns: list[TurnOfHand]
    source: Sources


class Side(Figures, frozen=True, kw_only=True):
    """One seat beside the other. `asked` and `lost` are left out where they could tell whose they are."""

    people: int
    took_part: int
    answered: int
    expected: int
    floor: int
    right: int
    right_of: int
    median: int | None = None
    asked: int | None = None
    lost: int | None = None


class Parity(Figures, frozen=True, kw_only=True):
    room: Side
    remote: Side
    source: Sources


class Active(Figures, frozen=True, kw_only=True):
    """`spans` of time in which students did something, by what it was, in ms after `began`; `seconds` of each; `share`
    of the hour that is covered by any of them."""

    seconds: dict[str, int]
    spans: dict[str, list[list[int]]]
    share: float | None = None
    source: Sources


class Person(Figures, frozen=True, kw_only=True):
    """A student, and what he did under his name. `right` of `right_of`: polls by name alone."""

    id: str
    name: str
    seat: str
    minutes: int
    answered: int
    expected: int
    right: int
    right_of: int
    raised: int
    floor: int
    asked: int
    strokes: int
    took_part: bool
    came: int | None = None
    last: int | None = None
    proven: bool = False
    removed: bool = False
    source: Sources


class Report(Figures, frozen=True, kw_only=True):
    """`began` to `until` is the hour that lengths and shares of time are of; `ended` is absent while it goes on."""

    format: int
    title: str
    code: str
    course: str
    opened: int
    began: int
    until: int
    ended: int | None = None
    events: int
    digest: str
    headline: Headline
    presence: Presence
    questions: list[Asked]
    pages: list[PageFigures]
    asked: Questions
    hands: Hands
    parity: Parity
    active: Active
    people: list[Person]
    kinds: dict[str, int]


_encode = msgspec.json.Encoder(order="deterministic").encode


def to_json(report: Report) -> bytes:
    """Canonical: equal reports are equal bytes."""
    return _encode(report) + b"\n"


def share(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None
