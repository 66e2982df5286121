"""Wishes for the laws: a plan is laid, or a deck arrives while staff put boards, notes, clocks and questions between
its pages and turn to and fro."""

from hypothesis import strategies as st

from mingtang.activities.slides.laying import LaidDeck, LaidPage, LaidStep, Lay
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


def _lay(pages: int, asset: int) -> Command:
    """The ids are those that other wishes turn to and move."""
    laid = [LaidStep(id="b1", kind="note", text="secret-text-1", note="secret-note-3")]
    for n in range(pages):
        page = LaidPage(deck="d9", page=1, asset=f"{asset:032x}", width=160, height=90, title=f"secret-title-9-{n}")
        laid.append(LaidStep(id=f"b{n + 2}", kind="page", page=page))
    laid.append(LaidStep(id="t9", kind="timer", seconds=60))
    return Lay(decks=[LaidDeck(id="d9", name="Plan.pdf")], steps=laid)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    pages = st.builds(_page, decks, st.integers(1, 4), st.integers(16**8, 16**8 + 30))
    return st.one_of(
        st.builds(BeginDeck, deck=decks, name=st.just("Sets.pdf"), pages=st.integers(3, 4)),
        pages,
        pages,
        st.builds(FailDeck, deck=decks, code=st.just("slides.deck_failed"), params=st.just({"page": 3})),
        st.builds(Insert, id=own, kind=st.just("board"), after=anchors),
        st.builds(Insert, id=own, kind=st.sampled_from(["poll", "peer"]), ref=st.just("p1"), after=anchors),
        st.builds(Insert, id=own, kind=st.just("note"), text=st.just("secret-text-2"), after=anchors),
        st.builds(Insert, id=own, kind=st.sampled_from(["timer", "break"]), seconds=st.integers(1, 90), after=anchors),
        st.builds(_lay, st.integers(0, 3), st.integers(16**9, 16**9 + 5)),
        st.builds(Turn, to=own),
        st.builds(Turn, to=own),
        st.builds(Move, step=own, after=anchors),
        st.builds(Drop, step=own),
        st.builds(Restore, step=own),
        st.builds(WriteNote, step=own, text=st.sampled_from(["", "secret-note-1", "secret-note-2"])),
        st.builds(PutCover, to=st.sampled_from(["", "black", "code"])),
        st.builds(LetAhead, allowed=st.booleans()),
    )
