"""One video of a whole lesson, looked at and listened to as players do."""

from __future__ import annotations

import errno
from array import array
from pathlib import Path

import av
import pytest
from PIL import Image

from bench.school.clock import Clock
from bench.school.hour import BEGIN
from bench.school.recorded import Recording
from bench.school.recorded import run as record
from mingtang.activities import kinds
from mingtang.activities.ink.points import WIDTH, decode
from mingtang.readings.video import making
from mingtang.readings.video.canvas import BOARD, SECOND, SPEAKER, TOP
from mingtang.readings.video.encoding import join
from mingtang.readings.video.hearing import RATE, Block, Lane, mixed
from mingtang.readings.video.job import CANCEL, Job, put_job, state_of
from mingtang.readings.video.making import Making
from mingtang.readings.video.recorded import Recorded
from mingtang.readings.video.scenes import Line, course_of
from mingtang.readings.video.speaking import Turns
from mingtang.readings.video.subtitles import moved, vtt
from mingtang.readings.video.work import run
from mingtang.stores.media.objects import Head, Kind, pack
from tests.readings.filmed import beeps, flashes
from tools.recorded import Shot

SECONDS = 9
WORDS = {"page": "Slide {n}", "poll": "Question"}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return record(tmp_path_factory.mktemp("recorded"), SECONDS, Shot("vp8", 160, 90, 20))


def job(recording: Recording, folder: Path, form: str) -> Path:
    folder.mkdir(exist_ok=True)
    told = Job(recording.lesson, form, str(recording.data / "media"), str(recording.data / "assets"), WORDS)
    put_job(folder, told, recording.rows)
    return folder


