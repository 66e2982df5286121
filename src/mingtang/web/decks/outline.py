"""What a presentation is and says of its slides: its kind, then titles and notes. Runs confined, as the file may be
anything; says one line of JSON: `{"kind", "slides"}` or `{"fail", "params"}`."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODP = b"application/vnd.oasis.opendocument.presentation"
MOST_PARTS, MOST_UNPACKED, MOST_SLIDES = 20_000, 1_500_000_000, 3000
TITLE, NOTES = 300, 4000


class Fail(Exception):  # noqa: N818
    """A deck.* code."""


def main() -> None:
    file = Path(sys.argv[1])
    try:
        said: dict[str, Any] = read(file)
    except Fail as fail:
        said = {"fail": str(fail), "params": {}}
    sys.stdout.write(json.dumps(said))


def read(file: Path) -> dict[str, Any]:
    """Raises Fail for what no presentation is."""
    with file.open("rb") as stream:
        head = stream.read(8)
    if head == OLE:
        return {"kind": _old(file.read_bytes()), "slides": []}
    try:
        with zipfile.ZipFile(file) as parts:
            kind = _kind(parts)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Fail("deck.slides_broken") from error
    return {"kind": kind, "slides": slides(file) if kind == "pptx" else []}


def _old(data: bytes) -> str:
    """The container of old Office files, which also holds new ones that are locked."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Fail("deck.encrypted")
    if "PowerPoint Document".encode("utf-16-le") not in data:
        raise Fail("deck.not_slides")
    return "ppt"


def _kind(parts: zipfile.ZipFile) -> str:
    infos = parts.infolist()
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Fail("deck.too_big")
    names = {info.filename for info in infos}
    if "ppt/presentation.xml" in names:
        return "pptx"
    if "mimetype" not in names or not parts.open("mimetype").read(len(ODP)) == ODP:
        raise Fail("deck.not_slides")
    if "META-INF/manifest.xml" in names and b"encryption-data" in parts.open("META-INF/manifest.xml").read(4_000_000):
        raise Fail("deck.encrypted")
    return "odp"


def slides(file: Path) -> list[dict[str, str]]:
    """Title and notes of each slide that is shown; [] when they cannot be told: the pages can be drawn all the same."""
    from pptx import Presentation

    try:
        return [
            _said(slide) for slide in Presentation(str(file)).slides if slide._element.get("show") not in ("0", "false")
        ]
    except Exception:
        return []


def _said(slide: Any) -> dict[str, str]:
    title = slide.shapes.title
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return {
        "title": " ".join(title.text_frame.text.split())[:TITLE] if title is not None else "",
        "notes": notes.text.replace("\v", "\n").strip()[:NOTES] if notes is not None else "",
    }


if __name__ == "__main__":
    main()
