"""The pages of a lesson's slides wherever they are kept, for its file: in the folder, or in shared storage."""

from __future__ import annotations

from collections.abc import Iterator

from mingtang.readings.lessonfile.layout import ASSET_FILES, Pictures
from mingtang.settings import Settings
from mingtang.web.decks.shelf import Shelf
from mingtang.web.engines import open_shelf
from mingtang.web.folder import Folder


class ShelfPictures(Pictures):
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def of(self, asset: str) -> Iterator[tuple[str, bytes]]:
        for name in ASSET_FILES:
            data = self._shelf.read(asset, name)
            if data is not None:
                yield name, data


def pictures(settings: Settings, folder: Folder) -> Pictures:
    """Raises Trouble when the storage needs parts that are not installed."""
    return ShelfPictures(open_shelf(settings, folder))
