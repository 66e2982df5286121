"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.captions.facts import Correct, Fail, Listen, Offer, Remove, Say, Show, Type
from mingtang.core.event import Command

texts = st.sampled_from(["Compute the place.", "不要找，直接算。", "  ", "one more"])
numbers = st.integers(1, 4)
times = st.integers(1_800_000_000_000, 1_800_000_100_000)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    typed = st.builds(Type, text=texts, took=st.sampled_from([0, 900, 30_000]))
    heard = st.builds(Say, member=st.sampled_from(members), track=numbers, begin=times, end=times, text=texts)
    return st.one_of(
        typed,
        heard,
        heard,
        st.builds(Correct, no=numbers, text=texts),
        st.builds(Remove, no=numbers),
        st.builds(Show, on=st.booleans()),
        st.builds(Listen, on=st.booleans()),
        st.builds(Offer, engine=st.sampled_from(["", "beeps"])),
        st.builds(Fail, why=st.sampled_from(["failed", "slow"])),
    )
