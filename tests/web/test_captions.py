"""Captions of a running lesson: what an engine hears of whom, what happens when it fails, and the file afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from mingtang.integrations.captions.engine import Beeps, Frame, Piece
from mingtang.integrations.captions.listening import MOST_WAITING
from mingtang.integrations.captions.pen import nobody
from mingtang.integrations.captions.scribe import beside
from tests.server import ROOT, Server
from tests.speaker import PATIENCE_S, Speaker
from tests.web.recording import taught_on
from tools.recorded import sound

VOICE = 3  # the teacher's track; Ada's is 2


@pytest.fixture
async def taught(node, lesson):
    return await taught_on(node, lesson["id"])


async def heard_by(taught, engine, during):
    """What is written while an engine goes along with the lesson."""
    async with beside(taught.node.hall, "beeps", engine):
        taught.node.hall.media.opened[-1](taught.id)  # the voice was there before
        await taught.until(lambda: captions(taught).engine == "beeps")
        await taught.does("media.start", source="microphone", codec="opus")
        await taught.does("captions.listen", on=True)
        await during()
    return [(one.member, one.text, one.begin) for one in captions(taught).lines.values()]


def captions(taught):
    return taught.node.hall.door(taught.id).task.lesson.states["captions"]


def speak(taught, track, seconds=2):
    now = taught.node.hall.clock() // 1000 * 1000
    for data in sound(track, now, seconds * 1000):
        taught.node.hall.media.publish(taught.id, taught.teacher if track == VOICE else taught.student, data)
    return now


async def test_what_staff_and_consenting_students_say_is_written_with_its_time_and_whose_voice_it_is(taught):
    began: list[int] = []

    async def during():
        began.extend((speak(taught, VOICE), speak(taught, 2)))

    found = await heard_by(taught, Beeps, during)
    for member, begin in zip((taught.teacher, taught.student), began, strict=True):
        own = [(text, at) for who, text, at in found if who == member]
        assert [round(at - begin, -2) for _, at in own] == [0, 1000]
        assert all(text.endswith(" ms") for text, _ in own)


async def test_who_did_not_consent_and_what_is_said_while_staff_do_not_want_it_is_never_heard(node, lesson):
    taught = await taught_on(node, lesson["id"], consent=False)
    made: list[Beeps] = []

    def make():
        made.append(Beeps())
        return made[-1]

    async def during():
        speak(taught, 2)
        await taught.does("captions.listen", on=False)
        speak(taught, VOICE)

    assert await heard_by(taught, make, during) == []
    assert made == []


class Raising:
    """An engine without its model."""

    def hear(self, frame: Frame) -> Iterable[Piece]:
        raise RuntimeError("no model")

    def end(self) -> Iterable[Piece]:
        return ()


class Hanging(Raising):
    """An engine that never answers, until the test is over."""

    over = threading.Event()

    def hear(self, frame: Frame) -> Iterable[Piece]:
        self.over.wait()
        return ()


async def test_an_engine_that_raises_is_stopped_staff_read_why_and_may_try_again(taught):
    async def during():
        speak(taught, VOICE)
        await taught.until(lambda: captions(taught).trouble == "failed")
        assert not captions(taught).listening
        await taught.does("captions.listen", on=True)
        assert not captions(taught).trouble
        await taught.does("captions.type", text="The lesson goes on.")

    found = await heard_by(taught, Raising, during)
    assert [text for _, text, _ in found] == ["The lesson goes on."]


async def test_an_engine_that_hangs_is_stopped_as_too_slow_and_holds_nothing_up(taught):
    async def during():
        for _ in range(2 + MOST_WAITING // 1000):  # each twenty seconds
            speak(taught, VOICE, 20)
        await taught.until(lambda: captions(taught).trouble == "slow")

    try:
        assert await heard_by(taught, Hanging, during) == []
    finally:
        Hanging.over.set()


async def test_a_server_without_an_engine_says_so_to_a_lesson_that_had_one(taught):
    async def during():
        pass

    await heard_by(taught, Beeps, during)
    async with nobody(taught.node.hall):
        taught.node.hall.media.opened[-1](taught.id)
        await taught.until(lambda: captions(taught).trouble == "none")
    assert not captions(taught).engine


async def test_captions_are_a_file_for_staff_and_nobody_else(node, lesson, teacher, taught, browser):
    place = f"/api/teach/lessons/{lesson['id']}/captions.vtt"
    assert (await teacher.get(place)).text == "WEBVTT\n"
    await taught.does("captions.type", text="不要找 <直接算>")
    got = await teacher.get(place)
    assert got.headers["content-type"].startswith("text/vtt")
    assert f"lesson-{lesson['code']}.vtt" in got.headers["content-disposition"]
    assert got.text.endswith("\n不要找 &lt;直接算&gt;\n")
    assert (await browser().get(place)).status_code in (401, 403)
    assert (await teacher.get("/api/teach/lessons/nobody/captions.vtt")).status_code == 404


# As people set it up


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with an installed package that names two engines; one cannot be loaded."""
    folder = tmp_path / "packages"
    about = folder / "beeping-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: beeping\nVersion: 1.0\n")
    names = "beeps = mingtang.integrations.captions.engine:Beeps\nbroken = beeping_broken:Engine\n"
    (about / "entry_points.txt").write_text(f"[mingtang.captions]\n{names}")
    return folder


@pytest.fixture
def server(tmp_path: Path, packages: Path) -> Iterator[Server]:
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{packages}"}
    made = Server(tmp_path / "data", captions="beeps", environment=path).start()
    yield made
    made.stop()


def line(server: Server, cookie: str, path: str) -> ClientConnection:
    url = f"ws://127.0.0.1:{server.port}{path}"
    return connect(url, origin=server.url, additional_headers={"Cookie": cookie}, open_timeout=PATIENCE_S)


@pytest.mark.slow
def test_an_installed_engine_writes_what_a_real_server_hears_and_the_file_has_it(server: Server, tmp_path: Path):
    lesson = server.lesson()
    with server.teacher() as teacher:
        teacher.get(f"/teach/{lesson['id']}")
        cookie = "; ".join(f"{one.name}={one.value}" for one in teacher.cookies.jar)
    speaker = Speaker(partial(line, server, cookie), lesson["id"])
    track = speaker.start("microphone", "opus")
    speaker.do("captions.listen", on=True)
    speaker.play(track, sound(track, 0, 2500))
    texts: list[str] = []
    while len(texts) < 2:
        parts = speaker._heard().get("parts", {}).get("captions", {})
        texts += [one["text"] for one in parts.get("lines", {}).values() if one]
    speaker.close()
    assert all(text.endswith(" ms") for text in texts)
    to = tmp_path / "out.vtt"
    done = server.cli("captions", lesson["code"], str(to))
    assert (done.returncode, to.read_text().startswith("WEBVTT")) == (0, True), done.stderr
    assert texts[0] in to.read_text()
    again = server.cli("captions", lesson["code"], str(to))
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


@pytest.mark.parametrize("name", ["unheard-of", "broken"])
def test_an_engine_that_is_not_there_is_a_sentence_before_anything_is_opened(name: str, packages: Path, tmp_path: Path):
    told = subprocess.run(
        [sys.executable, "-m", "mingtang", "serve", "--captions", name, "--data", str(tmp_path / "data")],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{packages}", "MINGTANG_LANGUAGE": "en", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert name in told.stderr
    assert "Traceback" not in told.stderr
    assert "beeps" in told.stderr or "beeping_broken" in told.stderr
    assert not (tmp_path / "data").exists()
