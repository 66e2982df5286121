"""A picture as a deck of one page: a PDF is put in its place, by this module run as a confined program."""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from mingtang.web.confined import Bounds, run
from mingtang.web.decks.process import DeckFailed, Limits

HEADS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}
FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 100_000_000
SIDE = 3200  # no wall shows more
POINTS = 960.0


def kind_of(file: Path) -> str:
    """By its first bytes; "" for what is no picture."""
    with file.open("rb") as stream:
        head = stream.read(12)
    return next((kind for start, kind in HEADS.items() if head.startswith(start)), "")


async def convert_picture(file: Path, limits: Limits) -> None:
    """Raises DeckFailed; the folder is the caller's to clear."""
    command = (sys.executable, "-P", "-m", "mingtang.web.decks.picture", file.name)
    ended = await run(command, file.parent, Bounds(limits.memory_mb, limits.page_seconds))
    if ended.status:
        code = "deck.too_slow" if ended.late else "deck.too_big" if ended.starved else "deck.bad_picture"
        raise DeckFailed(code)
    said = json.loads(ended.out)
    if "fail" in said:
        raise DeckFailed(said["fail"])


def main() -> None:
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    said: dict[str, Any] = {}
    try:
        convert(Path(sys.argv[1]))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        said = {"fail": "deck.too_big"}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        said = {"fail": "deck.bad_picture"}
    sys.stdout.write(json.dumps(said))


def convert(file: Path) -> None:
    """The picture stays beside the PDF, as file.png, .jpg or .webp."""
    source = file.with_suffix(f".{kind_of(file)}")
    os.rename(file, source)
    with Image.open(source, formats=FORMATS) as opened:
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((SIDE, SIDE))
        if picture.mode in ("RGBA", "LA", "P", "PA"):
            clear = picture.convert("RGBA")
            sheet = Image.new("RGB", clear.size, "white")
            sheet.paste(clear, mask=clear.getchannel("A"))
            picture = sheet
        picture.convert("RGB").save(file, "PDF", resolution=72.0 * picture.width / POINTS, quality=90)


if __name__ == "__main__":
    main()
