"""The engines that a node stands on, as settings name them: where logs and catalog lie, how nodes hear of one another.
Without settings all of it is in the data folder, and there is one node."""

from __future__ import annotations

from pathlib import Path

from mingtang.buses import Bus
from mingtang.buses.local import Air
from mingtang.catalog.book import Catalog
from mingtang.catalog.schema import NewerCatalog
from mingtang.live.others import Others
from mingtang.settings import Settings
from mingtang.stores import Store, StoreFailed
from mingtang.web.decks.shelf import Shelf
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def log_address(settings: Settings, folder: Folder) -> str:
    """What stores.reading.open_reader takes."""
    return settings.store or str(folder.log)


async def open_store(settings: Settings, folder: Folder) -> Store:
    """Raises Trouble."""
    try:
        if settings.store:
            from mingtang.stores.postgres import PostgresStore

            return await PostgresStore.open(settings.store)
        from mingtang.stores.sqlite import SqliteStore

        return await SqliteStore.open(folder.log)
    except ImportError as missing:
        raise Trouble("no-nodes") from missing
    except StoreFailed as error:
        raise Trouble("log-unusable", reason=str(error)) from error


def open_catalog(settings: Settings, folder: Folder) -> Catalog:
    """Raises Trouble."""
    from sqlalchemy.exc import OperationalError

    try:
        return Catalog(settings.store or folder.catalog)
    except NewerCatalog as newer:
        raise Trouble("catalog-newer", file="PostgreSQL" if settings.store else str(folder.catalog)) from newer
    except OperationalError as error:
        raise Trouble("log-unusable", reason=" ".join(str(error.orig).split())) from error


def open_others(settings: Settings, workers: Path | None) -> Others | None:
    """None for a node that is alone. `workers` is the socket on which the workers of this machine speak."""
    if settings.bus:
        return Others(_nats(settings.bus), media=_nats(settings.bus))
    if workers is not None:
        from mingtang.buses.unix import UnixBus

        return Others(UnixBus(workers), media=UnixBus(workers))
    if settings.store:
        silence = Air().bus()
        silence.up = False
        return Others(silence, configured=False)
    return None


def open_shelf(settings: Settings, folder: Folder) -> Shelf:
    """Raises Trouble."""
    if not settings.assets.startswith("s3://"):
        return Shelf(folder.assets)
    try:
        from mingtang.web.decks.bucket import BucketShelf, bucket_at
    except ImportError as missing:
        raise Trouble("no-nodes") from missing
    return BucketShelf(folder.assets, bucket_at(settings.assets))


def media_folder(settings: Settings, folder: Folder) -> Path:
    """Where recorded tracks lie."""
    return Path(settings.media) if settings.media else folder.media


def _nats(address: str) -> Bus:
    try:
        from mingtang.buses.nats import NatsBus
    except ImportError as missing:
        raise Trouble("no-nodes") from missing
    return NatsBus(address)


async def shared_keys(settings: Settings, folder: Folder, catalog: Catalog) -> tuple[bytes, str]:
    """What cookies are signed with and what the teacher's link holds. Nodes on one PostgreSQL share those of the first,
    and keep them in their folders as their own."""
    secret, teacher = folder.secret().hex(), folder.teacher_key()
    if settings.store:
        secret, teacher = await catalog.shared.key("secret", secret), await catalog.shared.key("teacher", teacher)
        folder.take_keys(secret, teacher)
    return bytes.fromhex(secret), teacher
