"""What changes in a log when a person is taken out of it, and who is meant by a name. A reading: nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, field

from mingtang.activities import kinds
from mingtang.activities.media.facts import MediaStarted
from mingtang.core.erasing import erase, erased
from mingtang.core.event import Fact, Row
from mingtang.core.frame import MemberErased, MemberJoined, MemberRenamed
from mingtang.core.lesson import replay
from mingtang.core.member import clean_name
from mingtang.core.text import BLANK
from mingtang.readings.lessonfile.packing import read_facts
from mingtang.stores.reading import LogReader


class Erased(Struct):
    """What was, or would be, blanked of one member: how many events of which kind. `kept` are his other events, such as
    votes: they stay, without a name. `tracks` are what he sent: their recordings go."""

    lesson: str
    title: str
    member: str
    name: str
    blanked: dict[str, int]
    kept: int
    tracks: list[int] = field(default_factory=list)


class Changed(Struct):
    """The rows to be written in the places of the old ones, and the one that tells of it: it follows the last that was
    read. None when all was done before."""

    erased: Erased
    rows: list[Row]
    told: Row | None


def changes(reader: LogReader, lesson: str, member: str, now: int) -> Changed | None:
    """None when there is no such member. `now` is in ms UTC. Raises BadFile for a log that cannot be
    read, StoreFailed."""
    facts = read_facts(reader.rows(lesson))
    names = [n for n in names_of(facts).get(member, []) if n != BLANK]
    if member not in names_of(facts):
        return None
    new = erase(kinds(), facts, member)
    told = replay(kinds(), facts).states["lesson"]
    done = {fact.seq for fact in new}
    kept = sum(1 for fact in facts if fact.by == member and fact.seq not in done)
    blanked = dict(sorted(Counter(fact.kind for fact in new).items()))
    tracks = [f.event.track for f in facts if isinstance(f.event, MediaStarted) and f.by == member]
    person = Erased(lesson, told.title, member, names[-1] if names else "", blanked, kept, tracks)
    last = Fact(facts[-1].seq + 1, max(now, facts[-1].at), "", "", MemberErased(id=member))
    done_before = not new and member in erased(facts)
    return Changed(person, [kinds().row(fact) for fact in new], None if done_before else kinds().row(last))


def names_of(facts: Sequence[Fact]) -> dict[str, list[str]]:
    """Every name a member ever had, in order."""
    names: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact.event, MemberJoined | MemberRenamed):
            names.setdefault(fact.event.id, []).append(fact.event.name)
    return names


def called(reader: LogReader, lesson: str, name: str) -> list[str]:
    """Members of a lesson who have, or once had, exactly this name; an id names its member, too."""
    rows = [row for row in reader.rows(lesson) if row.kind in ("member.joined", "member.renamed")]
    wanted = clean_name(name)
    known = names_of([kinds().fact(row) for row in rows])
    return [member for member, names in known.items() if member == name or (wanted and wanted in names)]
