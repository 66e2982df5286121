"""Writes every generated text; `--check` only says which are out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tools.generate import api, commands, events, settings, wire
from tools.generate.folders import broken_folders

ROOT = Path(__file__).resolve().parents[2]

TEXTS: dict[str, Callable[[], str]] = {
    "src/mingtang/browser/wire.gen.ts": wire.text,
    "docs/build/events.md": events.text,
    "docs/build/api.md": api.text,
    "docs/run/settings.md": settings.text,
    "docs/run/commands.md": commands.text,
}


def stale() -> list[str]:
    """Paths whose file differs from what the program would write now."""
    return [path for path, make in TEXTS.items() if _read(ROOT / path) != make()]


def write() -> list[str]:
    changed = stale()
    for path in changed:
        (ROOT / path).write_text(TEXTS[path](), encoding="utf-8")
    return changed


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    if "--check" in sys.argv[1:]:
        changed = stale()
        print("\n".join(f"out of date: {path} (run make docs)" for path in changed) or "generated texts are fresh")
        return bool(changed)
    for path in write():
        print("wrote", path)
    for name, error in broken_folders().items():
        print(f"left out the activity {name}: {error}", file=sys.stderr)
    return bool(broken_folders())


if __name__ == "__main__":
    sys.exit(main())
