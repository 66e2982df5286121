"""Wishes for the laws: a deck arrives while staff put boards and questions between its pages and turn to and fro."""

from hypothesis import strategies as st

from mingtang.activities.slides.rules import (
    AddPage,
    BeginDeck,
    Drop,
    FailDeck,
    Insert,
    LetAhead,
    Move,
    PutCover,
    Restore,
    Turn,
    WriteNote,
)
from mingtang.core.event import Command

own = st.sampled_from(["b1", "b2", "b3", "b4"])
decks = st.sampled_from(["d1", "d2"])
anchors = st.none() | own


def _page(deck: str, page: int, n: int) -> Command:
    title = f"secret-title-{deck}-{page}"
    return AddPage(deck=deck, page=page, asset=f"{n:032x}", width=1600, height=900, title=title)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    pages = st.builds(_page, decks, st.integers(1, 4), st.integers(16**8, 16**8 + 30))
    return st.one_of(
        st.builds(BeginDeck, deck=decks, name=st.just("Sets.pdf"), pages=st.integers(3, 4)),
        pages,
        pages,
        st.builds(FailDeck, deck=decks, code=st.just("slides.deck_failed"), params=st.just({"page": 3})),
        st.builds(Insert, id=own, kind=st.just("board"), after=anchors),
        st.builds(Insert, id=own, kind=st.sampled_from(["poll", "peer"]), ref=st.just("p1"), after=anchors),
        st.builds(Turn, to=own),
        st.builds(Turn, to=own),
        st.builds(Move, step=own, after=anchors),
        st.builds(Drop, step=own),
        st.builds(Restore, step=own),
        st.builds(WriteNote, step=own, text=st.sampled_from(["", "secret-note-1", "secret-note-2"])),
        st.builds(PutCover, to=st.sampled_from(["", "black", "code"])),
        st.builds(LetAhead, allowed=st.booleans()),
    )
