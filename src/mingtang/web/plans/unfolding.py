"""The program that opens a plan's folder as a zip: run confined, with the zip's name, in the folder where it lies.

Everything in it is written flat below `in/` by number; which name each had is said as one line of JSON."""

from __future__ import annotations

import json
import stat
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

MOST_ENTRIES = 1000
PIECE = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")
UTF8_NAME, ENCRYPTED = 0x800, 0x1


class Fail(Exception):  # noqa: N818
    """The folder cannot be taken; the code is a message key."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main() -> None:
    try:
        said: dict[str, Any] = {"files": unfold(Path(sys.argv[1]), int(sys.argv[2]) * 1_000_000)}
    except Fail as fail:
        said = {"fail": fail.code, "params": fail.params}
    except BROKEN:
        said = {"fail": "plan.folder_broken", "params": {}}
    sys.stdout.write(json.dumps(said))


def unfold(file: Path, most: int) -> list[str]:
    """The files' names, in the order of their numbers."""
    into = file.parent / "in"
    into.mkdir()
    with zipfile.ZipFile(file) as folder:
        infos = [info for info in folder.infolist() if _is_ours(info)]
        if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > most:
            raise Fail("plan.folder_large", most=most // 1_000_000)
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise Fail("plan.folder_locked")
        for number, info in enumerate(infos):
            with folder.open(info) as packed, (into / str(number)).open("xb") as out:
                _copy(packed, out, info.file_size)
    return [_name(info) for info in infos]


def _is_ours(info: zipfile.ZipInfo) -> bool:
    """Plain files only; what systems leave in folders is no part of a plan."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = _name(info).split("/")
    hidden = any(part in LITTER or (part.startswith(".") and part.strip(".")) for part in parts)
    return not info.is_dir() and kind in (0, stat.S_IFREG) and not hidden


def _copy(packed: Any, out: Any, size: int) -> None:
    """Never more than was announced."""
    left = size
    while piece := packed.read(min(PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            raise Fail("plan.folder_broken")
        out.write(piece)


def _name(info: zipfile.ZipInfo) -> str:
    """Older programs write names in the code of their country without saying so."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return name.replace("\\", "/")


if __name__ == "__main__":
    main()
