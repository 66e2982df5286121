"""Wishes for the laws: several people draw, erase and undo on the same two pages."""

from hypothesis import strategies as st

from mingtang.activities.ink.points import encode
from mingtang.activities.ink.rules import Allow, Clear, Draw, Erase, Redo, Undo
from mingtang.core.event import Command

pages = st.sampled_from(["p1", "p2"])
names = st.sampled_from(["s1", "s2", "s3", "s4", "s5"])
texts = st.sampled_from(
    [encode([(0, 0), (40, 60)]), encode([(9, 9, 128), (12, 10, 140), (8000, 4600, 0)]), "AAA", "!!!!"]
)


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    tools, colors = st.sampled_from(["pen", "marker"]), st.integers(0, 7)
    draw = st.builds(Draw, page=pages, id=names, tool=tools, color=colors, width=st.just(36), points=texts)
    erase = st.builds(Erase, page=pages, strokes=st.lists(names, min_size=1, max_size=3))
    return st.one_of(
        draw,
        draw,
        erase,
        st.builds(Undo, page=pages),
        st.builds(Redo, page=pages),
        st.builds(Clear, page=pages),
        st.builds(Allow, allowed=st.sampled_from([True, True, False])),
    )
