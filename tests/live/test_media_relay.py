"""Voice and picture on real sockets. Names of rules are those of docs/build/media.md."""

import asyncio
import itertools
import socket

import pytest

from mingtang.live.media import objects
from mingtang.live.media.objects import Kind
from tests.live.media import PICTURE, SOUND, configuration, connect, look, picture, sound, started
from tests.live.stage import LESSON, PATIENCE, staged


@pytest.fixture
async def stage():
    """The teacher is on the stage with a camera (track 1) and a microphone (track 2)."""
    async with staged() as made:
        await made.submit("media.enter", by="t1")
        assert await started(made, "t1", PICTURE) == 1
        assert await started(made, "t1", SOUND) == 2
        yield made


# Coming in


async def test_m1_the_first_frame_tells_the_clock_and_the_clock_is_told_whenever_asked(stage):
    eye = await look(stage, "s2")
    assert eye.said[0]["at"] > 0
    await eye.say("clock", n=7)
    answer = await eye.told("clock")
    assert answer["n"] == 7
    assert answer["at"] >= eye.said[0]["at"]


async def test_who_may_not_come_in_to_the_lesson_may_not_come_in_here(stage):
    assert await (await connect(stage, "")).closed() == 4401
    assert await (await connect(stage, "stranger")).closed() == 4403
    assert await (await connect(stage, "s2", lesson="nowhere")).closed() == 4404
    await stage.submit("roster.remove", by="t1", id="s2")
    assert await (await connect(stage, "s2")).closed() == 4403


async def test_a_member_has_no_more_sockets_than_a_person_needs(stage):
    for _ in range(8):
        await look(stage, "s2")
    assert await (await connect(stage, "s2")).closed() == 1013


async def test_nonsense_is_borne_for_a_while(stage):
    eye = await look(stage, "s2")
    for odd in ("x", "[]", '{"t":"see","tracks":{"1":9}}', '{"t":"see"}', b"", b"\x01", b"\x09" * 40, '"' * 9000):
        await eye.socket.send(odd)
    await eye.settled()
    for _ in range(12):
        await eye.socket.send("x")
    assert await eye.closed() == 4400


# Seeing


async def test_m2_a_latecomer_gets_the_configuration_the_group_and_what_follows(stage):
    teacher, early = await look(stage, "t1"), await look(stage, "s2")
    await early.see(t1=2)
    await early.settled()
    await teacher.send(configuration(1), picture(1, 0, key=True), picture(1, 1), picture(1, 2, key=True), picture(1, 3))
    await early.until(lambda eye: eye.seqs(1)[-1:] == [3])
    late = await look(stage, "a1")
    await late.see(t1=2)
    await late.until(lambda eye: eye.seqs(1) == [2, 3])
    await teacher.send(picture(1, 4))
    for eye, seqs in ((early, [0, 1, 2, 3, 4]), (late, [2, 3, 4])):
        await eye.until(lambda eye, seqs=seqs: eye.seqs(1) == seqs)
        assert objects.read(eye.objects[0]).kind is Kind.configuration
        assert eye.objects[-1] == picture(1, 4), "the same bytes, live and late"


