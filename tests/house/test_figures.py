"""Tables of the bench stand in the page of figures with date and machine, those of the last run alone."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest

from bench import machine


def test_tables_are_written_in_place_of_those_of_the_run_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "figures.md"
    page.write_text("# Figures\n\nBy hand.\n", encoding="utf-8")
    for value in ("1 ms", "2 ms"):
        monkeypatch.setattr(machine, "_told", [])
        machine.table("A turn", ["", "measured"], [["p99", value]])
        machine.keep("A short run", page=page)
        machine.keep("A whole run", ["the storm failed"] if value == "2 ms" else [], page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Figures\n\nBy hand.\n\n")
    assert (text.count("## A short run"), text.count("## A whole run")) == (1, 1)
    assert text.count("| p99 | 2 ms |") == 2
    assert "1 ms" not in text
    assert machine.about() in text
    assert text.count("the storm failed") == 1, "a table that is missing is named"


@pytest.mark.slow
def test_a_table_that_cannot_be_made_is_named_and_the_others_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench import __main__ as whole

    made: list[object] = []
    steps = [lambda: made.append(1), partial(exec, "raise SystemExit('no gcc')"), lambda: made.append(2)]
    monkeypatch.setattr(whole, "QUICK", steps)
    monkeypatch.setattr(whole.subprocess, "run", lambda *given, **named: subprocess.CompletedProcess([], 0))
    named: list[str] = []
    monkeypatch.setattr(whole, "keep", lambda title, missing: named.extend(missing))
    assert whole.main(quick=True, write=True) == 1
    assert made == [1, 2]
    assert set(named) == {"builtins.exec failed after 0 s: SystemExit: no gcc"}
