"""A shelf that all nodes share through S3-compatible storage: pages are put there when they are drawn, and each node
keeps those that it has been asked for in its own folder. Keys and place come from the usual AWS_… variables."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from mingtang.web.decks.shelf import NAMES, Shelf, is_asset


class BucketShelf(Shelf):
    """What the bucket does not take is not on the shelf: `take` and `put` raise OSError, as a full disk does."""

    def __init__(self, folder: Path, bucket: ObjectStore) -> None:
        super().__init__(folder)
        self._bucket = bucket

    def take(self, drawn: Path) -> str:
        asset = secrets.token_hex(16)
        self._upload(asset, drawn)
        super().put(asset, drawn)
        return asset

    def put(self, asset: str, folder: Path) -> None:
        self._upload(asset, folder)
        super().put(asset, folder)

    def drop(self, asset: str) -> None:
        super().drop(asset)
        if is_asset(asset):
            try:
                obstore.delete(self._bucket, [f"{asset}/{name}" for name in sorted(NAMES)])
            except (BaseError, FileNotFoundError):
                return  # it is not known by any lesson any more

    def read(self, asset: str, name: str) -> bytes | None:
        return super().read(asset, name) or (self._fetch(asset, name) if is_asset(asset) and name in NAMES else None)

    def _fetch(self, asset: str, name: str) -> bytes | None:
        """The page is kept whole or not at all: who looks into the folder finds all of it."""
        try:
            files = {one: bytes(obstore.get(self._bucket, f"{asset}/{one}").bytes()) for one in sorted(NAMES)}
        except (BaseError, FileNotFoundError, OSError):
            return None
        draft = self.folder / f"{asset}.{secrets.token_hex(4)}.new"
        draft.mkdir(mode=0o700)
        for one, data in files.items():
            (draft / one).write_bytes(data)
        try:
            super().put(asset, draft)
        except OSError:  # another request brought it meanwhile
            shutil.rmtree(draft, ignore_errors=True)
        return files[name]

    def _upload(self, asset: str, folder: Path) -> None:
        for file in sorted(folder.iterdir()):
            if file.name in NAMES:
                try:
                    obstore.put(self._bucket, f"{asset}/{file.name}", file.read_bytes())
                except BaseError as error:
                    raise OSError(f"the bucket did not take a page: {type(error).__name__}") from error


def bucket_at(address: str, retries: int = 3) -> ObjectStore:
    """`address` is s3://bucket/path. Nothing is asked of it before the first page."""
    return from_url(address, retry_config={"max_retries": retries})
