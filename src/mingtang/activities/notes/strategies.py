"""Wishes for the laws: notes are begun, rewritten and taken away; stars come and go."""

from hypothesis import strategies as st

from mingtang.activities.notes.rules import Star, Unstar, Write
from mingtang.core.event import Command

pages = st.sampled_from(["b1", "b2", "p1"])
texts = st.sampled_from(["", "secret-own-note-1", "secret-own-note-2\nsecret-own-line", "  "])


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(Write, page=pages, text=texts),
        st.builds(Write, page=pages, text=texts),
        st.builds(Star, page=pages),
        st.builds(Unstar, page=pages),
    )
