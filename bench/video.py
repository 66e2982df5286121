"""What ordinary files of a lesson cost: tracks without encoding, a video, sound for machines. CPU, not seconds.

python -m bench.video [--minutes 2]"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bench.school import recorded
from mingtang.integrations.captions.engine import Beeps
from mingtang.integrations.captions.listening import written
from mingtang.readings.video.carrying import carry
from mingtang.readings.video.job import Job, put_job
from mingtang.readings.video.making import Making
from mingtang.stores.media.objects import HEADER, Kind, pack, read
from tools.recorded import BEGIN, Shot, picture, sound

T = TypeVar("T")
HOUR_MS = 3_600_000
CAMERA = Shot("vp8", 960, 540, 20, 1_200_000, grain=True)


def run(minutes: int = 2) -> None:
    print("\n| ordinary files of a lesson | measured | goal |\n|---|---|---|")
    _tracks()
    _video(minutes)
    _sound()


def _tracks() -> None:
    """An hour made of one ten seconds, again and again."""
    for codec, form in (("vp8", "webm"), ("vp9", "webm"), ("vp9", "mp4"), ("h264", "mp4")):
        shot = Shot(codec, CAMERA.width, CAMERA.height, CAMERA.fps, CAMERA.bitrate, grain=True)
        rows = [list(picture(2, BEGIN, 10_000, shot)), list(sound(1, BEGIN, 10_000))]
        with tempfile.TemporaryDirectory() as folder:
            to = Path(folder) / f"out.{form}"
            cpu, carried = _timed(lambda rows=rows, to=to, form=form: carry(to, [_hour(row) for row in rows], form))  # type: ignore[misc]
            mb = to.stat().st_size / 1_000_000
        said = f"{cpu:.1f} CPU-s, {carried.pictures} pictures and {carried.sounds} sounds, {mb:.0f} MB"
        print(f"| an hour of camera and microphone to {form}, {codec}, without encoding | {said} | 3 CPU-s, all |")


def _hour(objects: Sequence[bytes]) -> Iterator[bytes]:
    configuration, *rest = objects
    yield configuration
    for turn in range(HOUR_MS // 10_000):
        for data in rest:
            head = read(data)
            moved = head._replace(time=head.time + turn * 10_000, seq=turn * len(rest) + head.seq)
            yield pack(moved, data[HEADER:]) if head.kind is not Kind.configuration else data


def _video(minutes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held = recorded.run(Path(folder) / "data", minutes * 60, CAMERA)
        for form in ("mp4", "webm"):
            for media, what in (("media", "slides, ink, camera, screen"), ("none", "slides and ink alone")):
                place = Path(folder) / f"{form}-{media}"
                place.mkdir()
                data = held.data
                put_job(place, Job(held.lesson, form, str(data / media), str(data / "assets")), held.rows)
                cpu, made = _timed(Making(place).make)
                times, mb = made.ms / 1000 / cpu, made.bytes / 1_000_000 / minutes * 60
                print(
                    f"| video {form}, 1280 × 720, {what}, one core | {times:.1f} × as fast as the lesson, {mb:.0f} MB an hour | |"
                )


def _sound() -> None:
    objects = list(sound(1, BEGIN, 120_000))
    cpu, _ = _timed(lambda: list(written(objects, Beeps())))
    print(f"| Opus to 16 kHz for an engine of captions, a speaker | {cpu / 120 * 100:.2f} % of a core | |")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=int, default=2)
    run(asked.parse_args().minutes)
