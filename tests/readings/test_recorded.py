"""The tracks that tests and benches use are real: a decoder finds a flash and a beep at every whole second."""

from __future__ import annotations

import json
import os
from array import array
from typing import Any

import av
import pytest
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from mingtang.live.media.objects import HEADER, Kind, read
from tools.recorded import BEGIN, MARK_MS, Shot, picture, sound


@pytest.mark.parametrize("codec", ["vp8", "vp9", "h264", "av1"])
def test_a_made_picture_track_flashes_each_second_and_every_group_begins_with_a_key(codec: str) -> None:
    configuration, *objects = picture(3, BEGIN, 3000, Shot(codec, 320, 180, 10))
    heads = [read(data) for data in objects]
    told = json.loads(configuration[HEADER:])
    assert read(configuration).kind is Kind.configuration
    assert told["codedWidth"] == 320
    assert [head.seq for head in heads] == list(range(30))
    assert {head.time - BEGIN for head in heads if head.key} >= {0, 2000}
    decoder: Any = VideoCodecContext.create("libdav1d" if codec == "av1" else told["codec"][:4].replace("vp09", "vp9")
                                            .replace("avc1", "h264"), "r")  # fmt: skip
    bright = {}
    waiting = list(heads)
    for packet in [*(av.Packet(data[HEADER:]) for data in objects), None]:
        for frame in decoder.decode(packet):
            bright[waiting.pop(0).time - BEGIN] = bytes(frame.planes[0])[5] > 128
    assert [at for at, white in bright.items() if white] == [0, 1000, 2000]
    assert os.sched_getscheduler(0) == os.SCHED_OTHER, "what is started from here would go before all else"


def test_a_made_sound_track_beeps_each_second() -> None:
    configuration, *objects = sound(1, BEGIN, 2000)
    assert json.loads(configuration[HEADER:])["codec"] == "opus"
    decoder: Any = AudioCodecContext.create("opus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    heard = {}
    for data in objects:
        head = read(data)
        for frame in decoder.decode(av.Packet(data[HEADER:])):
            heard[head.time - BEGIN] = max(map(abs, array("f", bytes(frame.planes[0]))), default=0) > 0.1
    beeps = [at for at, loud in heard.items() if loud]
    assert {at // 1000 for at in beeps} == {0, 1}
    assert all(at % 1000 <= MARK_MS + 20 for at in beeps)
    assert all((read(data).level < 127) == ((read(data).time - BEGIN) % 1000 < MARK_MS) for data in objects)
