"""One key does one thing on a screen, or its owners say when it is theirs; every key has words in both languages."""

from __future__ import annotations

import pytest

from tests.house.tree import short
from tools.generate.keys import SCREENS, keys_of, words

# Esc leaves whatever is open; who is meant is decided by what is open.
SHARED = {"Escape"}


@pytest.mark.parametrize("screen", SCREENS)
def test_no_key_does_two_things_on_one_screen(screen: str) -> None:
    owners: dict[str, dict[str, bool]] = {}
    for key in keys_of(screen):
        for name in key.keys:
            owners.setdefault(name, {})[f"{key.say} in {short(key.file)}"] = key.sometimes
    twice = {name: who for name, who in owners.items() if len(who) > 1 and name not in SHARED}
    assert {name: sorted(who) for name, who in twice.items() if not all(who.values())} == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_says_what_it_does_in_both_languages(screen: str) -> None:
    assert [key.say for key in keys_of(screen) if key.say not in words("en") or key.say not in words("zh")] == []
