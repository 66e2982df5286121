"""What a tracked file may not be: long, vaguely named, heavy, or full of one machine's addresses."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, files, having, short

LINES = 400
VAGUE = {"util", "utils", "helper", "helpers", "manager", "base", "common", "service", "services", "misc", "stuff"}
# Written with a bracket so that this file does not find itself.
HOSTS = re.compile(
    r"registry\.npmj[s]|pypi\.o[r]g|pythonhost[e]d|--(?:extra-)?index-u[r]l|\"resolv[e]d\": *\"http|npmmirr[o]r"
)
MACHINE = re.compile(r"(?:^|[^.\w-])/(?:w[o]rk|r[o]ot|h[o]me|Us[e]rs|f[a]rm)/")
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X|[Cc]oming s[o]on)\b")
CODE = (".py", ".ts", ".svelte", ".js", ".mjs", ".css", ".c", ".sh", ".html")
TEXT = (*CODE, ".md", ".json", ".toml", ".txt", ".svg", ".yml", ".yaml", "")


def _hits(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{short(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    written = [f for f in having(*CODE) if ".gen." not in f.name]
    long = {short(f): n for f in written if (n := f.read_text(encoding="utf-8").count("\n")) > LINES}
    assert long == {}


def test_no_module_has_a_vague_name() -> None:
    assert [short(f) for f in having(*CODE) if {f.stem.lower(), f.parent.name.lower()} & VAGUE] == []


def test_no_registry_and_no_path_of_one_machine_is_written_down() -> None:
    assert _hits(HOSTS, having(*TEXT)) == []
    assert _hits(MACHINE, having(*TEXT)) == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert _hits(UNFINISHED, having(*CODE)) == []


def test_tests_wait_for_events_and_never_for_a_time() -> None:
    tests = [f for f in files() if f.suffix == ".py" and ("tests" in f.parts or f.name.startswith("test_"))]
    assert [f"{short(f)}:{line}" for f in tests for line in _waits(f)] == []


def _waits(file: Path) -> list[int]:
    """Lines that sit out a time: any time.sleep, an asyncio.sleep of 0.2 s, a browser's wait_for_timeout of 0.1 s."""
    calls = [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    return [call.lineno for call in calls if _is_wait(ast.unparse(call.func), call.args)]


def _is_wait(name: str, given: list[ast.expr]) -> bool:
    """Looking again after a few milliseconds is how a loop waits for an event."""
    if name != "asyncio.sleep" and not name.endswith(".wait_for_timeout"):
        return name == "time.sleep"
    most = 0.2 if name == "asyncio.sleep" else 100
    return bool(given) and not (isinstance(given[0], ast.Constant) and float(str(given[0].value)) < most)


def test_no_built_thing_and_nothing_heavy_is_tracked() -> None:
    assert {short(f): f.stat().st_size for f in files() if f.stat().st_size > 800_000} == {}
    assert [short(f) for f in files() if "node_modules" in f.parts or f.is_relative_to(SOURCE / "web" / "static")] == []


def modules() -> list[Path]:
    return [f for f in having(".py", under=SOURCE) if f.stat().st_size and not f.name.startswith("test_")]


@pytest.mark.parametrize("file", modules(), ids=short)
def test_a_module_opens_with_what_it_is(file: Path) -> None:
    opening = file.read_text(encoding="utf-8").lstrip()
    assert opening.startswith(('"""', 'r"""')), "begin with a docstring of one to four lines"


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    where = {**os.environ, "PYTHONPATH": "src"}
    order = [linter, "--no-cache", "--no-logo"]
    told = subprocess.run(order, cwd=ROOT, env=where, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
