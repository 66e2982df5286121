"""One track while it happens: its configuration, its group from the last key on, and who looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mingtang.live import wire
from mingtang.live.media.objects import Head, Kind

if TYPE_CHECKING:
    from mingtang.live.media.viewer import Sight

SOUND, SCREEN, SMALL, CAMERA = range(4)  # what goes first when not all can go
_RANKS = {"microphone": SOUND, "screen_sound": SOUND, "room_microphone": SOUND, "screen": SCREEN, "document": SCREEN,
          "camera_small": SMALL, "room_camera_small": SMALL}  # fmt: skip
GROUP_BYTES = 8 << 20
BINARY = 2


def rank_of(source: str) -> int:
    return _RANKS.get(source, CAMERA)


class Item:
    """An object on its way: `frame` is it as all sockets get it, built once."""

    __slots__ = ("configures", "data", "frame", "head", "key", "picture")

    def __init__(self, head: Head, data: bytes) -> None:
        self.head, self.data = head, data
        self.frame = wire.frame(data, BINARY)
        self.configures = head.kind is Kind.configuration
        self.picture = head.kind is Kind.picture
        self.key = head.key or head.kind is Kind.sound


class Track:
    """`raised` are sights that get more layers from the next key on: not before, as nothing says that a layer may begin
    anywhere else."""

    def __init__(self, number: int, rank: int) -> None:
        self.number, self.rank = number, rank
        self.highest = 0  # the highest layer that has come
        self.last = -1  # the seq that has come last
        self.configuration: Item | None = None
        self.group: list[Item] = []
        self.sights: dict[Sight, None] = {}
        self.raised: list[Sight] = []
        self._bytes = 0
        self._audiences: dict[int, tuple[Sight, ...]] = {}

    def take(self, item: Item) -> None:
        """Keeps what a latecomer needs. A group without end is let go of; who comes then waits for the next key."""
        self.highest = max(self.highest, item.head.layer)
        if item.configures:
            self.configuration = item
            return
        self.last = item.head.seq
        if item.key:
            self.group, self._bytes = [item], len(item.data)
            self._raise()
        elif self.group:
            self.group.append(item)
            self._bytes += len(item.data)
            if self._bytes > GROUP_BYTES:
                self.group = []

    def _raise(self) -> None:
        raised, self.raised = self.raised, []
        for sight in raised:
            sight.cap = sight.aim
            self._audiences = {}

    def audience(self, layer: int) -> tuple[Sight, ...]:
        """Those who want this layer, as they are now: the tuple is never changed while it is written to."""
        found = self._audiences.get(layer)
        if found is None:
            found = self._audiences[layer] = tuple(s for s in self.sights if s.cap >= layer)
        return found

    def changed(self) -> None:
        """A sight came, went, or wants other layers."""
        self._audiences = {}

    def add(self, sight: Sight) -> None:
        self.sights[sight] = None
        self.changed()

    def discard(self, sight: Sight) -> None:
        self.sights.pop(sight, None)
        self.changed()
