"""Wishes for the laws: what somebody might ask of groups."""

from hypothesis import strategies as st

from mingtang.activities.groups.rules import Call, Close, Form, Join, Move, Visit
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    number = st.integers(0, 3)
    return st.one_of(
        st.builds(Form, by=st.sampled_from(["number", "size"]), n=st.integers(2, 3), apart=st.booleans()),
        st.builds(Join),
        st.builds(Move, member=st.sampled_from([*members, "nobody"]), group=number),
        st.builds(Visit, group=number),
        st.builds(Call, on=st.booleans()),
        st.builds(Close),
    )
