"""What is stored of voice and picture is for those who may replay; in the room sound only after the lesson (F2)."""

from __future__ import annotations

import json

import pytest

from mingtang.stores.media.objects import Head, Kind, pack, read
from mingtang.stores.media.writing import Writing

BEGAN = 1_900_000_000_000
MINUTE = 60_000


def objects_of(data: bytes) -> list[bytes]:
    found = []
    while data:
        size = int.from_bytes(data[:4], "big")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found


def pictures(track: int, seconds: int, first: int = 0) -> list[bytes]:
    """Ten a second, a key every two seconds."""
    codec = pack(Head(Kind.configuration, track, first, BEGAN), b'{"codec":"vp8"}')
    every = (
        pack(Head(Kind.picture, track, n, BEGAN + n * 100, key=n % 20 == 0), b"p" * 500)
        for n in range(first, seconds * 10)
    )
    return [codec, *every]


def sounds(track: int, seconds: int) -> list[bytes]:
    every = (
        pack(Head(Kind.sound, track, n, BEGAN + n * 20, key=True, level=30, span=20), b"s" * 60)
        for n in range(seconds * 50)
    )
    return [pack(Head(Kind.configuration, track, 0, BEGAN), b'{"codec":"opus"}'), *every]


@pytest.fixture
def does(node, lesson):
    """Somebody does something in the lesson; the teacher unless it is said who."""

    async def do(wish, by="", /, **data):
        who = by or node.seals.teacher_member(lesson["id"])
        return await node.hall.submit(lesson["id"], node.hall.kinds.command(wish, json.dumps(data).encode()), who)

    return do


@pytest.fixture
async def taught(node, lesson, does):
    """A teacher on the stage: track 1 is his camera, track 2 his microphone, ten seconds of both are stored."""
    await does("media.enter")
    await does("media.start", source="camera", codec="vp8")
    await does("media.start", source="microphone", codec="opus")
    for track, objects in ((1, pictures(1, 10)), (2, sounds(2, 10))):
        writing = Writing(node.reels.place(lesson["id"], track), track)
        writing.append(objects)
        writing.close()


async def _member(browser, lesson, name, seat):
    client = browser()
    answer = await client.post(f"/api/lessons/{lesson['code']}/join", json={"name": name, "seat": seat})
    assert answer.status_code == 200, answer.text
    return client


@pytest.fixture
async def remote(browser, lesson):
    return await _member(browser, lesson, "Ada", "remote")


@pytest.fixture
async def in_room(browser, lesson):
    return await _member(browser, lesson, "Ben", "room")


async def test_a_latecomer_finds_what_is_stored_and_gets_it_from_the_key_before(taught, lesson, remote):
    told = (await remote.get(f"/api/media/{lesson['id']}")).json()
    assert told["live"]
    assert {no: (t["source"], t["codec"], t["spans"]) for no, t in told["tracks"].items()} == {
        "1": ("camera", "vp8", [[BEGAN, BEGAN + 9900]]),
        "2": ("microphone", "opus", [[BEGAN, BEGAN + 10_000]]),
    }
    at = {"from": BEGAN + 4500, "to": BEGAN + 5000}
    answer = await remote.get(f"/api/media/{lesson['id']}/1", params=at)
    heads = [read(one) for one in objects_of(answer.content)]
    assert (heads[0].kind, [h.time - BEGAN for h in heads[1:]]) == (Kind.configuration, list(range(4000, 5000, 100)))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"].startswith("private, max-age")  # what lies behind does not change
    answer = await remote.get(f"/api/media/{lesson['id']}/2", params=at)
    assert [read(one).time - BEGAN for one in objects_of(answer.content)[1:]] == list(range(4500, 5000, 20))


