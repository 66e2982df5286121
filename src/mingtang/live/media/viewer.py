"""One who watches: what is written to him, what waits while his line is full, and what is left out when it stays so.
docs/build/media.md, rule M6. Nothing here awaits, and nobody waits for anybody."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from mingtang import metrics
from mingtang.live.media import frames
from mingtang.live.media.tracks import CAMERA, SMALL, SOUND, Item, Track

THIN_S = 0.15  # when upper layers are left out, in the hope that it is enough
LATE_S = 0.5
FALLS_WITHIN_S = 10.0
FALLS_APART_S = 0.5  # two cameras that are late at the same moment are one fall
SOUND_S = 5.0
TRY_AGAIN_S, MOST_PATIENCE_S = 20.0, 320.0
NOTHING = -1
LOWEST = 4
RUNG_OF = {CAMERA: 2, SMALL: 3}  # from which on it is left out
SLOW, BETTER = "slow", "better"


class Port(Protocol):
    """The way to the other side: a socket, another node, or a test's list. `write` takes frames, and fills its viewer
    as soon as something has to wait. Until then frames may be handed to the kernel straight, by the number `fd` of its
    socket, and what it does not take to write(); -1 where there is no such way."""

    write: Callable[[bytes], None]
    fd: int

    def close(self, code: int, reason: str) -> None: ...

    def abort(self) -> None: ...


class Sight:
    """A viewer's look at a track. While `flows` is true frames are written as they come; else `hold` sees to them.
    `cap` is the highest layer he gets and `aim` what he is to get; `blind` until the next key."""

    __slots__ = ("aim", "blind", "cap", "configured", "fd", "flows", "held", "track", "viewer", "wish", "write")

    def __init__(self, viewer: Viewer, track: Track, wish: int) -> None:
        self.viewer, self.track, self.wish = viewer, track, wish
        self.write, self.fd = viewer.port.write, viewer.port.fd
        self.held: deque[tuple[float, Item]] = deque()
        self.configured: Item | None = None
        self.flows, self.blind = False, True
        self.cap = self.aim = viewer.most(self)

    def begin(self, now: float) -> None:
        """What stands: the configuration and the group from its key on."""
        self.track.add(self)
        if self.cap != NOTHING:
            self._configure(now)
            for item in self.track.group:
                if item.head.layer <= self.cap:
                    self._keep(item, now)
        self.viewer.pump(now)

    def end(self) -> None:
        self.flows, self.blind, self.cap = False, True, NOTHING
        self.held.clear()
        self.track.discard(self)

    def hold(self, item: Item, now: float) -> None:
        """What could not just be written."""
        if self.cap == NOTHING:
            return
        if item.configures:
            self._configure(now)
        elif item.picture and self._waits(now, LATE_S) and not item.key:
            self.fall(now)
        elif item.head.layer and self._waits(now, THIN_S):
            self._thin(item.head.layer)
        else:
            self._keep(item, now)
        self.viewer.pump(now)

    def _keep(self, item: Item, now: float) -> None:
        if item.picture and item.key and self._waits(now, LATE_S):
            self.fall(now)
        if self.blind and not item.key:
            metrics.media_dropped.labels("late").inc()
            return
        self.blind = False
        self._configure(now)
        self.held.append((now, item))
        if not item.picture and now - self.held[0][0] > SOUND_S:
            self.viewer.give_up()

    def _configure(self, now: float) -> None:
        if self.track.configuration is not self.configured and self.track.configuration is not None:
            self.configured = self.track.configuration
            self.held.append((now, self.configured))

    def _waits(self, now: float, long_s: float) -> bool:
        return self.track.rank != SOUND and bool(self.held) and now - self.held[0][0] > long_s

    def _thin(self, layer: int) -> None:
        """Without this layer and those above it, up to the next key: what is below decodes all the same."""
        metrics.media_dropped.labels("layer").inc()
        self.cap = layer - 1
        self.track.changed()
        self.track.raised.append(self)

    def fall(self, now: float) -> None:
        """Pictures that wait are left out up to the next key."""
        self.drop()
        self.viewer.fell(now)

    def drop(self) -> None:
        metrics.media_dropped.labels("late").inc(len(self.held))
        self.held.clear()
        self.blind, self.flows, self.configured = True, False, None

    def set(self, cap: int) -> None:
        """To other layers: fewer at once, more from the next key on."""
        self.aim = cap
        if cap == NOTHING:
            self.drop()
        if cap < self.cap or self.cap == NOTHING:
            self.cap = cap
            self.track.changed()
        elif cap > self.cap:
            self.track.raised.append(self)

    def send(self, now: float) -> None:
        """Writes what waits for as long as the line takes it."""
        if self._waits(now, LATE_S):
            self.fall(now)
        while self.held and not self.viewer.full:
            _, item = self.held.popleft()
            self.write(item.frame)
            metrics.media_out.inc()
        self.flows = not (self.viewer.full or self.held or self.blind)


class Viewer:
    """`rung` says how much is left out: 0 nothing, 1 upper layers, 2 cameras as well, 3 also small
    ones, 4 all pictures."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.full = self.gone = False
        self.sights: dict[int, Sight] = {}
        self.rung = 0
        self.full_since: float | None = None
        self._order: tuple[Sight, ...] = ()
        self._falls: list[float] = []
        self._fell = -FALLS_APART_S
        self._lowered, self._patience = 0.0, TRY_AGAIN_S
        self._pumping = False

    # What he sees

    def see(self, track: Track, wish: int, now: float) -> None:
        found = self.sights.get(track.number)
        if found is not None:
            found.wish = wish
            found.set(self.most(found))
            return
        sight = self.sights[track.number] = Sight(self, track, wish)
        self._arrange()
        if sight.cap < wish and track.rank != SOUND:
            self._tell(sight, SLOW)
        sight.begin(now)

    def leave(self, number: int) -> None:
        sight = self.sights.pop(number, None)
        if sight is not None:
            sight.end()
            self._arrange()

    def leave_all(self) -> None:
        self.gone = True
        for number in list(self.sights):
            self.leave(number)

    def _arrange(self) -> None:
        self._order = tuple(sorted(self.sights.values(), key=lambda s: (s.track.rank, s.track.number)))

    # What he gets

    def fill(self, now: float) -> None:
        """His line takes no more. Called from inside write()."""
        self.full, self.full_since = True, now
        for sight in self._order:
            sight.flows = False

    def drain(self, now: float) -> None:
        self.full, self.full_since = False, None
        self.pump(now)

    def pump(self, now: float) -> None:
        """Sound first, then screens, then cameras, the small ones before."""
        if self._pumping or self.gone:
            return  # writing may fill the line, and leaving something out may change what is left
        self._pumping = True
        for sight in self._order:
            sight.send(now)
        self._pumping = False

    def give_up(self) -> None:
        """Sound as old as this is of no use to anybody: he comes back to what is live."""
        if not self.gone:
            metrics.media_cut.labels("slow").inc()
            self.leave_all()
            self.port.close(4408, "slow")
            self.port.abort()

    # How much he gets

    def most(self, sight: Sight) -> int:
        if sight.track.rank == SOUND:
            return 0
        if self.rung >= RUNG_OF.get(sight.track.rank, LOWEST):
            return NOTHING
        return sight.wish if self.rung == 0 else 0

    def fell(self, now: float) -> None:
        if now - self._fell < FALLS_APART_S:
            return
        self._fell = now
        self._falls = [at for at in self._falls if now - at < FALLS_WITHIN_S] + [now]
        if len(self._falls) >= 2:
            self._falls = []
            self._patience = min(self._patience * 2, MOST_PATIENCE_S) if self._lowered else TRY_AGAIN_S
            self._lowered = now
            self._step(1, SLOW)

    def sweep(self, now: float) -> None:
        """From time to time one step more is tried, each time later when it was in vain."""
        if self.rung and not self.full and now - self._lowered > self._patience:
            self._lowered = now
            self._step(-1, BETTER)

    def _step(self, by: int, why: str) -> None:
        """To the next rung on which something changes for what he looks at."""
        changed = False
        while not changed and 0 <= self.rung + by <= LOWEST:
            self.rung += by
            for sight in self._order:
                before, most = min(sight.aim, sight.track.highest), self.most(sight)
                if most != sight.aim:
                    sight.set(most)
                if min(most, sight.track.highest) != before:
                    changed = True
                    self._tell(sight, why)

    def _tell(self, sight: Sight, why: str) -> None:
        self.port.write(frames.level(sight.track.number, sight.aim, why))
