"""Built files from the bundle's folder, held in memory with their gzip form. Hashed names may be kept for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from litestar import Response

from mingtang.web.errors import AnyRequest, Fault

TYPES = {  # the framework adds the charset to texts
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
SQUEEZED = frozenset({".html", ".js", ".css", ".json", ".svg", ".txt", ".webmanifest"})
HASHED = "assets/"
FOR_EVER = "public, max-age=31536000, immutable"


class File(NamedTuple):
    changed: int
    data: bytes
    squeezed: bytes | None
    etag: str


class Bundle:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._files: dict[str, File] = {}

    def find(self, name: str) -> File | None:
        """Read again when it has changed, so that a rebuilt bundle needs no restart. One file is held once, however
        its name is spelt: `a/./b` and `a//b` are `a/b`."""
        path = Path(name)
        if not path.parts or "\0" in name or path.is_absolute() or any(part.startswith(".") for part in path.parts):
            return None
        place, key = self._folder / path, path.as_posix()
        try:
            changed = place.stat().st_mtime_ns
            held = self._files.get(key)
            if held is None or held.changed != changed:
                held = self._files[key] = _read(place, changed)
        except OSError:
            self._files.pop(key, None)
            return None
        return held

    def send(self, request: AnyRequest, name: str, more: Mapping[str, str] | None = None) -> Response[bytes]:
        """`more`: headers of its own. They are part of what a browser keeps, so they have a tag of their own."""
        file = self.find(name)
        if file is None:
            raise Fault(404, "web.not_found")
        keep = FOR_EVER if name.startswith(HASHED) else "no-cache"
        etag = f'{file.etag[:-1]}-{_mark(more)}"' if more else file.etag
        headers = {"Cache-Control": keep, "ETag": etag, "Vary": "Accept-Encoding", **(more or {})}
        if etag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=headers)
        data = file.data
        if file.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            data, headers["Content-Encoding"] = file.squeezed, "gzip"
        return Response(data, media_type=TYPES.get(Path(name).suffix, "application/octet-stream"), headers=headers)


def _mark(headers: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(headers.items())).encode()).hexdigest()[:8]


def _read(place: Path, changed: int) -> File:
    data = place.read_bytes()
    squeezed = gzip.compress(data, 9, mtime=0) if place.suffix in SQUEEZED and len(data) > 500 else None
    return File(changed, data, squeezed, f'"{hashlib.sha256(data).hexdigest()[:20]}"')
