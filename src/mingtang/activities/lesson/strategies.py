"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.lesson.rules import End, Open, Rename

titles = st.sampled_from(["Sets", "集合", "<b>x</b>"])


def commands(members: list[str]) -> st.SearchStrategy:
    return st.one_of(
        st.builds(Open, title=titles, code=st.just("234567")),
        st.builds(Rename, title=titles),
        st.integers(0, 40).flatmap(lambda n: st.just(End()) if n == 0 else st.builds(Rename, title=titles)),
    )
