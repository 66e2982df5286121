"""Whose pages a deck's are, and who is told of each: a lesson that waits for them, or a plan."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from mingtang.catalog.book import Catalog
from mingtang.core.event import Refused
from mingtang.live.hall import Hall
from mingtang.web.commands import command
from mingtang.web.decks.process import DeckFailed
from mingtang.web.folder import move_whole

PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
Sleep = Callable[[float], Any]


class Owner(Protocol):
    """`finish` comes last and once: what was uploaded may go then."""

    @property
    def lesson(self) -> str: ...

    async def page(self, deck: str, page: dict[str, Any], asset: str) -> None: ...

    async def failed(self, deck: str, failed: DeckFailed) -> None: ...

    async def finish(self, deck: str, status: str, failed: DeckFailed) -> None: ...


class LessonOwner:
    """Each page that is drawn becomes a fact of the lesson."""

    def __init__(self, hall: Hall, catalog: Catalog, uploads: Path, lesson: str, sleep: Sleep = asyncio.sleep) -> None:
        self._hall, self._catalog, self._uploads, self._sleep = hall, catalog, uploads, sleep
        self.lesson = lesson

    async def begin(self, deck: str, name: str, pages: int) -> None:
        await self._submit("slides.begin_deck", deck=deck, name=name, pages=pages)

    async def page(self, deck: str, page: dict[str, Any], asset: str) -> None:
        number = int(page["page"])
        await self._catalog.add_page(deck, number, asset)
        fields = {key: page[key] for key in ("width", "height", "title")}
        notes = page.get("notes", "")
        await self._submit("slides.add_page", deck=deck, page=number, asset=asset, notes=notes, **fields)

    async def failed(self, deck: str, failed: DeckFailed) -> None:
        with contextlib.suppress(Refused):  # the lesson may have ended, or its log be unwritable: then nobody is told
            await self._submit("slides.fail_deck", deck=deck, code=failed.code, params=failed.params)

    async def finish(self, deck: str, status: str, failed: DeckFailed) -> None:
        await self._catalog.finish_deck(deck, status, failed.code)
        shutil.rmtree(self._uploads / deck, ignore_errors=True)

    async def _submit(self, kind: str, **fields: Any) -> None:
        """A full disk may become free again: the deck waits for that rather than losing a page."""
        wish = command(self._hall.kinds, kind, **fields)
        for pause in (*PATIENCE, None):
            try:
                await self._hall.submit(self.lesson, wish)
                return
            except Refused as refused:
                if refused.code != "store_failed" or pause is None:
                    raise
                await self._sleep(pause)


class PlanOwner:
    """Pages are rows of the catalog; the file itself is kept, for a plan is a folder."""

    lesson = ""

    def __init__(self, catalog: Catalog, uploads: Path, files: Path) -> None:
        self._catalog, self._uploads, self._files = catalog, uploads, files

    async def page(self, deck: str, page: dict[str, Any], asset: str) -> None:
        width, height = int(page["width"]), int(page["height"])
        await self._catalog.plans.add_page(deck, int(page["page"]), asset, width, height, page["title"])

    async def failed(self, deck: str, failed: DeckFailed) -> None:
        """It is told where the plan is looked at."""

    async def finish(self, deck: str, status: str, failed: DeckFailed) -> None:
        await asyncio.to_thread(self._keep, deck)
        await self._catalog.plans.finish_deck(deck, status, failed.code, json.dumps(failed.params))

    def _keep(self, deck: str) -> None:
        """From among the uploads, which are cleared, to its place; a second time changes nothing."""
        folder = self._uploads / deck
        for file in sorted(folder.glob("file.*")):
            (self._files / deck).mkdir(mode=0o700, exist_ok=True)
            move_whole(file, self._files / deck / file.name)
        shutil.rmtree(folder, ignore_errors=True)
