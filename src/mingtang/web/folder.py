"""The data folder: who may use it, where things lie in it, and the two secrets that never leave it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingtang.settings import Settings
from mingtang.web.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Folder:
    """`shared` is a folder that all nodes see, where there is one; `pictures` is one for the pictures alone."""

    path: Path
    pictures: str = ""
    shared: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Folder:
        return cls(settings.data, settings.assets, settings.shared)

    @property
    def common(self) -> Path:
        """What any node may be asked for lies below it; what one node works with lies below `path`."""
        return Path(self.shared) if self.shared else self.path

    @property
    def log(self) -> Path:
        return self.path / "lessons.db"

    @property
    def catalog(self) -> Path:
        return self.path / "catalog.db"

    @property
    def uploads(self) -> Path:
        return self.path / "uploads"

    @property
    def imports(self) -> Path:
        """Lesson files on their way in and out."""
        return self.path / "imports"

    @property
    def media(self) -> Path:
        """Recorded voice and picture, one file a track, by lesson."""
        return self.common / "media"

    @property
    def came(self) -> Path:
        """What came with imported lessons besides log and pictures, by lesson."""
        return self.common / "came"

    @property
    def replays(self) -> Path:
        """Journals for replay; they can be made again from the logs."""
        return self.path / "readings" / "replay"

    @property
    def videos(self) -> Path:
        """Videos, and what of them is made so far; they can be made again."""
        return self.common / "readings" / "video"

    @property
    def unswept(self) -> Path:
        """There while bytes of something erased or removed may still be on the disk."""
        return self.path / "unswept"

    @property
    def assets(self) -> Path:
        if self.pictures.startswith("s3://"):  # what a node was asked for, kept near
            return self.path / "assets"
        return Path(self.pictures) if self.pictures else self.common / "assets"

    @property
    def tls(self) -> Path:
        """The own authority for https, and what it has made."""
        return self.path / "tls"

    @property
    def search(self) -> Path:
        return self.path / "search.db"

    @property
    def slides(self) -> Path:
        """The files that plans were given, as they came."""
        return self.common / "slides"

    def prepare(self) -> None:
        """Makes what is missing, for this user alone. Raises Trouble when it cannot be written."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for inner in (self.uploads, self.imports, self.assets, self.slides):
                inner.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path / ".writable", b"")
        except OSError as error:
            raise Trouble("data-unwritable", folder=str(self.path), reason=error.strerror or str(error)) from error

    def secret(self) -> bytes:
        """What cookies are signed with. Deleting the file signs everybody out."""
        return bytes.fromhex(self._kept("secret", lambda: secrets.token_hex(32)))

    def teacher_key(self) -> str:
        """What the private teacher link holds. Deleting the file makes the old link worthless."""
        return self._kept("teacher.key", lambda: secrets.token_urlsafe(18))

    def take_keys(self, secret: str, teacher: str) -> None:
        """Those that all nodes share take the place of this folder's own."""
        for name, value in (("secret", secret), ("teacher.key", teacher)):
            if self._kept(name, str) != value:
                write_whole(self.path / name, value.encode())

    def _kept(self, name: str, make: Any) -> str:
        file = self.path / name
        with contextlib.suppress(FileNotFoundError):
            if text := file.read_text().strip():
                return text
        write_whole(file, make().encode())
        return file.read_text().strip()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One server at a time: the lock goes with the process, however it ends."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            server = self.server() or {}
            where = {"folder": str(self.path), "pid": server.get("pid", "?"), "url": server.get("url", "?")}
            raise Trouble("data-in-use", **where) from error
        try:
            yield
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        try:
            with self.locked():
                return False
        except Trouble:
            return True
        except OSError:
            return False

    def announce(self, url: str, host: str, port: int) -> None:
        """Tells other commands on this computer where the running server is: `url` for people, `host` for programs."""
        told = {"pid": os.getpid(), "url": url, "host": host, "port": port}
        write_whole(self.path / "server.json", json.dumps(told).encode())

    def unannounce(self) -> None:
        with contextlib.suppress(OSError):
            (self.path / "server.json").unlink(missing_ok=True)

    def server(self) -> dict[str, Any] | None:
        try:
            found = json.loads((self.path / "server.json").read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None


def write_whole(file: Path, data: bytes) -> None:
    """The old content or the new, never half of it, also after a power cut."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(draft, file)
    sync_folder(file.parent)


def move_whole(source: Path, place: Path) -> None:
    """A file or folder, already synced, to its place at once, also to another disk: there under another name first."""
    try:
        os.rename(source, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}.new")
        try:
            _copy(source, draft)
            os.rename(draft, place)
        except BaseException:
            _remove(draft)
            raise
        _remove(source)
    sync_folder(place.parent)


def _copy(source: Path, draft: Path) -> None:
    if source.is_dir():
        draft.mkdir(mode=0o700)
        for inner in source.iterdir():
            _copy(inner, draft / inner.name)
        return sync_folder(draft)
    with source.open("rb") as read, draft.open("xb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
