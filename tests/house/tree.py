"""The repository as a list of files: what is tracked or would be, never what is ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mingtang"


@cache
def files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return tuple(sorted({ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}))


def having(*suffixes: str, under: Path = ROOT) -> list[Path]:
    return [f for f in files() if f.suffix in suffixes and f.is_relative_to(under)]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def activity_folders() -> list[Path]:
    found = {f.parent for f in having(".py", under=SOURCE / "activities") if f.parent != SOURCE / "activities"}
    return sorted(found)
