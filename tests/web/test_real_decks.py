"""Decks as teachers have them go through the real intake: all their pages, in their shape, their words readable."""

from __future__ import annotations

import pytest

from mingtang.web.decks import office
from tools.decks import DECKS

RATIOS = {"algebra": 16 / 9, "tang": 4 / 3, "loops": 16 / 9, "optics": 4 / 3, "mountains": 16 / 9, "review": 16 / 9}
WORDS = {
    "algebra": "det(A − λ I)",
    "tang": "国破山河在",
    "loops": "middle = (low + high) // 2",
    "optics": "折射光线与法线的夹角",
    "mountains": "Two plates, one crash",
    "review": "把位置算出来",
}


def test_the_decks_are_what_lessons_are_taught_on() -> None:
    assert len(DECKS) >= 5
    assert {deck.language for deck in DECKS.values()} == {"en", "zh"}
    assert max(deck.pages for deck in DECKS.values()) == 120
    assert sum(deck.ending == "pptx" and deck.notes > 0 for deck in DECKS.values()) >= 2
    assert {round(ratio, 2) for ratio in RATIOS.values()} == {1.33, 1.78}


@pytest.mark.slow
@pytest.mark.parametrize("name", DECKS)
async def test_a_deck_is_read_whole(teacher, node, name) -> None:
    deck = DECKS[name]
    if deck.ending == "pptx" and not office.find():
        pytest.skip("libreoffice-impress is not installed")
    made = await teacher.post("/api/teach/lessons", files={"deck": (deck.file, deck.make(), "application/x-any")})
    await node.reading.settled()
    found = await node.hall.look(made.json()["id"])
    view = found.view("teacher", "slides")
    assert (view["deck"]["state"], view["deck"]["drawn"]) == ("ready", deck.pages)
    pages = sorted(view["steps"].values(), key=lambda step: step["pos"])
    assert all(page["width"] / page["height"] == pytest.approx(RATIOS[name], abs=0.01) for page in pages)
    assert all(page["title"] for page in pages)
    assert len(found.view("teacher", "slides/notes")["notes"]) == deck.notes
    said = [(await teacher.get(f"/assets/{page['asset']}/text.json")).text for page in pages]
    assert any(WORDS[name] in words for words in said)
