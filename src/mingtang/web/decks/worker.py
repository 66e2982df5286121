"""The process that reads a PDF: limited in memory, time and files, told all it needs in one argument, expendable.

Pictures go below its working folder; what was done is said in JSON lines: `{"pages"}`, `{"page",…}`, `{"fail"}`."""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

MOST_FILE = 64 * 1024 * 1024
LOAD_ERRORS = {0: "deck.empty", 4: "deck.encrypted"}  # FPDF_ERR_SUCCESS (the file is well but has no page), _PASSWORD


class Fail(Exception):  # noqa: N818
    """The deck ends here; the code is a message key."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main() -> None:
    job = json.loads(sys.argv[1])
    _limit(job)
    try:
        _read(job)
    except Fail as fail:
        say(fail=fail.code, params=fail.params)
    except MemoryError:
        say(fail="deck.too_big", params={})
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        say(fail="deck.disk_full" if full else "deck.broken", params={})


def _limit(job: dict[str, Any]) -> None:
    memory = job["memory_mb"] * 1024 * 1024
    seconds = job["seconds"]
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _read(job: dict[str, Any]) -> None:
    document = _open(job["file"])
    pages = len(document)
    if pages == 0:
        raise Fail("deck.empty")
    if pages > job["most_pages"]:
        raise Fail("deck.too_many_pages", pages=pages, most=job["most_pages"])
    say(pages=pages)
    outline = _outline(job["outline"], pages)
    for number in range(job["first"], pages + 1):
        _one(document, number, job, outline.get(number, {}))
        if number == job["first"]:
            os.nice(5)  # somebody waits for the first page; the others give way to the lessons


def _open(file: str) -> Any:
    import pypdfium2 as pdfium

    if b"%PDF-" not in _head(file):
        raise Fail("deck.not_pdf")
    try:
        document = pdfium.PdfDocument(file)
        document.init_forms()
    except pdfium.PdfiumError as error:
        raise Fail(LOAD_ERRORS.get(error.err_code, "deck.broken")) from error
    return document


def _outline(file: str, pages: int) -> dict[int, dict[str, str]]:
    """Titles and notes from the presentation, when it has as many slides as there are pages: a note under another
    slide would be worse than none."""
    try:
        slides = json.loads(Path(file).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return dict(enumerate(slides, 1)) if len(slides) == pages else {}


def _head(file: str) -> bytes:
    with open(file, "rb") as stream:
        return stream.read(1024)


def _one(document: Any, number: int, job: dict[str, Any], told: dict[str, str]) -> None:
    from pypdfium2 import PdfiumError

    from mingtang.web.decks.drawing import BadPage, blank, draw

    try:
        page, drawn = draw(document, number - 1), True
    except (BadPage, PdfiumError):
        page, drawn = blank(job["blank_note"]), False
    _save(Path(str(number)), page)
    width, height = page.picture.size
    title = told.get("title") or page.title
    say(page=number, width=width, height=height, title=title, notes=told.get("notes", ""), drawn=drawn)


def _save(folder: Path, page: Any) -> None:
    from mingtang.web.decks.drawing import WIDTHS, scaled

    folder.mkdir(exist_ok=True)
    for width in WIDTHS:
        with open(folder / f"{width}.webp", "wb") as file:
            scaled(page.picture, width).save(file, "WEBP", quality=80, method=2)
            _settle(file)
    with open(folder / "text.json", "w", encoding="utf-8") as text:
        json.dump({"runs": page.runs}, text, ensure_ascii=False, separators=(",", ":"))
        _settle(text)


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
