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
    """`tracks` are all there ever were, `open` those that go on. `consents` are the students' own words, who is missing
    said nothing. `group` is where members are while there are groups, `groups` the same by number; 0 is among all.
    `stages` are the places of `stage` by group."""

    stage: dict[str, Place] = field(default_factory=dict)
    stages: dict[int, dict[str, Place]] = field(default_factory=dict)
    invited: dict[str, int] = field(default_factory=dict)
    tracks: dict[int, Track] = field(default_factory=dict)
    open: dict[int, Track] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    group: dict[str, int] = field(default_factory=dict)
    groups: dict[int, dict[str, None]] = field(default_factory=dict)
    sending: dict[str, dict[int, Track]] = field(default_factory=dict)
    places: int = 0
    recording: int = 0
    trouble: str = ""
    device: str = ""

    def enter(self, member: str, place: Place) -> None:
        self.stage[member] = place
        self.stages.setdefault(place.group, {})[member] = place

    def to(self, member: str, place: Place, group: int) -> None:
        """To another stage; what one sends goes on."""
        self.stages[place.group].pop(member)
        place.group = group
        self.enter(member, place)

    def off(self, member: str, at: int) -> None:
        if place := self.stage.pop(member, None):
            self.stages[place.group].pop(member)
            self.end(self.of(member, room=False), at)

    def put(self, member: str, group: int) -> None:
        """Into a group, out of the one before."""
        self.groups.get(self.group.pop(member, 0), {}).pop(member, None)
        if group:
            self.group[member] = group
            self.groups.setdefault(group, {})[member] = None

    def on_stage(self, group: int = 0) -> dict[str, Place]:
        return self.stages.get(group, {})

    def tracks_of(self, group: int = 0) -> Iterator[Track]:
        """The open tracks on a stage; the room's are among all."""
        for member in self.on_stage(group):
            yield from self.of(member, room=False)
        if not group and self.device:
            yield from self.of(self.device, room=True)

    def group_of(self, track: Track) -> int:
        """On whose stage a track is; the room's own are among all."""
        place = self.stage.get(track.member)
        return 0 if track.of_the_room or place is None else place.group

    def of(self, member: str, room: bool | None = None) -> list[Track]:
        """The open tracks of a member; those of the room's device alone, or those of the stage alone."""
        own = self.sending.get(member, {})
        return [track for track in own.values() if room is None or track.of_the_room is room]

    def begin(self, track: Track) -> None:
        self.tracks[track.no] = self.open[track.no] = track
        self.sending.setdefault(track.member, {})[track.no] = track

    def end(self, tracks: list[Track], at: int) -> None:
        for track in tracks:
            track.ended = at
            self.open.pop(track.no, None)
            self.sending.get(track.member, {}).pop(track.no, None)
