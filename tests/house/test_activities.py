"""A thousand activity folders would read alike: the same files and names, and a word where a screen is lacking."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from msgspec import Struct

from mingtang.core.event import kind_of
from mingtang.core.frame import LESSON_EVENTS, MEMBER_EVENTS
from tests.house.tree import SOURCE, activity_folders, having, short

SCREENS = ("Teacher", "Student", "Wall")
FIXED = ("__init__.py", "rules.py", "view.py", "strategies.py", "messages.en.json", "messages.zh.json")
PURE = {
    "__future__",
    "array",
    "base64",
    "binascii",
    "bisect",
    "collections",
    "dataclasses",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "heapq",
}
PURE |= {"itertools", "json", "math", "mingtang", "msgspec", "operator", "random", "re", "string", "types", "typing"}
PURE |= {"unicodedata"}

folders = pytest.mark.parametrize("folder", activity_folders(), ids=lambda f: f.name)


@folders
def test_a_folder_has_its_fixed_files(folder: Path) -> None:
    wanted = {*FIXED, f"test_{folder.name}.py"}
    assert wanted - {f.name for f in folder.iterdir()} == set()


@folders
def test_a_folder_has_each_screen_or_says_that_it_lacks_it(folder: Path) -> None:
    lacks = set(getattr(importlib.import_module(f"mingtang.activities.{folder.name}"), "lacks", ()))
    assert lacks <= set(SCREENS), "lacks names screens that no activity has"
    for screen in SCREENS:
        there = (folder / f"{screen}.svelte").exists()
        assert there != (screen in lacks), (
            f"{folder.name}: write {screen}.svelte, or name {screen} in `lacks` of __init__.py, not both"
        )


@folders
def test_what_can_be_prepared_has_its_rules_and_its_form(folder: Path) -> None:
    assert (folder / "plan.py").exists() == (folder / "Plan.svelte").exists(), f"{folder.name}: plan.py or Plan.svelte"


@folders
def test_a_folder_says_what_it_is_about(folder: Path) -> None:
    assert importlib.import_module(f"mingtang.activities.{folder.name}").__doc__, "the docstring of __init__.py"


@folders
def test_a_screen_says_where_it_stands(folder: Path) -> None:
    for screen in SCREENS:
        file = folder / f"{screen}.svelte"
        if file.exists():
            assert "export const places" in file.read_text(encoding="utf-8"), short(file)


@folders
def test_activities_are_ignorant_of_one_another(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix in {".svelte", ".ts", ".py"}:
            text = file.read_text(encoding="utf-8")
            for other in activity_folders():
                if other != folder:
                    named = (f"activities.{other.name}", f"activities/{other.name}", f"'../{other.name}/")
                    assert not any(n in text for n in named), f"{short(file)} reaches into {other.name}"


@folders
def test_every_command_and_event_is_named_for_its_activity_and_says_what_it_is(folder: Path) -> None:
    rules = importlib.import_module(f"mingtang.activities.{folder.name}.rules")
    frame = {*LESSON_EVENTS, *MEMBER_EVENTS}
    for struct in (*rules.commands, *rules.events):
        assert struct in frame or kind_of(struct).partition(".")[0] == folder.name
        assert _own_docstring(struct), f"{struct.__qualname__} has no docstring"


def _own_docstring(struct: type[Struct]) -> str:
    return vars(struct).get("__doc__") or ""


def pure_modules() -> list[Path]:
    modules = having(".py", under=SOURCE / "core") + [f for folder in activity_folders() for f in folder.glob("*.py")]
    return [f for f in modules if not f.name.startswith("test_") and f.name != "strategies.py"]


@pytest.mark.parametrize("file", pure_modules(), ids=short)
def test_core_and_activities_have_no_clock_no_chance_and_no_io(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for module in _imported(node):
            assert module.partition(".")[0] in PURE, f"line {node.lineno} imports {module}"
        assert not _unseeded(node), f"line {node.lineno} draws chance that is not from the seed"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input", "hash", "id"}, f"line {node.lineno}: {node.func.id}()"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def _unseeded(node: ast.AST) -> bool:
    """random.anything() but random.Random(something)."""
    if isinstance(node, ast.ImportFrom) and node.module == "random":
        return any(alias.name != "Random" for alias in node.names)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called in {"Random", "random.Random"} and not node.args
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "random" and node.attr != "Random"
