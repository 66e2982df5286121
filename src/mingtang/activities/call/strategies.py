"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.call.rules import Done, Draw, Skip, Spare, Undo
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    member = st.sampled_from([*members, "nobody"])
    among = st.sampled_from(["all", "room", "remote"])
    return st.one_of(
        st.builds(Draw, among=among, exclude=st.lists(member, max_size=2)),
        st.builds(Skip),
        st.builds(Done),
        st.builds(Undo),
        st.builds(Spare, member=member, spared=st.booleans()),
    )
