"""What we write as GIFT or Moodle XML is read back as the same questions, whatever signs are in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import LETTERS, PollForm, PollQuestion
from mingtang.core.text import tidy
from mingtang.plans.exchange import gift_writing, moodle_writing
from mingtang.plans.exchange.asked import asked
from mingtang.plans.exchange.foreign import Taken
from mingtang.plans.exchange.reading import read

SIGNS = r"\{}~=#:%[]<>&*-/“”'\"$;n0123 html 中文，。é😀"
WRITERS = {"gift": gift_writing.write, "moodle": moodle_writing.write}
writers = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())

words = st.text(st.sampled_from(SIGNS), min_size=1, max_size=24) | st.sampled_from(
    ["%50%", "[html]x", "a->b", "::", "// no comment", "$CATEGORY: x", "&lt;b&gt;", "<b>", "-->", "A) x", "ANSWER: B"]
)
lines = words.map(tidy).filter(bool)
texts = st.lists(lines, min_size=1, max_size=3).map("\n".join)
options = st.lists(lines, min_size=2, max_size=12).map(tuple)


@st.composite
def choices(draw: st.DrawFn) -> PollQuestion:
    offered = draw(options)
    form = draw(st.sampled_from([PollForm.single, PollForm.multiple]))
    most = 1 if form is PollForm.single else len(offered)
    right = draw(st.lists(st.sampled_from(LETTERS[: len(offered)]), min_size=1, max_size=most, unique=True).map(sorted))
    return PollQuestion(form=form, text=draw(texts), options=offered, right=right)


@st.composite
def peers(draw: st.DrawFn) -> PeerQuestion:
    offered = draw(st.lists(lines, min_size=2, max_size=8).map(tuple))
    return PeerQuestion(text=draw(texts), options=offered, right=draw(st.sampled_from(LETTERS[: len(offered)])))


accepted = lines.filter(lambda text: text != "*" and "->" not in text)
real = st.floats(-1e12, 1e12).map(lambda x: round(x, 9) + 0.0)
questions = st.one_of(
    choices(),
    peers(),
    st.builds(PollQuestion, form=st.just(PollForm.truefalse), text=texts, right=st.sampled_from([["true"], ["false"]])),
    st.builds(PollQuestion, form=st.just(PollForm.number), text=texts, right=real, tolerance=st.floats(0, 1e6)),
    st.builds(PollQuestion, form=st.just(PollForm.text), text=texts, right=accepted | st.none()),
)


def taken(question: PollQuestion | PeerQuestion) -> Taken:
    return Taken(peer=question) if isinstance(question, PeerQuestion) else Taken(poll=question)


@writers
@given(st.lists(questions, min_size=1, max_size=4))
def test_what_is_written_is_read_back_as_the_same(write, asked) -> None:
    file = read(write(asked, "left out:").encode())
    assert file.taken == [taken(question) for question in asked]
    assert file.notes == []


@writers
@pytest.mark.parametrize("count", range(1, 13))
def test_the_shares_of_right_answers_are_those_that_moodle_takes_and_come_to_the_whole(write, count) -> None:
    """Moodle refuses any other share (question_bank::fraction_options_full), and a sum that is not about 100."""
    moodle = {100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5}
    right = list(LETTERS[:count])
    question = PollQuestion(form=PollForm.multiple, text="Which?", options=tuple("abcdefghijkl"), right=right)
    shares = [float(answer.share) for answer in asked(question).answers]
    assert {abs(share) for share in shares} <= moodle | {11.11111, 10, 5}
    assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001)
    assert read(write([question], "").encode()).taken == [Taken(poll=question)]


@writers
def test_what_moodle_has_no_kind_for_is_named_in_the_file_and_left_out(write) -> None:
    opinions = [
        PollQuestion(form=PollForm.rating, text="How clear -- was it?"),
        PollQuestion(form=PollForm.cloud, text="One word for today"),
        PollQuestion(form=PollForm.single, text="Tea or coffee?", options=("Tea", "Coffee")),
        PollQuestion(form=PollForm.number, text="How many hours?"),
        PollQuestion(form=PollForm.truefalse, text="Was it fun?", right=["true"]),
    ]
    written = write(opinions, "Left out:")
    for name in ("was it?", "One word for today", "Tea or coffee?", "How many hours?"):
        assert name in written
    assert [step.poll.text for step in read(written.encode()).taken] == ["Was it fun?"]


def test_a_short_answer_with_an_arrow_is_kept_out_of_gift_where_moodle_would_read_a_matching_question() -> None:
    question = PollQuestion(form=PollForm.text, text="Write an implication", right="a -> b")
    assert gift_writing.write([question], "Left out:") == "// Left out: Write an implication\n"
    assert read(moodle_writing.write([question], "").encode()).taken == [Taken(poll=question)]
