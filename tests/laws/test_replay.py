"""What must be true of the journal that a lesson is watched again by, whatever happened in the lesson."""

import gzip
import json
from bisect import bisect_right
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.activity import standing
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import Role
from mingtang.core.patch import apply
from mingtang.readings.replay import track
from mingtang.readings.replay.journal import FLUSH_MS, MAIN, Journal
from tests.laws.classes import KINDS, PEOPLE, WATCHERS, Wish, begun, run, wishes

encode = msgspec.json.Encoder(order="deterministic").encode
END = Wish("", KINDS.command("lesson.end", b"{}"), 500, 1)


def told(asked):
    """The log of a whole lesson, ended by the server: the teacher may have been sent out."""
    lesson, log = begun()
    for _ in run(lesson, [*asked, END], log):
        pass
    return log


def journal(log, role, stops=()):
    """The journal and its chunks by name. At `stops` the log was at its end for a while, and the journal asked for."""
    kept = {}
    made = Journal(KINDS, role, lambda name, data: kept.setdefault(name, data))
    for fact in log:
        if fact.seq in stops:
            made.settle(fact.at)
            made.index()
        made.take(fact)
    return made, kept


def frames(index, kept, part):
    """Every value of a part (all standing parts together are `main`) with its place of the log, in order."""
    for cut in index.tracks[part]:
        chunk = track.read(kept[cut.name])
        assert (chunk.at, chunk.seq) == (cut.at, cut.seq)
        value = chunk.value
        yield chunk.at, chunk.seq, value
        for at, seq, patch in chunk.frames:
            if part == MAIN:
                value = {**value, **{name: apply(value.get(name, {}), change) for name, change in patch.items()}}
            else:
                value = apply(value, patch)
            yield at, seq, value


@given(wishes(), st.sampled_from(Role))
def test_at_every_flush_the_patches_give_what_the_fold_of_the_log_shows(asked, role):
    log = told(asked)
    made, kept = journal(log, role)
    index = made.index()
    at_place = {part: [(seq, value) for _, seq, value in frames(index, kept, part)] for part in index.tracks}
    places = sorted({seq for values in at_place.values() for seq, _ in values})
    assert places[-1] == log[-1].seq
    lesson = Lesson(KINDS)
    for seq in places:
        while lesson.seq < seq:
            lesson.take(log[lesson.seq])
        seen = {}
        for part, values in at_place.items():
            n = bisect_right(values, seq, key=lambda pair: pair[0])
            if n:
                seen |= values[n - 1][1] if part == MAIN else {part: values[n - 1][1]}
        views = lesson.views(role)
        assert encode({p: v for p, v in seen.items() if v or p in views}) == encode(views)


@given(wishes(), st.sampled_from(Role), st.sets(st.integers(1, 60), max_size=5))
def test_a_journal_is_the_same_however_it_was_asked_for(asked, role, stops):
    log = told(asked)
    once, kept = journal(log, role)
    again, kept_again = journal(log, role, stops)
    assert encode(once.index()) == encode(again.index())
    names = {cut.name for cuts in once.index().tracks.values() for cut in cuts}
    assert all(track.read(kept[name]) == track.read(kept_again[name]) for name in names)


@given(wishes())
def test_what_is_mine_is_followed_for_every_member(asked):
    log = told(asked)
    made, _ = journal(log, Role.student)
    for member in PEOPLE:
        values, value = [], {}
        for frame in made.own[member].frames if member in made.own else ():
            _, seq, patch = json.loads(frame)
            value = apply(value, patch)
            values.append((seq, value))
        for seq, value in values:
            assert encode(value) == encode(replay(KINDS, log[:seq]).mine(member))
        assert encode(value) == encode(replay(KINDS, log).mine(member))


@given(wishes())
def test_no_secret_and_nobodys_id_is_in_the_journal_of_those_it_is_kept_from(asked):
    log = told(asked)
    lesson = replay(KINDS, log)
    secrets = [s for n, a in KINDS.activities.items() for s in a.secrets(lesson.states[n])]
    for role in WATCHERS:
        made, kept = journal(log, role)
        index = made.index()
        text = encode(index).decode()
        last = [list(frames(index, kept, part))[-1][2] for part in index.tracks]
        text += encode(last).decode()
        for secret in secrets:
            assert secret not in text
        everything = text + "".join(json.dumps(msgspec.json.decode(gzip.decompress(data))) for data in kept.values())
        for member in PEOPLE:
            assert member not in everything, f"the journal of a {role} tells who is who"


@given(wishes())
def test_contributions_are_gathered_to_four_a_second_and_times_never_go_back(asked):
    log = told(asked)
    steering = {f.at - log[0].at for f in log if type(f.event) not in KINDS.owner[type(f.event)].contributions}
    made, kept = journal(log, Role.teacher)
    index = made.index()
    for part in index.tracks:
        times = [at for at, _, _ in frames(index, kept, part)]
        assert times == sorted(times)
        for before, after in pairwise(times):
            assert after in steering or after - before >= FLUSH_MS
    assert all(standing(part) or "/" in part for part in index.tracks)
