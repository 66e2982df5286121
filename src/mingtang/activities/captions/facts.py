"""What may be asked of the captions, and what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from mingtang.core.event import Command, Event, Id, Line
from mingtang.core.member import STAFF

Number = Annotated[int, Meta(ge=1, le=1 << 31)]
Time = Annotated[int, Meta(ge=0, lt=1 << 48)]
Track = Annotated[int, Meta(ge=1, le=0xFFFF)]
Lang = Annotated[str, Meta(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$")]
Trouble = Literal["failed", "slow"]
LONGEST_TYPING_MS = 30_000


class Type(Command, tag="captions.type"):
    """Writes down what is being said. `took` is how long ago its typing began, ms: so long ago it was said."""

    roles = STAFF
    text: Line
    took: Annotated[int, Meta(ge=0, le=LONGEST_TYPING_MS)] = 0


class Say(Command, tag="captions.say"):
    """What a program heard `member` say on his `track` from `begin` to `end`, ms UTC. The server's own."""

    member: Id
    track: Track
    begin: Time
    end: Time
    text: Line
    lang: Lang = ""


class Correct(Command, tag="captions.correct"):
    """Puts other words in the place of a line's."""

    roles = STAFF
    no: Number
    text: Line


class Remove(Command, tag="captions.remove"):
    """Takes a line away."""

    roles = STAFF
    no: Number


class Show(Command, tag="captions.show"):
    """Shows the captions on the wall, or no longer."""

    roles = STAFF
    on: bool


class Listen(Command, tag="captions.listen"):
    """Lets the server's program write down what is said, or no longer."""

    roles = STAFF
    on: bool


class Offer(Command, tag="captions.offer"):
    """Says which program listens at this server; "" is none. The server's own."""

    engine: Annotated[str, Meta(max_length=60)]


class Fail(Command, tag="captions.fail"):
    """Says why the program was stopped: it failed, or it was too slow. The server's own."""

    why: Trouble


class CaptionsSaid(Event, tag="captions.said"):
    """A line was written: said from `begin` to `end`, ms UTC. Typed where `track` is 0; else heard, and `member` said
    it."""

    no: int
    begin: int
    end: int
    text: str
    lang: str = ""
    track: int = 0
    member: str = ""


class CaptionsCorrected(Event, tag="captions.corrected"):
    """A line has other words; `member` is who said them, where a program heard it."""

    no: int
    text: str
    lang: str = ""
    member: str = ""


class CaptionsRemoved(Event, tag="captions.removed"):
    """A line is no more."""

    no: int


class CaptionsShown(Event, tag="captions.shown"):
    """The wall shows the captions, or no longer."""

    on: bool


class CaptionsListened(Event, tag="captions.listened"):
    """The server's program listens, or no longer. `trouble` says why it stopped by itself."""

    on: bool
    trouble: str = ""


class CaptionsOffered(Event, tag="captions.offered"):
    """This program may be told to listen; "" is none."""

    engine: str


commands = (Type, Say, Correct, Remove, Show, Listen, Offer, Fail)
events = (CaptionsSaid, CaptionsCorrected, CaptionsRemoved, CaptionsShown, CaptionsListened, CaptionsOffered)
