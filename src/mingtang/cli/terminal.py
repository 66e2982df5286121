"""What the terminal is told: sentences in the person's language, results on stdout, errors on stderr."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from mingtang.web.trouble import Trouble
from mingtang.web.words import catalogue, fill, language_of

HERE = Path(__file__).parent
VIDEO = HERE.parent / "web" / "video"


def language(env: dict[str, str] | None = None) -> str:
    """As settings say, else as the system does."""
    env = dict(os.environ) if env is None else env
    asked = env.get("MINGTANG_LANGUAGE") or env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return language_of(asked)


def text(key: str, **params: Any) -> str:
    """A sentence of the command line's, or of the web's where that has it (deck.*, video.*)."""
    found = (words[key] for words in _catalogues(language()) if key in words)
    return fill(next(found, key), params)


def _catalogues(lang: str) -> tuple[dict[str, str], ...]:
    return catalogue(lang, HERE), catalogue(lang), catalogue(lang, VIDEO)


def out(line: str = "") -> None:
    """A terminal that cannot write Chinese or blocks gets question marks rather than no server."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def complain(trouble: Trouble) -> None:
    encoding = sys.stderr.encoding or "utf-8"
    sentence = f"[{trouble.code}] {text(trouble.code, **trouble.params)}"
    sys.stderr.write(sentence.encode(encoding, "replace").decode(encoding) + "\n")


def can_draw() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
