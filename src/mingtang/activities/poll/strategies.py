"""Wishes for the laws: what somebody might ask of this activity. A poll's id tells its form; every text names its poll,
so that one found where it should not be is recognised."""

from hypothesis import strategies as st

from mingtang.activities.poll.question import Answer, PollForm, PollQuestion, keys
from mingtang.activities.poll.rules import (
    Again,
    AnswerLate,
    Ask,
    Close,
    Conceal,
    Edit,
    Hide,
    Make,
    Mark,
    Merge,
    Open,
    Restore,
    Reveal,
    Show,
    Split,
    Strike,
    Vote,
)
from mingtang.core.event import Command

ENTRIES = st.sampled_from(["e1", "e2", "e3", "e9"])
NAMED = "named"


def questions(id: str) -> st.SearchStrategy[PollQuestion]:
    form = PollForm(id.partition("-")[0])
    options = (
        tuple(f"‹{id}› option {letter}" for letter in "xyz") if form in (PollForm.single, PollForm.multiple) else ()
    )
    plain = PollQuestion(form=form, text=f"‹{id}› question", options=options, anonymous=NAMED not in id)
    return st.builds(
        PollQuestion,
        form=st.just(form),
        text=st.sampled_from([f"‹{id}› question", f"edited ‹{id}› question"]),
        options=st.just(options),
        anonymous=st.just(NAMED not in id),
        right=st.none() | rights(id, plain),
        tolerance=st.sampled_from([0.0, 0.5]),
    )


def rights(id: str, question: PollQuestion) -> st.SearchStrategy[Answer]:
    if question.form is PollForm.text:
        return st.just(f"‹{id}› right")
    return answers(id, question)


def answers(id: str, question: PollQuestion) -> st.SearchStrategy[Answer]:
    match question.form:
        case PollForm.number:
            return st.sampled_from([3.0, 3.5, -1.0, 1e9])
        case PollForm.text:
            return st.sampled_from([f"‹{id}› said", f"‹{id}› SAID.", f"‹{id}› also", " "])
        case PollForm.cloud:
            return st.lists(st.sampled_from([f"‹{id}› one", f"‹{id}› two", f"‹{id}› 三"]), max_size=4)
    return st.lists(st.sampled_from([*keys(question), "z"]), max_size=3)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    ids = [*(form.value for form in PollForm), f"single-{NAMED}"]
    return st.sampled_from(ids).flatmap(_about)


def _about(id: str) -> st.SearchStrategy[Command]:
    poll, form = st.just(id), PollForm(id.partition("-")[0])
    options = ("x", "y", "z") if form in (PollForm.single, PollForm.multiple) else ()
    plain = PollQuestion(form=form, text="?", options=options)
    said, right = answers(id, plain), rights(id, plain)
    running = st.sampled_from([Ask, Open, Again, Close, Show, Hide, Reveal, Conceal]).flatmap(
        lambda c: st.builds(c, id=poll)
    )
    return st.one_of(
        st.builds(Make, id=poll, question=questions(id)),
        st.builds(Edit, id=poll, question=questions(id)),
        st.builds(Mark, id=poll, right=st.none() | right),
        running,
        running,
        st.builds(Open, id=poll, limit=st.none() | st.integers(0, 90)),
        st.builds(Vote, id=poll, answer=said),
        st.builds(Vote, id=poll, answer=said),
        st.builds(AnswerLate, id=poll, answer=said),
        st.sampled_from([Strike, Restore, Split]).flatmap(lambda c: st.builds(c, id=poll, entry=ENTRIES)),
        st.builds(Merge, id=poll, entry=ENTRIES, into=ENTRIES),
    )
