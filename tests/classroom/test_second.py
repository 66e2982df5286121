"""Who has no WebCodecs, as on plain http: a remote student sees and hears by the second renderer, in Chromium and in
the system's Firefox, and the page says what is not possible there and why."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Playwright
from websockets.sync.client import ClientConnection, connect

from tests.classroom.people import CHROMIUM, FLAGS, Classroom
from tests.firefox import FIREFOX, Firefox
from tests.loudspeaker import Loudspeaker
from tests.server import PATIENCE_S, Server
from tests.speaker import Speaker
from tools.recorded import Shot, picture, sound

HOST = "mingtang.test"  # this computer, by a name that no browser takes for localhost
TALK_MS = 30_000
PLAYS_S = 5

# Notes every element that plays, and since when it has not stood still.
NOTED = """
const play = HTMLMediaElement.prototype.play;
globalThis.played = [];
HTMLMediaElement.prototype.play = function () {
  if (!played.includes(this)) {
    played.push(this);
    for (const kind of ['playing', 'waiting', 'seeked']) {
      this.addEventListener(kind, () => (this.since = this.currentTime));
    }
  }
  return play.call(this);
};
"""
PLAYING = f"played.length >= 2 && played.every((one) => one.currentTime > one.since + {PLAYS_S})"
FRAMES = "played.flatMap((one) => one.getVideoPlaybackQuality?.().totalVideoFrames ?? [])"
# A picture that the decoders drew is another one than when it was first looked at.
MOVES = """(() => {
  const shown = document.querySelector('.watch canvas');
  if (!shown?.width) return false;
  const small = new OffscreenCanvas(32, 18).getContext('2d');
  small.drawImage(shown, 0, 0, 32, 18);
  const now = String(small.getImageData(0, 0, 32, 18).data);
  globalThis.first ??= now;
  return now !== first;
})()"""


@cache
def talk(codec: str) -> tuple[list[bytes], list[bytes]]:
    """Half a minute of voice and face, made once."""
    return list(sound(1, 0, TALK_MS)), list(picture(2, 0, TALK_MS, Shot(codec, 320, 180)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data", tls="own", tls_port="0").start()
    yield made
    made.stop()


def enter(fox: Firefox, code: str) -> None:
    """Joins from afar, as the page itself does, and opens the lesson."""
    asked = {"method": "POST", "headers": {"Content-Type": "application/json"}}
    body = json.dumps({"name": "Lin", "seat": "remote"})
    joined = (
        f"fetch('/api/lessons/{code}/join', {{...{json.dumps(asked)}, body: {json.dumps(body)}}}).then((a) => a.status)"
    )
    assert fox.ask(joined) == 200
    fox.open(fox.ask("location.href"))


@pytest.fixture
def plain(play: Playwright) -> Iterator[Browser]:
    """Chromium for which our host is somewhere on the network."""
    browser = play.chromium.launch(
        executable_path=CHROMIUM, args=[*FLAGS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    )
    yield browser
    browser.close()


def reached(server: Server) -> Server:
    """The same server by its name on the network."""
    there = copy.copy(server)
    there.host = HOST
    return there


def line(server: Server, cookie: str, path: str) -> ClientConnection:
    url = f"ws://127.0.0.1:{server.port}{path}"
    return connect(url, origin=server.url, additional_headers={"Cookie": cookie}, open_timeout=PATIENCE_S)


def teaching(server: Server, lesson: dict[str, Any], codec: str) -> Speaker:
    """The teacher with a camera and a microphone, who is no browser."""
    with server.teacher() as teacher:
        teacher.get(f"/teach/{lesson['id']}")
        cookie = "; ".join(f"{one.name}={one.value}" for one in teacher.cookies.jar)
    speaker = Speaker(partial(line, server, cookie), lesson["id"])
    voice, face = talk(codec)
    speaker.play(speaker.start("microphone", "opus"), voice)
    speaker.play(speaker.start("camera", codec), face)
    return speaker


def test_on_plain_http_a_remote_student_sees_and_hears_without_a_stall_and_is_told_why_he_cannot_speak(plain, server):
    room = Classroom(plain, reached(server), "zh", script=NOTED)
    lesson = server.lesson()
    room.code = lesson["code"]
    mei = room.person("Mei", "phone")
    mei.join("Mei", "remote")
    speaker = teaching(server, lesson, "vp8")
    mei.until("() => played.length >= 2")
    assert mei.page.evaluate("[isSecureContext, 'AudioDecoder' in globalThis]") == [False, False]
    mei.until(f"() => {PLAYING}")
    assert mei.page.evaluate(FRAMES)[0] > PLAYS_S * 10
    speaker.do("media.invite", member=mei.ear.you["id"])
    mei.sees("able.no_https")
    # Her first page was that of the room, which may not play: it was loaded again, and that is all that was wrong.
    mei.troubles = [trouble for trouble in mei.troubles if "media-src" not in trouble]
    mei.check("second")
    speaker.close()
    href = mei.page.get_by_role("link", name=mei.say("able.how_https")).get_attribute("href")
    mei.page.goto(f"http://{HOST}:{server.port}{href}")
    mei.sees("https.compare")
    about = httpx.get(f"{server.url}/api/https").json()
    assert mei.page.locator(".fingerprint").inner_text() == about["fingerprint"]
    mei.page.get_by_text(mei.say("https.iphone"), exact=True).click()
    mei.sees("https.iphone_4")
    mei.check("https")
    room.close()


def test_the_systems_firefox_plays_on_plain_http_and_on_https(server, tmp_path):
    assert FIREFOX is not None
    lesson = server.lesson()
    secure = httpx.get(f"{server.url}/api/https").json()["address"]
    with Loudspeaker(tmp_path / "loud") as loud, Firefox(tmp_path / "profile", loud.environment) as fox:
        fox.preload(NOTED)
        fox.open(f"http://{HOST}:{server.port}/j/{lesson['code']}")
        enter(fox, lesson["code"])
        speaker = teaching(server, lesson, "vp9")
        fox.wait("played.length >= 2")
        assert fox.ask("[isSecureContext, 'AudioDecoder' in globalThis]") == [False, False]
        fox.wait(PLAYING)
        assert fox.ask(FRAMES)[0] > PLAYS_S * 10
        fox.open(f"{secure}/j/{lesson['code']}")
        enter(fox, lesson["code"])
        assert fox.ask("[isSecureContext, 'AudioDecoder' in globalThis]") == [True, True]
        fox.wait(MOVES)
        assert fox.ask("played.length") == 0, "by decoders, not by an element"
        speaker.close()
