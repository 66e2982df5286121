"""The activity that docs/build/add-an-activity.md builds is real: it runs among the others, under all laws."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_activities import FIXED, SCREENS
from tests.house.test_words import bare_words, needs_node_modules
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "build" / "add-an-activity.md"
FILE = re.compile(r"^```\w+ (mood/\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)

# Puts the folder among the activities, then runs the laws over all of them, with few examples each.
AMONG_THE_OTHERS = """
import sys
import hypothesis, pytest
import mingtang.activities
sys.path[:0] = {paths!r}
mingtang.activities.__path__.append({folder!r})

class Few:
    def pytest_collection_finish(self):
        hypothesis.settings.register_profile("few", max_examples=15, deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck))
        hypothesis.settings.load_profile("few")

assert "mood" in mingtang.activities.kinds().activities
raise SystemExit(pytest.main(["-p", "no:cacheprovider", {test!r}, "tests/laws/test_laws.py"], plugins=[Few()]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's files, written where a package may be found."""
    top = tmp_path_factory.mktemp("activities")
    for name, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")
    return top / "mood"


def test_the_page_shows_every_file_of_a_folder(folder: Path) -> None:
    there = {f.name for f in folder.iterdir()}
    assert {*FIXED, "test_mood.py"} <= there
    assert {f"{s}.svelte" for s in SCREENS} - there == {"Wall.svelte"}


@pytest.mark.slow
def test_the_example_passes_its_own_tests_and_all_laws(folder: Path) -> None:
    paths = [str(ROOT / "src"), str(ROOT)]
    program = AMONG_THE_OTHERS.format(paths=paths, folder=str(folder.parent), test=str(folder / "test_mood.py"))
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=where, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "passed" in ran.stdout


def test_the_examples_screens_compile_and_say_only_messages(folder: Path) -> None:
    needs_node_modules()
    assert bare_words(*folder.glob("*.svelte")) == []


def test_the_example_speaks_both_languages(folder: Path) -> None:
    en, zh = (json.loads((folder / f"messages.{lang}.json").read_text(encoding="utf-8")) for lang in ("en", "zh"))
    assert en.keys() == zh.keys()
    used = {k for f in folder.glob("*.svelte") for k in re.findall(r"t\('([\w.]+)'\)", f.read_text(encoding="utf-8"))}
    assert used <= en.keys()
