"""Wishes for the laws: what somebody might ask of this activity."""

from hypothesis import strategies as st

from mingtang.activities.questions.rules import (
    Allow,
    Approve,
    Ask,
    Dismiss,
    Edit,
    GiveAnswer,
    Hide,
    Merge,
    Pin,
    Reopen,
    Show,
    Split,
    Unvote,
    Vote,
    Withdraw,
)
from mingtang.core.activity import Act
from mingtang.core.event import Command
from mingtang.core.member import SERVER, People

# Ids are drawn from a command's seed: these are the ids that the first seeds give.
ids = st.sampled_from([Act(SERVER, 0, seed, People()).new_id() for seed in range(4)])
texts = st.sampled_from(["askedqz one", "askedqz two", "askedqz <b>three</b>", "askedqz 四"])
pages = st.sampled_from(["p1", "p2"])


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    ask = st.builds(Ask, text=texts, page=st.none() | pages, anonymous=st.booleans())
    named = st.sampled_from([Withdraw, Approve, Split, Dismiss, Reopen, Show, GiveAnswer])
    return st.one_of(
        ask,
        ask,
        ask,
        st.builds(Vote, id=ids),
        st.builds(Vote, id=ids),
        st.builds(Unvote, id=ids),
        st.builds(Edit, id=ids, text=texts),
        st.builds(Merge, id=ids, into=ids),
        st.builds(lambda wish, id: wish(id=id), named, ids),
        st.builds(GiveAnswer, id=ids, text=st.just("because")),
        st.builds(Pin, id=ids, page=pages),
        st.builds(Allow, anonymous=st.booleans(), see=st.sampled_from(["at_once", "approved"])),
        st.builds(Hide),
    )
