"""Wishes for the laws: what somebody might ask of this activity. Few codes, so that some are right."""

from hypothesis import strategies as st

from mingtang.activities.attendance.rules import Prove, Rotate, Start, Stop, Vouch
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(Start, seconds=st.sampled_from([5, 20])),
        st.builds(Rotate),
        st.builds(Stop),
        st.builds(Prove, code=st.text("23456789", min_size=4, max_size=4)),
        st.builds(Vouch, member=st.sampled_from([*members, "nobody"]), present=st.booleans()),
    )
