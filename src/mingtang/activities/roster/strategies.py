"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.roster.rules import (
    Admit,
    Come,
    Go,
    Promote,
    Readmit,
    Remove,
    Rename,
    Reseat,
    TakeName,
)
from mingtang.core.event import Command
from mingtang.core.member import Role, Seat

names = st.sampled_from(["Ada", "王小明", "  ", "<b>x</b>", "\u202eevil", "n" * 100])


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    ids = st.sampled_from([*members, "late-1", "late-2"])
    roles, seats = st.sampled_from(Role), st.sampled_from(Seat)
    return st.one_of(
        st.builds(Admit, id=ids, name=names, role=roles, seat=seats),
        st.builds(Come, id=ids),
        st.builds(Go, id=ids),
        st.builds(Rename, id=ids, name=names),
        st.builds(Remove, id=ids),
        st.builds(Readmit, id=ids),
        st.builds(Promote, id=ids, role=roles),
        st.builds(Reseat, seat=seats),
        st.builds(TakeName, name=names),
    )
