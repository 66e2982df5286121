"""A small writer of PDF pages: lines, boxes, circles and text that can be selected. Not a layout engine.

Latin text is set in the fonts every PDF reader has. Chinese is drawn as small pictures with the same text, unseen, over
them, because a font cannot be put into a PDF without a library for it."""

from __future__ import annotations

import subprocess
import zlib
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Anchor = Literal["start", "middle", "end"]
Weight = Literal["regular", "bold", "code"]
FONTS: dict[Weight, tuple[str, str]] = {
    "regular": ("F1", "Helvetica"),
    "bold": ("F2", "Helvetica-Bold"),
    "code": ("F3", "Courier"),
}
UNSEEN = "F4"
# Advance widths of Helvetica from space to tilde, in thousandths of its size.
WIDTHS = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278
278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722
667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556
556 333 500 278 556 500 722 500 500 500 334 260 334 584
"""
WIDE = [int(width) for width in WIDTHS.split()]


class Sheet:
    """One page, drawn on a canvas of 1600 × 900 whose origin is the upper left corner."""

    width, height, scale = 1600, 900, 0.6

    def __init__(self) -> None:
        self._marks: list[str] = []
        self.pictures: list[Image.Image] = []
        self.photos: list[bytes] = []
        self.signs: list[str] = []

    def content(self) -> bytes:
        turned = f"{self.scale} 0 0 {-self.scale} 0 {self.height * self.scale} cm"
        return "\n".join(["q", turned, *self._marks, "Q"]).encode("cp1252")

    def box(self, x: float, y: float, w: float, h: float, fill: str = "", line: str = "", thick: float = 3) -> None:
        self._mark(f"{x} {y} {w} {h} re", fill, line, thick)

    def circle(self, x: float, y: float, r: float, fill: str = "", line: str = "", thick: float = 3) -> None:
        k = 0.5523 * r
        quarters = (
            f"{x + r} {y + k} {x + k} {y + r} {x} {y + r} c {x - k} {y + r} {x - r} {y + k} {x - r} {y} c "
            f"{x - r} {y - k} {x - k} {y - r} {x} {y - r} c {x + k} {y - r} {x + r} {y - k} {x + r} {y} c"
        )
        self._mark(f"{x + r} {y} m {quarters}", fill, line, thick)

    def line(self, *points: float, color: str = "#22211f", thick: float = 3, dashed: bool = False) -> None:
        pairs = list(zip(points[::2], points[1::2], strict=True))
        path = " ".join(f"{x} {y} {'l' if i else 'm'}" for i, (x, y) in enumerate(pairs))
        dash = "[4 12] 0 d" if dashed else "[] 0 d"
        self._marks.append(f"1 J 1 j {dash} {_rgb(color)} RG {thick} w {path} S [] 0 d")

    def arrow(self, x: float, y: float, to: float) -> None:
        """To the right, as far as `to`."""
        self.line(x, y, to, y, thick=3.5)
        self.line(to - 14, y - 7, to, y, to - 14, y + 7, thick=3.5)

    def text(
        self, x: float, y: float, text: str, size: float, color: str = "#22211f",
        weight: Weight = "regular", anchor: Anchor = "start",
    ) -> None:  # fmt: skip
        """One line whose baseline begins, has its middle or ends at x, y."""
        plain = _plain(text)
        wide = measure(text, size, weight)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        if plain:
            said = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            self._write(FONTS[weight][0], left, y, size, f"({said})", color)
        else:
            self._draw(left, y, text, size, color, weight)
            self._write(UNSEEN, left, y, size, f"<{self._codes(text)}>", color, seen=False)

    def photo(self, x: float, y: float, w: float, h: float, picture: Image.Image) -> None:
        """A picture without transparency, kept as JPEG."""
        file = BytesIO()
        picture.convert("RGB").save(file, "JPEG", quality=82)
        self.photos.append(file.getvalue())
        self._marks.append(f"q {w} 0 0 {-h} {x} {y + h} cm /P{len(self.photos)} Do Q")

    def _write(self, font: str, x: float, y: float, size: float, said: str, color: str, seen: bool = True) -> None:
        mode = 0 if seen else 3
        self._marks.append(f"BT {_rgb(color)} rg /{font} {size} Tf {mode} Tr 1 0 0 -1 {x} {y} Tm {said} Tj ET")

    def _codes(self, text: str) -> str:
        self.signs += [sign for sign in dict.fromkeys(text) if sign not in self.signs]
        return "".join(f"{self.signs.index(sign) + 1:02x}" for sign in text)

    def _draw(self, x: float, y: float, text: str, size: float, color: str, weight: Weight) -> None:
        font = _font(weight, round(size * 2))
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        shape = Image.new("L", (round(right - left) + 4, round(bottom - top) + 4))
        ImageDraw.Draw(shape).text((2 - left, 2 - top), text, fill=255, font=font, anchor="ls")
        ink = Image.new("RGB", shape.size, color)
        ink.putalpha(shape)
        self.pictures.append(ink)
        w, h = shape.width / 2, shape.height / 2
        at = f"{w} 0 0 {-h} {x + left / 2 - 1} {y + top / 2 - 1 + h} cm"
        self._marks.append(f"q {at} /I{len(self.pictures)} Do Q")

    def _mark(self, path: str, fill: str, line: str, thick: float) -> None:
        colors = (f"{_rgb(fill)} rg " if fill else "") + (f"{_rgb(line)} RG {thick} w " if line else "")
        act = {(True, True): "B", (True, False): "f", (False, True): "S"}[bool(fill), bool(line)]
        self._marks.append(f"{colors}{path} {act}")


def measure(text: str, size: float, weight: Weight = "regular") -> float:
    if not _plain(text):
        return float(_font(weight, round(size * 2)).getlength(text)) / 2
    if weight == "code":
        return len(text) * 0.6 * size
    widths = (WIDE[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in text)
    return sum(widths) * size / 1000 * (1.06 if weight == "bold" else 1)


def write(sheets: list[Sheet], title: str) -> bytes:
    """The finished file."""
    file = _File()
    fonts = " ".join(f"/{key} {file.add(_builtin(name))} 0 R" for key, name in FONTS.values())
    pages = [_page(file, sheet, fonts) for sheet in sheets]
    kids = " ".join(f"{p} 0 R" for p in pages)
    tree = file.add(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>")
    for page in pages:
        file.objects[page - 1] = file.objects[page - 1].replace(b"/Parent 0", f"/Parent {tree}".encode())
    info = file.add(f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>")
    return file.finish(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"), info)


class _File:
    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, body: str | bytes) -> int:
        self.objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(self.objects)

    def stream(self, entries: str, data: bytes) -> int:
        packed = zlib.compress(data)
        head = f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def finish(self, root: int, info: int) -> bytes:
        out, places = BytesIO(), []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        for number, body in enumerate(self.objects, 1):
            places.append(out.tell())
            out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
        table = out.tell()
        count = len(self.objects) + 1
        out.write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
        out.write(f"trailer\n<< /Size {count} /Root {root} 0 R /Info {info} 0 R >>\n".encode())
        out.write(f"startxref\n{table}\n%%EOF\n".encode())
        return out.getvalue()


def _page(file: _File, sheet: Sheet, fonts: str) -> int:
    images = " ".join(f"/I{i} {_picture(file, p)} 0 R" for i, p in enumerate(sheet.pictures, 1))
    images += "".join(f" /P{i} {_photo(file, p)} 0 R" for i, p in enumerate(sheet.photos, 1))
    content = file.stream("", sheet.content())
    if sheet.signs:
        fonts += f" /{UNSEEN} {_unseen_font(file, ''.join(sheet.signs))} 0 R"
    size = f"[0 0 {sheet.width * sheet.scale} {sheet.height * sheet.scale}]"
    return file.add(
        f"<< /Type /Page /Parent 0 0 R /MediaBox {size} /Contents {content} 0 R "
        f"/Resources << /Font << {fonts} >> /XObject << {images} >> >> >>"
    )


def _picture(file: _File, picture: Image.Image) -> int:
    size = f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /BitsPerComponent 8"
    mask = file.stream(f"{size} /ColorSpace /DeviceGray", picture.getchannel("A").tobytes())
    return file.stream(f"{size} /ColorSpace /DeviceRGB /SMask {mask} 0 R", picture.convert("RGB").tobytes())


def _photo(file: _File, jpeg: bytes) -> int:
    width, height = Image.open(BytesIO(jpeg)).size
    size = f"/Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    head = f"<< /Type /XObject /Subtype /Image {size} /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    return file.add(head.encode() + jpeg + b"\nendstream")


def _builtin(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"


def _unseen_font(file: _File, signs: str) -> int:
    """The characters of one page, each as wide as it is high and never drawn."""
    blank = file.stream("", b"1000 0 0 -120 1000 880 d1")
    pairs = "\n".join(f"<{code:02x}> <{ord(sign):04x}>" for code, sign in enumerate(signs, 1))
    unicode = file.stream(
        "",
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(signs)} beginbfchar\n{pairs}\nendbfchar endcmap end end".encode(),
    )
    names = "/a " * len(signs)
    return file.add(
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -120 1000 880] /FontMatrix [0.001 0 0 0.001 0 0] "
        f"/CharProcs << /a {blank} 0 R >> /Encoding << /Type /Encoding /Differences [1 {names}] >> "
        f"/FirstChar 1 /LastChar {len(signs)} /Widths [{'1000 ' * len(signs)}] /ToUnicode {unicode} 0 R >>"
    )


def _plain(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _rgb(color: str) -> str:
    return " ".join(f"{int(color[i : i + 2], 16) / 255:.3f}" for i in (1, 3, 5))


@cache
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The system's Chinese sans; fontconfig knows where it is."""
    style = "bold" if weight == "bold" else "regular"
    asked = ["fc-match", "-f", "%{file}\n%{index}", f"Noto Sans CJK SC,sans:lang=zh-cn:weight={style}"]
    file, index = subprocess.run(asked, capture_output=True, check=True, text=True).stdout.split("\n")
    return ImageFont.truetype(file, size, index=int(index))
