"""A lesson's log and pictures written into one file: the same bytes for the same log, whoever exports it and when."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

import mingtang
from mingtang.activities import kinds
from mingtang.core.event import Fact, Row
from mingtang.core.lesson import Lesson, digest_of, replay
from mingtang.core.member import Role
from mingtang.core.upcast import Unreadable
from mingtang.readings.lessonfile.layout import (
    EVENTS,
    FORMAT,
    MANIFEST,
    VERSION,
    WITHOUT_MEDIA,
    About,
    BadFile,
    Entry,
    Line,
    Manifest,
    Pictures,
)
from mingtang.readings.lessonfile.tapes import Tape, tapes
from mingtang.stores.media.reels import Reels
from mingtang.stores.reading import LogReader

BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name: the hour of export would make each file another
encode = msgspec.json.Encoder().encode


def pack(
    reader: LogReader,
    lesson: str,
    assets: Path | Pictures,
    out: Path,
    upto: int | None = None,
    plan: Mapping[str, bytes] | None = None,
    media: Reels | None = None,
) -> Manifest:
    """Writes `out`, which is whole or not there. Raises BadFile for a lesson that is not there or cannot be read, and
    OSError when the disk is full. `upto` is the last position; None takes all there is now. `plan`: what is written of
    the plan it was begun from, by name below plan/. `media`: with what is recorded; None leaves it out."""
    rows = reader.rows(lesson, 0, upto)
    if not rows:
        raise BadFile("file.no_lesson", lesson=lesson)
    facts = read_facts(rows)
    folded = replay(kinds(), facts)
    pictures = assets if isinstance(assets, Pictures) else Pictures(assets)
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as file:
            manifest = _write(file, lesson, rows, facts, folded, pictures, plan or {}, tapes(media, lesson, folded))
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_facts(rows: list[Row]) -> list[Fact]:
    try:
        return [kinds().fact(row) for row in rows]
    except (Unreadable, msgspec.MsgspecError) as error:
        raise BadFile("file.unreadable_log", reason=str(error)) from error


def _write(
    file: io.BufferedWriter,
    lesson: str,
    rows: list[Row],
    facts: list[Fact],
    folded: Lesson,
    pictures: Pictures,
    plan: Mapping[str, bytes],
    tapes: Mapping[str, Tape],
) -> Manifest:
    events = b"".join(_line(row) for row in rows)
    assets = assets_of(facts)
    entries = {EVENTS: _entry(events), **{name: _entry(data) for name, data in plan.items()}}
    absent = []
    for asset in assets:
        files = list(pictures.of(asset))
        entries |= {f"assets/{asset}/{name}": _entry(data) for name, data in files}
        absent += [] if files else [asset]
    entries |= {name: tape.entry() for name, tape in tapes.items()}
    version = VERSION if tapes else WITHOUT_MEDIA
    manifest = Manifest(
        FORMAT, version, mingtang.__version__, about(lesson, facts, folded), len(rows), digests(folded), entries, absent
    )
    with zipfile.ZipFile(file, "w") as zip_:
        _put(zip_, MANIFEST, msgspec.json.format(encode(manifest), indent=1))
        _put(zip_, EVENTS, events)
        for name, data in plan.items():
            _put(zip_, name, data)
        for asset in assets:
            for name, data in pictures.of(asset):
                _put(zip_, f"assets/{asset}/{name}", data)
        for name, tape in tapes.items():
            tape.put(zip_, _info(name))
    return manifest


def _line(row: Row) -> bytes:
    return encode(Line(row.seq, row.at, row.by, row.cmd, row.kind, row.version, msgspec.Raw(row.data))) + b"\n"


def _entry(data: bytes) -> Entry:
    return Entry(len(data), hashlib.sha256(data).hexdigest())


def _put(zip_: zipfile.ZipFile, name: str, data: bytes) -> None:
    zip_.writestr(_info(name), data)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, BEGINNING)
    info.create_system, info.external_attr = 3, 0o100600 << 16
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".webp", ".objects")) else zipfile.ZIP_DEFLATED
    return info


def assets_of(facts: Iterable[Fact]) -> list[str]:
    """The pictures a log names, each once, in the order of first mention."""
    return list(dict.fromkeys(_named(facts)))


def _named(facts: Iterable[Fact]) -> Iterator[str]:
    owner = kinds().owner
    for fact in facts:
        yield from owner[type(fact.event)].assets(fact.event)


def about(lesson: str, facts: list[Fact], folded: Lesson) -> About:
    told = folded.states["lesson"]
    students = sum(1 for _ in folded.people.students())
    return About(lesson, told.title, told.course, told.code, facts[0].at, facts[-1].at, told.ended, students)


def digests(folded: Lesson) -> dict[str, str]:
    """Of what each role sees, as `mingtang digest` prints them."""
    return {**{role.value: digest_of(folded.views(role)) for role in Role}, "all": folded.digest()}
