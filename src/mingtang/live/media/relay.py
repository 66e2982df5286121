"""The voice and picture of one lesson at this node: from who may send to who may have it, as the log says at that
moment. It holds no more of it than the group that goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import msgspec

from mingtang import metrics
from mingtang.activities.media import rights
from mingtang.activities.media.state import State
from mingtang.core.lesson import Lesson, Touched
from mingtang.live.budget import Budget
from mingtang.live.media import frames, objects
from mingtang.live.media.absence import Absence
from mingtang.live.media.line import Line
from mingtang.live.media.objects import BadObject, Head, Kind
from mingtang.live.media.port import Take
from mingtang.live.media.spread import Spread
from mingtang.live.media.tracks import SOUND, Item, Track, rank_of
from mingtang.live.task import LessonTask
from mingtang.live.wish import Wish

log = logging.getLogger(__name__)
NAME = "media"
ALL = ""  # in the place of a member: the server itself, which sees everything
MOST_LINES = 8


class Relay:
    """Lines come in by `enter` and go by `leave`. `takes` get each object that is sent to this node."""

    def __init__(self, task: LessonTask, clock: Callable[[], int], takes: list[Take]) -> None:
        self.tracks: dict[int, Track] = {}
        self._task, self._clock, self._takes = task, clock, takes
        self.members: dict[str, dict[Line, None]] = {}
        self.speakers: dict[int, Line] = {}
        self._keys: dict[tuple[int, type], Budget] = {}
        self._spread = Spread()
        self.absence = Absence(self._gone)
        self.absence.expect({t.member for t in self.state.open.values()}, now_s())
        task.hub.watch = self._watch

    @property
    def _lesson(self) -> Lesson:
        return self._task.lesson

    @property
    def state(self) -> State:
        return cast(State, self._task.lesson.states[NAME])

    def lines(self) -> Iterator[Line]:
        return (line for held in list(self.members.values()) for line in list(held))

    @property
    def empty(self) -> bool:
        return not self.members and not self.absence

    # Lines

    def crowded(self, member: str) -> bool:
        return len(self.members.get(member, ())) >= MOST_LINES

    def enter(self, line: Line) -> None:
        self.members.setdefault(line.member, {})[line] = None
        self.absence.came(line.member)
        line.port.write(frames.hello(self._clock()))
        self._say()

    def leave(self, line: Line) -> None:
        line.viewer.leave_all()
        held = self.members.get(line.member, {})
        if held.pop(line, self) is self:
            return
        self.speakers = {track: who for track, who in self.speakers.items() if who is not line}
        if not held:
            self.members.pop(line.member, None)
            if line.member != ALL and not self._elsewhere(line.member):
                self.absence.left(line.member, now_s())
        self._say()
        self._want()

    def close(self, code: int, reason: str) -> None:
        self.absence.close()
        for line in self.lines():
            line.port.close(code, reason)

    def sweep(self, now: float) -> None:
        self.absence.sweep(now)
        for line in self.lines():
            line.viewer.sweep(now)

    # In

    def hear(self, line: Line, data: bytes) -> None:
        """A text frame."""
        try:
            sent = frames.decode(data) if len(data) <= frames.LONGEST else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            sent = None
        match sent:
            case frames.Clock():
                if not line.viewer.full:
                    line.port.write(frames.clock(sent.n, self._clock()))
            case frames.See():
                self.see(line, sent.tracks)
            case frames.Key() | frames.Cannot():
                self._ask(line, sent)
            case None:
                line.strike()

    def publish(self, line: Line, data: bytes) -> None:
        """One object (M3). What may not be, is too much or is nonsense is dropped and counted."""
        now = now_s()
        try:
            head = objects.read(data)
        except BadObject:
            return line.strike()
        rank = self._rank(line, head)
        if rank is None:
            return line.deny("not_allowed", now)
        if not line.affords(head, len(data), now):
            metrics.media_dropped.labels("too_much").inc()
            return None
        if self.speakers.get(head.track) is not line:
            self.speakers[head.track] = line
            self._say()
        item = Item(head, data)
        for take in self._takes:
            _give(take, data)
        return self.spread(item, rank)

    def spread(self, item: Item, rank: int) -> None:
        metrics.media_in.inc()
        track = self.track(item.head.track, rank)
        track.take(item)
        self._spread.put(item, rank == SOUND, track.audience(0 if item.configures else item.head.layer))

    def _rank(self, line: Line, head: Head) -> int | None:
        """None when he may not send it. A sound in a track of pictures would be heard by who may only see."""
        if head.track in line.may:
            rank = line.may[head.track]
        else:
            rank = self._allowed(line.member, head.track)
            if self._task.durable:
                line.may[head.track] = rank
        fits = head.kind is Kind.configuration or (head.kind is Kind.sound) is (rank == SOUND)
        return rank if fits else None

    def _allowed(self, member: str, number: int) -> int | None:
        state = self.state
        may = not self._lesson.ended and rights.may_send(state, self._lesson.people, member, number)
        return rank_of(state.open[number].source) if may else None

    def track(self, number: int, rank: int) -> Track:
        track = self.tracks.get(number)
        if track is None:
            track = self.tracks[number] = Track(number, rank)
        return track

    # Out

    @property
    def watching(self) -> int:
        return sum(bool(line.viewer.sights) for line in self.lines())

    @property
    def sending(self) -> int:
        return len({line for line in self.speakers.values() if line.member != ALL})

    def see(self, line: Line, tracks: dict[int, int]) -> None:
        """The whole of what he wants, each track with its highest layer (M2)."""
        line.asked = tracks
        self._when_durable(partial(self._show, line))

    def _show(self, line: Line) -> None:
        """Brings what he gets to what he wants and may have."""
        now, opened = now_s(), self.state.open
        wanted = {n: layer for n, layer in line.asked.items() if self._may_see(line.member, n)}
        for number in line.viewer.sights.keys() - wanted.keys():
            line.viewer.leave(number)
        for rank, number in sorted((rank_of(opened[n].source), n) for n in wanted):
            sight = line.viewer.sights.get(number)
            if sight is None or sight.wish != wanted[number]:
                line.viewer.see(self.track(number, rank), wanted[number], now)
        self._want()

    def _may_see(self, member: str, number: int) -> bool:
        state = self.state
        if number not in state.open or self._lesson.ended:
            return False
        return member == ALL or rights.may_see(state, self._lesson.people, member, number)

    def _ask(self, line: Line, what: frames.Asked) -> None:
        """To the track's publisher, at most once a second (M4), of whoever sees the track."""
        now = now_s()
        if what.track not in line.viewer.sights or not line.questions.take(now):
            return
        allowance = self._keys.setdefault((what.track, type(what)), Budget(1, 1))
        speaker = self.speakers.get(what.track)
        if speaker is not None and allowance.take(now):
            speaker.port.write(frames.asked(what))

    # When the log says something else

    def _watch(self, touched: Touched) -> None:
        if touched.covers(NAME):
            self.look_again()

    def look_again(self) -> None:
        """Everybody's rights, at once: who has been silenced, seated or sent out stops here."""
        if self._lesson.ended:
            return self.close(4410, "lesson.ended")
        for number in self.tracks.keys() - self.state.open.keys():
            self._end(number)
        for line in self.lines():
            if line.member != ALL and self._lesson.people.get(line.member) is None:
                line.viewer.leave_all()
                line.port.close(4403, "removed")
            line.may.clear()
            self._show(line)
        return None

    def _end(self, number: int) -> None:
        track = self.tracks.pop(number)
        for sight in list(track.sights):
            sight.viewer.leave(number)
        self.speakers.pop(number, None)

    def _gone(self, member: str) -> None:
        """His line is gone for so long that he is taken from the stage (M7)."""
        state, elsewhere = self.state, self._elsewhere(member)
        if elsewhere is None:
            self.absence.left(member, now_s())
        elif not elsewhere and (member in state.stage or state.of(member)):
            command = self._lesson.kinds.command("media.gone", msgspec.json.encode({"member": member}))
            if command is not None:
                self._task.wish(Wish(command, "", "", lambda answer: self.absence.told(member, answer.code, now_s())))

    # What a relay that is alone has no use for

    def _say(self) -> None:
        """Lines or senders are others than before."""

    def _want(self) -> None:
        """Somebody looks at something else than before."""

    def _elsewhere(self, member: str) -> bool | None:
        """Whether another node has a line of the member; None while nobody can know."""
        return False

    def _when_durable(self, what: Callable[[], None]) -> None:
        """Nothing is shown by a state that may still be taken back."""
        what() if self._task.durable else self._task.errand(what)


def _give(take: Take, data: bytes) -> None:
    try:
        take(data)
    except Exception:
        log.exception("an object could not be taken")


def now_s() -> float:
    return asyncio.get_running_loop().time()
