"""What ordinary files of a lesson cost: tracks without encoding, a video, sound for machines. CPU, not seconds.

python -m bench.video [--minutes 2]"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bench.machine import table
from bench.school import recorded
from mingtang.integrations.captions.engine import Beeps
from mingtang.integrations.captions.listening import written
from mingtang.readings.video.job import Job, put_job
from mingtang.readings.video.making import Making
from mingtang.readings.video.offers import Parcel
from mingtang.readings.video.parcel import run as pack_files
from mingtang.stores.media.objects import HEADER, Kind, pack, read
from tools.recorded import BEGIN, Shot, picture, sound, write

T = TypeVar("T")
Row = tuple[str, str, str]
EVER = 1 << 60
HOUR_MS = 3_600_000
CAMERA = Shot("vp8", 960, 540, 20, 1_200_000, grain=True)


def run(minutes: int = 2) -> None:
    rows = [*_tracks(), *_video(minutes), _sound()]
    table("Ordinary files of a lesson, made from what was recorded", ("", "measured", "goal"), rows)


def _tracks() -> Iterator[Row]:
    """An hour made of one ten seconds, again and again, read from its files."""
    for codec, form in (("vp8", "webm"), ("vp9", "mp4"), ("h264", "mp4")):
        shot = Shot(codec, CAMERA.width, CAMERA.height, CAMERA.fps, CAMERA.bitrate, grain=True)
        with tempfile.TemporaryDirectory() as folder:
            to, files = Path(folder) / f"out.{form}", (Path(folder) / "2.objects", Path(folder) / "1.objects")
            write(files[0], _hour(list(picture(2, BEGIN, 10_000, shot))))
            write(files[1], _hour(list(sound(1, BEGIN, 10_000))))
            parcel = Parcel([(2, str(files[0])), (1, str(files[1]))], form, str(to), 0, EVER)
            cpu, told = _timed(lambda parcel=parcel: pack_files(parcel).carried)  # type: ignore[misc]
            mb = to.stat().st_size / 1_000_000
        said = f"{cpu:.1f} CPU-s, {told.pictures} of 72000 pictures, {told.sounds} of 180000 sounds, {mb:.0f} MB"
        yield f"an hour of camera ({codec}) and microphone to {form}, without encoding", said, "3 CPU-s, all"


def _hour(objects: Sequence[bytes]) -> Iterator[bytes]:
    configuration, *rest = objects
    yield configuration
    for turn in range(HOUR_MS // 10_000):
        for data in rest:
            head = read(data)
            moved = head._replace(time=head.time + turn * 10_000, seq=turn * len(rest) + head.seq)
            yield pack(moved, data[HEADER:]) if head.kind is not Kind.configuration else data


def _video(minutes: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        held = recorded.run(Path(folder) / "data", minutes * 60, CAMERA)
        for form in ("mp4", "webm"):
            for media, what in (("media", "slides, ink, camera, screen"), ("none", "slides and ink alone")):
                place = Path(folder) / f"{form}-{media}"
                place.mkdir()
                put_job(place, Job(held.lesson, form, str(held.data / media), str(held.data / "assets")), held.rows)
                cpu, made = _timed(Making(place).make)
                times, mb = made.ms / 1000 / cpu, made.bytes * 60 // minutes // 1_000_000
                said = f"{times:.1f} × as fast as the lesson, {mb} MB an hour"
                yield f"video in {form}, 1280 × 720, {what}, one core", said, ""


def _sound() -> Row:
    objects = list(sound(1, BEGIN, 120_000))
    cpu, _ = _timed(lambda: list(written(objects, Beeps())))
    return "Opus to 16 kHz for an engine of captions, each speaker", f"{cpu / 1.2:.2f} % of a core", ""


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=int, default=2)
    run(asked.parse_args().minutes)
