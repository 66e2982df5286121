"""Writes the decks as files: python -m tools.decks FOLDER [NAME ...]."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.decks import DECKS


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tools.decks", description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("name", nargs="*", choices=[[], *DECKS], default=[])
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in given.name or DECKS:
        file = given.folder / f"{name}.{DECKS[name].ending}"
        file.write_bytes(DECKS[name].make())
        print(file)


if __name__ == "__main__":
    main()
