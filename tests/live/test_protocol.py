"""The live protocol on a real socket. Names of rules are those of docs/build/protocol.md."""

import asyncio
import contextlib
import json

import pytest
import websockets

from mingtang.core.lesson import replay
from mingtang.core.member import Role
from tests.live.stage import KINDS, LESSON, HeldStore, staged


async def lesson_at(stage, seq):
    rows = await stage.store.read(LESSON)
    return replay(KINDS, (KINDS.fact(row) for row in rows[:seq]))


# Joining


async def test_j3_without_a_sign_of_who_it_is_the_socket_is_closed(stage):
    assert await (await stage.connect("")).closed() == 4401


async def test_j3_who_is_no_member_is_closed_out(stage):
    assert await (await stage.connect("stranger")).closed() == 4403


async def test_j3_an_unknown_lesson_is_closed(stage):
    assert await (await stage.connect("s1", lesson="nowhere")).closed() == 4404


async def test_j3_another_path_is_no_socket(stage):
    with pytest.raises(websockets.InvalidStatus, match="404"):
        await websockets.connect(f"ws://127.0.0.1:{stage.port}/elsewhere", compression=None)


async def test_j4_the_first_frame_is_the_whole_state(stage):
    client = await stage.connect("s1")
    hello = await client.read()
    assert hello["t"] == "hello"
    assert hello["you"] == {"id": "s1", "name": "Name 2", "role": "student", "seat": "room"}
    lesson = await lesson_at(stage, hello["seq"])
    standing = {p: v for p, v in lesson.views(Role.student).items() if "/" not in p}
    assert hello["parts"] == json.loads(json.dumps(standing))
    assert hello["mine"] == lesson.mine("s1")


# Seeing


async def test_s1_a_change_reaches_everybody_who_sees_it(stage):
    teacher, student, wall = [await stage.join(m) for m in ("t1", "s1", "w1")]
    await teacher.do("lesson.rename", title="Relations")
    for client in (teacher, student, wall):
        await client.see(lambda c: c.parts["lesson"]["title"] == "Relations")


async def test_s2_after_each_flush_the_parts_are_the_view_of_the_log_so_far(stage):
    clients = {m: await stage.join(m) for m in ("t1", "a1", "s1", "s2", "w1")}
    teacher, one, two = clients["t1"], clients["s1"], clients["s2"]
    await teacher.want("roster/list")
    for n in range(12):
        await teacher.ask("pulse.beat", ts=str(n), pad="x")
        await one.ask("pulse.reply", v=str(n))
        await two.ask("roster.name", name=f"Two {n}")
    end = await teacher.do("lesson.rename", title="The end")
    for member, client in clients.items():
        before = len(client.frames)
        await client.see(lambda c: c.parts["lesson"]["title"] == "The end" and c.seq >= end["seq"])
        assert len(client.frames) > before
        lesson = await lesson_at(stage, client.seq)
        role = lesson.people.members[member].role
        for part, value in client.parts.items():
            assert value == json.loads(json.dumps(lesson.view(role, part))), part
        assert client.mine == json.loads(json.dumps(lesson.mine(member)))


