"""What is installed at a school: one wheel with the built pages in it, that needs neither Node nor this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.test_words import needs_node_modules
from tests.house.tree import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs_node_modules()
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    made = subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_pages_and_nothing_that_only_a_builder_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    pages = {f"mingtang/web/static/{page}.html" for page in ("student", "teacher", "wall", "home")}
    assert pages <= set(names)
    assert any(n.startswith("mingtang/web/static/assets/") and n.endswith(".js") for n in names)
    assert [n for n in names if n.endswith((".ts", ".svelte")) or "/test_" in n or n.endswith("strategies.py")] == []


def test_the_wheel_runs_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "there")
    where = {**os.environ, "PYTHONPATH": str(tmp_path / "there"), "MINGTANG_DATA": str(tmp_path / "data")}
    program = (
        "import mingtang.web.app, mingtang.activities as a, mingtang; print(mingtang.__file__, *a.kinds().activities)"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, env=where, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.split()
    assert Path(said[0]).is_relative_to(tmp_path)
    assert {"lesson", "slides"} <= set(said[1:])
