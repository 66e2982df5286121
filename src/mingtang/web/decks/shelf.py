"""Finished pages on disk. An asset's name cannot be guessed: whoever knows it may see the page."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
from collections import OrderedDict
from pathlib import Path

from mingtang.web.folder import move_whole, sync_folder

NAMES = frozenset({"640.webp", "1600.webp", "text.json"})
MOST_BYTES = 64 * 1024 * 1024  # a slide turned is fetched by the whole room at once
is_asset = re.compile("[0-9a-f]{32}").fullmatch


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    def take(self, drawn: Path) -> str:
        """Moves a folder with a page's files, already synced, to its place; returns the asset's name."""
        asset = secrets.token_hex(16)
        place = self.folder / asset[:2] / asset
        place.parent.mkdir(mode=0o700, exist_ok=True)
        sync_folder(drawn)
        move_whole(drawn, place)
        return asset

    def put(self, asset: str, folder: Path) -> None:
        """A page that has its name already, from another server."""
        place = self.folder / asset[:2] / asset
        place.parent.mkdir(mode=0o700, exist_ok=True)
        for file in folder.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())
        sync_folder(folder)
        move_whole(folder, place)

    def drop(self, asset: str) -> None:
        """Takes a page away for good."""
        if is_asset(asset):
            shutil.rmtree(self.folder / asset[:2] / asset, ignore_errors=True)
            for name in NAMES:
                self._bytes -= len(self._held.pop((asset, name), b""))

    def held(self, asset: str, name: str) -> bytes | None:
        """What was read lately, without touching the disk."""
        data = self._held.get((asset, name))
        if data is not None:
            self._held.move_to_end((asset, name))
        return data

    def read(self, asset: str, name: str) -> bytes | None:
        """From disk; None for what there is not."""
        if not is_asset(asset) or name not in NAMES:
            return None
        try:
            return (self.folder / asset[:2] / asset / name).read_bytes()
        except OSError:
            return None

    def hold(self, asset: str, name: str, data: bytes) -> None:
        if (asset, name) in self._held:
            return
        self._held[asset, name] = data
        self._bytes += len(data)
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._held.popitem(last=False)[1])


async def fetched(shelf: Shelf, assets: list[str]) -> bool:
    """Has the writing of these pages brought into the folder where the shelf is elsewhere too; whether any came."""
    return any([await asyncio.to_thread(shelf.read, asset, "text.json") is not None for asset in assets])
