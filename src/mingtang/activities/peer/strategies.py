"""Wishes for the laws: what somebody might ask of this activity. Every text names its question, so that one found where
it should not be is recognised."""

from hypothesis import strategies as st

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.peer.rules import (
    Again,
    AnswerLate,
    Ask,
    Close,
    Discuss,
    Edit,
    Hide,
    Make,
    Open,
    Prolong,
    Say,
    Settle,
    Show,
    Stop,
    Vote,
)
from mingtang.core.event import Command


def commands(members: list[str]) -> st.SearchStrategy[Command]:
    return st.sampled_from(["talk-1", "talk-2"]).flatmap(_about)


def _about(id: str) -> st.SearchStrategy[Command]:
    peer, letters = st.just(id), st.sampled_from("abch")
    question = st.builds(
        PeerQuestion,
        text=st.sampled_from([f"‹{id}› question", f"edited ‹{id}› question"]),
        options=st.just((f"‹{id}› option x", f"‹{id}› option y", f"‹{id}› option z")),
        right=letters,
    )
    steps = st.sampled_from([Ask, Open, Open, Close, Close, Discuss, Discuss, Stop, Again, Show, Hide, Prolong])
    step = steps.flatmap(lambda command: st.builds(command, id=peer))
    vote = st.builds(Vote, id=peer, answer=letters)
    return st.one_of(
        st.builds(Make, id=peer, question=question),
        st.builds(Edit, id=peer, question=question),
        step,
        step,
        step,
        vote,
        vote,
        st.builds(AnswerLate, id=peer, answer=letters),
        st.builds(Settle, id=peer, decision=st.sampled_from(["reteach", "explain"])),
        st.builds(Say, id=peer, text=st.sampled_from([f"‹{id}› whisper", " "])),
    )
