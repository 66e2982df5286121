"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.hands.rules import Done, Lower, LowerAll, PutDown, Raise, Take, Undo
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    somebody = st.sampled_from([*members, "nobody"])
    return st.one_of(
        st.builds(Raise),
        st.builds(Raise),
        st.builds(Lower),
        st.builds(Take, member=st.none() | somebody),
        st.builds(Done),
        st.builds(PutDown, member=somebody),
        st.builds(LowerAll),
        st.builds(Undo),
    )
