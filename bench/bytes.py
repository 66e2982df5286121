"""What a page loads before the first tap, gzipped, against its limit. `python bench/bytes.py [static folder]`.

A page is its entry with everything it imports, the larger of its two language chunks, and all its style sheets."""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

STATIC = "src/mingtang/web/static"
# What a phone fetches is counted apart; for the others script and style together have one limit.
SCRIPT_KB, STYLE_KB = 60, 15
TOTAL_KB = {
    "wall": 80,
    "teacher": 150,
    "home": 150,
    "report": 100,
    "notebook": 80,
    "search": 50,
    "https": 40,
    "plan": 150,
    "bank": 150,
    "preview": 150,
}
LANGUAGES = ("en", "zh-Hans")
# Words and browser interfaces that only voice and picture use.
OF_MEDIA = re.compile(
    r"""["'`](?:media|groups|captions|send|watch|able)\.\w+["'`]|AudioContext|Audio(?:En|De)coder|getUserMedia"""
)

Manifest = dict[str, dict[str, Any]]


def reached(manifest: Manifest, entry: str) -> set[str]:
    """The entry and its static imports, all the way down."""
    seen, todo = set[str](), [entry]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += manifest[name].get("imports", [])
    return seen


def language_chunks(manifest: Manifest, chunks: set[str]) -> dict[str, set[str]]:
    """By language: only one of them is ever loaded."""
    lazy = {name for chunk in chunks for name in manifest[chunk].get("dynamicImports", [])}
    spoken = {lang: {name for name in lazy if name.endswith(f"/{lang}")} for lang in LANGUAGES}
    return {lang: set().union(*(reached(manifest, name) for name in names)) for lang, names in spoken.items()}


def weigh(static: Path, files: set[str]) -> float:
    return sum(len(gzip.compress((static / file).read_bytes(), 6)) for file in files) / 1024


def files_of(manifest: Manifest, chunks: set[str]) -> tuple[set[str], set[str]]:
    scripts = {manifest[chunk]["file"] for chunk in chunks if manifest[chunk]["file"].endswith(".js")}
    return scripts, {file for chunk in chunks for file in manifest[chunk].get("css", [])}


def page(static: Path, manifest: Manifest, name: str, later: bool = False) -> tuple[float, float]:
    """KB of script and of style, in the heavier language; `later` counts what is fetched at a tap, too."""
    chunks = reached(manifest, f"{name}.html")
    if later:
        lazy = {one for chunk in chunks for one in manifest[chunk].get("dynamicImports", [])}
        chunks |= set().union(*(reached(manifest, one) for one in lazy if not one.endswith(LANGUAGES)))
    weights = []
    for spoken in language_chunks(manifest, chunks).values():
        scripts, styles = files_of(manifest, chunks | spoken)
        weights.append((weigh(static, scripts), weigh(static, styles)))
    return max(weights)


def media_in(static: Path, manifest: Manifest, name: str) -> int:
    """Bytes of voice and picture that a page loads before the first tap."""
    chunks = reached(manifest, f"{name}.html")
    chunks |= set().union(*language_chunks(manifest, chunks).values())
    texts = ((static / file).read_text(encoding="utf-8") for file in files_of(manifest, chunks)[0])
    return sum(len(found) for text in texts for found in OF_MEDIA.findall(text))


def main() -> int:
    static = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MINGTANG_STATIC") or STATIC)
    try:
        manifest: Manifest = json.loads((static / ".vite/manifest.json").read_text(encoding="utf-8"))
    except OSError:
        print(f"bytes: there is no bundle in {static}; build it first (make browser)", file=sys.stderr)
        return 2
    rows = {name: page(static, manifest, name) for name in ("student", *TOTAL_KB)}
    script, style = rows["student"]
    over = script > SCRIPT_KB or style > STYLE_KB
    print(f"{'page':<16}{'script KB':>11}{'style KB':>11}   limit")
    show("student", script, style, f"{SCRIPT_KB} and {STYLE_KB}", over)
    show("  and inside", *page(static, manifest, "student", later=True), "fetched at the first tap", False)
    early = media_in(static, manifest, "student")
    print(f"{'  of media':<16}{early:>8} bytes before it is used{'  OVER' if early else ''}")
    over |= early > 0
    for name, most in TOTAL_KB.items():
        heavy = sum(rows[name]) > most
        show(name, *rows[name], f"{most} together", heavy)
        over |= heavy
    return 1 if over else 0


def show(name: str, script: float, style: float, limit: str, over: bool) -> None:
    print(f"{name:<16}{script:>11.1f}{style:>11.1f}   {limit}{'  OVER' if over else ''}")


if __name__ == "__main__":
    sys.exit(main())
