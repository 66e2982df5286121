"""Of two lessons that differ only in what is secret, students, walls and observers see the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.poll import strategies
from mingtang.activities.poll.question import Answer, PollForm, PollQuestion, fit
from mingtang.activities.poll.rules import (
    Again,
    Ask,
    Close,
    Make,
    Mark,
    Open,
    Vote,
)
from mingtang.activities.poll.test_poll import OUTSIDE, Room
from mingtang.core.event import Command, Refused


class Twin:
    """Two lessons that hear the same wishes, but for what is secret."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.rooms = (Room(), Room())

    def both(self, first: Command, second: Command, by: str) -> None:
        for room, command in zip(self.rooms, (first, second), strict=True):
            try:
                room.does(by, command)
            except Refused:
                pass

    def look_alike(self) -> bool:
        one, two = ({r: room.sees(r) for r in OUTSIDE} for room in self.rooms)
        return one == two


def fits(asked: PollQuestion, answer: Answer) -> bool:
    try:
        return fit(asked, answer) != []
    except Refused:
        return False


@given(st.data(), st.sampled_from(list(PollForm)))
@settings(max_examples=60, deadline=None)
def test_neither_the_right_answer_nor_hidden_votes_change_what_others_see(data: st.DataObject, form: PollForm) -> None:
    """Of two lessons that differ only in secrets, students, walls and observers see the same."""
    asked = PollQuestion(form=form, text="?", options=("x", "y", "z") if form in ("single", "multiple") else ())
    said = strategies.answers(form.value, asked).filter(lambda answer: fits(asked, answer))
    twin = Twin("p")
    twin.both(*(Make(id="p", question=asked) for _ in range(2)), "t")
    twin.both(Ask(id="p"), Ask(id="p"), "t")
    for _ in range(data.draw(st.integers(1, 12))):
        act = data.draw(st.sampled_from(["open", "close", "again", "mark", "vote", "vote", "vote"]))
        if act == "vote":
            who = data.draw(st.sampled_from(["s1", "s2", "r1", "r2"]))
            twin.both(Vote(id="p", answer=data.draw(said)), Vote(id="p", answer=data.draw(said)), who)
        elif act == "mark":
            right = [data.draw(st.none() | said) for _ in range(2)]
            twin.both(Mark(id="p", right=right[0]), Mark(id="p", right=right[1]), "t")
        else:
            made = {"open": Open, "close": Close, "again": Again}[act](id="p")
            twin.both(made, made, "t")
        assert twin.look_alike()
