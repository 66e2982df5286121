"""What the program can do stands in the docs, and what the docs show the program can do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, having, short
from tools.generate import __main__ as generate
from tools.generate.folders import broken_folders

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:make|mingtang) [^`]+)`")
PROMPT = re.compile(r"^\s*(?:\$ )?((?:\w+=\S+ )*(?:make|(?:\.venv/bin/)?mingtang)\b.*)$", re.MULTILINE)

pages = [f for f in having(".md") if "pictures" not in f.parts]


@pytest.mark.parametrize("path", generate.TEXTS)
def test_a_generated_text_is_what_the_program_says_now(path: str) -> None:
    assert broken_folders() == {}
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == generate.make(path), f"{path} is out of date: make docs"


@pytest.mark.parametrize("page", pages, ids=short)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            file = (page.parent / path) if path else page
            assert file.exists(), f"{short(page)} points to {target}"
            assert not anchor or anchor in anchors(file), f"{short(page)} points to {target}"


@pytest.mark.parametrize("page", pages, ids=short)
def test_commands_that_a_page_shows_exist(page: Path) -> None:
    for line in shown_commands(page):
        words = shlex.split(line, comments=True)
        while words and "=" in words[0]:
            words.pop(0)
        check_make(line, words[1:]) if words[0] == "make" else check_mingtang(line, words[1:])


def test_every_address_every_setting_and_every_command_says_what_it_is_for() -> None:
    from mingtang.settings import table
    from tools.generate.api import routes
    from tools.generate.commands import parsers

    assert [f"{r.method} {r.path}" for r in routes() if not r.about] == []
    assert [entry.env for entry in table() if not entry.meaning.endswith(".")] == []
    assert [name for name, parser in parsers().items() if not parser.description] == []


def check_make(line: str, words: list[str]) -> None:
    for word in words:
        if "=" not in word and not word.startswith("-"):
            assert word in make_targets(), f"`{line}`: the Makefile has no {word}"


def check_mingtang(line: str, words: list[str]) -> None:
    from tools.generate.commands import parsers

    commands = parsers()
    if not words or words[0].startswith("-"):
        return
    if words[0] == "COMMAND":
        return
    assert words[0] in commands, f"`{line}`: there is no such command"
    known = {option for action in commands[words[0]]._actions for option in action.option_strings}
    for word in words[1:]:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"`{line}`: {words[0]} does not know {word}"


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def shown_commands(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for language, block in FENCE.findall(text):
        if language in {"sh", "console", "bash", ""}:
            yield from PROMPT.findall(block)
    yield from INLINE.findall(prose(page))


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_the_help_of_make_names_every_task_that_the_contributing_page_names() -> None:
    named = {word for line in INLINE.findall(prose(ROOT / "CONTRIBUTING.md")) for word in line.split()[1:2]}
    assert named <= make_targets()
    assert {"run", "test", "quick", "check", "dev", "docs"} <= make_targets()
