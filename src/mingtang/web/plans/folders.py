"""A plan as a folder: plan.md with the files of its slides beside it, taken out and in again as a zip."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from mingtang.web import who
from mingtang.web.confined import Bounds, run
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.shown import text_of

TEXT = "plan.md"
PIECE = 1 << 18
THEN = (1980, 1, 1, 0, 0, 0)  # the same plan is always the same zip
MEMORY_MB, SECONDS = 512, 60


class Unfolded(Struct):
    """`text`: where plan.md lies, if there is one; `files`: the others, by name."""

    text: Path | None
    files: dict[str, Path]


@get("/api/teach/plans/{plan:str}/plan.zip", tags=["plans"])
async def read_folder(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Stream:
    """The plan's folder: plan.md, and the files of its slides as they came."""
    who.require_teacher(request, node)
    version = await keeping.version_of(node, plan)
    text = await text_of(node, version)
    files = {name: file_of(node, deck.id) for deck, name in await node.catalog.plans.decks(plan)}
    packed = await asyncio.to_thread(fold, text, {name: file for name, file in files.items() if file})
    name = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(version.title, safe='')}.zip"}
    return Stream(_pieces(packed), media_type="application/zip", headers={**name, "Cache-Control": "no-store"})


def file_of(node: Node, deck: str) -> Path | None:
    """What was given for a deck: the presentation rather than the PDF that was made of it."""
    for folder in (node.folder.slides / deck, node.folder.uploads / deck):
        found = sorted(folder.glob("file.*"), key=lambda file: (file.suffix == ".pdf", file.name))
        if found:
            return found[0]
    return None


def fold(text: str, files: dict[str, Path]) -> IO[bytes]:
    """A file without a name, gone when it is closed."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115 — closed when it has been sent
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr(zipfile.ZipInfo(TEXT, THEN), text.encode(), zipfile.ZIP_DEFLATED)
        for name, file in files.items():
            with file.open("rb") as source, folder.open(zipfile.ZipInfo(name, THEN), "w", force_zip64=True) as out:
                while piece := source.read(PIECE):
                    out.write(piece)
    packed.seek(0)
    return packed


async def _pieces(packed: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(packed.read, PIECE):
            yield piece
    finally:
        packed.close()


async def unfold(node: Node, file: Path) -> Unfolded:
    """Opens a zip in a process of its own, flat: folders in it are forgotten. Raises Fault."""
    most = node.settings.max_upload_mb
    command = (sys.executable, "-P", "-m", "mingtang.web.plans.unfolding", file.name, str(most))
    ended = await run(command, file.parent, Bounds(MEMORY_MB, SECONDS, file_mb=most + 1))
    if ended.status:
        raise Fault(422, "plan.folder_large" if ended.late else "plan.folder_broken", most=most)
    said = json.loads(ended.out)
    if "fail" in said:
        raise Fault(422, said["fail"], **said["params"])
    return _sorted(file.parent / "in", said["files"])


def _sorted(folder: Path, names: list[str]) -> Unfolded:
    """plan.md is the text, wherever it lies; else the only Markdown file there is."""
    paths = sorted(enumerate(names), key=lambda one: one[1].count("/"))
    named = [n for n, name in paths if PurePosixPath(name).name.casefold() == TEXT]
    texts = [n for n, name in paths if name.casefold().endswith((".md", ".markdown"))]
    text = named[0] if named else texts[0] if len(texts) == 1 else None
    rest = {PurePosixPath(name).name: folder / str(n) for n, name in reversed(paths) if n not in texts}
    return Unfolded(folder / str(text) if text is not None else None, rest)
