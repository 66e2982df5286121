"""What is stored of a lesson's voice and picture, over HTTP (F2): during the lesson up to now, afterwards as long as it
is kept. Who may replay a lesson may watch; in the room sound is given only when the lesson is over."""

from __future__ import annotations

import asyncio
from typing import Annotated, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from msgspec import UNSET, Struct, UnsetType

from mingtang.activities.media.facts import OF_THE_ROOM, SOUND
from mingtang.core.member import Role
from mingtang.readings.recorded import Recorded
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.media.shelf import MediaShelf
from mingtang.web.media.told import ToldMedia
from mingtang.web.node import Node
from mingtang.web.replays import Replays, viewer

MOST_MS = 5 * 60 * 1000
MOST_TIME = (1 << 48) - 1
KEEP = "private, max-age=3600"  # not for ever: a person may be erased
BINARY = "application/octet-stream"


class StoredTrack(Struct):
    """`spans` are what is stored without a gap, [begin, end] in ms UTC. `name` is who sends, where he has a name still;
    `room` marks the room's own device. `bytes` are all of it."""

    source: str
    codec: str
    spans: list[tuple[int, int]]
    bytes: int
    name: str | UnsetType = UNSET
    room: bool | UnsetType = UNSET


class StoredMedia(Struct):
    """By number of track; those of which nothing is stored are missing. `at` is now and `live` whether the lesson goes
    on: then the ends of open tracks grow."""

    at: int
    live: bool
    tracks: dict[str, StoredTrack]


class Watching(NamedTuple):
    """A watcher and what the lesson has for him."""

    told: Recorded
    hears: bool


@get("/api/media/{lesson:str}", tags=["media"])
async def stored_tracks(
    request: AnyRequest,
    node: NamedDependency[Node],
    replays: NamedDependency[Replays],
    told_media: NamedDependency[ToldMedia],
    media_shelf: NamedDependency[MediaShelf],
    lesson: FromPath[str],
) -> Response[StoredMedia]:
    """Which tracks of the lesson are recorded, and from when to when."""
    watching = await _watching(request, node, replays, told_media, lesson)
    found = await asyncio.to_thread(_stored, media_shelf.reels, lesson, watching)
    told = StoredMedia(node.hall.clock(), not watching.told.ended, found)
    return Response(told, headers={"Cache-Control": "no-store"})


def _stored(reels: Reels, lesson: str, watching: Watching) -> dict[str, StoredTrack]:
    found = {}
    for number in reels.tracks(lesson):
        track = watching.told.tracks.get(number)
        if track is None or (track.source in SOUND and not watching.hears):
            continue
        reel = reels.reel(lesson, number)
        if reel is not None and reel.groups:
            spans = [(span.begin, span.end) for span in reel.spans]
            told = found[str(number)] = StoredTrack(track.source, track.codec, spans, reel.end)
            told.name = watching.told.names.get(track.member) or UNSET
            told.room = True if track.source in OF_THE_ROOM else UNSET
    return found


@get("/api/media/{lesson:str}/{track:int}", tags=["media"])
async def stored_objects(
    request: AnyRequest,
    node: NamedDependency[Node],
    replays: NamedDependency[Replays],
    told_media: NamedDependency[ToldMedia],
    media_shelf: NamedDependency[MediaShelf],
    lesson: FromPath[str],
    track: FromPath[int],
    begin: Annotated[int, QueryParameter(name="from", ge=0, le=MOST_TIME)] = 0,
    to: Annotated[int, QueryParameter(ge=0, le=MOST_TIME)] = MOST_TIME,
) -> Stream:
    """Objects of a track as they lie in its file, each with its length (u32) before it: the configuration, then from
    the key at or before `from` to before `to`, ms UTC; five minutes at most. What lies behind stays as it is."""
    watching = await _watching(request, node, replays, told_media, lesson)
    told = watching.told.tracks.get(track)
    if told is None:
        raise Fault(404, "media.not_stored")
    if told.source in SOUND and not watching.hears:
        raise Fault(403, "media.no_sound_in_room")
    asked = await asyncio.to_thread(_range, media_shelf.reels, lesson, track, begin, to)
    size = sum(end - start for start, end in asked.pieces)
    headers = {"Content-Length": str(size), "Cache-Control": KEEP if asked.closed else "no-store"}
    return Stream(media_shelf.stream(asked.reel, asked.pieces), media_type=BINARY, headers=headers)


class Range(NamedTuple):
    """`closed`: nothing can come to it any more."""

    reel: Reel
    pieces: list[tuple[int, int]]
    closed: bool


def _range(reels: Reels, lesson: str, track: int, begin: int, to: int) -> Range:
    reel = reels.reel(lesson, track)
    if reel is None or not reel.groups:
        raise Fault(404, "media.not_stored")
    first, last = reel.groups[0].time, reel.spans[-1].end
    if min(to, last) - max(begin, first) > MOST_MS:
        raise Fault(400, "media.range_too_long", minutes=MOST_MS // 60_000)
    return Range(reel, reel.pieces(begin, to), to <= reel.time)


async def _watching(request: AnyRequest, node: Node, replays: Replays, told_media: ToldMedia, lesson: str) -> Watching:
    watcher = await viewer(request, node, replays, lesson)
    told = await told_media.of(lesson)
    member = node.seals.teacher_member(lesson) if watcher.role is Role.teacher else watcher.member
    return Watching(told, await told_media.hears(lesson, member, told))
