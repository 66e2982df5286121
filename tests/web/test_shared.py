"""Two nodes with data folders of their own and one folder that both see, which lies on another disk as a share does:
what was given to one is had from the other."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from mingtang.readings.video.job import OUT, State, tell
from mingtang.settings import Settings
from mingtang.web.app import application
from mingtang.web.folder import Folder, move_whole
from mingtang.web.keeping.plantext import place_of
from mingtang.web.node import Node, open_node

BEGUN = ("first", "second")


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No file can be renamed into it, or out of it."""
    folder = tmp_path / "shared"

    def apart(rename: Callable[..., None]) -> Callable[..., None]:
        def asked(source: Any, place: Any, **more: Any) -> None:
            if Path(source).is_relative_to(folder) != Path(place).is_relative_to(folder):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, place)
            rename(source, place, **more)

        return asked

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, apart(getattr(os, name)))
    return folder


@pytest.fixture
async def nodes(
    settings: Settings, shared: Path, database: Callable[[], str], tmp_path: Path
) -> AsyncIterator[list[tuple[Node, httpx.AsyncClient]]]:
    """Each with a teacher's browser, all signed in at the first alone."""
    store = database()
    async with contextlib.AsyncExitStack() as held:
        made = []
        for name in BEGUN:
            own = replace(settings, data=tmp_path / name, store=store, shared=str(shared))
            folder = Folder.of(own)
            folder.prepare()
            node = await held.enter_async_context(open_node(own, folder, "http://hall.test"))
            way = httpx.ASGITransport(app=application(node), client=("198.51.100.1", 5000))
            client = await held.enter_async_context(httpx.AsyncClient(transport=way, base_url="http://hall.test"))
            made.append((node, client))
        (first, teacher), (_, elsewhere) = made
        await teacher.get("/teach", params={"key": first.folder.teacher_key()})
        elsewhere.cookies = teacher.cookies
        yield made


async def test_a_page_that_one_node_has_drawn_is_shown_by_the_other(nodes, pdfs):
    (first, teacher), (second, elsewhere) = nodes
    form = {"title": (None, "Sets"), "deck": ("sets.pdf", pdfs.pages(2), "application/pdf")}
    made = (await teacher.post("/api/teach/lessons", files=form)).json()
    await first.reading.settled()
    slides = (await second.hall.look(made["id"])).view("teacher", "slides")
    assert (slides["deck"]["state"], slides["deck"]["drawn"]) == ("ready", 2)
    for page in (step for step in slides["steps"].values() if step["kind"] == "page"):
        answer = await elsewhere.get(f"/assets/{page['asset']}/640.webp")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert not any(first.folder.uploads.iterdir())


async def test_the_folder_of_a_plan_is_whole_wherever_it_is_asked_for(nodes, pdfs):
    (first, teacher), (_, elsewhere) = nodes
    file = pdfs.pages(1)
    plan = (await teacher.post("/api/teach/plans/import", files={"file": ("sets.pdf", file)})).json()["plan"]
    await first.reading.settled()
    out = await elsewhere.get(f"/api/teach/plans/{plan}/plan.zip")
    with zipfile.ZipFile(io.BytesIO(out.content)) as found:
        assert found.read("sets.pdf") == file


async def test_a_video_that_one_node_has_made_is_told_and_given_by_the_other(nodes):
    (first, teacher), (_, elsewhere) = nodes
    lesson = (await teacher.post("/api/teach/lessons", files={"title": (None, "Sets")})).json()["id"]
    place = first.studio.place(lesson, "mp4")
    place.mkdir(parents=True)
    (place / f"{OUT}.mp4").write_bytes(b"moving")
    tell(place, State("ready"))
    assert (await elsewhere.get(f"/api/teach/lessons/{lesson}/video")).json()["mp4"]["state"] == "ready"
    assert (await elsewhere.get(f"/api/teach/lessons/{lesson}/video/mp4")).content == b"moving"


async def test_recordings_and_the_text_of_imported_lessons_are_where_both_look(nodes, shared):
    (first, _), (second, _) = nodes
    assert first.reels.folder == second.reels.folder == shared / "media"
    assert place_of(first.folder, "x") == place_of(second.folder, "x")
    assert first.folder.uploads != second.folder.uploads


def test_a_move_to_a_disk_that_is_full_leaves_all_as_it_was(shared, tmp_path, monkeypatch):
    source, place = tmp_path / "page", shared / "page"
    source.mkdir()
    shared.mkdir()
    (source / "640.webp").write_bytes(b"picture")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr("mingtang.web.folder.shutil.copyfileobj", full)
        with pytest.raises(OSError, match="No space"):
            move_whole(source, place)
    assert (source / "640.webp").read_bytes() == b"picture"
    assert list(shared.iterdir()) == []
    move_whole(source, place)
    assert (place / "640.webp").read_bytes() == b"picture"
    assert (source.exists(), [one.name for one in shared.iterdir()]) == (False, ["page"])
