"""The tables of the catalog. Times are UTC in ms; an `ended` of 0 means not ended."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Ms = Annotated[int, mapped_column(BigInteger)]


class Record(DeclarativeBase):
    """The mother of all tables."""


class LessonRecord(Record):
    """One lesson. `title`, `ended` and `people` are copied from its log so that a list need not read logs."""

    __tablename__ = "lessons"
    # Where `ended` is 0: the migration says so in both dialects. Said here it would load PostgreSQL's at every start.
    __table_args__ = (Index("lessons_open_code", "code", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    course: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    created: Mapped[Ms]
    ended: Mapped[Ms] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)


class DeckRecord(Record):
    """An uploaded file. `status` is reading, ready or failed; `code` says why it failed."""

    __tablename__ = "decks"

    id: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), index=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    pages: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str]
    created: Mapped[Ms]
    code: Mapped[str] = mapped_column(default="")


class PageRecord(Record):
    """Which asset holds which page of a deck."""

    __tablename__ = "pages"

    deck: Mapped[str] = mapped_column(ForeignKey("decks.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(unique=True)


class AssistantLink(Record):
    """A link that lets its holder assist in one lesson; the token itself is not kept."""

    __tablename__ = "assistant_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), index=True)
    created: Mapped[Ms]


class NotebookRecord(Record):
    """Which of a member's personal links to the notebook is good: those with this number. No row is number 1."""

    __tablename__ = "notebooks"

    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class WallRecord(Record):
    """Which lesson a projector's screen shows, so that it comes back by itself after a power cut."""

    __tablename__ = "walls"

    id: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), index=True)
    paired: Mapped[Ms]


class PlanRecord(Record):
    """A plan as it is now; what it holds stands in its versions. An `archived` of 0 means in use."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    course: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    version: Mapped[int]
    created: Mapped[Ms]
    updated: Mapped[Ms] = mapped_column(index=True)
    archived: Mapped[Ms] = mapped_column(default=0)


class PlanVersion(Record):
    """What a plan held at one time; never changed. `content` is its steps as JSON, `source` the text it was read from
    ("" when it came from the editor), `deck` and `page` its first page."""

    __tablename__ = "plan_versions"

    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Ms]
    title: Mapped[str]
    course: Mapped[str]
    language: Mapped[str]
    content: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    steps: Mapped[int]
    questions: Mapped[int]
    deck: Mapped[str] = mapped_column(default="")
    page: Mapped[int] = mapped_column(default=0)


class PlanDeck(Record):
    """A file whose pages plans use. `status` is reading, ready or failed; `code` and `params` (JSON) say why."""

    __tablename__ = "plan_decks"

    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(index=True)
    pages: Mapped[int]
    sha256: Mapped[str]
    created: Mapped[Ms]
    code: Mapped[str] = mapped_column(default="")
    params: Mapped[str] = mapped_column(default="{}")


class PlanDeckUse(Record):
    """By which name of file a plan uses a deck. Copies of a plan use the same decks."""

    __tablename__ = "plan_deck_uses"

    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    deck: Mapped[str] = mapped_column(ForeignKey("plan_decks.id"), primary_key=True, index=True)
    name: Mapped[str]
    added: Mapped[Ms]


class PlanPage(Record):
    """A drawn page of a deck that plans use."""

    __tablename__ = "plan_pages"

    deck: Mapped[str] = mapped_column(ForeignKey("plan_decks.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    title: Mapped[str] = mapped_column(default="")


class Taught(Record):
    """Which version of which plan a lesson was begun from, for which group of students."""

    __tablename__ = "taught"

    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    version: Mapped[int]
    group: Mapped[str] = mapped_column(default="")


class ImportedRecord(Record):
    """A lesson that came as a file; `asset` is its first page."""

    __tablename__ = "imported"

    lesson: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    asset: Mapped[str]
    pages: Mapped[int]


class KeyRecord(Record):
    """A secret that all nodes on one PostgreSQL share; on one machine it is a file of the data folder."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class WallCode(Record):
    """The digits that a wall shows until it is paired."""

    __tablename__ = "wall_codes"

    code: Mapped[str] = mapped_column(primary_key=True)
    wall: Mapped[str] = mapped_column(index=True)
    until: Mapped[Ms]


class BankQuestion(Record):
    """The question bank's index: a question of a plan as it is now. `content` is its JSON, `folded` what it is found
    by, `version` the plan's when it was last changed, `present` 0 once it was taken out of the plan."""

    __tablename__ = "bank_questions"

    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    present: Mapped[int]
    kind: Mapped[str]
    form: Mapped[str]
    version: Mapped[int]
    versions: Mapped[int]
    changed: Mapped[Ms] = mapped_column(index=True)
    content: Mapped[str]
    folded: Mapped[str]


class BankVersion(Record):
    """A question as it was from this version of its plan on."""

    __tablename__ = "bank_versions"

    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Ms]
    content: Mapped[str]


class BankPlan(Record):
    """As far as a plan is in the question bank's index."""

    __tablename__ = "bank_plans"

    plan: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    version: Mapped[int]


class BankAsked(Record):
    """A question of a plan asked in a lesson, as its log tells it; `told` is JSON: shares, gain, distractors. Such a
    row may outlive its lesson's record, and is then shown to nobody."""

    __tablename__ = "bank_asked"

    lesson: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True, index=True)
    plan: Mapped[str]
    version: Mapped[int]
    group: Mapped[str] = mapped_column(default="")
    at: Mapped[Ms]
    answers: Mapped[int]
    told: Mapped[str]


class BankLesson(Record):
    """A lesson whose history is in the question bank's index."""

    __tablename__ = "bank_lessons"

    lesson: Mapped[str] = mapped_column(primary_key=True)
