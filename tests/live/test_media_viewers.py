"""What a viewer gets whose line is full. M6 of docs/build/media.md, without sockets and with the time given."""

import json

import pytest

from mingtang.live import wire
from mingtang.live.media import objects, spread
from mingtang.live.media.objects import Kind
from mingtang.live.media.spread import write_to
from mingtang.live.media.tracks import CAMERA, SCREEN, SMALL, SOUND, Item, Track
from mingtang.live.media.viewer import Viewer
from tests.live.media import configuration, picture, sound

VOICE, FACE, BOARD, TILE = 1, 2, 3, 4


class Line:
    """`room` is how many frames it takes until somebody reads; `write` fills it as a transport does."""

    fd = -1

    def __init__(self):
        self.room = 1_000_000
        self.frames, self.ended = [], None
        self.viewer = None
        self.now = 0.0

    def write(self, data):
        self.frames.append(data)
        self.room -= 1
        if self.room == 0:
            self.viewer.fill(self.now)

    def read(self, room=1_000_000):
        self.room = room
        self.viewer.drain(self.now)

    def close(self, code, reason):
        self.ended = code

    def abort(self):
        pass

    def seqs(self, track):
        heads = [objects.read(wire.payload(f)) for f in self.frames if f[0] & 15 == 2]
        return [h.seq for h in heads if h.track == track and h.kind is not Kind.configuration]

    def levels(self):
        return [
            (said["track"], said["layer"], said["why"])
            for said in (json.loads(wire.payload(f)) for f in self.frames if f[0] & 15 == 1)
        ]


class Show:
    """A voice, a face and a board; each has sent a key."""

    def __init__(self):
        self.tracks = {n: Track(n, rank) for n, rank in ((VOICE, SOUND), (FACE, CAMERA), (BOARD, SCREEN))}
        self.next = dict.fromkeys(self.tracks, 0)
        self.line = self.viewer()
        for track in (FACE, BOARD):
            self.put(track, made=configuration(track))
            self.put(track, key=True)

    def viewer(self):
        line = Line()
        line.viewer = Viewer(line)
        return line

    def watch(self, line, *tracks, layer=2):
        for number in tracks or self.tracks:
            line.viewer.see(self.tracks[number], layer, line.now)

    def put(self, number, key=False, layer=0, made=None):
        """The next object of a track; its seq."""
        track, seq = self.tracks[number], self.next[number]
        if made is None:
            self.next[number] += 1
            made = sound(number, seq) if number == VOICE else picture(number, seq, key, layer)
        item = Item(objects.read(made), made)
        track.take(item)
        write_to(track.audience(0 if item.configures else item.head.layer), item, self.line.now)
        return seq


@pytest.fixture
def show():
    made = Show()
    made.watch(made.line)
    return made


def test_a_line_that_is_full_for_a_moment_loses_nothing_and_gets_sound_first_then_the_board(show):
    line = show.line
    line.viewer.fill(0.0)
    before = len(line.frames)
    face, board, voice = show.put(FACE), show.put(BOARD), show.put(VOICE)
    assert len(line.frames) == before
    line.now = 0.4
    line.read()
    heads = [objects.read(wire.payload(f)) for f in line.frames[before:]]
    assert [(h.track, h.seq) for h in heads] == [(VOICE, voice), (BOARD, board), (FACE, face)]
    assert show.put(FACE) == line.seqs(FACE)[-1]


def test_what_a_line_takes_only_in_part_goes_on_behind_it_and_nothing_overtakes(show, monkeypatch):
    line, taken = show.viewer(), []
    line.fd = 77
    monkeypatch.setattr(spread, "_straight", lambda fd, frame: taken.append(frame[:20]) or (20 if fd == 77 else 0))
    show.watch(line, FACE)
    before, seq = len(line.frames), show.put(FACE)
    frame = show.tracks[FACE].group[-1].frame
    assert taken == [frame[:20]]
    assert line.frames[before:] == [frame[20:]]
    line.viewer.fill(0.0)
    show.put(FACE)
    assert len(taken) == 1, "while something waits nothing goes straight"
    assert objects.read(wire.payload(frame)).seq == seq


def test_a_line_that_is_gone_or_takes_nothing_gets_the_whole_by_its_usual_way(show, monkeypatch):
    line = show.viewer()

    def refuse(fd, frame):
        raise BlockingIOError

    line.fd = 77
    monkeypatch.setattr(spread, "_straight", refuse)
    show.watch(line, FACE)
    seq = show.put(FACE)
    assert line.seqs(FACE)[-1] == seq


def test_a_line_that_is_behind_loses_upper_layers_first_and_up_to_the_next_key_alone(show):
    line = show.line
    first = show.put(FACE, layer=1)
    line.viewer.fill(0.0)
    held = [show.put(FACE, layer=1), show.put(FACE)]
    line.now = 0.3
    left_out, lower = show.put(FACE, layer=1), show.put(FACE)
    line.read()
    still_out, lower_too = show.put(FACE, layer=1), show.put(FACE)
    after = [show.put(FACE, key=True), show.put(FACE, layer=1)]
    assert line.seqs(FACE)[1:] == [first, *held, lower, lower_too, *after]
    assert not {left_out, still_out} & set(line.seqs(FACE))
    assert line.levels() == []


