"""Writes every generated text that is not fresh."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tools.generate import wire
from tools.generate.folders import broken_folders

ROOT = Path(__file__).resolve().parents[2]

# By name, so that a module that is being rewritten stops only its own text.
TEXTS = {
    "src/mingtang/browser/wire.gen.ts": "wire.text",
    "src/mingtang/browser/report.gen.ts": "report.text",
    "docs/build/events.md": "events.text",
    "docs/build/api.md": "api.text",
    "docs/run/settings.md": "settings.text",
    "docs/run/commands.md": "commands.text",
    "docs/teach/en/keyboard.md": "keys.english",
    "docs/teach/zh/keyboard.md": "keys.chinese",
} | {f"src/mingtang/activities/{name}/wire.gen.ts": f"wire.folder_text:{name}" for name in wire.showing()}


def make(path: str) -> str:
    """The text that belongs at `path` now."""
    module, _, call = TEXTS[path].partition(".")
    function, *about = call.split(":")
    text: str = getattr(importlib.import_module(f"tools.generate.{module}"), function)(*about)
    return text


def write() -> dict[str, str]:
    """What was done for each path that was not fresh."""
    done = {}
    for path in TEXTS:
        try:
            new = make(path)
        except Exception as error:
            done[path] = f"could not be made: {type(error).__name__}: {error}"
            continue
        if new != _read(ROOT / path):
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(new, encoding="utf-8")
            done[path] = "written"
    return done


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    done = write()
    faults = [f"{path} {said}" for path, said in done.items() if said != "written"]
    faults += [f"the activity {name} was left out: {error}" for name, error in broken_folders().items()]
    print("\n".join(f"{path} {said}" for path, said in done.items() if said == "written") or "nothing to write")
    print("\n".join(faults), file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
