"""Everybody sees the beat; how many have answered is the teacher's."""

from bench.measured.pulse.rules import State
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json


def view(state: State, role: Role, part: str, people: People) -> Json:
    # The stamp is part of the filling too: else the patch would leave out what has not changed.
    seen: Json = {"ts": state.ts, "pad": f"{state.ts}{state.pad}"[: len(state.pad)]}
    if role in STAFF:
        seen["replies"] = state.replies
    return seen
