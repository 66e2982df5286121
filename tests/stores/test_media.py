"""Tracks on disk (F1, F2): whatever is cut off or flipped, the rest of it is there, and a range is a filter."""

from __future__ import annotations

import itertools
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mingtang.stores.media.objects import Head, Kind, pack, read
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels
from mingtang.stores.media.writing import Busy, Writing

TRACK, BEGAN = 3, 1_900_000_000_000


def configuration(seq: int, codec: str, time: int = BEGAN) -> bytes:
    return pack(Head(Kind.configuration, TRACK, seq, time), json.dumps({"codec": codec}).encode())


def picture(seq: int, time: int, key: bool, payload: bytes = b"picture") -> bytes:
    return pack(Head(Kind.picture, TRACK, seq, BEGAN + time, key=key), payload)


def sound(seq: int, time: int, payload: bytes = b"sound") -> bytes:
    return pack(Head(Kind.sound, TRACK, seq, BEGAN + time, key=True, level=40, span=20), payload)


@st.composite
def tracks(draw: st.DrawFn) -> list[bytes]:
    """A configuration, then objects in order: groups of pictures or sound, times that tremble, codecs that change."""
    sounds, objects, seq, time = draw(st.booleans()), [configuration(0, "first")], 0, 0
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.integers(0, 4)) == 0:
            objects.append(configuration(seq, draw(st.sampled_from(["vp8", "vp9", "opus"])), BEGAN + time))
        for place in range(draw(st.integers(1, 6))):
            payload = draw(st.binary(min_size=1, max_size=40))
            at = max(0, time + draw(st.integers(-15, 15)))
            objects.append(sound(seq, at, payload) if sounds else picture(seq, at, place == 0, payload))
            seq, time = seq + 1, time + draw(st.integers(0, 900))
    return objects


