"""The seam at which another transport may take over what is live: recording, rewind and screens stay as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Protocol

Take = Callable[[bytes], None]
"""take(object): one whole media object, head and payload (objects.py), in the order of its track."""


class MediaPort(Protocol):
    """The default is the relay of this package. An adapter for an SFU turns its packets into objects and back."""

    def publish(self, lesson: str, member: str, data: bytes) -> None:
        """One object of a track that the lesson's log says is this member's. Not allowed is dropped and counted."""

    def subscribe(self, lesson: str, member: str, tracks: Mapping[int, int], take: Take) -> Callable[[], None]:
        """From the newest group on; `tracks` says the highest layer wanted of each. Returns the end of it."""

    def record(self, lesson: str, take: Take) -> Callable[[], None]:
        """Every object of every track of the lesson published at this node, whoever wants it. Returns the end of
        it. Where there are several nodes each writes down what came in at its own door."""

    def seek(self, lesson: str, track: int, begin: int, end: int) -> AsyncIterator[bytes]:
        """What was recorded: the configuration, then the objects from the key at or before `begin` to before `end`."""
