"""docs/teach/*/keyboard.md: the keys that screens register, with the words they register them under."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mingtang"
CALL = re.compile(r"\bkey\(\{\s*k:\s*(\[[^\]]*\]|'[^']*'),\s*say:\s*'([^']*)'((?:(?!\bkey\(\{)[^;])*)")
NUMBERED = re.compile(r"\bkey\(\{\s*k:\s*String\(")
BEGUN = re.compile(r"(?<!function )\bkey\(\{")
NEIGHBOUR = re.compile(r"""(?:from |\bimport\()'([.@])/([\w./]+\.svelte)'""")
SCREENS = {"teacher": "Teacher.svelte", "student": "Student.svelte", "replay": "Late.svelte"}
SIGNS = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "PageUp": "Page ↑",
    "PageDown": "Page ↓",
}
SIGNS |= {"Escape": "Esc", "Enter": "Enter"}

PAGES = {
    "en": """\
# Keys

*Made by `make docs` from the screens; do not edit.* `?` shows this list on the screen itself. Keys are asleep while you
write in a field.
""",
    "zh": """\
# 快捷键

*由 `make docs` 从界面生成，请勿手改。* 在界面上按 `?` 也能看到这张表。在输入框里打字时，快捷键不起作用。
""",
}
HEADS = {"en": ("Teacher", "Student", "Replay", "key", "does"), "zh": ("教师", "学生", "回放", "按键", "作用")}
NUMBERS = {"en": "Choose in the panel that is open", "zh": "在打开的面板里选择"}
SPACE = {"en": "Space", "zh": "空格"}


class Key(NamedTuple):
    """`sometimes`: it has a condition, such as a question on the stage."""

    keys: tuple[str, ...]
    say: str
    file: Path
    sometimes: bool


def text(language: str) -> str:
    *heads, key, does = HEADS[language]
    lines = [PAGES[language]]
    for head, screen in zip(heads, SCREENS, strict=True):
        lines += [f"## {head}\n", f"| {key} | {does} |", "|---|---|", *_rows(screen, language), ""]
    return "\n".join(lines)


def english() -> str:
    return text("en")


def chinese() -> str:
    return text("zh")


def keys_of(screen: str) -> list[Key]:
    """Those of every activity's component for the screen, of what it is made of, and of the screen's own page."""
    roots = [
        *sorted(SOURCE.glob(f"activities/*/{SCREENS[screen]}")),
        *sorted(SOURCE.glob(f"browser/screens/{screen}/*")),
    ]
    files = dict.fromkeys(file for root in roots if root.suffix == ".svelte" for file in _made_of(root))
    return [key for file in files for key in _keys_in(file)]


def _made_of(file: Path, seen: frozenset[Path] = frozenset()) -> list[Path]:
    if file in seen or not file.exists():
        return []
    folders = {".": file.parent, "@": SOURCE / "browser"}
    inner = [folders[where] / name for where, name in NEIGHBOUR.findall(file.read_text(encoding="utf-8"))]
    return [file, *(found for one in inner for found in _made_of(one, seen | {file}))]


def _keys_in(file: Path) -> list[Key]:
    source = file.read_text(encoding="utf-8")
    calls = CALL.findall(source)
    if len(calls) + len(NUMBERED.findall(source)) != len(BEGUN.findall(source)):
        raise ValueError(f"{file.name}: write key({{ k: …, say: … with k and say first and written out")
    return [_key(keys, say, rest, file) for keys, say, rest in calls]


def _key(keys: str, say: str, rest: str, file: Path) -> Key:
    return Key(tuple(re.findall(r"'([^']*)'", keys)), say, file, bool(re.search(r"\bwhen\s*[:,}]", rest)))


def _rows(screen: str, language: str) -> list[str]:
    said = words(language)
    rows = {
        (" ".join(f"`{_sign(k, language)}`" for k in key.keys), said.get(key.say, key.say)) for key in keys_of(screen)
    }
    listed = [f"| {keys} | {does} |" for keys, does in sorted(rows, key=lambda row: (len(row[0]) > 3, row))]
    return [f"| `1` … `9` | {NUMBERS[language]} |", *listed] if screen == "teacher" else listed


def _signs(key: Key, language: str) -> str:
    return " ".join(f"`{_sign(name, language)}`" for name in key.keys)


def _sign(key: str, language: str) -> str:
    return SPACE[language] if key == " " else SIGNS.get(key, key.upper() if len(key) == 1 else key)


@cache
def words(language: str) -> dict[str, Any]:
    files = sorted(SOURCE.rglob(f"messages.{language}.json"))
    return {key: text for file in files for key, text in json.loads(file.read_text(encoding="utf-8")).items()}
