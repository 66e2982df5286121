"""People for a demonstration: they come in over HTTP and speak over the live socket, like everybody else."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from mingtang.core.patch import Json, apply


class Refusal(Exception):  # noqa: N818
    """The server said no; the message is the code."""


class Person:
    """Use `async with`. `parts` follows what the server shows; `until` waits for it to be so."""

    def __init__(self, address: str, lesson: str, cookies: httpx.Cookies) -> None:
        self._address = f"{address.replace('http', 'ws', 1)}/live/{lesson}"
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self.parts: Json = {}

    async def __aenter__(self) -> Person:
        self._socket: ClientConnection = await connect(
            self._address, additional_headers={"Cookie": self._cookie}, compression=None, max_size=None
        )
        self._reader = asyncio.create_task(self._read())
        await self.until(lambda parts: bool(parts))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self._socket.close()

    async def do(self, kind: str, /, **data: Any) -> int:
        """The place in the log. Raises Refusal."""
        number = f"cast-{next(self._numbers)}"
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"t": "do", "id": number, "kind": kind, "data": data}))
        said = await answer
        if said["t"] == "no":
            raise Refusal(f"{kind}: {said['code']}")
        return int(said["seq"])

    async def until(self, so: Any, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: so(self.parts))

    async def _read(self) -> None:
        async for text in self._socket:
            self._hear(json.loads(text))
            async with self._changed:
                self._changed.notify_all()

    def _hear(self, frame: Json) -> None:
        match frame["t"]:
            case "hello":
                self.parts = frame["parts"]
            case "patch":
                for part, change in frame["parts"].items():
                    self.parts[part] = apply(self.parts.get(part, {}), change)
            case "ok" | "no" if "id" in frame:
                self._answers.pop(frame["id"]).set_result(frame)


async def teacher(address: str, key: str) -> httpx.AsyncClient:
    """A browser that has opened the private link."""
    browser = httpx.AsyncClient(base_url=address, follow_redirects=True)
    (await browser.get("/teach", params={"key": key})).raise_for_status()
    return browser


async def console(address: str, browser: httpx.AsyncClient, lesson: str) -> Person:
    (await browser.get(f"/teach/{lesson}")).raise_for_status()
    return Person(address, lesson, browser.cookies)


async def student(address: str, code: str, name: str, seat: str) -> Person:
    async with httpx.AsyncClient(base_url=address) as browser:
        joined = (await browser.post(f"/api/lessons/{code}/join", json={"name": name, "seat": seat})).raise_for_status()
        return Person(address, joined.json()["lesson"], browser.cookies)