async def test_a_range_that_reaches_to_now_is_asked_for_again(node, taught, lesson, remote):
    open_ = {"from": BEGAN + 8000, "to": BEGAN + 20_000}
    answer = await remote.get(f"/api/media/{lesson['id']}/1", params=open_)
    assert answer.headers["cache-control"] == "no-store"
    before = objects_of(answer.content)
    writing = Writing(node.reels.place(lesson["id"], 1), 1)
    writing.append(pictures(1, 12, first=100))
    writing.close()
    after = objects_of((await remote.get(f"/api/media/{lesson['id']}/1", params=open_)).content)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 20


async def test_in_the_room_nobody_gets_sound_while_the_lesson_goes_on_and_everybody_afterwards(
    taught, lesson, does, in_room, remote, teacher
):
    async def given(client):
        told = (await client.get(f"/api/media/{lesson['id']}")).json()
        sound = await client.get(f"/api/media/{lesson['id']}/2")
        return sorted(told["tracks"]), sound.status_code

    assert await given(in_room) == (["1"], 403)
    assert await given(remote) == (["1", "2"], 200)
    assert await given(teacher) == (["1"], 403)  # his console may stand in the room as well
    await does("lesson.end")
    for client in (in_room, remote, teacher):
        assert await given(client) == (["1", "2"], 200)


async def test_a_guest_and_one_who_was_sent_out_get_nothing(node, taught, lesson, browser, remote, does):
    assert (await browser().get(f"/api/media/{lesson['id']}")).status_code == 401
    assert (await browser().get(f"/api/media/{lesson['id']}/1")).status_code == 401
    held = node.hall.door(lesson["id"]).task.lesson
    ada = next(m.id for m in held.people.members.values() if m.name == "Ada")
    await does("roster.remove", id=ada)
    assert (await remote.get(f"/api/media/{lesson['id']}/1")).status_code == 403


@pytest.mark.parametrize(
    "asked", ["0?from=0", "9?from=0", "70000", "-1", "1?from=-5", "1?from=a", "1?to=never", "..%2F1"]
)
async def test_a_range_that_makes_no_sense_is_refused_in_words(taught, lesson, remote, asked):
    answer = await remote.get(f"/api/media/{lesson['id']}/{asked}")
    assert answer.status_code in (400, 404)
    assert answer.json()["code"]


async def test_of_a_long_recording_five_minutes_are_given_at_once(node, lesson, does, remote):
    await does("media.enter")
    await does("media.start", source="camera", codec="vp8")
    writing = Writing(node.reels.place(lesson["id"], 1), 1)
    writing.append([pack(Head(Kind.configuration, 1, 0, BEGAN), b'{"codec":"vp8"}')])
    writing.append([pack(Head(Kind.picture, 1, n, BEGAN + n * 2000, key=True), b"key") for n in range(360)])
    answer = await remote.get(f"/api/media/{lesson['id']}/1")
    assert (answer.status_code, answer.json()["code"]) == (400, "media.range_too_long")
    last = await remote.get(f"/api/media/{lesson['id']}/1", params={"from": BEGAN + 8 * MINUTE})
    assert len(objects_of(last.content)) == 1 + 120


async def test_many_watchers_share_what_is_read(node, taught, lesson, remote, monkeypatch):
    """A file's pieces are read once, however many ask for them."""
    writing = Writing(node.reels.place(lesson["id"], 1), 1)
    writing.append(pictures(1, 200, first=100))
    reel = node.reels.reel(lesson["id"], 1)
    reads, read_ = [], type(reel).read

    def counted(self, begin, end):
        reads.append(begin)
        return read_(self, begin, end)

    monkeypatch.setattr(type(reel), "read", counted)
    first = await remote.get(f"/api/media/{lesson['id']}/1", params={"from": BEGAN, "to": BEGAN + 90_000})
    once = len(reads)
    for _ in range(5):
        again = await remote.get(f"/api/media/{lesson['id']}/1", params={"from": BEGAN, "to": BEGAN + 90_000})
        assert again.content == first.content
    assert len(reads) == once
