"""What a lesson costs as a file, out and in, as the commands do it; and a backup of the folder it lies in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.machine import ROOT


def rows(data: Path, lesson: str) -> list[list[str]]:
    file, other, saved = data.parent / "bench.mingtang", data.parent / "other", data.parent / "bench.zip"
    out = _took(data, "export", lesson, str(file))
    size = file.stat().st_size // 1024
    back = _took(other, "import", str(file))
    same = _said(data, "digest", lesson, "--at", _last(data, lesson)) == _said(
        other, "digest", lesson, "--at", _last(data, lesson)
    )
    kept = _took(data, "backup", str(saved))
    for left in (file, saved):
        left.unlink()
    shutil.rmtree(other)
    return [
        [f"export of the lesson into one file ({size} KB)", f"{out:.2f} s", "10 s"],
        [
            "import of it into another folder, all checks",
            f"{back:.2f} s",
            "digests equal" if same else "DIGESTS DIFFER",
        ],
        ["backup of the data folder", f"{kept:.2f} s", ""],
    ]


def _took(data: Path, *arguments: str) -> float:
    began = time.monotonic()
    _said(data, *arguments)
    return time.monotonic() - began


def _said(data: Path, *arguments: str) -> str:
    """On one core, a whole program with its start."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MINGTANG_DATA": str(data), "LANG": "C.UTF-8"}
    command = ["taskset", "-c", "0", sys.executable, "-m", "mingtang", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def _last(data: Path, lesson: str) -> str:
    from mingtang.web.keeping.backup import heads

    return str(heads(data / "lessons.db")[lesson])