@pytest.fixture(scope="module", params=["mp4", "webm"])
def video(recording: Recording, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = job(recording, tmp_path_factory.mktemp("job"), request.param)
    told = run(folder)
    assert (told.state, told.absent) == ("ready", 0), told
    return folder / f"video.{request.param}"


def at(file: Path, second: float) -> Image.Image:
    """What is seen then."""
    seen = None
    with av.open(str(file)) as opened:
        for frame in opened.decode(video=0):
            if float(frame.time or 0) > second:
                break
            seen = frame
    assert seen is not None
    return seen.to_image()


def test_the_video_is_as_long_as_the_lesson_and_has_its_steps_as_chapters(video: Path) -> None:
    with av.open(str(video)) as opened:
        assert (opened.duration or 0) / 1_000_000 == pytest.approx(SECONDS, abs=0.1)
        names = {stream.type: stream.codec_context.name for stream in opened.streams if stream.type != "data"}
        chapters = [(float(c["start"] * (c["time_base"] or 0)), c["metadata"]["title"]) for c in opened.chapters()]
        assert opened.metadata["title"] == "Why is a hash table fast?"
    spoken = names.pop("subtitle")
    assert names in ({"video": "h264", "audio": "aac"}, {"video": "vp9", "audio": "opus"}), names
    assert spoken in ("mov_text", "webvtt")
    third = SECONDS // 3
    expected = ["Why is a hash table fast?", "Finding one name among a million", "What does a good hash do?"]
    assert [title for _, title in chapters] == expected
    assert [start for start, _ in chapters] == [0, third, third * 1.5]


def test_flash_and_beep_of_who_speaks_come_together(video: Path) -> None:
    lit, heard = flashes(video, (SPEAKER.x + 4, SPEAKER.y + 4)), beeps(video)
    assert [round(time) for time in heard] == list(range(SECONDS))
    pairs = [(flash, beep) for beep in heard for flash in lit if abs(flash - beep) < 0.5]
    assert len(pairs) == SECONDS
    assert max(abs(flash - beep) for flash, beep in pairs) <= 0.06


def test_ink_is_on_the_page_from_when_it_was_drawn(video: Path, recording: Recording) -> None:
    strokes = [kinds().fact(row).event for row in recording.rows if row.kind == "ink.drawn"]
    second = next(stroke for stroke in strokes if stroke.page != strokes[0].page and stroke.tool == "pen")  # type: ignore[attr-defined]
    x, y, _ = decode(second.points)[len(decode(second.points)) // 2]  # type: ignore[attr-defined]
    place = (round(x * BOARD.width / WIDTH), TOP + round(y * BOARD.width / WIDTH))
    before, after = at(video, SECONDS / 3 - 0.5), at(video, SECONDS / 3 + 0.5)
    around = [(place[0] + dx, place[1] + dy) for dx in range(-3, 4) for dy in range(-3, 4)]
    assert min(sum(after.getpixel(p)[:3]) for p in around) < 450  # type: ignore[index]
    assert before.tobytes() != after.tobytes()


def test_the_screen_is_large_when_it_comes_and_the_stage_small_beside_it(video: Path) -> None:
    earlier, later = at(video, SECONDS / 2), at(video, SECONDS - 1.5)
    middle = (BOARD.width // 2, TOP + 20)
    assert sum(earlier.getpixel(middle)[:3]) > 700  # type: ignore[index]  # the question's white sheet
    assert sum(later.getpixel(middle)[:3]) < 200  # type: ignore[index]  # the screen's dark field
    small = later.getpixel((SECOND.x + SECOND.width // 2, SECOND.y + SECOND.height - 8))
    assert sum(small[:3]) > 700  # type: ignore[index]


def test_a_lesson_in_which_nothing_ever_came_on_the_stage_has_a_video_without_chapters(
    recording: Recording, tmp_path: Path
) -> None:
    begun = next(n for n, row in enumerate(recording.rows) if row.kind.startswith("slides."))
    bare = recording.rows[:begun]
    bare.append(recording.rows[-1]._replace(seq=bare[-1].seq + 1))
    put_job(tmp_path, Job(recording.lesson, "mp4", str(tmp_path / "none"), str(tmp_path / "none"), WORDS), bare)
    told = run(tmp_path)
    assert (told.state, told.code) == ("ready", "")
    with av.open(str(tmp_path / "video.mp4")) as opened:
        assert opened.chapters() == []


def test_what_was_finished_before_a_kill_is_not_made_again(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PIECE_MS", 4000)
    folder, write = job(recording, tmp_path / "job", "mp4"), making.write_pictures

    def killed(to: Path, *rest: object) -> None:
        if to.name == "0002.mp4":
            raise KeyboardInterrupt
        write(to, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "write_pictures", killed)
    with pytest.raises(KeyboardInterrupt):
        Making(folder).make()
    made = {file.name: file.stat().st_mtime_ns for file in folder.glob("0*.mp4")}
    assert sorted(made) == ["0000.mp4", "0001.mp4"]
    monkeypatch.setattr(making, "write_pictures", write)
    again = Making(folder).make()
    assert {file.name: file.stat().st_mtime_ns for file in folder.glob("0*.mp4")}.items() > made.items()
    assert (again.state, again.ms) == ("ready", SECONDS * 1000)
    lit, heard = flashes(folder / "video.mp4", (SPEAKER.x + 4, SPEAKER.y + 4)), beeps(folder / "video.mp4")
    assert len(lit) == len(heard) == SECONDS
    assert all(abs(flash - beep) <= 0.06 for flash, beep in zip(lit, heard, strict=True))


def test_one_can_stop_it_and_a_full_disk_is_said(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = job(recording, tmp_path / "job", "mp4")
    (folder / CANCEL).touch()
    monkeypatch.setattr(making, "TELL_S", 0.0)
    assert (run(folder).state, state_of(folder).code) == ("cancelled", "video.cancelled")
    (folder / CANCEL).unlink()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "write_sound", full)
    assert (run(folder).state, state_of(folder).code) == ("failed", "video.disk_full")


def test_what_is_said_in_a_group_is_not_for_all() -> None:
    clock = Clock(1, BEGIN)
    clock.say("", "lesson.open", title="Groups", code="234567")
    for id, role in (("t1", "teacher"), ("s1", "student"), ("s2", "student")):
        clock.say("", "roster.admit", id=id, name=id, role=role, seat="remote")
        clock.say("", "roster.come", id=id)
    clock.say("t1", "groups.form", by="number", n=2)
    clock.now = 1000
    clock.say("s1", "media.enter", consent=True)
    (started,) = clock.say("s1", "media.start", source="microphone", codec="opus")
    clock.now = 5000
    clock.say("t1", "media.enter")
    clock.say("t1", "media.start", source="microphone", codec="opus")
    clock.now = 9000
    clock.say("t1", "lesson.end")
    tracks = {track.member: track for track in course_of(clock.facts).tracks}
    assert started.track == tracks["s1"].no  # type: ignore[attr-defined]
    assert (tracks["s1"].for_all, tracks["s1"].began) == ([], BEGIN + 1000)
    assert tracks["t1"].for_all == [(BEGIN + 5000, BEGIN + 9000)]


def captioned(video: Path, to: Path, form: str) -> list[str]:
    lines = [Line(500, 1500, "Compute the place."), Line(2000, 3000, "不要找，直接算。")]
    join(to, [(0, video)], video, form, lines=lines)
    with av.open(str(to)) as opened:
        found = [bytes(packet) for packet in opened.demux(subtitles=0) if packet.size]
    return [data.decode(errors="replace") for data in found]


def test_what_was_said_in_writing_is_a_captions_track(video: Path, tmp_path: Path) -> None:
    form = video.suffix[1:]
    texts = [text for text in captioned(video, tmp_path / f"out.{form}", form) if len(text) > 4]
    assert "Compute the place." in texts[0]
    assert "不要找，直接算。" in texts[1]


def test_what_was_typed_in_the_lesson_is_a_captions_track_of_its_video_at_the_time_of_the_voice(video: Path) -> None:
    with av.open(str(video)) as opened:
        found = [(float(one.pts * one.time_base), bytes(one)) for one in opened.demux(subtitles=0) if one.size > 4]
    ((second, said),) = found
    assert second == pytest.approx(3.5, abs=0.1)
    assert (b"Spread <all> keys" if video.suffix == ".mp4" else b"Spread &lt;all&gt; keys") in said


def test_the_lines_of_a_lesson_are_those_that_stood_at_last_in_the_order_of_the_voice() -> None:
    clock = Clock(1, BEGIN)
    clock.say("", "roster.admit", id="t1", name="Ms Lin", role="teacher", seat="room")
    clock.say("", "roster.admit", id="s1", name="<Mei> & co", role="student", seat="remote")
    clock.now = 60_000
    clock.say("t1", "captions.type", text="Typed late.", took=10_000)
    clock.say("t1", "captions.type", text="Never mind.")
    heard = {"begin": BEGIN + 48_000, "end": BEGIN + 52_000, "lang": "en"}
    clock.say("", "captions.say", member="s1", track=1, text="a <b> is", **heard)
    clock.say("t1", "captions.correct", no=3, text="a < b --> c")
    clock.say("t1", "captions.remove", no=2)
    lines = course_of(clock.facts).lines
    assert [(line.begin - BEGIN, line.end - BEGIN, line.text) for line in lines] == [
        (48_000, 50_000, "a < b --> c"),
        (50_000, 60_000, "Typed late."),
    ]
    assert vtt(moved(lines, BEGIN + 49_000, BEGIN + 70_000)) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v &lt;Mei&gt; &amp; co>a &lt; b --&gt; c\n"
        "\n00:00:01.000 --> 00:00:11.000\nTyped late.\n"
    )


def test_sounds_lie_at_their_times_and_add_up() -> None:
    def lane(at: int, value: float, samples: int = 480) -> Lane:
        return Lane(at, lambda: iter([Block(at, array("f", [value] * samples))]))

    whole = array("f")
    for window in mixed([lane(RATE, 0.5), lane(RATE + 240, 0.75), lane(3 * RATE, 0.25)], 4 * RATE):
        whole.extend(window)
    assert len(whole) == 4 * RATE
    assert [whole[RATE - 1], whole[RATE], whole[RATE + 240], whole[RATE + 480]] == [0, 0.5, 1.0, 0.75]
    assert [whole[3 * RATE - 1], whole[3 * RATE]] == [0, 0.25]


def test_the_picture_turns_to_who_speaks_and_back_to_the_teacher_when_he_leaves() -> None:
    def track(no: int, member: str, source: str, begin: int, end: int) -> Recorded:
        return Recorded(no, member, source, "", member == "t", begin, end, [(begin, end)])

    tracks = [track(1, "t", "microphone", 0, 20_000), track(2, "t", "camera", 0, 20_000),
              track(3, "s", "microphone", 5_000, 15_000), track(4, "s", "camera", 5_000, 15_000)]  # fmt: skip

    def objects(one: Recorded) -> list[bytes]:
        loud = {1: range(5), 3: range(7, 12)}[one.no]
        return [
            pack(Head(Kind.sound, one.no, s, s * 1000, True, 0, 20 if s in loud else 127, 20), b"x") for s in range(20)
        ]

    turns = Turns(tracks, objects, 0, 20_000)
    shown = [found.no if (found := turns.at(second * 1000)) else 0 for second in range(20)]
    assert shown[:8] == [2] * 8  # a word between is no turn
    assert shown[8:14] == [4] * 6
    assert shown[15:] == [2] * 5