async def test_s3_contributions_of_many_are_gathered_into_few_patches(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    for n in range(60):
        await student.ask("pulse.reply", v=str(n))
    await teacher.see(lambda c: c.parts["pulse"]["replies"] == 60)
    patches = [f for f in teacher.frames if f["t"] == "patch" and "replies" in f["parts"].get("pulse", {})]
    assert len(patches) < 30


async def test_s4_what_is_mine_goes_to_my_screens_alone(stage):
    one, again, other = await stage.join("s1"), await stage.join("s1"), await stage.join("s2")
    await one.do("pace.mark", page="p1", mark="lost")
    for client in (one, again):
        await client.see(lambda c: bool(c.mine.get("pace")))
    await other.do("lesson.rename", title="no")
    assert not any(f["t"] == "mine" for f in other.frames)


async def test_s5_a_part_is_given_to_those_who_want_it_and_may_see_it(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    answer = await teacher.want("roster/list")
    assert set(answer["value"]["members"]) >= {"s1", "s2"}
    assert (await student.want("roster/list"))["code"] == "not_allowed"
    assert (await teacher.want("nothing/here"))["code"] == "not_allowed"
    assert (await teacher.want("roster/__proto__"))["code"] == "not_allowed"
    await student.do("roster.name", name="Other")
    await teacher.see(lambda c: c.parts["roster/list"]["members"]["s1"]["name"] == "Other")


async def test_s5_a_part_named_in_the_address_comes_with_the_hello(stage):
    teacher = await stage.join("t1", "want=roster/list,nothing/here")
    assert "members" in teacher.frames[0]["parts"]["roster/list"]
    assert "nothing/here" not in teacher.frames[0]["parts"]


# Doing


async def test_d2_nothing_is_answered_or_seen_before_it_is_durable(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    stage.store.waiting.clear()
    stage.store.gate.clear()
    await teacher.ask("lesson.rename", title="Not yet")
    await stage.store.waiting.wait()
    late = await stage.connect("s2")
    for client in (teacher, student, late):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.15):
                await client.until(lambda f: f["t"] in {"ok", "patch", "hello"})
    stage.store.gate.set()
    await teacher.until(lambda f: f["t"] == "ok")
    await student.see(lambda c: c.parts["lesson"]["title"] == "Not yet")


async def test_d2_a_refusal_says_why_by_code(stage):
    student = await stage.join("s1")
    assert (await student.do("lesson.end"))["code"] == "not_allowed"


async def test_d3_the_same_id_again_is_the_same_answer_and_no_second_event(stage):
    student, elsewhere = await stage.join("s1"), await stage.join("s1")
    first = await student.do("pulse.reply", id_="c1", v="a")
    head = await stage.store.head(LESSON)
    assert await student.do("pulse.reply", id_="c1", v="a") == first
    assert await elsewhere.do("pulse.reply", id_="c1", v="changed") == first
    assert await stage.store.head(LESSON) == head


async def test_d3_said_again_before_it_was_answered_it_is_still_one_command(stage):
    one, other = await stage.join("s1"), await stage.join("s2")
    stage.store.gate.clear()
    stage.store.waiting.clear()
    await other.ask("pulse.reply", v="first")
    await stage.store.waiting.wait()
    for cmd, kind in (("c1", "hands.lower"), ("c2", "hands.raise"), ("c1", "hands.lower")):
        await one.ask(kind, id_=cmd)
    await one.send({"t": "want", "part": "no/where"})  # it is answered when all before it have been taken in
    stage.store.gate.set()
    await one.until(lambda f: f["t"] == "no" and f.get("part") == "no/where")
    while len([f for f in one.frames if f.get("id") == "c1"]) < 2:
        await one.read()
    first, again = [f for f in one.frames if f.get("id") == "c1"]
    assert first == again
    await one.see(lambda c: "raised" in c.mine.get("hands", {}))


async def test_d3_the_same_id_is_the_same_answer_after_a_restart():
    store = HeldStore()
    async with staged(store) as stage:
        first = await (await stage.join("s1")).do("pulse.reply", id_="c1", v="a")
    store._closed = False
    async with staged(store) as stage:
        again = await (await stage.join("s1")).do("pulse.reply", id_="c1", v="a")
        assert again == first
        kinds = [r.kind for r in await store.read(LESSON)]
        assert kinds.count("pulse.replied") == 1


async def test_d1_anothers_command_id_counts_as_ones_own(stage):
    one, two = await stage.join("s1"), await stage.join("s2")
    await one.do("pulse.reply", id_="c1", v="a")
    await two.do("pulse.reply", id_="c1", v="b")
    replies = [r for r in await stage.store.read(LESSON) if r.kind == "pulse.replied"]
    assert [r.by for r in replies] == ["s1", "s2"]


async def test_d6_what_changes_nothing_is_answered_and_leaves_no_event(stage):
    teacher = await stage.join("t1")
    named = await teacher.do("lesson.rename", title="Relations")
    assert await teacher.do("lesson.rename", id_="again", title="Relations") == {**named, "id": "again"}
    assert [r.kind for r in await stage.store.read(LESSON)].count("lesson.renamed") == 1


async def test_t2_what_chance_gave_is_in_the_log(stage):
    teacher, _ = await stage.join("t1"), await stage.join("s1")
    called = (await teacher.do("call.draw"))["seq"]
    seen = (await lesson_at(stage, called)).views(Role.teacher)["call"]
    await teacher.see(lambda c: c.parts["call"] == json.loads(json.dumps(seen)))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("not json", "bad_json"),
        ("[" * 5000, "bad_shape"),
        (b"\xff\xfe", "bad_json"),
        ("{}", "bad_shape"),
        ('{"t":"x","a":' + "[" * 5000, "bad_shape"),
        (b'{"t":"x","id":"\xff"}', "bad_json"),
        ('{"t":"what"}', "bad_shape"),
        ('{"t":"do","id":"x"}', "bad_shape"),
        ('{"t":"do","id":"x","kind":"lesson.rename","data":{"title":7}}', "bad_shape"),
        ('{"t":"do","id":"x","kind":"lesson.rename","data":{"title":"a","more":1}}', "bad_shape"),
        ('{"t":"do","id":"x","kind":"lesson.nonsense","data":{}}', "unknown_kind"),
        ('{"t":"do","id":"x","kind":"lesson.rename","data":{"title":"' + "a" * 70_000 + '"}}', "too_large"),
    ],
)
async def test_d4_nonsense_is_answered_with_a_code_and_harms_nobody(stage, sent, code):
    client = await stage.join("t1")
    await client.send(sent)
    answer = await client.until(lambda f: f["t"] == "no")
    assert answer["code"] == code
    assert (await client.do("lesson.rename", title="Still here"))["t"] == "ok"


