"""The worker process seen from the server: started, listened to line by line, and ended when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingtang.settings import Settings

log = logging.getLogger(__name__)
OUT_OF_MEMORY = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL})  # how PDFium ends when it gets none
OUT_OF_TIME = frozenset({signal.SIGXCPU, signal.SIGKILL})
SOURCES = Path(__file__).parents[3]


class DeckFailed(Exception):  # noqa: N818
    """A deck.* code and its params."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Limits:
    pages: int
    memory_mb: int
    seconds: int
    page_seconds: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(settings.max_pages, settings.deck_memory_mb, settings.deck_seconds, settings.page_seconds)


class Process:
    """`command` is what is run; tests put something else there."""

    command: tuple[str, ...] = (sys.executable, "-P", "-m", "mingtang.web.decks.worker")

    def __init__(self, folder: Path, limits: Limits, blank_note: str, first: int = 1) -> None:
        self._folder, self._limits = folder, limits
        self._job = {
            "file": str((folder / "file.pdf").absolute()),
            "outline": str((folder / "outline.json").absolute()),
            "first": first,
            "most_pages": limits.pages,
            "memory_mb": limits.memory_mb,
            "seconds": limits.seconds,
            "blank_note": blank_note,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._until = 0.0

    async def start(self) -> int:
        """The number of pages. Raises DeckFailed."""
        self._until = asyncio.get_running_loop().time() + self._limits.seconds
        self._process = await asyncio.create_subprocess_exec(
            *self.command,
            json.dumps(self._job),
            cwd=self._folder,
            env={"PYTHONPATH": str(SOURCES), "PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        line = await self._line()
        if line is None:
            raise await self._end()
        return int(line["pages"])

    async def pages(self) -> AsyncIterator[dict[str, Any]]:
        """One line a page, as it is drawn. Raises DeckFailed after the last that could be."""
        while (line := await self._line()) is not None:
            yield line
        if (failed := await self._end()).code:
            raise failed

    async def _line(self) -> dict[str, Any] | None:
        assert self._process is not None
        assert self._process.stdout is not None
        left = self._until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, min(left, self._limits.page_seconds))):
                text = await self._process.stdout.readline()
            line: dict[str, Any] = json.loads(text) if text else {}
        except TimeoutError:
            self.kill()
            raise DeckFailed("deck.too_slow") from None
        except ValueError:
            self.kill()
            raise DeckFailed("deck.broken") from None
        if "fail" in line:
            raise DeckFailed(line["fail"], **line["params"])
        return line or None

    async def _end(self) -> DeckFailed:
        """Why the process ended; a code of "" when all is well."""
        assert self._process is not None
        assert self._process.stderr is not None
        said = (await self._process.stderr.read()).decode(errors="replace")
        status = await self._process.wait()
        if status == 0:
            return DeckFailed("")
        log.warning("the deck worker ended", extra={"data": {"status": status, "said": said[-2000:]}})
        if -status in OUT_OF_TIME:
            return DeckFailed("deck.too_slow")
        return DeckFailed("deck.too_big" if -status in OUT_OF_MEMORY or "MemoryError" in said else "deck.broken")

    def kill(self) -> None:
        """It leads a session of its own: whatever it started ends with it."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        if self._process is not None:
            self.kill()
            await self._process.wait()
