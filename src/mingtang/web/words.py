"""The sentences of this folder (messages.*.json) in one language, filled. The browser has the same files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str, folder: Path = Path(__file__).parent) -> dict[str, str]:
    words: dict[str, str] = json.loads((folder / f"messages.{language}.json").read_text("utf-8"))
    return words


def say(language: str, key: str, **params: Any) -> str:
    return fill(catalogue(language).get(key, key), params)


def fill(text: str, params: dict[str, Any]) -> str:
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def language_of(tag: str) -> str:
    """`zh-Hans` and `zh_CN.UTF-8` are zh; everything else is en."""
    return "zh" if tag.lower().startswith("zh") else "en"
