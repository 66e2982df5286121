"""Bytes to text: what the file declares first, then UTF-8, then what is likely where files come from Windows."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from mingtang.plans.exchange.foreign import BadFile

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
HIGH = re.compile(rb"[\x80-\xff]+")
NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\ufdd0-\ufdef]")
LIKELY = ("cp1252", "big5", "shift_jis", "euc_kr", "cp1251")
SAMPLE = 64 * 1024
PAIRED = 0.9


def decode(data: bytes) -> str:
    """Lines end with \\n afterwards. Raises BadFile for what is no text in any likely encoding."""
    if not data.strip():
        raise BadFile("import.empty")
    text = _decoded(data)
    if NO_TEXT.search(text):
        raise BadFile("import.not_text")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadFile("import.empty")
    return text


def _decoded(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if declared := DECLARED.match(data):
        return _strict(data, _known(declared[1].decode("ascii")))
    for encoding in ("utf-8", _wide(data), _chinese(data)):
        if encoding and (text := _try(data, encoding)) is not None:
            return text
    best = from_bytes(data[:SAMPLE], cp_isolation=list(LIKELY)).best()
    text = _try(data, best.encoding if best else "cp1252")
    if text is None:
        raise BadFile("import.not_text")
    return text


def _strict(data: bytes, encoding: str) -> str:
    text = _try(data, encoding)
    if text is None:
        raise BadFile("import.encoding", encoding=encoding)
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _known(name: str) -> str:
    """What is called GB2312 is nearly always one of its larger successors."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        raise BadFile("import.encoding", encoding=name) from None
    return "gb18030" if found.name in ("gb2312", "gbk") else found.name


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of ASCII is zero."""
    head = data[:SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 8:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _chinese(data: bytes) -> str:
    """Chinese comes in pairs of high bytes, where letters with accents mostly stand alone."""
    runs = [len(run) for run in HIGH.findall(data[:SAMPLE])]
    paired = sum(n for n in runs if n % 2 == 0)
    return "gb18030" if paired >= PAIRED * sum(runs) else ""
