"""A person taken out of a log: every activity blanks what he wrote, the envelopes and the order of the facts stay, and
the log tells of it in its next place (`member.erased`). So whoever reads it in chunks can see that it was changed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mingtang.core.activity import Kinds
from mingtang.core.event import Fact, Row, kind_of
from mingtang.core.frame import MemberErased, MemberJoined, MemberRenamed
from mingtang.core.text import BLANK

ERASED = kind_of(MemberErased)


def erase(kinds: Kinds, facts: Sequence[Fact], member: str) -> list[Fact]:
    """The facts that change, as they are to be kept from now on, in order. Those erased before are kept in mind: what
    two of them wrote is nobody's any more."""
    gone = erased(facts) | {member}
    changed = [fact for activity in kinds.activities.values() for fact in activity.erase(facts, gone)]
    before = {fact.seq: fact.event for fact in facts}
    return sorted((f for f in changed if f.event != before[f.seq]), key=lambda fact: fact.seq)


def erased(facts: Sequence[Fact]) -> frozenset[str]:
    """Those who were erased before; older logs tell it by the name alone."""
    told = {fact.event.id for fact in facts if isinstance(fact.event, MemberErased)}
    names = (f.event for f in facts if isinstance(f.event, MemberJoined | MemberRenamed))
    return frozenset(told.union(event.id for event in names if event.name == BLANK))


def last_erased(rows: Sequence[Row]) -> int:
    """The last place in which these rows tell of an erasing; 0 for none."""
    return max((row.seq for row in rows if row.kind == ERASED), default=0)


class Progress(Struct):
    """How far a log was read, one chunk after another, by whoever keeps what he makes of it. `after` is the last place
    read, `known` that of the last erasing met. A chunk is of one moment; when an erasing stands behind the first, the
    chunks before it may still have the old words, and the log is read again from its beginning. Then all that was
    erased by then is blank, so only a further erasing can make it be read once more."""

    after: int = 0
    known: int = 0
    old: bool = False

    def take(self, rows: Sequence[Row]) -> bool:
        """Whether the next rows are to be used; whoever gets the row of place 1 begins anew. Those that are not to be
        used are read only to find the last erasing."""
        last = last_erased(rows)
        self.old = self.old or (self.after > 0 and last > self.known)
        self.known = max(self.known, last)
        self.after = rows[-1].seq if rows else self.after
        return bool(rows) and not self.old

    def ends(self) -> bool:
        """At the end of the log: True when what was used is as it stands there; else it is to be read again."""
        if self.old:
            self.after, self.old = 0, False
            return False
        return True
