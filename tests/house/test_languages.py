"""Both languages say the same things: equal keys, equal blanks, nothing empty, nothing missing, nothing unused."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import SOURCE, having, short

BLANK = re.compile(r"\{(\w+)\}")
QUOTED = re.compile(r"""['"`]([a-z][a-z0-9_.-]*)['"`]""")
STEM = re.compile(r"""['"`]([a-z][a-z0-9_]*\.[a-z0-9_.]*)\$?\{""")
CALL = re.compile(r"""\bt\(\s*['"]([^'"]+)['"]""")
FORMS = {"en": {"one", "other"}, "zh": {"other"}}
NAMES = re.compile(r"\b(?:Mingtang|English|Python|SQLite|LibreOffice|PDFium|PDF|CSV|QR|JSON)\b")
HAN = re.compile("[\u4e00-\u9fff]")

english_files = pytest.mark.parametrize(
    "english", [f for f in having(".json", under=SOURCE) if f.name == "messages.en.json"], ids=short
)


@cache
def read(file: Path) -> dict[str, Any]:
    seen: list[str] = []

    def take(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen.extend(key for key, _ in pairs)
        assert len({k for k, _ in pairs}) == len(pairs), f"{short(file)} has a key twice"
        return dict(pairs)

    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=take)
    return found


def texts(message: Any) -> list[str]:
    return list(message.values()) if isinstance(message, dict) else [message]


def blanks(message: Any) -> set[str]:
    """The blanks of the fullest form: "one" may leave out its number."""
    return {name for text in texts(message) for name in BLANK.findall(text)}


@cache
def all_messages(language: str) -> dict[str, Any]:
    files = [f for f in having(".json", under=SOURCE) if f.name == f"messages.{language}.json"]
    return {key: message for file in files for key, message in read(file).items()}


@english_files
def test_both_languages_have_the_same_keys_and_blanks(english: Path) -> None:
    en, zh = read(english), read(english.with_name("messages.zh.json"))
    assert en.keys() == zh.keys()
    assert {k: blanks(en[k]) for k in en} == {k: blanks(zh[k]) for k in zh}


@english_files
def test_no_message_is_empty_and_plural_forms_are_those_of_the_language(english: Path) -> None:
    for language in ("en", "zh"):
        for key, message in read(english.with_name(f"messages.{language}.json")).items():
            assert all(isinstance(text, str) and text.strip() for text in texts(message)), key
            if isinstance(message, dict):
                assert set(message) == FORMS[language], f"{key}: forms in {language} are {sorted(FORMS[language])}"


@english_files
def test_a_message_is_named_for_its_activity(english: Path) -> None:
    if english.parent.parent.name == "activities":
        assert [k for k in read(english) if not k.startswith(f"{english.parent.name}.")] == []


@english_files
def test_the_chinese_is_chinese(english: Path) -> None:
    for key, message in read(english.with_name("messages.zh.json")).items():
        for text in texts(message):
            foreign = re.search("[A-Za-z]{4,}", NAMES.sub("", BLANK.sub("", text))) and not HAN.search(text)
            assert not foreign, f"{key}: {text}"


def test_no_two_files_have_one_key() -> None:
    files = [f for f in having(".json", under=SOURCE) if f.name == "messages.en.json"]
    keys = [(key, short(f)) for f in files for key in read(f)]
    assert sorted(k for k in {k for k, _ in keys} if sum(k == other for other, _ in keys) > 1) == []


def test_every_message_that_a_screen_asks_for_exists() -> None:
    asked = {(key, short(f)) for f in screens() for key in CALL.findall(f.read_text(encoding="utf-8"))}
    assert sorted((key, file) for key, file in asked if key not in all_messages("en")) == []


def test_every_refusal_has_its_words_and_fills_their_blanks() -> None:
    en = all_messages("en")
    for code, given, place in refusals():
        assert code in en, f"{place}: nothing says {code}"
        assert blanks(en[code]) <= given, f"{place}: {code} leaves {blanks(en[code]) - given} blank"


def test_no_message_is_left_that_nothing_says() -> None:
    text = "\n".join(f.read_text(encoding="utf-8") for f in [*screens(), *having(".py", ".html", under=SOURCE)])
    said, stems = set(QUOTED.findall(text)), tuple(set(STEM.findall(text)))
    assert sorted(k for k in all_messages("en") if k not in said and not (stems and k.startswith(stems))) == []


def screens() -> list[Path]:
    return [f for f in having(".svelte", ".ts", under=SOURCE) if ".test." not in f.name]


def refusals() -> Iterator[tuple[str, set[str], str]]:
    """Every Refused("code", name=...) whose code is written out."""
    for file in having(".py", under=SOURCE):
        if file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Refused") and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    given = {k.arg for k in node.keywords if k.arg}
                    yield code.value, given, f"{short(file)}:{node.lineno}"
