"""Wishes for the laws: what somebody might ask of the stage."""

from hypothesis import strategies as st

from mingtang.activities.media.facts import (
    Consent,
    Decline,
    Enter,
    Gone,
    Invite,
    Leave,
    Lend,
    Mute,
    MuteAll,
    NoteStored,
    NoteStoredLate,
    Quiet,
    Record,
    Remove,
    Start,
    Stop,
    TakeBack,
    Unmute,
    Withdraw,
)
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    member = st.sampled_from([*members, "nobody"])
    source = st.sampled_from(["microphone", "camera", "camera_small", "screen", "screen_sound", "room_microphone"])
    track = st.integers(0, 6)
    group = st.tuples(track, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
    on = st.booleans()
    return st.one_of(
        st.builds(Invite, member=member),
        st.builds(Withdraw, member=member),
        st.builds(Enter, consent=st.none() | on),
        st.builds(Decline),
        st.builds(Leave),
        st.builds(Remove, member=member),
        st.builds(Mute, member=member, enforced=on),
        st.builds(MuteAll, enforced=on),
        st.builds(Unmute, member=member),
        st.builds(Quiet, on=on),
        st.builds(Start, source=source, codec=st.just("opus")),
        st.builds(Stop, track=track),
        st.builds(Record, on=on),
        st.builds(Consent, on=on),
        st.builds(Lend, member=member),
        st.builds(TakeBack),
        st.builds(NoteStored, groups=st.lists(group, min_size=1, max_size=2)),
        st.builds(NoteStoredLate, groups=st.lists(group, min_size=1, max_size=2)),
        st.builds(Gone, member=member),
    )
