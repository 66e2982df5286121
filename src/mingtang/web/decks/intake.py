"""An upload on its way to disk: never more than a piece of it in memory, never more of it than is allowed."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)
from multipart import parse_options_header as options

from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.tokens import new_id

FIELDS, MOST_FIELD, FILES = ("title", "lang", "course", "after"), 2000, ("deck", "file")
NAMELESS = "slides.pdf"
SPARE = 64 * 1024 * 1024  # left on the disk for the logs: a lesson goes on when a deck no longer fits


@dataclass(slots=True)
class Upload:
    """`deck` is the id the file's folder has below uploads; "" when no file came."""

    folder: Path
    fields: dict[str, str] = field(default_factory=dict)
    deck: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def file(self) -> Path:
        return self.folder / self.deck / "file.pdf"

    def discard(self) -> None:
        if self.deck:
            shutil.rmtree(self.folder / self.deck, ignore_errors=True)


async def receive(request: AnyRequest, folder: Path, most_mb: int) -> Upload:
    """Reads `multipart/form-data`. Raises Fault; nothing stays behind when it does."""
    kind, parameters = options(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not parameters.get("boundary"):
        raise Fault(415, "web.wrong_type")
    _check_room(folder, int(request.headers.get("content-length") or 0), most_mb)
    upload = Upload(folder)
    try:
        await _Reader(upload, most_mb).read(request.stream(), parameters["boundary"])
    except (MultipartError, UnicodeError) as error:
        upload.discard()
        raise Fault(400, "bad_shape") from error
    except OSError as error:
        upload.discard()
        raise _disk_fault(error) from error
    except BaseException:
        upload.discard()
        raise
    return upload


def _check_room(folder: Path, length: int, most_mb: int) -> None:
    if length > most_mb * 1_000_000 + 64 * 1024:
        raise Fault(413, "deck.too_large", most=most_mb)
    if shutil.disk_usage(folder).free < length + SPARE:
        raise Fault(507, "deck.disk_full")


def _disk_fault(error: OSError) -> Fault:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Fault(507, "deck.disk_full")
    raise error


class _Reader:
    def __init__(self, upload: Upload, most_mb: int) -> None:
        self._upload, self._most_mb = upload, most_mb
        self._text: bytearray | None = None
        self._field = ""
        self._file: BinaryIO | None = None
        self._sum = hashlib.sha256()

    async def read(self, stream: AsyncIterator[bytes], boundary: str) -> None:
        try:
            with PushMultipartParser(boundary, max_segment_count=16) as parser:
                async for chunk in stream:
                    if chunk:
                        for event in parser.parse(chunk):
                            self._take(event)
        finally:
            if self._file:
                self._file.close()
        self._upload.sha256 = self._sum.hexdigest()

    def _take(self, event: MultipartSegment | bytearray | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._file:
            self._write(bytes(event))
        elif self._text is not None and len(self._text) + len(event) <= MOST_FIELD:
            self._text += event

    def _begin(self, segment: MultipartSegment) -> None:
        self._field, self._text = segment.name, bytearray() if segment.name in FIELDS else None
        if segment.name in FILES and segment.filename and not self._upload.deck:
            self._upload.deck, self._upload.name = new_id(), one_line(segment.filename) or NAMELESS
            self._upload.file.parent.mkdir(mode=0o700)
            self._file = open(self._upload.file, "xb")  # noqa: SIM115 — closed in read()

    def _write(self, data: bytes) -> None:
        self._upload.size += len(data)
        if self._upload.size > self._most_mb * 1_000_000:
            raise Fault(413, "deck.too_large", most=self._most_mb)
        if self._file:
            self._file.write(data)
        self._sum.update(data)

    def _end(self) -> None:
        if self._text is not None:
            self._upload.fields[self._field] = self._text.decode()
        if self._file:
            self._file.close()
            self._file = None


def one_line(text: str, most: int = 120) -> str:
    """A file's name: no folders, no controls, no marks that turn the reading direction."""
    name = text.replace("\\", "/").rpartition("/")[2]
    return " ".join("".join(sign for sign in name if sign.isprintable()).split())[:most].strip()
