"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.timer.rules import Add, Pause, Resume, Start, Stop
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(Start, seconds=st.integers(1, 300), label=st.sampled_from(["", "讨论", "<b>x</b>"])),
        st.builds(Pause),
        st.builds(Resume),
        st.builds(Add, seconds=st.sampled_from([-60, 0, 60])),
        st.builds(Stop),
    )
