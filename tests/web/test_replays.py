"""A replay is for those who were there: what each may fetch, during the lesson and after it, and answers given late."""

from __future__ import annotations

import json
import shutil

import pytest

from mingtang.core.lesson import digest_of
from mingtang.core.member import Role
from mingtang.core.patch import apply
from mingtang.web import replays

QUESTION = {"form": "single", "text": "Which?", "options": ["one", "two"], "right": ["b"]}


async def _join(browser, lesson, name):
    answer = await browser.post(f"/api/lessons/{lesson['code']}/join", json={"name": name, "seat": "room"})
    assert answer.status_code == 200, answer.text
    browser.member = answer.json()["member"]["id"]
    return browser


@pytest.fixture
def does(node, lesson):
    """Somebody does something in the lesson; the teacher unless it is said who."""

    async def do(wish, by="", /, **data):
        who = by or node.seals.teacher_member(lesson["id"])
        return await node.hall.submit(lesson["id"], node.hall.kinds.command(wish, json.dumps(data).encode()), who)

    return do


@pytest.fixture
async def ada(browser, lesson):
    return await _join(browser(), lesson, "Ada")


@pytest.fixture
async def ben(browser, lesson):
    return await _join(browser(), lesson, "Ben")


@pytest.fixture
async def held(does, ada, ben):
    """A lesson with a board, a poll in which Ada was wrong, and its end."""
    await does("slides.insert", id="b1", kind="board")
    await does("poll.make", id="p1", question=QUESTION)
    await does("slides.insert", id="q1", kind="poll", ref="p1")
    await does("slides.turn", to="b1")
    await does("slides.turn", to="q1")
    await does("poll.open", id="p1")
    await does("poll.vote", ada.member, id="p1", answer=["a"])
    await does("poll.close", id="p1")
    await does("lesson.end")


@pytest.fixture
def of(lesson):
    return lambda rest="": f"/api/replay/{lesson['id']}{rest}"


async def _index(browser, address):
    """Asked for until all of the log is read."""
    while (answer := await browser.get(address)).json().get("more"):
        pass
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _last(browser, of, view):
    """The standing parts as they were in the end."""
    index = await _index(browser, of(f"/{view}"))
    chunk = (await browser.get(of(f"/{view}/{index['tracks']['main'][-1][0]}"))).json()
    parts = chunk["value"]
    for _, _, patch in chunk["frames"]:
        parts = {**parts, **{name: apply(parts.get(name, {}), change) for name, change in patch.items()}}
    return parts


@pytest.mark.usefixtures("held")
async def test_the_patches_end_where_the_lesson_ended(ada, teacher, node, lesson, of):
    found = await node.hall.look(lesson["id"])
    for browser, view in ((ada, "student"), (teacher, "teacher"), (teacher, "student")):
        parts = await _last(browser, of, view)
        assert digest_of(parts) == digest_of({p: v for p, v in found.views(Role(view)).items() if "/" not in p})
    index = await _index(ada, of("/student"))
    assert [c["kind"] for c in index["chapters"]] == ["board", "poll"]
    assert [m["kind"] for m in index["marks"]] == ["poll"]
    assert index["ended"]


@pytest.mark.usefixtures("held")
async def test_what_each_may_watch(ada, teacher, browser, of):
    index = await _index(teacher, of("/teacher"))
    chunk = of(f"/teacher/{index['tracks']['main'][0][0]}")
    assert (await teacher.get(of())).json() == {"views": ["teacher", "student"], "own": False}
    assert (await ada.get(of())).json() == {"views": ["student"], "own": True}
    for address in (of("/teacher"), chunk):
        assert (await ada.get(address)).json()["code"] == "not_allowed"
    guest = browser()
    for address in (of(), of("/student"), of("/teacher"), of("/mine"), chunk, chunk.replace("/teacher/", "/student/")):
        assert (await guest.get(address)).status_code == 401, address
    assert (await guest.post(of("/late"), json={"id": "x", "kind": "poll.answer_late", "data": {}})).status_code == 401


async def test_who_was_sent_out_watches_no_more_neither_during_nor_after(ada, does, of, node):
    assert (await ada.get(of())).status_code == 200
    await does("roster.remove", id=ada.member)
    assert (await ada.get(of("/student"))).status_code == 403
    await does("lesson.end")
    node.hall._doors.clear()
    assert (await ada.get(of("/student"))).status_code == 403


@pytest.mark.usefixtures("held")
async def test_the_member_of_another_lesson_is_a_guest(teacher, browser, of):
    made = (await teacher.post("/api/teach/lessons", files={"title": (None, "Other")})).json()
    stranger = await _join(browser(), made, "Eve")
    assert (await stranger.get(of("/student"))).status_code == 401


