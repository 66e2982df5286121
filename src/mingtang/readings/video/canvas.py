"""The picture of a video as encoders take it: three planes, on which pictures are laid side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

import av
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from PIL import Image

WIDTH, HEIGHT = 1280, 720
COLUMN = 256  # beside the board, for who speaks
DARK = (32, 127, 129)  # drawing.HALL


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int


WHOLE = Box(0, 0, WIDTH, HEIGHT)
BOARD = Box(0, 0, WIDTH - COLUMN, HEIGHT)
TOP = (HEIGHT - BOARD.width * 9 // 16) // 2  # where a broad page begins, and the speaker beside it
SPEAKER = Box(BOARD.width, TOP, COLUMN, COLUMN * 9 // 16)
SECOND = Box(BOARD.width, TOP + SPEAKER.height + 8, COLUMN, COLUMN * 9 // 16)


class Canvas:
    def __init__(self) -> None:
        self._planes = [bytearray([DARK[0]]) * (WIDTH * HEIGHT)]
        self._planes += [bytearray([value]) * (WIDTH * HEIGHT // 4) for value in DARK[1:]]

    def clear(self, box: Box) -> None:
        for number, value in enumerate(DARK):
            x, y, width, height = _halved(box) if number else box
            row, across = bytes([value]) * width, _across(number)
            for line in range(y, y + height):
                self._planes[number][line * across + x : line * across + x + width] = row

    def lay_image(self, image: Image.Image, box: Box) -> None:
        """A drawn picture that has the size of the box."""
        frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
        self._lay(frame, box, box)

    def lay_frame(self, frame: Any, box: Box) -> None:
        """A decoded picture, whole and as large as the box allows."""
        scale = min(box.width / frame.width, box.height / frame.height)
        width, height = max(2, int(frame.width * scale) // 2 * 2), max(2, int(frame.height * scale) // 2 * 2)
        x, y = box.x + (box.width - width) // 4 * 2, box.y + (box.height - height) // 4 * 2
        self._lay(frame, Box(x, y, width, height), box)

    def _lay(self, frame: Any, place: Box, box: Box) -> None:
        if place != box:
            self.clear(box)
        made = frame.reformat(
            place.width, place.height, "yuv420p", dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG, interpolation=Interpolation.BILINEAR,
        )  # fmt: skip
        for number, plane in enumerate(made.planes):
            x, y, width, height = _halved(place) if number else place
            across, stride, data = _across(number), plane.line_size, memoryview(plane)
            target = self._planes[number]
            for line in range(height):
                start = (y + line) * across + x
                target[start : start + width] = data[line * stride : line * stride + width]

    def frame(self) -> Any:
        """As it is now."""
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for number, plane in enumerate(frame.planes):
            across, data = _across(number), self._planes[number]
            if plane.line_size == across:
                plane.update(bytes(data))
            else:
                pad = bytes(plane.line_size - across)
                plane.update(b"".join(data[at : at + across] + pad for at in range(0, len(data), across)))
        return frame


def _across(number: int) -> int:
    return WIDTH // 2 if number else WIDTH


def _halved(box: Box) -> Box:
    return Box(box.x // 2, box.y // 2, box.width // 2, box.height // 2)
