"""Sound for machines: 16 kHz at the lesson's times, from what was recorded and from what is said now."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from mingtang.integrations.captions.engine import RATE, Beeps, Frame, Piece
from mingtang.integrations.captions.listening import Ear, Listening, written
from mingtang.stores.media.objects import Head, Kind, pack
from mingtang.stores.media.reel import Reel
from tools.recorded import BEGIN, MARK_MS, picture, sound, write


def near(pieces: Iterable[Piece], seconds: list[int]) -> None:
    found = list(pieces)
    assert [round((piece.begin - BEGIN) / 1000) for piece in found] == seconds
    for piece, second in zip(found, seconds, strict=True):
        assert abs(piece.begin - BEGIN - second * 1000) <= 20
        assert piece.end - piece.begin == pytest.approx(MARK_MS, abs=30)


@pytest.mark.parametrize("span", [20, 60])
def test_what_was_recorded_is_heard_at_its_times(span: int, tmp_path: Path) -> None:
    file = tmp_path / "1.objects"
    write(file, sound(1, BEGIN, 3000, span))
    write(file, sound(1, BEGIN + 60_000, 3000, span, first=200))  # recording was off for a minute
    near(written(Reel(file, 1).objects(0, 1 << 60), Beeps()), [0, 1, 2, 60, 61, 62])


def test_frames_are_gathered_without_a_seam_and_say_where_they_begin() -> None:
    ear = Ear()
    frames = [frame for data in sound(1, BEGIN, 2000) for frame in ear.take(data)] + list(ear.rest())
    assert sum(len(frame.pcm) for frame in frames) / 2 / RATE == pytest.approx(2, abs=0.03)
    assert all(abs(before.end - after.at) <= 1 for before, after in itertools.pairwise(frames))  # whole ms


def test_nonsense_and_pictures_are_passed_over() -> None:
    objects = [*picture(1, BEGIN, 200), b"x", pack(Head(Kind.sound, 1, 9, BEGIN, True, 0, 30, 20), b"no opus at all")]
    ear = Ear()
    assert [frame for data in objects for frame in ear.take(data)] == []


class Port:
    """A relay of one lesson, as far as listening needs it."""

    def __init__(self) -> None:
        self.takes: list[Callable[[bytes], None]] = []

    def record(self, lesson: str, take: Callable[[bytes], None]) -> Callable[[], None]:
        self.takes.append(take)
        return lambda: self.takes.remove(take)

    def say(self, objects: Iterable[bytes]) -> None:
        for data in objects:
            for take in self.takes:
                take(data)


def test_what_is_said_now_is_heard_of_the_chosen_track_alone() -> None:
    port, said = Port(), list[Piece]()
    listening = Listening(port, "lesson", 2, Beeps, said.append)
    port.say(sound(1, BEGIN, 2000))
    port.say(sound(2, BEGIN, 1000))
    listening.stop()
    near(said, [0])
    assert (listening.missed, port.takes) == (0, [])


class Stuck:
    """Fails at the first frame."""

    def hear(self, frame: Frame) -> Iterable[Piece]:
        raise RuntimeError("no model")

    def end(self) -> Iterable[Piece]:
        return ()


def test_an_engine_that_fails_costs_the_lesson_nothing(caplog: pytest.LogCaptureFixture) -> None:
    port = Port()
    failed = list[str]()
    listening = Listening(port, "lesson", 1, Stuck, lambda piece: None, lambda: failed.append("failed"))
    port.say(sound(1, BEGIN, 40_000))  # more than waits
    listening.stop()
    assert listening.missed > 0
    assert failed == ["failed"]
    assert "an engine of captions failed" in caplog.text
