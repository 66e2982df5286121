"""What must be true of every activity when a person is erased from a log."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from mingtang.activities.captions.facts import Say
from mingtang.activities.ink.rules import StrokeDrawn
from mingtang.activities.notes.rules import NotesWritten
from mingtang.activities.peer.facts import PeerSaid
from mingtang.activities.poll.facts import PollAnsweredLate, PollMade, PollVoted
from mingtang.activities.poll.question import PollForm, PollQuestion
from mingtang.activities.questions.facts import QuestionAsked, QuestionEdited
from mingtang.core.erasing import erase, erased
from mingtang.core.event import Event, Fact
from mingtang.core.frame import MemberRenamed
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import Role, Seat
from tests.laws.classes import KINDS, PEOPLE, Wish, begun, run, stretch, wishes

GONE, STAYS = "idqz-s1", "idqz-s2"
MARK = "qZMark"
encode = msgspec.json.Encoder(order="deterministic").encode


def free_texts(struct: type) -> list[str]:
    """The fields in which whoever utters a command can write what he likes."""
    fields = inspect.type_info(struct).fields  # type: ignore[attr-defined]
    return [f.name for f in fields if f.name != "kind" and any(_is_free(t) for t in _inner(f.type))]


def _inner(kind):
    yield kind
    for part in (*getattr(kind, "types", ()), *([kind.item_type] if hasattr(kind, "item_type") else [])):
        yield from _inner(part)


def _is_free(kind) -> bool:
    return isinstance(kind, inspect.StrType) and kind.pattern is None and (kind.max_length or 999) > 60


def marked(wish: Wish, number: int) -> Wish:
    """What some student writes is now written by the one who is to go, with words that occur nowhere else; so is what a
    program hears somebody say."""
    if isinstance(wish.command, Say) and number % 4 != 3 and wish.command.text.strip():
        said = msgspec.structs.replace(wish.command, member=GONE, text=f"{MARK} {number} {wish.command.text}")
        return Wish(wish.by, said, wish.wait, wish.seed)
    written = free_texts(type(wish.command))
    if not written or Role.student not in wish.command.roles or number % 4 == 3:
        return wish
    changes = {}
    for name in written:
        match getattr(wish.command, name):
            case str(text) if text.strip():
                changes[name] = f"{MARK} {number} {text}"
            case [str(), *_] as texts if MARK not in texts[0] and len(texts[0]) > 1:
                changes[name] = [f"{MARK}{number} {text}"[:40] for text in texts]
    return Wish(GONE, msgspec.structs.replace(wish.command, **changes), wish.wait, wish.seed)


def writing() -> st.SearchStrategy[list[Wish]]:
    """Lessons in which there is something to erase come as often as all others together."""
    return st.one_of(
        wishes(),
        st.sampled_from(["questions", "poll", "peer", "notes", "captions"]).flatmap(lambda n: stretch(frozenset([n]))),
    )


def played(asked: list[Wish]):
    lesson, log = begun()
    for _ in run(lesson, [marked(wish, number) for number, wish in enumerate(asked)], log):
        pass
    return lesson, log


def without(log, member):
    new = {fact.seq: fact for fact in erase(KINDS, log, member)}
    return [new.get(fact.seq, fact) for fact in log]


def everything(lesson: Lesson):
    return [{r.value: lesson.views(r) for r in Role}, {m: lesson.mine(m) for m in PEOPLE}]


def figures(value):
    """What stands there without its words: keys, numbers, switches."""
    if isinstance(value, dict):
        return {key: figures(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [figures(inner) for inner in value]
    return "…" if isinstance(value, str) else value


@given(writing())
def test_nothing_of_an_erased_person_is_left_in_the_log_or_in_any_view(asked):
    _, log = played(asked)
    name = next(f.event.name for f in log if getattr(f.event, "id", "") == GONE)
    after = without(log, GONE)
    rows = b"\n".join(KINDS.row(fact).data for fact in after)
    seen = encode(everything(replay(KINDS, after)))
    for text in (MARK, name):
        assert f'"{text}'.encode() not in rows
        assert text.encode() not in seen
    assert MARK.encode() not in rows


@given(writing())
def test_an_erased_log_folds_to_the_same_figures(asked):
    lesson, log = played(asked)
    after = without(log, GONE)
    again = replay(KINDS, (KINDS.fact(KINDS.row(fact)) for fact in after))
    assert figures(everything(again)) == figures(everything(lesson))
    assert again.seen == lesson.seen


@given(writing())
def test_erasing_keeps_every_envelope_and_what_others_did(asked):
    _, log = played(asked)
    for before, after in zip(log, without(log, GONE), strict=True):
        assert KINDS.row(before)._replace(data=b"") == KINDS.row(after)._replace(data=b"")
        told = (getattr(before.event, name, "") for name in ("id", "member"))
        if GONE not in (before.by, *told):
            assert after is before


@given(writing())
def test_erasing_again_changes_nothing_and_another_may_follow(asked):
    _, log = played(asked)
    once = without(log, GONE)
    assert erase(KINDS, once, GONE) == []
    both = without(once, STAYS)
    assert erased(both) == {GONE, STAYS}
    assert encode(figures(everything(replay(KINDS, both)))) == encode(figures(everything(replay(KINDS, log))))


def test_an_activity_that_lets_students_write_says_what_is_blanked():
    """What the laws above would miss if no wish of the strategies came through."""
    writing = {
        KINDS.owner[command].name
        for command in KINDS.commands.values()
        if Role.student in command.roles and free_texts(command)
    }
    silent = {name for name in writing if not hasattr(_rules(name), "erase")}
    assert silent == set()
    assert writing >= {"roster", "questions", "peer", "poll", "notes"}


def _rules(name: str):
    import importlib

    return importlib.import_module(f"mingtang.activities.{name}.rules")


def test_each_fact_that_holds_a_students_words_is_blanked():
    facts = [
        MemberRenamed(id=GONE, name="Word"),
        QuestionAsked(id="q1", text="Word"),
        QuestionEdited(id="q1", text="Word again"),
        PeerSaid(id="p1", text="Word"),
        PollMade(id="t1", question=PollQuestion(form=PollForm.text, text="Which?", right="cat")),
        PollVoted(id="t1", round=1, answer="Word", seat=Seat.room),
        PollVoted(id="t1", round=2, answer="Cat", seat=Seat.room),
        PollMade(id="w1", question=PollQuestion(form=PollForm.cloud, text="Which?")),
        PollVoted(id="w1", round=1, answer=["Word", "shared"], seat=Seat.room),
        StrokeDrawn(page="b1", id="s1", tool="pen", color=1, width=40, points="AAhij", guest=True),
    ]
    facts += [PollAnsweredLate(id="t1", answer="Word late"), NotesWritten(page="b1", text="Word")]
    log = [Fact(seq, 1, GONE, "", event) for seq, event in enumerate(facts, 1)]
    log.append(Fact(99, 1, STAYS, "", PollVoted(id="w1", round=1, answer=["shared"], seat=Seat.room)))
    blanked = {fact.seq: fact.event for fact in erase(KINDS, log, GONE)}
    assert b"Word" not in encode(list(blanked.values()))
    assert set(blanked) == {1, 2, 3, 4, 6, 9, 10, 11, 12}, (
        "the right answer is the teacher's, and a shared word is nobody's"
    )
    assert blanked[9].answer[1] == "shared"
    assert b"AAhij" not in encode(blanked[10])


def test_the_mark_of_an_erased_person_cannot_be_typed():
    from mingtang.core.member import clean_name
    from mingtang.core.text import BLANK, tidy

    assert clean_name(BLANK) != BLANK
    assert tidy(BLANK) != BLANK


def test_the_name_of_staff_goes_and_their_teaching_stays():
    from mingtang.activities.slides.facts import NoteWritten, StepInserted

    lesson, log = begun()
    events: list[Event] = [
        StepInserted(step="b1", step_kind="board", pos=1.0),
        NoteWritten(step="b1", text="Sets first"),
    ]
    for event in events:
        log.append(Fact(lesson.seq + 1, log[-1].at, "idqz-t1", "", event))
        lesson.fold(log[-1])
    after = without(log, "idqz-t1")
    assert [f.event for f in after[-2:]] == events
    assert replay(KINDS, after).people.members["idqz-t1"].name != lesson.people.members["idqz-t1"].name
