"""A person erased at one node: another, which nobody tells of it, gives out nothing of him either."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import httpx
import pytest

from mingtang.readings.recorded import without_groups
from mingtang.readings.video.job import State, tell
from mingtang.settings import Settings
from mingtang.web import librarian, replays
from mingtang.web.app import application
from mingtang.web.folder import Folder
from mingtang.web.keeping import erasing
from mingtang.web.node import Node, open_node
from mingtang.web.video.studio import prepare
from tests.chaos.test_real_server import connect
from tests.server import Server
from tests.web.test_erasing import places_of

pytestmark = pytest.mark.slow  # each node reads in several processes
WORDS = NAME, ASKED, ANSWERED, NOTED, LATE = "Adelaide", "Ockham", "Babbage", "Menabrea", "Lovelace"
SERVER = "the server"


class Place:
    """A node with a data folder of its own, and browsers at it."""

    def __init__(self, node: Node, made: Callable[[], httpx.AsyncClient]) -> None:
        self.node, self.browser = node, made
        self.teacher = made()
        self.teacher.headers["Authorization"] = f"Bearer {node.folder.teacher_key()}"

    async def does(self, lesson: str, wish: str, by: str = "", /, **data: Any) -> None:
        hall = self.node.hall
        command = hall.kinds.command(wish, json.dumps(data).encode())
        assert command is not None, wish
        await hall.submit(lesson, command, "" if by == SERVER else by or self.node.seals.teacher_member(lesson))


@pytest.fixture
async def places(database, tmp_path, bundle, monkeypatch) -> AsyncIterator[list[Place]]:
    """Two nodes on one database and no bus. What they were asked a moment ago they ask the log again."""
    monkeypatch.setattr(librarian, "FRESH_S", 0)
    monkeypatch.setattr(replays, "FRESH_S", 0)
    address, made = database(), list[Place]()
    async with contextlib.AsyncExitStack() as ends:
        for name in ("here", "away"):
            folder = Folder(tmp_path / name)
            folder.prepare()
            settings = Settings(data=folder.path, static=str(bundle), store=address)
            node = await ends.enter_async_context(open_node(settings, folder, "http://192.0.2.7:8123"))
            made.append(Place(node, _browsers(node, ends)))
        yield made


def _browsers(node: Node, ends: contextlib.AsyncExitStack) -> Callable[[], httpx.AsyncClient]:
    app = application(node)

    def make() -> httpx.AsyncClient:
        way = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=way, base_url="http://hall.test", timeout=60)
        ends.push_async_callback(client.aclose)
        return client

    return make


class Taught(NamedTuple):
    lesson: str
    member: str
    cookies: httpx.Cookies


async def taught(here: Place) -> Taught:
    """A lesson in which a student has written wherever he can."""
    made = (await here.teacher.post("/api/teach/lessons", files={"title": (None, "Sets"), "lang": (None, "en")})).json()
    lesson, browser = made["id"], here.browser()
    came = await browser.post(f"/api/lessons/{made['code']}/join", json={"name": NAME, "seat": "room"})
    member = came.json()["member"]["id"]
    await here.does(lesson, "roster.come", SERVER, id=member)
    question = {"form": "text", "text": "Who?", "right": "nobody"}
    await here.does(lesson, "slides.insert", id="b1", kind="board")
    await here.does(lesson, "slides.turn", to="b1")
    for id in ("p1", "p2"):
        await here.does(lesson, "poll.make", id=id, question=question)
        await here.does(lesson, "slides.insert", id=f"q{id}", kind="poll", ref=id)
        await here.does(lesson, "slides.turn", to=f"q{id}")
        await here.does(lesson, "poll.open", id=id)
        if id == "p1":
            await here.does(lesson, "poll.vote", member, id=id, answer=ANSWERED)
        await here.does(lesson, "poll.close", id=id)
    await here.does(lesson, "questions.ask", member, text=f"Who told {ASKED}?")
    await here.does(lesson, "notes.write", member, page="b1", text=f"Read {NOTED}")
    return Taught(lesson, member, browser.cookies)


async def read(place: Place, held: Taught) -> dict[str, str]:
    """Everything that a node tells of a lesson, by where it is asked for."""
    teacher, student = place.teacher, place.browser()
    student.cookies.update(held.cookies)
    said, replay = {}, f"/api/replay/{held.lesson}"
    for view in ("teacher", "student"):
        while (index := (await teacher.get(f"{replay}/{view}")).json()).get("more"):
            pass
        for cuts in index["tracks"].values():
            for cut in cuts:
                chunk = f"{replay}/{view}/{cut[0]}"
                said[chunk] = (await teacher.get(chunk)).text
    said["own"] = (await student.get(f"{replay}/mine")).text
    said["notebook"] = (await student.get(f"/api/notebook/{held.lesson}")).text
    said["report"] = (await teacher.get(f"/api/teach/lessons/{held.lesson}/report")).text
    said["people"] = (await teacher.get(f"/api/teach/lessons/{held.lesson}/report/people.csv")).text
    await place.node.librarian.catch_up()
    for word in (ASKED, NOTED):
        asker = student if word == NOTED else teacher
        said[f"search {word}"] = json.dumps((await asker.get("/api/search", params={"q": word})).json()["found"])
    recorded = await place.node.reader.ask("replay", without_groups, held.lesson)
    said["recorded"] = json.dumps(recorded.names)
    return said


def found_in(said: dict[str, str]) -> dict[str, list[str]]:
    found = {where: [word for word in WORDS if word in text] for where, text in said.items()}
    return {where: words for where, words in found.items() if words}


async def erased(here: Place, held: Taught) -> None:
    wanted = {"lesson": held.lesson, "member": held.member, "really": True}
    answer = await here.teacher.post("/api/teach/erase", json=wanted)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("when", ["during", "and answers late"])
async def test_what_another_node_has_read_it_gives_to_nobody_any_more(places, when):
    here, away = places
    held = await taught(here)
    if when != "during":
        await here.does(held.lesson, "lesson.end")
    if when == "and answers late":
        await here.does(held.lesson, "poll.answer_late", held.member, id="p2", answer=LATE)
    before = await read(away, held)
    known = found_in(before)
    chunks = [where for where in known if where.startswith("/api")]
    expected = {"own", "notebook", "report", "people", "search Ockham", "search Menabrea", "recorded"}
    assert expected <= known.keys(), "what is not told before is no proof"
    assert chunks
    assert (LATE in before["own"]) == (when == "and answers late")
    await erased(here, held)
    for chunk in chunks:  # by names that somebody still has, before anything else is asked for
        assert found_in({chunk: (await away.teacher.get(chunk)).text}) == {}
    assert found_in(await read(away, held)) == {}
    assert {word: places_of(word, away.node.folder.path) for word in WORDS} == {word: [] for word in WORDS}
    assert found_in(await read(away, held)) == {}


async def test_files_of_a_node_that_was_away_meanwhile_are_not_given_out_when_it_is_back(places):
    """The process that read is another one, and knows nothing of what it had made."""
    here, away = places
    held = await taught(here)
    await here.does(held.lesson, "lesson.end")
    known = found_in(await read(away, held))
    await away.node.reader.close()
    away.node.reader._closed = False
    await erased(here, held)
    for chunk in (where for where in known if where.startswith("/api")):
        assert found_in({chunk: (await away.teacher.get(chunk)).text}) == {}
    assert found_in(await read(away, held)) == {}
    assert {word: places_of(word, away.node.folder.path) for word in WORDS} == {word: [] for word in WORDS}


async def test_a_video_that_another_node_made_before_is_gone(places):
    here, away = places
    held = await taught(here)
    studio, folder = away.node.studio, away.node.folder
    place, address = studio.place(held.lesson, "mp4"), f"/api/teach/lessons/{held.lesson}/video"
    await away.node.reader.ask("video", prepare, place, held.lesson, folder.path / "media", folder.assets, "en")
    tell(place, State("ready", 1.0))
    (place / "video.mp4").write_bytes(b"his voice is in it")
    await here.does(held.lesson, "questions.ask", held.member, text="What follows changes nothing in it")
    assert (await away.teacher.get(f"{address}/mp4")).content == b"his voice is in it"
    await erased(here, held)
    assert (await away.teacher.get(f"{address}/mp4")).status_code == 404
    assert (await away.teacher.get(address)).json()["mp4"]["state"] == "none"
    assert not place.exists()


async def test_a_lesson_that_is_erased_from_again_and_again_is_read_rightly_by_all(places):
    """Files of readings are made anew once for each erasing, and then stay."""
    here, away = places
    held = await taught(here)
    await here.does(held.lesson, "lesson.end")
    for _ in range(2):
        assert found_in(await read(away, held)) == found_in(await read(away, held))
        await erased(here, held)
    first = await read(away, held)
    files = {file: file.stat().st_mtime_ns for file in (away.node.folder.path / "readings").rglob("*.gz")}
    assert files
    assert await read(away, held) == first
    assert {file: file.stat().st_mtime_ns for file in files} == files
    rows = await here.node.hall.store.read(held.lesson)
    assert [row.kind for row in rows].count("member.erased") == 1, "who is erased already is not told of again"


@pytest.mark.parametrize("writes", [3, 9])
async def test_what_is_done_at_another_node_while_a_person_is_erased_is_all_kept(places, monkeypatch, writes):
    """The erasing finds that the log has grown, and computes again; in the end it does not wait for a pause."""
    here, away = places
    held = await taught(here)
    changes, computed = erasing._changes, 0

    async def slow(*given):
        nonlocal computed
        found = await changes(*given)
        computed += 1
        if computed <= writes:  # whoever writes is faster than the erasing
            await away.does(held.lesson, "questions.ask", held.member, text=f"{ASKED} {computed}")
        return found

    monkeypatch.setattr(erasing, "_changes", slow)
    await erased(here, held)
    rows = await here.node.hall.store.read(held.lesson)
    kinds = [row.kind for row in rows]
    assert (computed, kinds.count("questions.asked")) == (writes + 1, 1 + writes)
    assert kinds.count("member.erased") == (1 if writes < erasing.PATIENCE else writes + 2 - erasing.PATIENCE)
    assert found_in({"log": str(rows)}) == {}
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert found_in(await read(away, held)) == {}
    assert len({(await place.node.hall.look(held.lesson)).digest() for place in places}) == 1


async def test_a_command_beside_a_running_server_is_seen_on_its_screens(database, tmp_path):
    """It has a data folder of its own, and no way to the server but the database."""
    address = database()
    server = Server(tmp_path / "server", store=address)
    beside = Server(tmp_path / "beside", store=address)
    await asyncio.to_thread(server.start)
    try:
        lesson = await asyncio.to_thread(server.lesson)
        student = await asyncio.to_thread(server.join, lesson["code"], NAME)
        screen = await connect(server, lesson["id"], student)
        assert (await screen.do("questions.ask", text=f"Who told {ASKED}?"))["t"] == "ok"
        await screen.see(lambda c: ASKED in json.dumps(c.parts))
        screen.frames.clear()
        done = await asyncio.to_thread(beside.cli, "erase", lesson["id"], NAME, "--yes")
        assert done.returncode == 0, done.stderr
        await screen.until(lambda f: f["t"] == "hello")
        assert found_in({"screen": json.dumps([screen.parts, screen.mine, screen.you])}) == {}
        assert (await screen.do("hands.raise"))["t"] == "ok"
    finally:
        await asyncio.to_thread(server.stop)
