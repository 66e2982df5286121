"""Videos and recorded tracks over HTTP and from the terminal, each made in a process of its own."""

from __future__ import annotations

import asyncio
import fcntl
import shutil

import av
import httpx
import pytest

from bench.school.recorded import Recording
from bench.school.recorded import run as record
from mingtang.readings.video.job import State, tell
from mingtang.settings import Settings
from tests.readings.filmed import counted
from tools.recorded import Shot


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return record(tmp_path_factory.mktemp("recorded"), 6, Shot("vp9", 160, 90, 10))


@pytest.fixture
def recording(recorded: Recording, settings: Settings) -> Recording:
    """In the folder of the node, which begins after it."""
    shutil.copytree(recorded.data, settings.data)
    return recorded


@pytest.fixture
def place(recording: Recording) -> str:
    return f"/api/teach/lessons/{recording.lesson}"


async def until(teacher: httpx.AsyncClient, place: str, state: str, form: str = "mp4") -> dict[str, object]:
    async with asyncio.timeout(60):
        while True:
            told = (await teacher.get(f"{place}/video")).json()[form]
            if told["state"] == state:
                return dict(told)
            assert told["state"] in ("waiting", "running"), told
            await asyncio.sleep(0.05)


async def test_a_video_is_made_when_it_is_asked_for_and_then_only_fetched(recording, node, teacher, place, tmp_path):
    assert (await teacher.get(f"{place}/video")).json() == {
        "mp4": {"state": "none"},
        "webm": {"state": "none"},
    }
    assert (await teacher.get(f"{place}/video/mp4")).status_code == 404
    begun = await teacher.post(f"{place}/video", params={"form": "mp4"})
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    again = await teacher.post(f"{place}/video", params={"form": "mp4"})
    assert again.json()["state"] in ("waiting", "running")
    told = await until(teacher, place, "ready")
    assert told["ms"] == 6000
    got = await teacher.get(f"{place}/video/mp4")
    assert got.headers["content-type"] == "video/mp4"
    assert f"lesson-{recording.code}.mp4" in got.headers["content-disposition"]
    assert len(got.content) == told["bytes"]
    (tmp_path / "got.mp4").write_bytes(got.content)
    with av.open(str(tmp_path / "got.mp4")) as opened:
        assert (opened.duration or 0) / 1_000_000 == pytest.approx(6, abs=0.1)
    assert (await teacher.post(f"{place}/video", params={"form": "mp4"})).json()["state"] == "ready"
    kept = sorted(file.name for file in node.studio.place(recording.lesson, "mp4").iterdir())
    assert kept == ["job.json", "lock", "state.json", "video.mp4"]  # the log's rows are not left there


async def test_each_recorded_track_is_fetched_with_every_frame(recording, teacher, place, tmp_path):
    tracks = {track["no"]: track for track in (await teacher.get(f"{place}/tracks")).json()}
    assert [tracks[no]["source"] for no in sorted(tracks)] == ["microphone", "camera", "microphone", "camera", "screen"]
    assert tracks[2]["files"] == ["2-picture-camera.webm", "2-picture-camera.mp4"]
    for name, expected in {
        "2-picture-camera.mp4": {"video": 60, "audio": 300},
        "5-picture-screen.webm": {"video": 20, "audio": 100},
        "1-sound-microphone.webm": {"audio": 300},
    }.items():
        got = await teacher.get(f"{place}/tracks/{name}")
        assert got.status_code == 200, got.text
        assert int(got.headers["content-length"]) == len(got.content)
        file = tmp_path / name
        file.write_bytes(got.content)
        found = counted(file)
        assert found["audio"] == pytest.approx(expected["audio"], abs=6)
        assert found.get("video") == expected.get("video")
    assert (await teacher.get(f"{place}/tracks/9-picture-camera.webm")).status_code == 404
    assert (await teacher.get(f"{place}/tracks/1-sound-camera.webm")).status_code == 404


async def test_only_staff_may_have_them(recording, node, browser, place):
    stranger = browser()
    for method, path in (("GET", "/video"), ("POST", "/video"), ("DELETE", "/video"), ("GET", "/video/mp4"),
                         ("GET", "/tracks"), ("GET", "/tracks/1-sound-microphone.webm")):  # fmt: skip
        assert (await stranger.request(method, place + path)).status_code == 401
    assert not node.studio.root.exists()


async def test_videos_are_made_one_at_a_time_and_one_that_waits_can_be_stopped(recording, node, teacher, place):
    node.studio.root.mkdir(parents=True)
    with (node.studio.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as another worker does that makes one
        await teacher.post(f"{place}/video")
        assert (await until(teacher, place, "waiting"))["state"] == "waiting"
        await teacher.delete(f"{place}/video")
        assert (await until(teacher, place, "cancelled"))["code"] == "video.cancelled"


async def test_what_a_server_did_not_finish_is_said_to_have_stopped_and_goes_on(
    recording, settings, teacher, node, place
):
    await teacher.post(f"{place}/video", params={"form": "webm"})
    await until(teacher, place, "running", "webm")
    await node.studio.close()  # as the server does at its end
    told = (await teacher.get(f"{place}/video")).json()["webm"]
    assert told["state"] == "stopped"
    await teacher.post(f"{place}/video", params={"form": "webm"})
    await until(teacher, place, "ready", "webm")


async def test_nothing_of_a_video_is_left_when_somebody_is_erased(recording, node, teacher, place):
    made = node.studio.place(recording.lesson, "mp4")
    made.mkdir(parents=True)
    tell(made, State("ready", 1.0))
    (made / "video.mp4").write_bytes(b"his voice is in it")
    assert (await teacher.get(f"{place}/video/mp4")).content == b"his voice is in it"
    asked = {"lesson": recording.lesson, "member": "s0001", "really": True}
    assert (await teacher.post("/api/teach/erase", json=asked)).status_code < 300
    assert not (node.studio.root / recording.lesson).exists()
    assert (await teacher.get(f"{place}/video/mp4")).status_code == 404


def test_the_terminal_makes_a_video_and_writes_tracks_and_refuses_in_a_sentence(recorded, tmp_path, capsys):
    from mingtang.cli import main

    data = shutil.copytree(recorded.data, tmp_path / "data")
    out = tmp_path / "out.mp4"
    assert main(["video", recorded.code, str(out), "--data", str(data)]) == 0
    with av.open(str(out)) as opened:
        assert (opened.duration or 0) / 1_000_000 == pytest.approx(6, abs=0.1)
    assert main(["video", recorded.code, str(out), "--data", str(data)]) == 1
    assert main(["video", recorded.code, str(tmp_path / "out.avi"), "--data", str(data)]) == 1
    assert main(["tracks", recorded.code, str(tmp_path / "tracks"), "--data", str(data), "--form", "mp4"]) == 0
    names = sorted(file.name for file in (tmp_path / "tracks").iterdir())
    assert names == ["1-sound-microphone.mp4", "2-picture-camera.mp4", "3-sound-microphone.mp4",
                     "4-picture-camera.mp4", "5-picture-screen.mp4"]  # fmt: skip
    said = capsys.readouterr()
    assert "2-picture-camera.mp4: 60 pictures, " in said.out
    assert [line.split()[0] for line in said.err.splitlines()] == ["[file-there]", "[video.which_form]"]
