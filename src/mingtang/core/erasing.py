"""A person taken out of a log: every activity blanks what he wrote, the envelopes and the order of the facts stay."""

from __future__ import annotations

from collections.abc import Sequence

from mingtang.core.activity import Kinds
from mingtang.core.event import Fact
from mingtang.core.frame import MemberJoined, MemberRenamed
from mingtang.core.text import BLANK


def erase(kinds: Kinds, facts: Sequence[Fact], member: str) -> list[Fact]:
    """The facts that change, as they are to be kept from now on, in order. Those erased before are kept in mind: what
    two of them wrote is nobody's any more."""
    gone = erased(facts) | {member}
    changed = [fact for activity in kinds.activities.values() for fact in activity.erase(facts, gone)]
    before = {fact.seq: fact.event for fact in facts}
    return sorted((f for f in changed if f.event != before[f.seq]), key=lambda fact: fact.seq)


def erased(facts: Sequence[Fact]) -> frozenset[str]:
    """Those who were erased before."""
    names = (f.event for f in facts if isinstance(f.event, MemberJoined | MemberRenamed))
    return frozenset(event.id for event in names if event.name == BLANK)