@contextmanager
def written(objects: list[bytes]) -> Iterator[tuple[Path, list[bytes]]]:
    """The file, and what of the objects it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{TRACK}.objects"
        writing = Writing(path, TRACK)
        writing.append(objects)
        writing.close()
        taken, before = [], b""
        for data in objects:
            if read(data).kind == Kind.configuration:
                if data[16:] == before:
                    continue
                before = data[16:]
            taken.append(data)
        yield path, taken


def raw(objects: list[bytes]) -> bytes:
    return b"".join(len(data).to_bytes(4, "big") + data for data in objects)


def asked(reel: Reel, begin: int, end: int) -> bytes:
    return b"".join(reel.read(*piece) for piece in reel.pieces(BEGAN + begin, BEGAN + end))


def filtered(objects: list[bytes], begin: int, end: int) -> bytes:
    """F2 in other words, over the list: a time that goes back counts as the latest before it."""
    heads = [read(data) for data in objects]
    times = list(itertools.accumulate((0 if h.kind == 1 else h.time - BEGAN for h in heads), max))
    keys = [n for n, h in enumerate(heads) if h.key]
    start = max((n for n in keys if times[n] <= begin), default=keys[0])
    stop = next((n for n, h in enumerate(heads) if h.kind != 1 and times[n] >= end), len(heads))
    if stop <= start:
        return b""
    in_force = max(n for n, h in enumerate(heads[:start]) if h.kind == 1)
    return raw([objects[in_force], *objects[start:stop]])


@given(tracks())
def test_what_was_written_is_read(objects: list[bytes]) -> None:
    with written(objects) as (path, taken):
        assert path.read_bytes() == raw(taken)
        reel = Reel(path, TRACK)
        assert (reel.torn, reel.damaged) == (0, 0)
        first = next(n for n, one in enumerate(taken) if read(one).key)
        assert list(reel.objects(0, 1 << 47)) == [taken[first - 1], *taken[first:]]


@given(tracks(), st.integers(-500, 40_000), st.integers(-500, 40_000))
@settings(max_examples=300)
def test_a_range_is_a_filter_of_the_list(objects: list[bytes], begin: int, end: int) -> None:
    with written(objects) as (path, taken):
        assert asked(Reel(path, TRACK), begin, end) == filtered(taken, begin, end)


@given(tracks(), st.data())
def test_cut_at_any_byte_it_opens_with_everything_whole_before_it(objects: list[bytes], data: st.DataObject) -> None:
    with written(objects) as (path, taken):
        cut = data.draw(st.integers(0, path.stat().st_size))
        os.truncate(path, cut)
        ends = itertools.accumulate(len(raw([one])) for one in taken)
        whole = max((end for end in ends if end <= cut), default=0)
        assert Reel(path, TRACK).end == whole
        writing = Writing(path, TRACK)
        assert (writing.end, writing.cut, path.stat().st_size) == (whole, cut - whole, whole)
        more = picture(read(taken[-1]).seq + 1, 90_000, key=True)
        writing.append([*objects, more])
        writing.close()
        after = Reel(path, TRACK)
        assert (after.torn, after.damaged) == (0, 0)
        assert list(after.objects(BEGAN + 90_000, 1 << 47))[-1] == more


@given(tracks(), st.data())
@settings(max_examples=300)
def test_a_flipped_bit_does_not_lose_the_rest(objects: list[bytes], data: st.DataObject) -> None:
    """The one that is hit may be missing, and nothing else but the last when it alone could prove itself."""
    with written(objects) as (path, taken):
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)
        ends = list(itertools.accumulate(len(raw([one])) for one in taken))
        hit = next(n for n, end in enumerate(ends) if place < end)
        start = ends[hit - 1] if hit else 0
        claimed = start + 4 + int.from_bytes(content[start : start + 4], "big")
        assume(claimed == ends[hit] or claimed not in ends)  # else it swallows whole objects, and nothing shows it
        reel = Reel(path, TRACK)
        kept = [bytes(one) for _, one in frames(reel)]
        assert all(one in kept for one in taken[:hit])
        if hit + 2 < len(taken):
            assert all(one in kept for one in taken[hit + 1 :])


def frames(reel: Reel) -> Iterator[tuple[int, bytes]]:
    """Every frame of the file that is not in a hole."""
    place = 0
    holes = dict(reel.holes)
    while place < reel.end:
        if place in holes:
            place = holes[place]
            continue
        size = int.from_bytes(reel.read(place, place + 4), "big") + 4
        yield place, reel.read(place + 4, place + size)
        place += size


class OneByOne(Reel):
    """Looks at each head alone."""

    def _take_plain(self, window: bytes, place: int) -> bool:
        return False


@given(
    tracks(), st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 7)), max_size=4), st.integers(-30_000, 30_000)
)
def test_heads_that_are_taken_many_at_once_tell_the_same_as_one_by_one(
    objects: list[bytes], flips: list[tuple[int, int]], leap: int
) -> None:
    half = len(objects) // 2
    leapt = [pack(head._replace(time=head.time + leap), one[16:]) for one in objects[half:] for head in [read(one)]]
    with written(objects[:half] + leapt) as (path, _):
        data = bytearray(path.read_bytes())
        for place, bit in flips:
            data[place % len(data)] ^= 1 << bit
        path.write_bytes(data)
        swift, slow = Reel(path, TRACK), OneByOne(path, TRACK)
        assert (swift.groups, swift.spans, swift.holes) == (slow.groups, slow.spans, slow.holes)
        assert (swift.end, swift.seq, swift.time) == (slow.end, slow.seq, slow.time)
        assert list(swift.objects(0, 1 << 60)) == list(slow.objects(0, 1 << 60))


def test_zeros_behind_the_end_as_a_power_cut_leaves_them_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "3.objects"
    path.write_bytes(raw([configuration(0, "vp8"), picture(0, 0, True)]) + bytes(9000))
    writing = Writing(path, TRACK)
    assert writing.cut == 9000
    assert path.stat().st_size == writing.end


def test_a_running_file_is_read_up_to_now_and_gives_the_same_bytes_later(tmp_path: Path) -> None:
    reels = Reels(tmp_path)
    assert reels.reel("L1", TRACK) is None
    writing = Writing(reels.place("L1", TRACK), TRACK)
    writing.append([configuration(0, "vp8"), picture(0, 0, True), picture(1, 50, False)])
    reel = reels.reel("L1", TRACK)
    assert reel is not None
    early = asked(reel, 0, 40)
    assert early == raw([configuration(0, "vp8"), picture(0, 0, True)])
    writing.append([picture(2, 100, False), configuration(3, "vp9"), picture(3, 2000, True)])
    reel = reels.reel("L1", TRACK)
    assert reel is not None
    assert asked(reel, 0, 40) == early
    assert asked(reel, 2100, 9000) == raw([configuration(3, "vp9"), picture(3, 2000, True)])


def test_one_process_writes_a_track_and_goes_on_where_another_stopped(tmp_path: Path) -> None:
    path = tmp_path / "L1" / "3.objects"
    first = Writing(path, TRACK)
    first.append([configuration(0, "vp8"), picture(0, 0, True), picture(1, 50, False)])
    with pytest.raises(Busy):
        Writing(path, TRACK)
    first.close()
    second = Writing(path, TRACK)
    second.append([configuration(0, "vp8"), picture(1, 50, False), picture(2, 100, False), picture(3, 150, True)])
    second.close()
    kept = list(Reel(path, TRACK).objects(0, 1 << 47))
    assert [read(one).seq for one in kept if read(one).kind == Kind.picture] == [0, 1, 3]  # 2 cannot be shown without 1


def test_groups_are_told_when_they_are_whole_and_the_file_proves_them(tmp_path: Path) -> None:
    writing = Writing(tmp_path / "3.objects", TRACK)
    writing.append([configuration(0, "vp8"), picture(0, 0, True), picture(1, 50, False)])
    assert writing.ended() == []
    writing.append([picture(2, 2000, True)])
    writing.pause()
    first, second = writing.ended()
    reel = Reel(tmp_path / "3.objects", TRACK)
    assert [(g.time, g.offset) for g in reel.groups] == [(first.time, first.offset), (second.time, second.offset)]
    assert (first.offset + first.size, second.offset + second.size) == (second.offset, reel.end)
    writing.close()
    assert Writing(tmp_path / "3.objects", TRACK).found == [first, second]


def test_a_disk_that_is_full_leaves_whole_objects_and_takes_more_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "3.objects"
    writing = Writing(path, TRACK)
    writing.append([configuration(0, "vp8"), picture(0, 0, True)])
    pwrite = os.pwrite

    def full(file: int, data: memoryview, place: int) -> int:
        if len(data) > 10:
            return pwrite(file, data[:10], place)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as short:
        short.setattr(os, "pwrite", full)
        with pytest.raises(OSError, match="No space"):
            writing.append([picture(1, 50, False)])
    assert path.stat().st_size == writing.end
    writing.append([picture(1, 50, False)])
    assert [read(one).seq for one in Reel(path, TRACK).objects(0, 1 << 47)] == [0, 0, 1]


def test_what_was_taken_away_of_a_track_leaves_an_empty_file_and_of_a_lesson_nothing(tmp_path: Path) -> None:
    reels = Reels(tmp_path)
    for track in (3, 4):
        writing = Writing(reels.place("L1", track), track)
        writing.append([pack(Head(Kind.sound, track, 0, BEGAN, key=True, span=20), b"said")])
    assert (reels.lessons(), reels.tracks("L1")) == (["L1"], [3, 4])
    reels.blank("L1", 3)
    reel = reels.reel("L1", 3)
    assert reel is not None
    assert (reel.size, reel.pieces(0, 1 << 47)) == (0, [])
    assert reels.size("L1") == reels.place("L1", 4).stat().st_size
    reels.remove("L1")
    assert reels.lessons() == []
    with pytest.raises(ValueError, match="no lesson"):
        reels.place("../secret", 3)
