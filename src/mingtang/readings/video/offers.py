"""Which recorded tracks a lesson has, and which ordinary files can be had of them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from mingtang.core.event import Fact
from mingtang.readings.video.recorded import SOUNDS, Recorded, beside, tracks_of
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels

CODECS = {"vp8": "vp8", "vp09": "vp9", "vp9": "vp9", "avc1": "h264", "avc3": "h264", "av01": "av1", "opus": "opus"}
TAKES = {"webm": {"vp8", "vp9", "av1", "opus"}, "mp4": {"h264", "vp9", "av1", "opus"}}

LAST_MS = 100  # what is heard with the last picture


class Carried(Struct):
    """What a file came to hold."""

    pictures: int = 0
    sounds: int = 0
    ms: int = 0


class Parcel(Struct):
    """`tracks` are numbers and files, the main one first; of the others what lies between `begin` and `end`, ms UTC."""

    tracks: list[tuple[int, str]]
    form: str
    to: str
    begin: int
    end: int


class Told(Struct):
    """`code` is a message key when nothing came of it."""

    carried: Carried
    code: str = ""


class Offer(Struct):
    """A recorded track and the kinds of file that take it. `ms` is how much is stored, `with_sound` the numbers of the
    tracks that a picture takes along."""

    no: int
    source: str
    forms: list[str]
    begin: int
    end: int
    ms: int
    bytes: int
    with_sound: list[int]

    def parcel(self, reels: Reels, lesson: str, form: str, to: Path) -> Parcel:
        tracks = [(no, str(reels.place(lesson, no).absolute())) for no in (self.no, *self.with_sound)]
        return Parcel(tracks, form, str(to.absolute()), self.begin, self.end)

    def name(self, form: str) -> str:
        return name_of(self.no, self.source, form)


def offers(facts: list[Fact], reels: Reels, lesson: str) -> list[Offer]:
    """Of every track of which something is stored."""
    known = {track.no: track for track in tracks_of(facts)}
    stored = {no: reel for no in known if (reel := reels.reel(lesson, no)) is not None and reel.spans}
    return [_offer(known[no], reel, [known[other] for other in stored]) for no, reel in sorted(stored.items())]


def _offer(track: Recorded, reel: Reel, others: list[Recorded]) -> Offer:
    ms = sum(span.end - span.begin for span in reel.spans)
    sounds = [one.no for one in beside(track, others)]
    begin, end = reel.spans[0].begin, reel.spans[-1].end + LAST_MS
    return Offer(track.no, track.source, forms_of(track.codec), begin, end, ms, reel.end, sounds)


def forms_of(codec: str) -> list[str]:
    """The kinds of file that take a codec as the log names it."""
    kind = CODECS.get(codec.partition(".")[0].lower(), "")
    return [form for form, takes in TAKES.items() if kind in takes]


def name_of(no: int, source: str, form: str) -> str:
    """How a track's file is called."""
    return f"{no}-{'sound' if source in SOUNDS else 'picture'}-{source.replace('_', '-')}.{form}"
