"""Words in pictures: a typeface that the machine has, and lines that fit."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont
USUAL = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:2",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc:0",
    "/System/Library/Fonts/PingFang.ttc:0",
    "/System/Library/Fonts/STHeiti Light.ttc:0",
)
PLAIN = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:0",)
WIDE = "\u2e80"  # from here on signs are broken anywhere


@lru_cache(maxsize=1)
def typeface() -> tuple[str, int]:
    """File and number of a typeface with Chinese signs, else of any; "" for none."""
    for known in (*USUAL, *_listed(":lang=zh-cn"), *PLAIN, *_listed("")):
        file, _, number = known.rpartition(":")
        if Path(file).is_file():
            return file, int(number)
    return "", 0


def _listed(pattern: str) -> Iterator[str]:
    command = ["fc-list", "--format", "%{file}:%{index}\n", pattern or ":scalable=true"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
        yield from sorted(ended.stdout.splitlines())
    except (OSError, subprocess.TimeoutExpired):
        return


@lru_cache(maxsize=64)
def face(size: int) -> Face:
    file, number = typeface()
    try:
        return ImageFont.truetype(file, size, number & 0xFFFF) if file else ImageFont.load_default(size)
    except OSError:
        return ImageFont.load_default(size)


def lines(text: str, size: int, width: int, most: int = 12) -> list[str]:
    """Broken to fit `width` pixels; what is over `most` lines ends in an ellipsis."""
    made = [line for part in text.splitlines() for line in _broken(part, face(size), width)]
    return made if len(made) <= most else [*made[: most - 1], made[most - 1].rstrip()[:-1] + "…"]


def _broken(text: str, letters: Face, width: int) -> Iterator[str]:
    line = ""
    for word in _words(text):
        if line and letters.getlength(line + word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    word = ""
    for sign in text:
        word += sign
        if sign == " " or sign >= WIDE or len(word) > 40:
            yield word
            word = ""
    if word:
        yield word