async def test_m2_nothing_comes_twice_or_is_missing_however_one_comes_and_goes(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await teacher.send(configuration(1))
    sending = asyncio.create_task(teacher.send_on(picture(1, n, key=n % 10 == 0) for n in itertools.count()))
    for n in range(20):
        before = len(eye.objects)
        await eye.see(t1=2)
        await eye.until(lambda eye, n=n, before=before: len(eye.objects) > before + n)
        await eye.see()
        await eye.settled()
        seqs = [h.seq for h in map(objects.read, eye.objects[before:]) if h.kind is Kind.picture]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        assert seqs[0] % 10 == 0
    sending.cancel()


async def test_m2_upper_layers_are_left_out_for_who_does_not_want_them(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await eye.see(t1=1)
    await eye.settled()
    await teacher.send(picture(1, 0, key=True), picture(1, 1, layer=2), picture(1, 2, layer=1), picture(1, 3))
    await eye.until(lambda eye: eye.seqs(1) == [0, 2, 3])
    await eye.see(t1=2)
    await eye.settled()
    await teacher.send(picture(1, 4, layer=2), picture(1, 5, key=True), picture(1, 6, layer=2))
    await eye.until(lambda eye: eye.seqs(1) == [0, 2, 3, 5, 6])  # more layers begin with a key


async def test_nobody_gets_his_own_back(stage):
    teacher = await look(stage, "t1")
    await teacher.see(t1=2, t2=0)
    await teacher.send(configuration(1), picture(1, 0, key=True), sound(2, 0))
    await teacher.settled()
    assert teacher.objects == []


# Sending


async def test_m3_only_ones_own_open_tracks_are_taken(stage):
    other, eye, teacher = await look(stage, "s2"), await look(stage, "a1"), await look(stage, "t1")
    await eye.see(t1=2, t2=0)
    await other.send(picture(1, 0, key=True), sound(2, 0), sound(9, 0))
    await other.settled()
    await teacher.send(sound(2, 5))
    await eye.until(lambda eye: bool(eye.objects))
    assert eye.seqs(2) == [5]
    await stage.submit("media.stop", by="t1", track=2)
    await teacher.send(sound(2, 6), picture(1, 1, key=True))
    await eye.until(lambda eye: bool(eye.seqs(1)))
    assert eye.seqs(2) == [5]


async def test_m3_who_is_silenced_is_not_heard_from_that_moment_on_and_closed_out_if_he_keeps_on(stage):
    await stage.submit("media.enter", by="a1")
    track = await started(stage, "a1", SOUND)
    speaker, eye = await look(stage, "a1"), await look(stage, "s2")
    await eye.see(**{f"t{track}": 0})
    await eye.settled()
    await speaker.send(sound(track, 0))
    await eye.until(lambda eye: eye.seqs(track) == [0])
    await stage.submit("media.mute", by="t1", member="a1", enforced=True)
    await speaker.send(*(sound(track, n) for n in range(1, 400)))
    assert await speaker.closed() == 4403
    await eye.settled()
    assert eye.seqs(track) == [0]


async def test_m3_who_sends_too_much_loses_pictures_up_to_the_next_key_and_no_sound(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await eye.see(t1=2, t2=0)
    await eye.settled()
    large = [picture(1, n, key=n == 0, size=400_000) for n in range(8)]
    await teacher.send(*large, sound(2, 0), picture(1, 8, size=10))
    await eye.until(lambda eye: bool(eye.seqs(2)))
    await eye.settled()
    got = eye.seqs(1)
    assert got == list(range(len(got))), "what follows a gap decodes to nothing"
    assert 3 <= len(got) < 8


async def test_no_sound_travels_in_a_track_of_pictures(stage):
    """A room seat may see the camera: what sounds like it must not come with it."""
    teacher, eye = await look(stage, "t1"), await look(stage, "s1")
    await eye.see(t1=2)
    await eye.settled()
    await teacher.send(sound(1, 0), picture(2, 0, key=True), picture(1, 1, key=True))
    await eye.until(lambda eye: eye.seqs(1) == [1])
    assert [objects.read(o).kind for o in eye.objects] == [Kind.picture]


async def test_m4_a_wish_for_a_key_reaches_the_publisher_once_a_second(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await teacher.send(configuration(1), picture(1, 0, key=True))
    await teacher.settled()
    await eye.say("key", track=1)  # of a track he does not see
    await eye.see(t1=2)
    await eye.until(lambda eye: bool(eye.seqs(1)))
    for _ in range(3):
        await eye.say("key", track=1)
    await eye.say("cannot", track=1, codec="vp8")
    await eye.settled()
    assert await teacher.told("cannot") == {"t": "cannot", "track": 1, "codec": "vp8"}
    assert [f for f in teacher.said if f["t"] == "key"] == [{"t": "key", "track": 1}]


# Seats


async def test_m5_a_room_seat_sees_and_does_not_hear(stage):
    teacher, room, remote = await look(stage, "t1"), await look(stage, "s1"), await look(stage, "s2")
    for eye in (room, remote):
        await eye.see(t1=2, t2=0)
        await eye.settled()
    await teacher.send(sound(2, 0), picture(1, 0, key=True))
    await remote.until(lambda eye: bool(eye.seqs(1) and eye.seqs(2)))
    await room.until(lambda eye: bool(eye.seqs(1)))
    await room.settled()
    assert room.seqs(2) == []


async def test_m5_who_takes_a_seat_in_the_room_hears_nothing_more_and_who_leaves_it_hears_at_once(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await eye.see(t2=0)
    await eye.settled()
    await teacher.send(sound(2, 0))
    await eye.until(lambda eye: eye.seqs(2) == [0])
    await stage.submit("roster.reseat", by="s2", seat="room")
    await teacher.send(sound(2, 1))
    await teacher.settled()
    await eye.settled()
    assert eye.seqs(2) == [0]
    await stage.submit("roster.reseat", by="s2", seat="remote")
    await teacher.send(sound(2, 2))
    await eye.until(lambda eye: eye.seqs(2)[-1:] == [2])
    assert 0 in eye.seqs(2)


async def test_m5_the_one_device_that_is_lent_hears_who_is_far_away_whatever_its_seat(stage):
    await stage.submit("media.invite", by="t1", member="s2")
    await stage.submit("media.enter", by="s2", consent=False)
    track = await started(stage, "s2", SOUND)
    far, wall = await look(stage, "s2"), await look(stage, "w1")
    await wall.see(**{f"t{track}": 0})
    await wall.settled()
    await far.send(sound(track, 0))
    await far.settled()
    await wall.settled()
    assert wall.objects == []
    await stage.submit("media.lend", by="t1", member="w1")
    await far.send(sound(track, 1))
    await wall.until(lambda eye: eye.seqs(track)[-1:] == [1])


async def test_who_is_sent_out_and_who_stays_to_the_end_are_closed(stage):
    eye, other = await look(stage, "s2"), await look(stage, "s1")
    await stage.submit("roster.remove", by="t1", id="s2")
    assert await eye.closed() == 4403
    await stage.submit("lesson.end", by="t1")
    assert await other.closed() == 4410
    assert await (await connect(stage, "s1")).closed() == 4410


# Coming back


async def test_m7_a_publisher_whose_line_is_gone_for_five_seconds_leaves_the_stage(stage):
    relay_of = stage.hall.media.at
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await teacher.socket.close()
    gone = asyncio.get_running_loop().time()
    state = stage.hall.door(LESSON).task.lesson.states["media"]
    await eye.settled()
    relay_of(LESSON).sweep(gone + 4)
    back = await look(stage, "t1")
    relay_of(LESSON).sweep(gone + 100)
    await stage.hall.look(LESSON)
    assert "t1" in state.stage
    await back.socket.close()
    await eye.settled()
    relay_of(LESSON).sweep(asyncio.get_running_loop().time() + 6)
    screen = await stage.join("s2")
    await screen.see(lambda c: not c.parts["media"].get("stage"))
    assert not state.open


async def test_m7_a_server_that_stops_says_that_it_comes_back(stage):
    eye = await look(stage, "s2")
    await stage.hall.close()
    assert await eye.closed() == 1012


async def test_m7_after_a_restart_tracks_go_on_under_their_numbers(stage):
    first, old = await look(stage, "t1"), await look(stage, "s2")
    await old.see(t1=2)
    await first.send(configuration(1), picture(1, 0, key=True))
    await old.until(lambda eye: eye.seqs(1) == [0])
    await stage.hall.close()
    async with staged(stage.store) as again:
        teacher, eye = await look(again, "t1"), await look(again, "s2")
        await eye.see(t1=2)
        await eye.settled()
        await teacher.send(configuration(1, 1), picture(1, 1, key=True))
        await eye.until(lambda eye: eye.seqs(1) == [1])
        again.hall.media.at(LESSON).sweep(asyncio.get_running_loop().time() + 40)
        assert 1 in (await again.hall.look(LESSON)).states["media"].open


# Back-pressure


async def test_m6_a_viewer_that_reads_nothing_costs_little_and_nobody_else_notices(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await eye.see(t1=2, t2=0)
    await eye.settled()
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(stalled, ("127.0.0.1", stage.port))
    await loop.sock_sendall(stalled, ASKED + bytes((0x81, 0x80 | len(SEE), 0, 0, 0, 0)) + SEE)
    relay = stage.hall.media.at(LESSON)
    while not (relay.members.get("a1") and next(iter(relay.members["a1"])).viewer.sights):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    line = next(iter(relay.members["a1"]))
    for n in range(60):
        await teacher.send(picture(1, n, key=n % 20 == 0, size=15_000), sound(2, n))
    await eye.until(lambda eye: len(eye.seqs(1)) == 60 and len(eye.seqs(2)) == 60)
    assert line.viewer.full
    assert line.port._transport.get_write_buffer_size() < 100_000
    assert len(line.viewer.sights[2].held) + 10 > 50, "its sound waits"
    line.viewer.sights[2].held[0] = (loop.time() - 5.1, line.viewer.sights[2].held[0][1])
    await teacher.send(sound(2, 60))
    await eye.until(lambda eye: len(eye.seqs(2)) == 61)
    assert line.viewer.gone
    assert not relay.tracks[2].sights.keys() - eye_sights(relay, "s2")
    stalled.close()


async def test_m6_who_reads_in_small_bites_gets_whole_frames_and_every_sound_in_its_turn(stage):
    teacher, eye = await look(stage, "t1"), await look(stage, "s2")
    await eye.see(t1=2, t2=0)
    await eye.settled()
    loop, slow = asyncio.get_running_loop(), socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.setblocking(False)
    await loop.sock_connect(slow, ("127.0.0.1", stage.port))
    await loop.sock_sendall(slow, ASKED + bytes((0x81, 0x80 | len(SEE), 0, 0, 0, 0)) + SEE)
    relay = stage.hall.media.at(LESSON)
    while not (relay.members.get("a1") and next(iter(relay.members["a1"])).viewer.sights):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    for n in range(40):
        await teacher.send(picture(1, n, key=n % 20 == 0, size=9_000), sound(2, n))
    await eye.until(lambda eye: len(eye.seqs(2)) == 40)
    port = next(iter(relay.members["a1"])).port
    assert port.fd > 0
    assert port._transport.get_write_buffer_limits() == (0, 0), "of all that waits it is told at once"
    data, heard = b"", []
    async with asyncio.timeout(PATIENCE):
        while len(heard) < 40:
            data += await loop.sock_recv(slow, 1500)
            heard = [head.seq for head in heads_in(data.partition(b"\r\n\r\n")[2]) if head.kind is Kind.sound]
    assert heard == list(range(40))
    slow.close()


def heads_in(data):
    """Of the whole objects among unmasked frames; bytes out of place are no objects, or no frames."""
    heads = []
    while len(data) >= 4:
        size, start = (int.from_bytes(data[2:4], "big"), 4) if data[1] == 126 else (data[1], 2)
        assert data[0] in (0x81, 0x82)
        assert size < 126 or start == 4
        if len(data) < start + size:
            break
        if data[0] == 0x82:
            heads.append(objects.read(data[start : start + size]))
        data = data[start + size :]
    return heads


SEE = b'{"t":"see","tracks":{"1":2,"2":0}}'
ASKED = (
    b"GET /media/l1?ticket=a1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def eye_sights(relay, member):
    return {sight for line in relay.members[member] for sight in line.viewer.sights.values()}
