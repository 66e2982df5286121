"""Pages as a heading names them: a file, and which of its pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from mingtang.core.sheet import Mistake, nearest, quoted, unquoted

PAGES = re.compile(r"^(?P<pages>[\d,，、\-–—~～ \t至到]*?)[ \t]*(?:[(（].*)?$")
RANGE = re.compile(r"^(\d{1,4})(?:[ \t]*[-–—~～至到][ \t]*(\d{1,4}))?$")
QUOTED = re.compile(r'^("(?:[^"\\]|\\.)*")[ \t]*(.*)$')
PLAIN = re.compile(r"^[^\s\"(（]+(?: [^\s\"(（]+)*$")
MOST = 3000
LONGEST = 600


class PlanFile(NamedTuple):
    """A file of slides beside the text, with its deck and how many pages it has."""

    deck: str
    name: str
    pages: int


def heading(name: str, page: int, title: str) -> str:
    """The title is for people; it is not read again."""
    shown = " ".join(title.split())
    return f"{_safe(name)} {page}" + (f" ({shown})" if shown else "")


def _safe(name: str) -> str:
    return name if PLAIN.match(name) and "\\" not in name else quoted(name)


def read(said: str, files: Sequence[PlanFile]) -> tuple[PlanFile, list[int]]:
    """The file and its pages in the order named. Raises Mistake."""
    if not said or len(said) > LONGEST:
        raise Mistake("plan.no_file", suggestion=files[0].name if files else "")
    name, rest = _parted(said, files)
    file = next((one for one in files if _same(one.name, name)), None)
    if file is None:
        close = nearest(name, [one.name.casefold() for one in files])
        raise Mistake("plan.unknown_file", suggestion=_spelt(close, files), name=name[:120])
    return file, _numbers(rest, file)


def _parted(said: str, files: Sequence[PlanFile]) -> tuple[str, str]:
    """Names of files hold spaces and digits: the longest known name that leaves something like pages is meant."""
    if found := QUOTED.match(said):
        return unquoted(found[1]) or found[1], found[2]
    fits = []
    for file in files:
        if said.casefold().startswith(file.name.casefold()):
            rest = said[len(file.name) :]
            if (not rest or rest[0] in " \t") and PAGES.match(rest.strip()):
                fits.append((bool(rest.strip()), len(file.name), rest.strip()))
    if fits:
        _, length, rest = max(fits)
        return said[:length], rest
    found = re.match(r"^(.*?\.\w{1,5})(?:[ \t]+(.*))?$", said) or re.match(r"^(\S+)(?:[ \t]+(.*))?$", said)
    return (found[1], found[2] or "") if found else (said, "")


def _same(one: str, other: str) -> bool:
    return one == other or _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _spelt(folded: str, files: Sequence[PlanFile]) -> str:
    return next((one.name for one in files if one.name.casefold() == folded), folded)


def _numbers(said: str, file: PlanFile) -> list[int]:
    found = PAGES.match(said)
    if not found:
        raise Mistake("plan.bad_pages", value=said[:80], suggestion=f"1-{file.pages}")
    if not found["pages"].strip():
        return list(range(1, file.pages + 1))
    numbers: list[int] = []
    for piece in re.split(r"[,，、]", found["pages"]):
        numbers += _range(piece.strip(), file)
    return numbers


def _range(piece: str, file: PlanFile) -> list[int]:
    found = RANGE.match(unicodedata.normalize("NFKC", piece))
    if not found:
        raise Mistake("plan.bad_pages", value=piece[:80], suggestion=f"1-{file.pages}")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= min(file.pages, MOST):
        raise Mistake("plan.no_such_page", value=piece[:80], name=file.name, pages=file.pages)
    return list(range(first, last + 1))
