"""plan.md: whatever a plan holds is written and read again, and whatever people write loses nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities import kinds
from mingtang.plans.text.reader import parse
from mingtang.plans.text.writer import write
from tests.plans import strategies as made

titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: " ".join(text.split()))


def written(steps, files=(), title="Sets", course="CS 2", language="en"):
    return write(kinds(), title, course, language, steps, {file.deck: file.name for file in files})


@settings(max_examples=300, deadline=None)
@given(st.data(), made.decks(), titles, titles, st.sampled_from(["en", "zh"]))
def test_every_plan_is_written_and_read_again_the_same(data, files, title, course, language):
    steps = data.draw(made.steps(files))
    text = written(steps, files, title, course, language)
    found = parse(kinds(), text, files)
    assert found.steps == steps, text
    assert (found.title, found.course, found.language) == (title, course, language)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(made.LINES) | made.anything, max_size=12).map("\n".join), made.decks())
def test_whatever_is_in_a_file_writing_what_was_read_of_it_is_stable(text, files):
    found = parse(kinds(), text, files)
    again = written(found.steps, files, found.title, found.course, found.language)
    twice = parse(kinds(), again, files)
    assert written(twice.steps, files, twice.title, twice.course, twice.language) == again
