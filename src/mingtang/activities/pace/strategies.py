"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.pace.rules import MARKS, MarkPage, UnmarkPage
from mingtang.core.event import Command

pages = st.sampled_from(["p1", "p2"])
marks = st.sampled_from(MARKS)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    marked = st.builds(MarkPage, page=pages, mark=marks)
    return st.one_of(marked, marked, st.builds(UnmarkPage, page=pages, mark=marks))
