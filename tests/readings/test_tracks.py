"""Recorded tracks as ordinary files: every frame that was sent, at its time, in files that FFmpeg opens."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import pytest

from mingtang.readings.video.carrying import carry
from mingtang.readings.video.offers import Parcel, forms_of
from mingtang.readings.video.parcel import run
from mingtang.stores.media.objects import Head, Kind, pack, read
from tests.readings.filmed import beeps, counted, flashes, times
from tools.recorded import BEGIN, Shot, picture, sound, write

SMALL = {"width": 160, "height": 90, "fps": 10}
CASES = [
    ("vp8", "webm"),
    ("vp9", "webm"),
    ("vp9", "mp4"),
    ("h264", "mp4"),
    ("avc", "mp4"),
    ("av1", "webm"),
    ("av1", "mp4"),
]


@pytest.mark.parametrize(("codec", "form"), CASES)
def test_every_frame_is_in_the_file_and_flash_and_beep_come_together(codec: str, form: str, tmp_path: Path) -> None:
    to = tmp_path / f"out.{form}"
    seen, heard = list(picture(2, BEGIN, 3000, Shot(codec, **SMALL))), list(sound(1, BEGIN, 3000))
    carried = carry(to, [seen, heard], form)
    assert counted(to) == {"video": 30, "audio": 150} == {"video": carried.pictures, "audio": carried.sounds}
    with av.open(str(to)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == 30
        assert (opened.duration or 0) / 1_000_000 == pytest.approx(3, abs=0.06)
    pairs = list(zip(flashes(to, (5, 5)), beeps(to), strict=True))
    assert len(pairs) == 3
    assert all(abs(flash - beep) <= 0.06 for flash, beep in pairs)


def test_what_no_file_of_that_kind_takes_makes_none(tmp_path: Path) -> None:
    carried = carry(tmp_path / "out.mp4", [picture(1, BEGIN, 500, Shot("vp8", **SMALL))], "mp4")
    assert (carried.pictures, list(tmp_path.iterdir())) == (0, [])
    assert forms_of("vp8") == ["webm"]
    assert forms_of("avc1.42E01F") == ["mp4"]
    assert forms_of("opus") == forms_of("vp09.00.31.08") == forms_of("av01.0.04M.08") == ["webm", "mp4"]


@pytest.mark.parametrize("form", ["webm", "mp4"])
def test_a_gap_of_the_recording_is_a_gap_of_the_file(form: str, tmp_path: Path) -> None:
    to = tmp_path / f"out.{form}"
    first, second = (
        picture(1, BEGIN, 1000, Shot("vp9", **SMALL)),
        picture(1, BEGIN + 61_000, 1000, Shot("vp9", **SMALL)),
    )
    carry(to, [itertools.chain(first, second)], form)
    at = times(to, "video")
    assert at[9] == pytest.approx(0.9, abs=0.002)
    assert at[10] == pytest.approx(61, abs=0.002)
    assert at == sorted(set(at))


def test_times_that_stand_still_or_go_back_still_grow_in_the_file(tmp_path: Path) -> None:
    """A sender's clock may be set; MP4 wants times that grow."""
    to = tmp_path / "out.mp4"
    objects = list(picture(1, BEGIN, 1000, Shot("h264", **SMALL)))
    stuck = [pack(read(data)._replace(time=BEGIN + min(read(data).seq, 3) * 100), data[16:]) for data in objects]
    carry(to, [stuck], "mp4")
    at = times(to, "video")
    assert len(at) == 10
    assert at == sorted(set(at))


def test_a_camera_that_grows_larger_in_mid_track_is_decoded_to_its_end(tmp_path: Path) -> None:
    to = tmp_path / "out.mp4"
    small = picture(1, BEGIN, 1000, Shot("avc", **SMALL))
    large = picture(1, BEGIN + 1000, 1000, Shot("avc", 320, 180, 10), first=10)
    carry(to, [itertools.chain(small, large)], "mp4")
    with av.open(str(to)) as opened:
        widths = [frame.width for frame in opened.decode(video=0)]
    assert (len(widths), widths[0], widths[-1]) == (20, 160, 320)


def test_nonsense_among_the_objects_costs_nothing_but_itself(tmp_path: Path) -> None:
    to = tmp_path / "out.webm"
    objects = list(picture(1, BEGIN, 1000, Shot("vp8", **SMALL)))
    objects.insert(5, pack(Head(Kind.configuration, 1, 4, BEGIN), b"no json"))
    objects.insert(0, pack(Head(Kind.picture, 1, 0, BEGIN, True), b"before any configuration"))
    carry(to, [objects], "webm")
    assert counted(to) == {"video": 10}


def test_the_program_says_what_it_did_and_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "1.objects"
    write(file, sound(1, BEGIN, 1000))
    parcel = Parcel([(1, str(file))], "webm", str(tmp_path / "out.webm"), 0, 1 << 60)
    told = run(parcel)
    assert (told.code, told.carried.sounds, told.carried.ms) == ("", 50, 1000)
    nowhere = Parcel([(1, str(file))], "webm", "/dev/full/out.webm", 0, 1 << 60)
    assert run(nowhere).code == "video.failed"
    empty = tmp_path / "2.objects"
    empty.touch()
    assert run(Parcel([(2, str(empty))], "webm", str(tmp_path / "none.webm"), 0, 1)).code == "video.nothing"
    assert not (tmp_path / "none.webm").exists()
