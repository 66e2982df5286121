"""Who sees what: the parts last shown to each role, and the screens that look at them.

Everything a screen gets is the state at a flush, so the digest law (protocol S2) holds for it at each flush."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mingtang import metrics
from mingtang.core.activity import standing
from mingtang.core.lesson import EVERYBODY, Lesson, Touched
from mingtang.core.member import Role
from mingtang.core.patch import Json, diff
from mingtang.live import wire
from mingtang.live.budget import Budget
from mingtang.live.fanout import FanOut
from mingtang.live.journal import Flush, Journal, Patches
from mingtang.live.screen import NEVER, Screen

log = logging.getLogger(__name__)
MOST_WANTS = 32
SAID_PER_S = 60_000  # relayed frames of a lesson, to all screens together
MISSED_BYTES = 16 * 1024  # beyond this, and beyond the whole state, the whole state is cheaper for a slow line


class Shown:
    """A part as the screens of a role have it: its value, its JSON, and since which place of the log it is kept."""

    __slots__ = ("_json", "since", "value")

    def __init__(self, value: Json, since: int) -> None:
        self.value, self.since, self._json = value, since, b""

    def set(self, value: Json) -> None:
        self.value, self._json = value, b""

    def json(self) -> bytes:
        self._json = self._json or wire.encode(self.value)
        return self._json


class Audience:
    """Screens of one role that want the same parts: they get the same bytes."""

    __slots__ = ("_cached", "parts", "role", "screens", "wants")

    def __init__(self, role: Role, wants: frozenset[str], parts: tuple[str, ...]) -> None:
        self.role, self.wants, self.parts = role, wants, parts
        self.screens: dict[Screen, None] = {}  # a dict, as its order is the order of coming: every run is the same
        self._cached: tuple[Screen, ...] | None = None

    def add(self, screen: Screen) -> None:
        self.screens[screen] = None
        self._cached = None

    def discard(self, screen: Screen) -> None:
        self.screens.pop(screen, None)
        self._cached = None

    def all(self) -> tuple[Screen, ...]:
        if self._cached is None:
            self._cached = tuple(self.screens)
        return self._cached


class Hub:
    """Call attach, want and flush only while the lesson's state is durable and no fan-out is under way."""

    def __init__(self, lesson: Lesson, clock: Callable[[], int], when_free: Callable[[], None]) -> None:
        self.lesson = lesson
        self.seq = lesson.seq
        self.flushes = 0
        self.dirty = Touched()
        self.fan_out = FanOut(when_free)
        # Told at once of what has changed, before it is shown to anybody.
        self.watch: Callable[[Touched], None] = lambda touched: None
        self.screens: dict[str, dict[Screen, None]] = {}
        self._clock = clock
        self._audiences: dict[tuple[Role, frozenset[str]], Audience] = {}
        self._shown: dict[tuple[Role, str], Shown] = {}
        self._mine: dict[str, Json] = {}
        self._names: dict[Role, tuple[str, ...]] = {}
        self._parts: dict[Role, bytes] = {}
        self._journal = Journal()
        self._said = Budget(SAID_PER_S, SAID_PER_S)

    def close(self) -> None:
        """Lets go of those who are told: a circle would keep a lesson that was put away until all memory is looked
        through, and that is seldom (see pauses)."""
        self.watch = lambda touched: None
        self.fan_out.close()

    @property
    def reach(self) -> int:
        """How many screens a flush may have to be written to."""
        return sum(len(audience.screens) for audience in self._audiences.values())

    # Coming and going

    def attach(self, screen: Screen, back: int | None = None) -> None:
        """Gives the screen the whole state, or what it missed since `back`; from then on it follows."""
        member = self.lesson.people.get(screen.member)
        if member is None or screen.gone:
            return
        screen.role = member.role
        self.screens.setdefault(screen.member, {})[screen] = None
        self._follow(screen, frozenset(p for p in screen.wants if self._show(screen.role, p) is not None))
        mine = self._mine_of(screen.member)
        missed = None if back is None else self._missed(screen, back)
        at = self._clock()
        screen.upto, screen.from_flush = self.seq, self.flushes + 1
        if missed is None:
            screen.write(wire.hello(member, self.seq, at, self._parts_of(screen), mine))
        else:
            start = back if missed and back is not None else self.seq
            screen.write(wire.again(member, start, at, mine) + b"".join(missed))

    def detach(self, screen: Screen) -> None:
        screen.gone, screen.from_flush = True, NEVER
        if screen.audience is not None:
            self._leave(screen.audience, screen)
            screen.audience = None
        others = self.screens.get(screen.member)
        if others is not None:
            others.pop(screen, None)
            if not others:
                del self.screens[screen.member]
                self._mine.pop(screen.member, None)

    def fall_behind(self, screen: Screen, now: float) -> None:
        """A screen that does not read gets nothing more until `attach` brings it up to date from `upto`."""
        metrics.behind.inc()
        screen.behind_since, screen.from_flush = now, NEVER

    def want(self, screen: Screen, part: str) -> None:
        if screen.gone:
            return
        shown = None if standing(part) or len(screen.wants) >= MOST_WANTS else self._show(screen.role, part)
        if shown is None:
            screen.send(wire.no("not_allowed", part=part))
            return
        self._follow(screen, screen.wants | {part})
        screen.send(wire.part(self.seq, self._clock(), part, shown.json()))

    def drop(self, screen: Screen, part: str) -> None:
        if part in screen.wants and not screen.gone:
            self._follow(screen, screen.wants - {part})

    def relay(self, no: int, topic: str, data: object, now: float, sender: Screen | None = None) -> None:
        """Volatile: to everyone who sees the topic and can take it now; never kept. Dropped while patches are on their
        way and when the lesson says more than its share: pointers must not delay answers."""
        audiences = [a for a in self._audiences.values() if standing(topic) or topic in a.wants]
        if self.fan_out.busy or not self._said.take(now, sum(len(a.screens) for a in audiences)):
            return
        bytes_ = wire.said(topic, no, data)
        for audience in audiences:
            for screen in audience.all():
                if screen is not sender and screen.from_flush != NEVER:
                    screen.write(bytes_)

    # Showing what changed

    def mark(self, touched: Touched) -> None:
        self.dirty.add(touched)
        self.watch(touched)

    def mark_all(self) -> None:
        """After the state was read anew: anything may differ from what was shown."""
        self.dirty.activities |= set(self.lesson.states)
        self.dirty.mine |= {(name, EVERYBODY) for name in self.lesson.states}
        self.dirty.steering = True
        self.watch(self.dirty)

    def begin_anew(self) -> None:
        """After the log was rewritten: nothing that was shown before is kept, and everybody gets what is true now."""
        self.mark_all()
        self.flush()
        self._journal.begin_anew(self.seq)

    def flush(self) -> None:
        """Brings everything shown to the lesson's present place: one frame an audience, one for each changed `mine`."""
        touched, self.dirty = self.dirty, Touched()
        before, self.seq, at = self.seq, self.lesson.seq, self._clock()
        self.flushes += 1
        self._flush_mine(touched, at)
        patches = self._patches(touched)
        if patches:
            self._parts.clear()
        flush = Flush(before, self.seq, at, patches)
        self._journal.add(flush)
        for audience in self._audiences.values():
            if audience.screens and (parts := flush.of(audience.role, audience.parts)):
                self.fan_out.put(self.flushes, self.seq, wire.patch(self.seq, at, parts), audience.all())
        self.fan_out.start()

    def _patches(self, touched: Touched) -> Patches:
        patches: Patches = {}
        for (role, part), shown in self._shown.items():
            if not touched.covers(part):
                continue
            value = self._view(role, part)
            if value is None:
                value = {}
            if change := diff(shown.value, value):
                shown.set(value)
                patches[role, part] = wire.encode(change)
        return patches

    def _flush_mine(self, touched: Touched, at: int) -> None:
        activities: dict[str, set[str]] = {}
        tellers = self.lesson.kinds.tellers
        for activity, member in touched.mine:
            if activity not in tellers:
                continue
            for one in self._mine if member == EVERYBODY else (member,):
                if one in self._mine:
                    activities.setdefault(one, set()).add(activity)
        for member, names in activities.items():
            old, new = self._mine[member], dict(self._mine[member])
            for name in names:
                value = tellers[name](self.lesson.states[name], member, self.lesson.people)
                new.pop(name, None)
                if value:
                    new[name] = value
            if change := diff(old, new):
                self._mine[member] = new
                data = wire.mine(self.seq, at, change)
                for screen in self.screens.get(member, ()):
                    if screen.from_flush != NEVER:
                        screen.write(data)

    # What is kept

    def _show(self, role: Role, part: str) -> Shown | None:
        shown = self._shown.get((role, part))
        if shown is None:
            if self.dirty:  # a part shown for the first time must be of the same place as the others
                self.flush()
            value = self._view(role, part)
            if value is None:
                return None
            shown = self._shown[role, part] = Shown(value, self.seq)
        return shown

    def _view(self, role: Role, part: str) -> Json | None:
        try:
            return self.lesson.view(role, part)
        except Exception:
            log.exception("the view of %s for a %s failed", part, role)
            return None

    def _standing(self, role: Role) -> tuple[str, ...]:
        """The role's standing parts. Which these are does not change in a lesson."""
        names = self._names.get(role)
        if names is None:
            names = tuple(n for n in self.lesson.kinds.activities if self._show(role, n) is not None)
            self._names[role] = names
        return names

    def _parts_of(self, screen: Screen) -> bytes:
        """Shared bytes for the shared parts: nobody's hello is encoded twice."""
        base = self._parts.get(screen.role)
        if base is None:
            names = self._standing(screen.role)
            base = self._parts[screen.role] = wire.joined({n: self._shown[screen.role, n].json() for n in names})
        if not screen.wants:
            return base
        wanted = wire.joined({p: self._shown[screen.role, p].json() for p in sorted(screen.wants)})
        return wanted if base == b"{}" else base[:-1] + b"," + wanted[1:]

    def _mine_of(self, member: str) -> Json:
        mine = self._mine.get(member)
        if mine is None:
            mine = self._mine[member] = self.lesson.mine(member)
        return mine

    def _missed(self, screen: Screen, back: int) -> list[bytes] | None:
        """Frames from `back` to now; None when they are not all kept, or are more than the whole state."""
        flushes = self._journal.since(back, self.seq)
        parts = (*self._standing(screen.role), *screen.wants)
        if flushes is None or any(self._shown[screen.role, p].since > back for p in parts):
            return None
        frames = [wire.patch(f.after, f.at, seen) for f in flushes if (seen := f.of(screen.role, parts))]
        return frames if sum(map(len, frames)) <= max(MISSED_BYTES, len(self._parts_of(screen))) else None

    def _follow(self, screen: Screen, wants: frozenset[str]) -> None:
        """Into the new audience first: a part that the old one leaves behind is kept if the new one wants it."""
        old, key = screen.audience, (screen.role, wants)
        audience = self._audiences.get(key)
        if audience is None:
            parts = (*self._standing(screen.role), *wants)
            audience = self._audiences[key] = Audience(screen.role, wants, parts)
        screen.wants, screen.audience = wants, audience
        audience.add(screen)
        if old is not None and old is not audience:
            self._leave(old, screen)

    def _leave(self, audience: Audience, screen: Screen) -> None:
        audience.discard(screen)
        if not audience.screens:
            self._audiences.pop((audience.role, audience.wants), None)
            self._forget(audience.role)

    def _forget(self, role: Role) -> None:
        """Lets go of what nobody looks at any more."""
        wanted = {p for a in self._audiences.values() if a.role is role for p in a.wants}
        for key in [k for k in self._shown if k[0] is role and not standing(k[1]) and k[1] not in wanted]:
            del self._shown[key]
