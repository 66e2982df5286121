"""The stage as the log has it. It knows members by id alone; names, roles and seats are asked of People."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from mingtang.activities.media.facts import OF_THE_ROOM, Source


class Place(Struct):
    """One on a stage: that of all, or of a group. `no` is shown to everybody in the place of his id."""

    no: int
    since: int
    group: int = 0
    staff: bool = False
    asked: bool = False
    silenced: bool = False
    quiet: bool = False


class Track(Struct):
    """One source of one member, from `began` to `ended` (ms UTC; None while it is open). Stored are so many bytes of
    whole groups, the last of them from `stored_until`."""

    no: int
    member: str
    source: Source
    codec: str
    began: int
    asks: bool = False
    ended: int | None = None
    stored: int = 0
    stored_until: int = 0

    @property
    def of_the_room(self) -> bool:
        return self.source in OF_THE_ROOM


class State(Struct):
    """`tracks` are all there ever were, `open` the numbers of those that go on. `consents` are the students' own words,
    who is missing said nothing. `group` is where members are while there are groups; 0 is among all."""

    stage: dict[str, Place] = field(default_factory=dict)
    invited: dict[str, int] = field(default_factory=dict)
    tracks: dict[int, Track] = field(default_factory=dict)
    open: dict[int, Track] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    group: dict[str, int] = field(default_factory=dict)
    places: int = 0
    recording: int = 0
    trouble: str = ""
    device: str = ""

    def on_stage(self, group: int = 0) -> Iterator[tuple[str, Place]]:
        return ((member, place) for member, place in self.stage.items() if place.group == group)

    def group_of(self, track: Track) -> int:
        """On whose stage a track is; the room's own are among all."""
        place = self.stage.get(track.member)
        return 0 if track.of_the_room or place is None else place.group

    def of(self, member: str, room: bool | None = None) -> list[Track]:
        """The open tracks of a member; those of the room's device alone, or those of the stage alone."""
        return [t for t in self.open.values() if t.member == member and (room is None or t.of_the_room is room)]

    def end(self, tracks: list[Track], at: int) -> None:
        for track in tracks:
            track.ended = at
            self.open.pop(track.no, None)
