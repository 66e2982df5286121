"""docs/build/protocol.md and the tests know the same rules by the same numbers."""

from __future__ import annotations

import re

from tests.house.tree import ROOT, having

RULE = re.compile(r"^- \*\*([A-Z]\d)\*\* ", re.MULTILINE)
CITED = re.compile(r"\b([JSDVBT]\d)\b|def test_([jsdvbt]\d)_")


def rules() -> set[str]:
    return set(RULE.findall((ROOT / "docs" / "build" / "protocol.md").read_text(encoding="utf-8")))


def cited() -> set[str]:
    tests = [f for f in having(".py", ".ts") if f.name.startswith("test_") or ".test." in f.name]
    found = (CITED.findall(f.read_text(encoding="utf-8")) for f in tests if "house" not in f.parts)
    return {(one or other).upper() for pairs in found for one, other in pairs}


def test_every_rule_is_cited_by_a_test_that_proves_it() -> None:
    assert rules() - cited() == set()
