"""A replay that is carried away: one page, or a folder, that plays from a file without a server and without a network.
It holds what one role saw, and nothing else."""

from __future__ import annotations

import base64
import gzip
import html
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from mingtang.activities import kinds
from mingtang.core.event import Fact
from mingtang.core.member import Role
from mingtang.readings.replay.journal import Index, Journal
from mingtang.readings.replay.track import encode

LATEST = 1 << 62
PICTURE = "1600.webp"
PICTURES = "pictures"


class Shell(Struct):
    """The player, as it was built: one script and one style sheet."""

    script: str
    style: str


class Written(Struct):
    """What was written: bytes of the page, pictures beside it or in it, pictures that were not there."""

    bytes: int
    pictures: int
    absent: int


def write(facts: Iterable[Fact], role: Role, assets: Path, shell: Shell, to: Path, lang: str) -> Written:
    """`to` is a page when it ends in .html, else a folder that is made. Raises OSError."""
    chunks: dict[str, bytes] = {}
    journal = Journal(kinds(), role, lambda name, data: chunks.update({name: gzip.decompress(data)}))
    for fact in facts:
        journal.take(fact)
    journal.settle(LATEST)
    index = journal.index()
    index.ended = True  # what is carried does not go on
    files = {asset: assets / asset[:2] / asset / PICTURE for asset in _assets(index, journal)}
    there = {asset: file for asset, file in files.items() if file.is_file()}
    one = to.suffix.lower() == ".html"
    places = {a: _inline(f) if one else f"{PICTURES}/{a}.webp" for a, f in there.items()}
    page = _page(index, chunks, places, shell, lang)
    if not one:
        (to / PICTURES).mkdir(parents=True, exist_ok=True)
        for asset, file in there.items():
            shutil.copyfile(file, to / places[asset])
    (to if one else to / "index.html").write_bytes(page)
    return Written(len(page), len(there), len(files) - len(there))


def _assets(index: Index, journal: Journal) -> list[str]:
    """Of every step that the role saw to the end, and of those that were on the stage and dropped."""
    slides: Any = journal.seen("slides")
    named = [step.get("asset", "") for step in slides.get("steps", {}).values()]
    return sorted({asset for asset in (*named, *(chapter.asset for chapter in index.chapters)) if asset})


def _inline(file: Path) -> str:
    return "data:image/webp;base64," + base64.b64encode(file.read_bytes()).decode()


def _page(index: Index, chunks: dict[str, bytes], places: dict[str, str], shell: Shell, lang: str) -> bytes:
    wanted = {cut.name for cuts in index.tracks.values() for cut in cuts}
    parts = {"index": encode(index), "pictures": encode(places)}
    parts |= {name: data for name, data in chunks.items() if name in wanted}
    data = "".join(
        f'<script type="application/json" id="{name}">{_harmless(text.decode())}</script>\n'
        for name, text in parts.items()
    )
    script = shell.script.replace("</script", "<\\/script")
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>{html.escape(index.title)}</title><style>{shell.style}</style>"
    )
    return (
        f'<!doctype html>\n<html lang="{html.escape(lang)}" data-density="hand"><head>{head}</head>\n'
        f"<body>\n{data}<script>{script}</script>\n</body></html>\n"
    ).encode()


def _harmless(text: str) -> str:
    """JSON that no HTML parser takes for markup."""
    return text.replace("<", "\\u003c")


def shell_of(static: Path) -> Shell:
    """The player among the built pages. Raises OSError when it was not built."""
    folder = static / "carried"
    return Shell((folder / "page.js").read_text("utf-8"), (folder / "page.css").read_text("utf-8"))
