"""What may be asked of the stage, and what happened on it. Who may ask is in `roles`; what becomes of it, in rules."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from mingtang.core.event import Command, Event, Id
from mingtang.core.frame import MediaEntered
from mingtang.core.member import STAFF, STUDENTS, TAUGHT, Role

Source = Literal[
    "microphone",
    "camera",
    "camera_small",
    "screen",
    "screen_sound",
    "document",
    "room_microphone",
    "room_camera",
    "room_camera_small",
]
Codec = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,40}$")]
Number = Annotated[int, Meta(ge=0, le=0xFFFF)]
Count = Annotated[int, Meta(ge=0, lt=1 << 53)]
Group = tuple[Number, Count, Count, Count]
Trouble = Literal["", "full", "quota", "failed"]
SENDERS = TAUGHT | {Role.wall}

SOUND: frozenset[Source] = frozenset({"microphone", "screen_sound", "room_microphone"})
OF_THE_ROOM: frozenset[Source] = frozenset({"room_microphone", "room_camera", "room_camera_small"})
SMALL: dict[Source, Source] = {"camera_small": "camera", "room_camera_small": "room_camera"}
"""A picture that is sent small as well, for those to whom it is a tile, and what it is the same picture as."""
MOST_ON_STAGE = 8
MOST_INVITED = 30
MOST_TRACKS = 0xFFFF


class Invite(Command, tag="media.invite"):
    """Asks a remote student to come on the stage."""

    roles = STAFF
    member: Id


class Withdraw(Command, tag="media.withdraw"):
    """Takes an invitation back."""

    roles = STAFF
    member: Id


class Enter(Command, tag="media.enter"):
    """Comes on the stage: staff at once, a student who was invited, a member of a group on the stage of his group.
    `consent` is whether he may be recorded; left out, what he said before stands."""

    roles = TAUGHT
    consent: bool | None = None


class Decline(Command, tag="media.decline"):
    """The one who was invited stays where he is."""

    roles = STUDENTS


class Leave(Command, tag="media.leave"):
    """Leaves the stage; one's tracks end."""

    roles = TAUGHT


class Remove(Command, tag="media.remove"):
    """Takes somebody from the stage."""

    roles = STAFF
    member: Id


class Mute(Command, tag="media.mute"):
    """Asks somebody on the stage to mute himself; `enforced`, no sound of him is taken any more."""

    roles = STAFF
    member: Id
    enforced: bool = False


class MuteAll(Command, tag="media.mute_all"):
    """Asks all students on the stage that one sees to mute themselves, or mutes them."""

    roles = STAFF
    enforced: bool = False


class Unmute(Command, tag="media.unmute"):
    """Lets one who was muted be heard again, or takes back that he was asked to mute himself."""

    roles = STAFF
    member: Id


class Quiet(Command, tag="media.quiet"):
    """The mark that one has muted oneself, or no longer."""

    roles = TAUGHT
    on: bool


class Start(Command, tag="media.start"):
    """Begins a track: of who is on the stage, or with the sources of the room of the device that is lent to it. An open
    track of the same source ends. A small rendition belongs to an open camera, and ends with it."""

    roles = SENDERS
    source: Source
    codec: Codec


class Stop(Command, tag="media.stop"):
    """Ends a track: one's own, or as staff anybody's."""

    roles = SENDERS
    track: Number


class Record(Command, tag="media.record"):
    """Begins to record, or ends it. `trouble` is the server's: why nothing can be stored any more."""

    roles = STAFF
    on: bool
    trouble: Trouble = ""


class Consent(Command, tag="media.consent"):
    """Whether one may be recorded, from now on."""

    roles = STUDENTS
    on: bool


class Lend(Command, tag="media.lend"):
    """Makes one member's device the room's microphone, camera and loudspeaker; no other is then."""

    roles = STAFF
    member: Id


class TakeBack(Command, tag="media.take_back"):
    """No device is the room's ears and mouth any more."""

    roles = STAFF


class NoteStored(Command, tag="media.note_stored"):
    """Groups have been written down: track, time of the key (ms UTC), offset in the track's file, bytes."""

    groups: Annotated[list[Group], Meta(min_length=1, max_length=2000)]


class NoteStoredLate(NoteStored, tag="media.note_stored_late"):
    """Groups that were safe on the disk only when the lesson had ended: its last seconds."""

    late = True


class Gone(Command, tag="media.gone"):
    """The media line of one who sends has been silent for the time of grace."""

    member: Id


class MediaInvited(Event, tag="media.invited"):
    """A student was asked to come on the stage."""

    member: str


class MediaWithdrawn(Event, tag="media.withdrawn"):
    """The invitation was taken back."""

    member: str


class MediaDeclined(Event, tag="media.declined"):
    """The one who was invited said no."""


class MediaLeft(Event, tag="media.left", omit_defaults=True):
    """Somebody left the stage, his tracks ended: of himself, taken away by staff, or because his line was gone."""

    member: str
    why: Literal["left", "removed", "gone"] = "left"


class MediaMuted(Event, tag="media.muted"):
    """Somebody was asked to mute himself or, `enforced`, was muted."""

    member: str
    enforced: bool


class MediaUnmuted(Event, tag="media.unmuted"):
    """Somebody may be heard again."""

    member: str


class MediaQuieted(Event, tag="media.quieted", omit_defaults=True):
    """Somebody muted himself, or no longer, on the stage of this group."""

    on: bool
    group: int = 0


class MediaStarted(Event, tag="media.started", omit_defaults=True):
    """A track began. `asks` says that it is a student's, and recorded only if he consents."""

    track: int
    source: Source
    codec: str
    asks: bool = False


class MediaStopped(Event, tag="media.stopped"):
    """A track ended."""

    track: int


class RecordingStarted(Event, tag="media.recording_started"):
    """From here on is recorded who consents."""


class RecordingStopped(Event, tag="media.recording_stopped", omit_defaults=True):
    """Nothing is recorded any more; `trouble` if it was not wanted so."""

    trouble: Trouble = ""


class MediaConsented(Event, tag="media.consented"):
    """Somebody said whether he may be recorded."""

    on: bool


class MediaLent(Event, tag="media.lent"):
    """A member's device became the room's microphone, camera and loudspeaker."""

    member: str


class MediaTakenBack(Event, tag="media.taken_back"):
    """No device was the room's any more."""


class MediaStored(Event, tag="media.stored"):
    """Groups of tracks were written down: track, time of the key, offset in the track's file, bytes."""

    groups: list[Group]


class MediaStoredLate(MediaStored, tag="media.stored_late"):
    """The same of the last seconds, told after the end."""


COMMANDS = (
    Invite,
    Withdraw,
    Enter,
    Decline,
    Leave,
    Remove,
    Mute,
    MuteAll,
    Unmute,
    Quiet,
    Start,
    Stop,
    Record,
    Consent,
    Lend,
    TakeBack,
    NoteStored,
    NoteStoredLate,
    Gone,
)
EVENTS = (
    MediaInvited,
    MediaWithdrawn,
    MediaDeclined,
    MediaEntered,
    MediaLeft,
    MediaMuted,
    MediaUnmuted,
    MediaQuieted,
    MediaStarted,
    MediaStopped,
    RecordingStarted,
    RecordingStopped,
    MediaConsented,
    MediaLent,
    MediaTakenBack,
    MediaStored,
    MediaStoredLate,
)