def test_a_picture_half_a_second_old_is_not_sent_and_the_next_is_a_key(show):
    line = show.line
    line.viewer.fill(0.0)
    lost = [show.put(FACE), show.put(FACE)]
    voices = [show.put(VOICE), show.put(VOICE)]
    line.now = 0.6
    line.read()
    lost.append(show.put(FACE))
    key = show.put(FACE, key=True)
    after = show.put(FACE)
    assert not set(lost) & set(line.seqs(FACE))
    assert line.seqs(FACE)[-2:] == [key, after]
    assert line.seqs(VOICE) == voices
    configured = [objects.read(wire.payload(f)) for f in line.frames if f[0] & 15 == 2]
    assert configured[-3].kind is Kind.configuration, "what follows a gap is decoded from the beginning"


def test_two_falls_within_ten_seconds_take_away_upper_layers_then_cameras_then_all_pictures(show):
    line = show.line
    show.put(FACE, layer=1)

    def fall():
        line.viewer.fill(line.now)
        show.put(FACE), show.put(BOARD)
        line.now += 1
        show.put(FACE), show.put(BOARD)
        line.read()
        show.put(FACE, key=True), show.put(BOARD, key=True)

    fall(), fall()
    assert line.levels() == [(FACE, 0, "slow")]  # the board has one layer only
    fall(), fall()
    assert line.levels()[1:] == [(FACE, -1, "slow")]
    seen = len(line.seqs(FACE))
    fall(), fall()
    assert line.levels()[2:] == [(BOARD, -1, "slow")]
    voice = show.put(VOICE)
    show.put(FACE, key=True), show.put(BOARD, key=True)
    assert len(line.seqs(FACE)) == seen
    assert line.seqs(VOICE)[-1] == voice


def test_the_large_camera_goes_before_the_small_ones_and_those_before_the_board(show):
    show.tracks[TILE] = Track(TILE, SMALL)
    show.next[TILE] = 0
    show.put(TILE, made=configuration(TILE)), show.put(TILE, key=True)
    line = show.viewer()
    show.watch(line, VOICE, FACE, TILE, BOARD)
    pictures = (FACE, TILE, BOARD)

    def fall():
        for _ in range(2):
            line.viewer.fill(line.now)
            for track in pictures:
                show.put(track)
            line.now += 1
            line.read()
            for track in pictures:
                show.put(track, key=True)

    fall()
    assert line.levels() == [(FACE, -1, "slow")]
    faces, tiles = len(line.seqs(FACE)), len(line.seqs(TILE))
    show.put(FACE, key=True), show.put(TILE, key=True)
    assert (len(line.seqs(FACE)), len(line.seqs(TILE))) == (faces, tiles + 1), "a face in small goes on"
    fall(), fall()
    assert line.levels()[1:] == [(TILE, -1, "slow"), (BOARD, -1, "slow")]


def test_falls_far_apart_take_nothing_away(show):
    line = show.line
    for _ in range(4):
        line.viewer.fill(line.now)
        show.put(FACE)
        line.now += 1
        line.read()
        show.put(FACE, key=True)
        line.now += 10
    assert line.levels() == []


def test_after_a_while_one_step_is_tried_again_from_a_key_on_and_later_when_it_was_in_vain(show):
    line = show.line

    def fall_twice():
        for _ in range(2):
            line.viewer.fill(line.now)
            show.put(FACE)
            line.now += 1
            line.read()
            show.put(FACE, key=True)

    fall_twice()
    assert line.levels() == [(FACE, -1, "slow")]
    line.viewer.sweep(line.now + 19)
    line.now += 21
    line.viewer.sweep(line.now)
    assert line.levels()[1:] == [(FACE, 0, "better")]
    lost, key = show.put(FACE), show.put(FACE, key=True)
    assert lost not in line.seqs(FACE)
    assert line.seqs(FACE)[-1] == key
    fall_twice()
    told = len(line.levels())
    line.viewer.sweep(line.now + 25)
    assert len(line.levels()) == told
    line.viewer.sweep(line.now + 41)
    assert len(line.levels()) == told + 1


def test_sound_is_never_left_out_and_when_it_is_five_seconds_old_the_line_is_closed(show):
    line = show.line
    line.viewer.fill(0.0)
    for _ in range(50):
        line.now += 0.1
        show.put(VOICE)
    assert line.ended is None
    line.now += 0.2
    show.put(VOICE)
    assert line.ended == 4408
    other = show.viewer()
    show.watch(other)
    assert other.seqs(VOICE) == [50], "who comes back begins with what is live"


def test_a_line_that_is_slow_all_the_time_hears_everything(show):
    line = show.line
    line.viewer.fill(0.0)
    voices = []
    for n in range(400):
        line.now += 0.02
        voices.append(show.put(VOICE))
        show.put(FACE, key=n % 50 == 0)
        if n % 5 == 0:
            line.read(room=6)
    line.read()
    assert line.seqs(VOICE) == voices
    assert len(line.seqs(FACE)) < 400


def test_a_line_that_stands_holds_half_a_second_of_pictures_and_nobody_else_waits(show):
    line, other = show.line, show.viewer()
    show.watch(other)
    line.viewer.fill(0.0)
    for n in range(100):
        line.now += 0.04
        show.put(FACE, key=n % 50 == 0), show.put(BOARD, key=n % 50 == 0)
    held = sum(len(sight.held) for sight in line.viewer.sights.values())
    assert held <= 2 * 0.5 / 0.04 + 2
    assert other.seqs(FACE)[-1] == show.next[FACE] - 1


def test_a_group_that_is_caught_up_with_waits_behind_the_sound(show):
    for _ in range(30):
        show.put(FACE)
    late = show.viewer()
    late.room = 4
    show.watch(late, FACE)
    show.watch(late, VOICE)
    voice = show.put(VOICE)
    late.read(room=2)
    assert late.seqs(VOICE) == [voice]
    late.now = 0.1
    late.read()
    assert late.seqs(FACE) == list(range(show.next[FACE]))
