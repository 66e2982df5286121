"""One browser for all tests here; each test has a server, a lesson and people of its own. SHOTS=folder keeps shots."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.classroom.people import CHROMIUM, DEVICES, FLAGS, STUDIO, Classroom
from tests.server import Server
from tools.demo_deck import deck


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/classroom" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def talking(play: Playwright) -> Iterator[Browser]:
    """A browser with a microphone and cameras that nobody has to allow, and a screen to share."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *DEVICES])
    yield browser
    browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data").start()
    yield made
    made.stop()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "hash-tables.pdf"
    path.write_bytes(deck())
    return path


@pytest.fixture
def classroom(chromium: Browser, server: Server) -> Iterator[Callable[[str], Classroom]]:
    """Makes the classroom of a language."""
    made: list[Classroom] = []
    shots = os.environ.get("SHOTS")

    def make(lang: str = "en") -> Classroom:
        made.append(Classroom(chromium, server, lang, Path(shots) if shots else None))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def studio(talking: Browser, server: Server) -> Iterator[Callable[[str], Classroom]]:
    """A classroom whose browsers have devices, and whose pages note what they use of them (`Person.used`)."""
    made: list[Classroom] = []
    shots = os.environ.get("SHOTS")

    def make(lang: str = "en") -> Classroom:
        made.append(Classroom(talking, server, lang, Path(shots) if shots else None, STUDIO))
        return made[-1]

    yield make
    for one in made:
        one.close()