@pytest.mark.usefixtures("held")
async def test_what_is_mine_is_for_its_owner(ada, ben, teacher, of):
    frames = (await ada.get(of("/mine"))).json()["frames"]
    value = {}
    for _, _, patch in frames:
        value = apply(value, patch)
    assert value["poll"] == {"p1": {"1": ["a"]}}
    assert "poll" not in json.dumps((await ben.get(of("/mine"))).json())
    assert (await teacher.get(of("/mine"))).status_code == 404


@pytest.mark.usefixtures("held")
async def test_a_late_answer_is_told_what_was_right_and_counts_once(ada, ben, teacher, node, lesson, of):
    late = {"id": "late-1", "kind": "poll.answer_late", "data": {"id": "p1", "answer": ["a"]}}
    told = await ben.post(of("/late"), json=late)
    assert told.json()["late"] == {"poll": {"p1": {"answer": ["a"], "right": ["b"]}}}
    assert (await ben.post(of("/late"), json=late)).json() == told.json(), "sent again it is counted once"
    other = {**late, "id": "late-2", "data": {"id": "p1", "answer": ["b"]}}
    assert (await ben.post(of("/late"), json=other)).json()["code"] == "poll.late_once"
    assert (await ben.get(of("/mine"))).json()["late"] == told.json()["late"]
    assert (await ada.get(of("/mine"))).json()["late"] == {}
    view = (await node.hall.look(lesson["id"])).view(Role.teacher, "poll")["p1"]
    assert view["rounds"]["1"]["answered"] == 1
    assert view["late"] == {"answered": 1, "right": 0}
    assert (await _index(teacher, of("/teacher")))["seq"] < (await node.hall.look(lesson["id"])).seq


@pytest.mark.usefixtures("held")
async def test_nothing_but_a_late_answer_can_be_said_to_a_replay(ada, teacher, of):
    good = {"id": "x1", "kind": "poll.answer_late", "data": {"id": "p1", "answer": ["a"]}}
    for bad in (
        {**good, "kind": "poll.vote"},
        {**good, "kind": "poll.close", "data": {"id": "p1"}},
        {**good, "kind": "no.such"},
        {**good, "data": {"id": "p1", "answer": ["z"]}},
        {**good, "data": {"id": "nope", "answer": ["a"]}},
        {**good, "data": 5},
        {**good, "id": ""},
        {"kind": "poll.answer_late"},
    ):
        answer = await ada.post(of("/late"), json=bad)
        assert answer.status_code in (400, 404, 409), answer.text
    assert (await teacher.post(of("/late"), json=good)).status_code == 400


async def test_nobody_answers_late_while_the_lesson_goes_on(ada, does, of):
    await does("poll.make", id="p1", question=QUESTION)
    await does("poll.open", id="p1")
    late = {"id": "late-1", "kind": "poll.answer_late", "data": {"id": "p1", "answer": ["b"]}}
    assert (await ada.post(of("/late"), json=late)).json()["code"] == "lesson.goes_on"


async def test_a_running_lesson_is_followed(ada, does, of, node, monkeypatch):
    clock = node.hall.clock
    monkeypatch.setattr(replays, "FRESH_S", 0.0)
    node.hall.clock = lambda: clock() + 60_000  # what waits to be shown is old enough
    await does("slides.insert", id="b1", kind="board")
    await does("slides.turn", to="b1")
    first = await _index(ada, of("/student"))
    assert not first.get("ended")
    assert [c["step"] for c in first["chapters"]] == ["b1"]
    await does("slides.insert", id="b2", kind="board")
    await does("slides.turn", to="b2")
    node.hall.clock = lambda: clock() + 120_000
    second = await _index(ada, of("/student"))
    assert [c["step"] for c in second["chapters"]] == ["b1", "b2"]
    assert (await _last(ada, of, "student"))["slides"]["now"]["step"] == "b2"


@pytest.mark.usefixtures("held")
async def test_the_files_may_be_deleted_and_come_back_the_same(ada, of, node):
    first = await _index(ada, of("/student"))
    name = first["tracks"]["main"][0][0]
    shutil.rmtree(node.folder.path / "readings")
    assert (await ada.get(of(f"/student/{name}"))).status_code == 404
    again = await _index(ada, of("/student"))
    assert again == first
    chunk = await ada.get(of(f"/student/{name}"))
    assert chunk.status_code == 200
    assert "immutable" in chunk.headers["cache-control"]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("name", ["main", "main-0000000000000000", "..%2f..%2fsecret", "main-xyz", "index.json.gz"])
async def test_a_chunk_that_is_none_is_not_found(ada, of, name):
    await _index(ada, of("/student"))
    assert (await ada.get(of(f"/student/{name}"))).status_code == 404


async def test_an_unknown_lesson_has_no_replay(teacher):
    assert (await teacher.get("/api/replay/unknown/teacher")).json()["code"] == "teach.unknown_lesson"
    assert (await teacher.get("/api/replay/constructor/teacher")).status_code == 404
    assert (await teacher.get("/api/replay/unknown/wall")).status_code in (400, 404)
