"""Presentations become PDF through LibreOffice, which is there or not. It runs confined: own profile, own folder, no
network, limits of memory and time; titles and notes are read beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

from mingtang.settings import Settings
from mingtang.web.confined import Bounds, Ended, run
from mingtang.web.decks.process import DeckFailed

log = logging.getLogger(__name__)
PROGRAMS = ("soffice", "libreoffice")
HEADS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # new and old presentations; the rest is told by reading
OUTLINE = "outline.json"
SCRIPTING, INET = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings"
PROFILE = (
    (SCRIPTING, "MacroSecurityLevel", "3"),
    (SCRIPTING, "DisableMacrosExecution", "true"),
    (SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (INET, "ooInetProxyType", "2"),
    (INET, "ooInetHTTPProxyName", "127.0.0.1"),
    (INET, "ooInetHTTPProxyPort", "9"),
)
MOST_FILE_MB = 512


def is_presentation(file: Path) -> bool:
    """By its first bytes: whether it is for us at all, and not a PDF."""
    with file.open("rb") as stream:
        return stream.read(8).startswith(HEADS)


class Office:
    """Puts a PDF in the place of `file`; the presentation stays beside it as file.pptx, .ppt or .odp."""

    def __init__(self, settings: Settings) -> None:
        self._bounds = Bounds(settings.office_memory_mb, settings.office_seconds, file_mb=MOST_FILE_MB)
        self._one = asyncio.Lock()  # two at once would only be slower, and take twice the memory

    async def convert(self, file: Path) -> None:
        """Raises DeckFailed; the folder is the caller's to clear."""
        async with self._one:
            said = await self._outline(file)
            program = find()
            if program is None:
                raise DeckFailed("deck.no_office")
            source = file.with_suffix(f".{said['kind']}")
            os.rename(file, source)
            drawn = await self._drawn(program, source, "pdf")
            if said["kind"] != "pptx":
                said = await self._through_pptx(program, source)
            os.replace(drawn, file)
        file.with_name(OUTLINE).write_text(json.dumps(said["slides"]), "utf-8")
        _clear(file.parent)

    async def _outline(self, file: Path) -> dict[str, Any]:
        command = (sys.executable, "-P", "-m", "mingtang.web.decks.outline", file.name)
        ended = await run(command, file.parent, self._bounds)
        if ended.status:
            raise self._failed(ended)
        said: dict[str, Any] = json.loads(ended.out)
        if "fail" in said:
            raise DeckFailed(said["fail"], **said["params"])
        return said

    async def _through_pptx(self, program: str, source: Path) -> dict[str, Any]:
        """Old and foreign formats tell their notes in the one that can be read; without them the pages are enough."""
        try:
            return await self._outline(await self._drawn(program, source, "pptx"))
        except DeckFailed as failed:
            log.warning("a presentation's notes could not be read", extra={"data": {"code": failed.code}})
            return {"slides": []}

    async def _drawn(self, program: str, source: Path, ending: str) -> Path:
        folder = source.parent
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True, exist_ok=True)
        (profile / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        made = folder / f"{ending}-made"
        command = (
            *alone(), program, f"-env:UserInstallation=file://{folder.absolute()}/profile", "--headless", "--norestore",
            "--nologo", "--nodefault", "--nolockcheck", "--convert-to", ending, "--outdir", made.name, source.name,
        )  # fmt: skip
        ended = await run(command, folder, self._bounds)
        file = made / f"{source.stem}.{ending}"
        if ended.status or not file.is_file():
            raise self._failed(ended)
        return file

    def _failed(self, ended: Ended) -> DeckFailed:
        log.warning("reading a presentation failed", extra={"data": {"status": ended.status, "said": ended.said}})
        if ended.late:
            return DeckFailed("deck.office_slow", seconds=self._bounds.seconds)
        return DeckFailed("deck.too_big" if ended.starved else "deck.slides_broken")


def _registry() -> str:
    """No macros, no links to elsewhere, a proxy that leads nowhere."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}"><value>{value}</value></prop></item>\n'
        for path, name, value in PROFILE
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n{items}</oor:items>\n'


def find() -> str | None:
    """Looked for each time: it may be installed while the server runs."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@cache
def alone() -> tuple[str, ...]:
    """What goes before a command so that it has no network: a namespace of its own where the system lets us make one
    (as root, or as anybody where user namespaces are allowed), else nothing: then its proxy leads nowhere."""
    program = shutil.which("unshare")
    for options in (("--net",), ("--user", "--map-current-user", "--net")):
        if program and _works(program, *options):
            return (program, *options)
    return ()


def _works(program: str, *options: str) -> bool:
    null = os.open(os.devnull, os.O_RDWR)
    try:
        files = [(os.POSIX_SPAWN_DUP2, null, end) for end in (0, 1, 2)]
        child = os.posix_spawn(
            program, [program, *options, "true"], {"PATH": os.environ.get("PATH", "")}, file_actions=files
        )
        return os.waitpid(child, 0)[1] == 0
    finally:
        os.close(null)


def _clear(folder: Path) -> None:
    """The profile, and what came between."""
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif left.stem not in ("file", Path(OUTLINE).stem):
            left.unlink(missing_ok=True)


def notes(folder: Path, pages: int) -> list[str]:
    """The speaker's notes of each page, as far as a presentation had any."""
    try:
        said = json.loads((folder / OUTLINE).read_text("utf-8"))
    except FileNotFoundError:
        said = []
    return [slide["notes"] for slide in said] if len(said) == pages else [""] * pages
