"""All that this server holds, opened and closed in order. Handlers get it as their one dependency."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mingtang.activities import kinds
from mingtang.catalog.book import Catalog
from mingtang.live.hall import Hall
from mingtang.settings import Settings
from mingtang.stores import Telling
from mingtang.stores.media.reels import Reels
from mingtang.web import engines
from mingtang.web.decks.reading import Reading
from mingtang.web.decks.shelf import Shelf
from mingtang.web.folder import Folder
from mingtang.web.keeping.keeper import Keeper
from mingtang.web.keeping.remains import Remains
from mingtang.web.keeping.retention import Retention
from mingtang.web.keeping.taking import Taking
from mingtang.web.librarian import Librarian
from mingtang.web.limits import Limit
from mingtang.web.media.recorder import Recorder
from mingtang.web.media.seeking import objects_between
from mingtang.web.questions.history import Histories
from mingtang.web.reader import Reader
from mingtang.web.tls.ways import Secure
from mingtang.web.tokens import Seals
from mingtang.web.trouble import Trouble
from mingtang.web.video.studio import Studio


@dataclass
class Node:
    """`address` is what people on this network type: http://192.0.2.7:8123. `closing` is set when the end begins."""

    settings: Settings
    folder: Folder
    address: str
    secure: Secure | None
    hall: Hall
    catalog: Catalog
    seals: Seals
    shelf: Shelf
    reels: Reels
    recorder: Recorder
    reading: Reading
    reader: Reader
    taking: Taking
    librarian: Librarian
    histories: Histories
    remains: Remains
    retention: Retention
    keeper: Keeper
    studio: Studio
    wrong_codes: Limit
    joins: Limit
    changes: Limit
    walls: Limit
    notebooks: Limit
    searches: Limit
    closing: asyncio.Event = field(default_factory=asyncio.Event)


class Place(NamedTuple):
    """Where a node stands among the workers of one machine, of which number 0 sees to what is to be done once. `bus` is
    the socket on which they speak; `fresh` is False for one that takes a dead worker's place."""

    number: int = 0
    bus: Path | None = None
    fresh: bool = True


ALONE = Place()


@contextlib.asynccontextmanager
async def open_node(
    settings: Settings, folder: Folder, address: str, place: Place = ALONE, secure: Secure | None = None
) -> AsyncIterator[Node]:
    """The folder is prepared and locked by the caller. Raises Trouble when its files cannot be used."""
    store = await engines.open_store(settings, folder)
    try:
        catalog = engines.open_catalog(settings, folder)
    except Trouble:
        await store.close()
        raise
    others = engines.open_others(settings, place.bus)
    hall = Hall(kinds(), store, others=others)
    if isinstance(store, Telling):
        store.listen(hall.grown)
    shelf = engines.open_shelf(settings, folder)
    reading = Reading(settings, folder.uploads, hall, catalog, shelf, files=folder.slides, worker=place.number)
    reader = Reader(engines.log_address(settings, folder))
    librarian = Librarian(reader, catalog, folder, shelf)
    remains = Remains(folder, store, catalog, reader, librarian, others)
    reels = Reels(engines.media_folder(settings, folder))
    recorder = Recorder(hall, reels, settings.media_mb)
    hall.media.opened.append(recorder.begin)
    hall.media.seek = partial(objects_between, reels)
    retention = Retention(settings, hall, catalog, shelf, reader, remains, recorder)
    node = Node(
        settings=settings,
        folder=folder,
        address=settings.public_url or address,
        secure=secure,
        hall=hall,
        catalog=catalog,
        seals=Seals(*await engines.shared_keys(settings, folder, catalog)),
        shelf=shelf,
        reels=reels,
        recorder=recorder,
        reading=reading,
        reader=reader,
        taking=Taking(folder, store, catalog, shelf, reels),
        librarian=librarian,
        histories=Histories(reader, catalog),
        remains=remains,
        retention=retention,
        keeper=Keeper(folder, hall, retention, remains, settings.readings_days),
        studio=Studio(folder.videos, shelf),
        wrong_codes=Limit(settings.wrong_codes),
        joins=Limit(settings.joins),
        changes=Limit(60),
        walls=Limit(30),
        notebooks=Limit(60),
        searches=Limit(1200),
    )
    remains.also.append(node.studio.forget)
    try:
        if place.number == 0 or not place.fresh:
            await reading.resume(all_workers=place.fresh)
        if place.number == 0:
            if place.fresh:
                await node.taking.resume()
            node.librarian.begin()
            node.keeper.begin()
        yield node
    finally:
        node.closing.set()
        await reading.close()
        await node.studio.close()
        await recorder.close()
        await node.keeper.close()
        await node.librarian.close()
        await node.histories.close()
        await node.reader.close()
        await hall.close()
        if others is not None:
            await others.close()
        await store.close()
        await catalog.close()
