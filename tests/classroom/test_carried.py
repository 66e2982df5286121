"""A lesson carried away on a stick: opened from a file with the network off, it plays, seeks and shows its slides."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.school import folder, teach
from tests.classroom.people import Classroom, Person
from tests.classroom.test_replay import at
from tests.server import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one lesson of ninety minutes, its slides drawn."""
    place = tmp_path_factory.mktemp("data")
    folder.run(place, lessons=1, students=20, events=0, slides=6, seed=2, ended=True)
    return place


def mingtang(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MINGTANG_") or k == "MINGTANG_STATIC"}
    env = {**kept, "MINGTANG_DATA": str(data), "MINGTANG_LANGUAGE": "en"}
    return subprocess.run(
        [sys.executable, "-m", "mingtang", *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


def open_file(chromium: Browser, file: Path, size: str) -> Person:
    """Nothing but the file, in a browser without a network."""
    shots = os.environ.get("SHOTS")
    classroom = Classroom(chromium, None, "en", Path(shots) if shots else None)  # type: ignore[arg-type]
    person = classroom.person("reader", size)
    person.context.set_offline(True)
    person.page.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    person.page.goto(file.as_uri())
    person.page.locator(".transport").wait_for()
    person.asked = asked  # type: ignore[attr-defined]
    return person


def nothing_fetched(person: Person) -> None:
    asked: list[str] = person.asked  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def picture(person: Person) -> None:
    """The slide's picture has really been drawn."""
    person.until(
        "() => { const i = document.querySelector('.slide img'); return i && i.complete && i.naturalWidth > 600 }"
    )


def test_one_page_plays_from_a_file_without_a_network(chromium: Browser, data: Path, tmp_path: Path) -> None:
    lesson, out = folder.lesson_id(2), tmp_path / "hash.html"
    told = mingtang(data, "html", lesson, str(out))
    assert told.returncode == 0, told.stderr
    assert "hash.html" in told.stdout
    assert out.stat().st_size < 8_000_000
    again = mingtang(data, "html", lesson, str(out))
    assert again.returncode == 1, "what is there is not written over"
    text = out.read_text()
    for member in teach(seed=2, students=20, pages=6).lesson.people.members:
        assert f'"{member}"' not in text, "nobody's id is in what students saw"
    reader = open_file(chromium, out, "phone")
    picture(reader)
    first = at(reader)
    reader.key("k")
    reader.until("first => Number(document.querySelector('.transport input').value) > first * 1000 + 500", first)
    reader.key("k")
    reader.press("replay.steps")
    reader.page.locator(".chapters button").nth(2).click()
    picture(reader)
    assert at(reader) > first
    reader.key("End")
    reader.until("() => { const i = document.querySelector('.transport input'); return i.value === i.max }")
    assert reader.button("replay.hand_in").count() == 0
    reader.check("carried")
    nothing_fetched(reader)
    reader.context.close()


def test_a_folder_with_what_the_teacher_saw_plays_from_a_file(chromium: Browser, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "hour"
    told = mingtang(data, "html", folder.lesson_id(2), str(out), "--teacher")
    assert told.returncode == 0, told.stderr
    assert len(list((out / "pictures").iterdir())) == 6
    reader = open_file(chromium, out / "index.html", "teacher")
    reader.key("5")
    picture(reader)
    reader.page.locator(".rail button").first.wait_for()
    reader.check("carried-teacher")
    nothing_fetched(reader)
    reader.context.close()


def test_a_lesson_that_is_not_there_is_a_sentence(data: Path, tmp_path: Path) -> None:
    told = mingtang(data, "html", "nowhere", str(tmp_path / "x.html"))
    assert told.returncode == 1
    assert told.stderr.startswith("[no-such-lesson]")
    told = mingtang(data, "html", folder.lesson_id(2), str(tmp_path / "no" / "such" / "x.html"))
    assert told.returncode == 1
    assert told.stderr.startswith("[file-unwritable]")