async def test_d4_who_keeps_on_with_nonsense_is_closed_and_the_others_are_not(stage):
    bad, good = await stage.join("s1"), await stage.join("s2")
    for _ in range(30):
        with contextlib.suppress(websockets.ConnectionClosed):
            await bad.send("nonsense")
    assert await bad.closed() == 4400
    assert (await good.do("pulse.reply", v="x"))["t"] == "ok"


async def test_d5_who_floods_is_told_to_slow_down_and_the_others_do_not_notice(stage):
    flood, calm = await stage.join("s1"), await stage.join("s2")
    cmds = {await flood.ask("pulse.reply", v=str(n)) for n in range(200)}
    codes = []
    while cmds:
        answer = await flood.until(lambda f: f["t"] in {"ok", "no"})
        cmds.discard(answer["id"])
        codes.append(answer.get("code", "ok"))
    assert codes.count("slow_down") > 100
    assert codes.count("ok") >= 60
    assert (await calm.do("pulse.reply", v="x"))["t"] == "ok"


async def test_d5_who_looks_at_everything_again_and_again_is_told_to_slow_down(stage):
    greedy = await stage.join("t1")
    for _ in range(100):
        await greedy.send({"t": "want", "part": "roster/list"})
        await greedy.send({"t": "drop", "part": "roster/list"})
    await greedy.until(lambda f: f["t"] == "no" and f.get("code") == "slow_down" and f["part"] == "roster/list")
    assert (await greedy.do("lesson.rename", title="Still"))["t"] == "ok"


async def test_one_person_has_a_bounded_number_of_screens(stage):
    screens = [await stage.join("s1") for _ in range(16)]
    assert await (await stage.connect("s1")).closed() == 1013
    await screens[0].socket.close()
    assert (await screens[1].do("pulse.reply", v="x"))["t"] == "ok"


# Volatile


async def test_v1_the_laser_is_relayed_and_never_kept(stage):
    teacher, student, wall = [await stage.join(m) for m in ("t1", "s1", "w1")]
    head = await stage.store.head(LESSON)
    await teacher.send({"t": "say", "topic": "slides", "data": {"x": 0.5, "y": 0.25}})
    for client in (student, wall):
        said = await client.until(lambda f: f["t"] == "said")
        assert said["data"] == {"x": 0.5, "y": 0.25}
        assert "t1" not in json.dumps(said)
    assert await stage.store.head(LESSON) == head


async def test_v1_who_may_not_say_is_not_heard(stage):
    student, other = await stage.join("s1"), await stage.join("s2")
    await student.send({"t": "say", "topic": "slides", "data": {"x": 0.5, "y": 0.5}})
    await student.send({"t": "say", "topic": "nothing", "data": {"x": "<script>"}})
    await student.do("pulse.reply", v="x")
    await other.do("pulse.reply", v="x")
    assert not any(f["t"] == "said" for f in other.frames)


# The end


async def test_b6_the_end_is_seen_by_all_and_then_the_sockets_close(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    assert (await teacher.do("lesson.end"))["t"] == "ok"
    assert await student.closed() == 4410
    assert "ended" in student.parts["lesson"]
    assert student.frames[-1] == {"t": "bye", "code": "lesson.ended"}
    assert await (await stage.connect("s2")).closed() == 4410


async def test_b6_a_member_who_is_sent_out_is_closed_and_does_not_come_back(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    await teacher.do("roster.remove", id="s1")
    assert await student.closed() == 4403
    assert student.frames[-1]["code"] == "roster.removed"
    assert await (await stage.connect("s1")).closed() == 4403


async def test_a_member_with_a_new_role_sees_what_that_role_sees_at_once(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    await teacher.do("roster.promote", id="s1", role="assistant")
    await student.until(lambda f: f["t"] == "hello" and f["you"]["role"] == "assistant")
    assert "members" in (await student.want("roster/list"))["value"]
