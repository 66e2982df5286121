"""Plain text that people write by hand, as the parts of a plan's file: words, options, numbers, lengths of time.

A line of words that would be taken for something else begins with a backslash; words that no line can hold stand in
quotes, as JSON writes them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

OPTION = re.compile(r"^[-*+][ \t]+(?:\[([ xX✓√]?)\][ \t]*)?(.*)$")
MARKS = "xX✓√"
_QUOTED = re.compile(r'^".*"$')
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_UNITS = (
    (3600, ("h", "hour", "hours", "小时")),
    (60, ("min", "minute", "minutes", "mins", "m", "分钟", "分")),
    (1, ("s", "sec", "second", "seconds", "秒", "秒钟")),
)
_LENGTH = re.compile(r"^(\d{1,6}(?:[.,]\d+)?)\s*([^\d\s]*)$")
_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$")


class Mistake(Exception):  # noqa: N818
    """What cannot be read. `code` is a message key; `key` names the setting it is about, or `line` counts from the
    first line of words; `suggestion` is what may have been meant."""

    def __init__(self, code: str, key: str = "", line: int | None = None, suggestion: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.key, self.line, self.suggestion, self.params = code, key, line, suggestion, params


class Option(NamedTuple):
    """One line of a list; `marked` is None where there is no box to mark."""

    marked: bool | None
    text: str


class Sheet(NamedTuple):
    """What is written below the heading of a step: settings by name, then lines of words, still escaped."""

    settings: Mapping[str, str]
    lines: Sequence[str]


def lines_of(text: str, also: str = "") -> list[str]:
    """`text` as lines that `text_of` reads back; lines that begin like `also` (a pattern) are escaped too."""
    lines = text.split("\n")
    if is_odd(text) or not lines[0].strip() or not lines[-1].strip():
        return [quoted(text)]
    special = re.compile(r"\\|##[ \t]|>" + (f"|{also}" if also else ""))
    return ["\\" + line if special.match(line) else line for line in lines]


def is_odd(text: str) -> bool:
    """Whether lines cannot hold it as it is."""
    return bool(_UNFIT.search(text) or _QUOTED.match(text))


def text_of(lines: Iterable[str]) -> str:
    """Without the blank lines around it."""
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    if len(kept) == 1 and (whole := unquoted(kept[0])) is not None:
        return whole
    return "\n".join(line[1:] if line.startswith("\\") else line for line in kept)


def value_of(text: str) -> str:
    """The value of a setting, or the words of an option."""
    whole = unquoted(text)
    return text if whole is None else whole


def plain(text: str) -> str:
    """As the value of a setting, or the words of an option: on one line."""
    fits = text and text == " ".join(text.split()) and not _UNFIT.search(text) and not _QUOTED.match(text)
    return text if fits else quoted(text)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\ufeff", "\\ufeff")


def unquoted(text: str) -> str | None:
    """What stands in quotes; None when it does not."""
    if not _QUOTED.match(text.strip()):
        return None
    try:
        found = json.loads(text.strip(), strict=False)
        found.encode()
    except (ValueError, AttributeError):
        return None
    return str(found)


def part(lines: Sequence[str]) -> tuple[list[str], list[Option]]:
    """The lines before the options, and the options. Raises Mistake for a line between or after options."""
    first = next((n for n, line in enumerate(lines) if OPTION.match(line)), len(lines))
    options = []
    for number, line in enumerate(lines[first:], first):
        if found := OPTION.match(line):
            marked = None if found[1] is None else found[1] in MARKS and found[1] != ""
            options.append(Option(marked, value_of(found[2].strip())))
        elif line.strip():
            raise Mistake("plan.line_after_options", line=number)
    return list(lines[:first]), options


def option_line(option: Option) -> str:
    box = "" if option.marked is None else "[x] " if option.marked else "[ ] "
    return f"- {box}{_escaped_box(option)}"


def _escaped_box(option: Option) -> str:
    """Without a box of its own, words that begin like one would be taken for it."""
    return quoted(option.text) if option.marked is None and option.text.startswith("[") else plain(option.text)


def folded(text: str) -> str:
    """Case and width of letters do not matter in names."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def meant(text: str, names: Mapping[str, str], code: str, key: str = "", **params: Any) -> str:
    """Which of the known `names` is written (each leads to what it stands for); raises Mistake with the nearest."""
    found = names.get(folded(text))
    if found is None:
        raise Mistake(code, key, suggestion=nearest(text, names), **{"value": text[:80], **params})
    return found


def nearest(text: str, names: Iterable[str]) -> str:
    """The known name that looks most like it; "" when none does."""
    close = get_close_matches(folded(text)[:60], list(names), 1, 0.6)
    return close[0] if close else ""


def number_of(text: str, key: str) -> float:
    try:
        found = float(unicodedata.normalize("NFKC", text).replace("−", "-").replace(",", ".").strip())
    except ValueError:
        raise Mistake("plan.no_number", key, value=text[:80]) from None
    if found != found or abs(found) == float("inf"):
        raise Mistake("plan.no_number", key, value=text[:80])
    return found


def number(value: float) -> str:
    """The shortest way to write exactly this number."""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def whole_of(text: str, key: str) -> int:
    found = number_of(text, key)
    if found != int(found):
        raise Mistake("plan.no_whole", key, value=text[:80])
    return int(found)


def seconds_of(text: str, key: str) -> int:
    """`90`, `90 s`, `1:30`, `5 min`, `5 分钟`, `1 h`. Raises Mistake."""
    plain_text = unicodedata.normalize("NFKC", text).strip().casefold()
    if clock := _CLOCK.match(plain_text):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    found = _LENGTH.match(plain_text)
    unit = next((size for size, names in _UNITS if found and (found[2] or "s") in names), 0)
    if not found or not unit:
        raise Mistake("plan.no_length", key, value=text[:80], suggestion="5 min")
    return round(float(found[1].replace(",", ".")) * unit)


def seconds(value: int, language: str) -> str:
    """In whole minutes where it is so."""
    if value % 60 == 0 and value:
        return f"{value // 60} {'分钟' if language == 'zh' else 'min'}"
    return f"{value} {'秒' if language == 'zh' else 's'}"


def truth_of(text: str, key: str) -> bool:
    return meant(text, TRUTH, "plan.no_truth", key) == "yes"


TRUTH = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "是": "yes", "否": "no", "对": "yes", "错": "no"}
