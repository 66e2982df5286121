"""The stages of peer instruction, by what people do and see."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.peer import rules, view
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
from mingtang.core.event import Command, Event, Fact
from mingtang.core.frame import (
    MemberSeated,
)
from mingtang.core.lesson import EVERYBODY
from mingtang.core.member import Role, Seat
from tests.stage import Stage

ASKED = PeerQuestion(
    text="Looking for 27: how many keys are compared?", options=("None", "One", "Three", "All four"), right="c"
)
# From the answer in the first vote to the one in the second; 51 people, as on the drawn wall.
DRAWN = {"aa": 1, "ac": 1, "bb": 6, "bc": 13, "cb": 1, "cc": 23, "dc": 3, "dd": 3}
OUTSIDE = (Role.student, Role.wall, Role.observer)


class Room(Stage):
    """A lesson with a teacher, students s1, s2 … in the room and r1, r2 … remote, and one prepared question `q`. With
    every fact the first dozen is checked: nobody's own view changes without his being concerned."""

    def __init__(self, room: int = 2, remote: int = 2) -> None:
        super().__init__("peer", rules, view)
        self.joins("t", "Dr. Lin", Role.teacher)
        for n in range(1, room + 1):
            self.joins(f"s{n}")
        for n in range(1, remote + 1):
            self.joins(f"r{n}", seat=Seat.remote)
        self.teacher(Make(id="q", question=ASKED))

    def happens(self, *events: Event, by: str = "") -> None:
        for event in events:
            members = list(self.lesson.people.members)[:12]
            before = {m: self.mine(m) for m in members}
            self.log.append(Fact(len(self.log) + 1, self.at, by, "", event))
            touched = self.lesson.fold(self.log[-1])
            changed = {m for m in members if self.mine(m) != before[m]}
            told = {member for name, member in touched.mine if name == "peer"}
            assert EVERYBODY in told or changed <= told, f"not told of {event}"

    def teacher(self, *commands: Command) -> None:
        for command in commands:
            self.does("t", command)

    def votes(self, answers: dict[str, str]) -> None:
        for member, answer in answers.items():
            self.does(member, Vote(id="q", answer=answer))

    def item(self, role: Role = Role.teacher) -> dict[str, Any]:
        return self.sees(role)["q"]

    def own(self, member: str) -> dict[str, Any]:
        return self.mine(member).get("q", {})

    def mates(self, member: str) -> set[str]:
        """Names of those the member may talk with now."""
        return {m["name"].lower() for m in self.own(member)["talk"]["mates"].values() if not m.get("away")}

    def first_vote(self, answers: dict[str, str]) -> None:
        self.teacher(Open(id="q"))
        self.votes(answers)
        self.teacher(Close(id="q"))

    def talks(self, answers: dict[str, str]) -> None:
        self.first_vote(answers)
        self.teacher(Discuss(id="q"))


def drawn() -> Room:
    """The drawn lesson up to the second close."""
    room = Room(room=38, remote=13)
    people = [*(f"s{n}" for n in range(1, 39)), *(f"r{n}" for n in range(1, 14))]
    ways = [way for way, n in DRAWN.items() for _ in range(n)]
    room.talks({m: way[0] for m, way in zip(people, ways, strict=True)})
    room.teacher(Open(id="q"))
    room.votes({m: way[1] for m, way in zip(people, ways, strict=True)})
    room.teacher(Close(id="q"))
    return room


def test_the_drawn_lesson_has_the_drawn_figures() -> None:
    seen = drawn().item(Role.teacher)
    assert seen["rounds"]["1"]["counts"] == {"a": 2, "b": 19, "c": 24, "d": 6}
    assert seen["rounds"]["2"]["counts"] == {"a": 1, "b": 7, "c": 40, "d": 3}
    compared = seen["compare"]
    assert {a + b: n for a, row in compared["shift"].items() for b, n in row.items()} == DRAWN
    assert (round(compared["p1"], 2), round(compared["p2"], 2), round(compared["gain"], 2)) == (0.47, 0.78, 0.59)


def test_the_drawn_lesson_is_paired_as_drawn() -> None:
    room = Room(room=38, remote=13)
    people = [*(f"s{n}" for n in range(1, 39)), *(f"r{n}" for n in range(1, 14))]
    room.first_vote({m: way[0] for m, way in zip(people, [w for w, n in DRAWN.items() for _ in range(n)], strict=True)})
    seen = room.item(Role.teacher)
    assert (seen["stage"], seen["proposal"]) == ("decide", {"share": 0.4706, "act": "discuss"})
    assert (seen["plan"]["pairs"], seen["plan"]["threes"], seen["plan"]["differ"]) == (24, 1, 25)
    room.teacher(Discuss(id="q"))
    talked = room.item(Role.teacher)["plan"]
    assert (talked["pairs"], talked["threes"], talked["differ"]) == (24, 1, 25)
    assert talked["mixed"] >= 12


@pytest.mark.parametrize(
    ("right", "of", "act"),
    [
        (6, 20, "reteach"),
        (7, 20, "discuss"),
        (14, 20, "discuss"),
        (15, 20, "explain"),
        (0, 1, "reteach"),
        (1, 1, "explain"),
    ],
)
def test_the_proposal_follows_the_share_right(right: int, of: int, act: str) -> None:
    room = Room(room=of, remote=0)
    room.first_vote({f"s{n}": "c" if n <= right else "a" for n in range(1, of + 1)})
    assert room.item(Role.teacher)["proposal"]["act"] == act
    assert all("proposal" not in room.item(role) for role in OUTSIDE)


@pytest.mark.parametrize(
    ("first", "second", "gain"),
    [
        ("aabc", "accc", 0.6667),  # 1/4 -> 3/4: (2/4) / (3/4)
        ("ccaa", "aacc", 0.0),
        ("ccca", "caaa", -2.0),  # talking may lose: (1/4 - 3/4) / (1/4)
        ("cccc", "ccca", None),
        ("abab", "cccc", 1.0),
    ],
)
def test_the_gain_is_what_talking_closed_of_the_gap(first: str, second: str, gain: float | None) -> None:
    room, people = Room(), ["s1", "s2", "r1", "r2"]
    room.talks(dict(zip(people, first, strict=True)))
    room.teacher(Open(id="q"))
    room.votes(dict(zip(people, second, strict=True)))
    room.teacher(Close(id="q"))
    assert room.item(Role.teacher)["compare"].get("gain") == gain


def test_without_votes_there_is_nothing_to_propose_or_compare() -> None:
    room = Room()
    room.talks({})
    assert "proposal" not in room.item(Role.teacher)
    room.teacher(Open(id="q"), Close(id="q"), Show(id="q"))
    assert "compare" not in room.item(Role.wall)


def test_the_stages_follow_one_another_by_one_key() -> None:
    room, stages = Room(), []

    def step(*commands: Command) -> None:
        room.teacher(*commands)
        stages.append(room.item(Role.teacher)["stage"])

    step()
    step(Ask(id="q"))
    step(Open(id="q"))
    room.votes({"s1": "a", "s2": "c"})
    step(Close(id="q"))
    step(Discuss(id="q"))
    step(Open(id="q"))
    room.votes({"s1": "c", "s2": "c"})
    step(Close(id="q"))
    assert stages == ["draft", "asked", "vote", "decide", "discuss", "revote", "compare"]
    assert room.item(Role.teacher)["rounds"]["2"]["before"] == "1"


def test_the_right_answer_shows_only_when_nobody_is_to_vote_on_it_any_more() -> None:
    room = Room()
    room.first_vote({"s1": "a", "s2": "c"})
    room.teacher(Show(id="q"))
    assert room.item(Role.student)["rounds"]["1"] == {"answered": 2, "counts": {"a": 1, "b": 0, "c": 1, "d": 0}}
    assert "right" not in room.item(Role.student)
    room.teacher(Discuss(id="q"))
    assert "right" not in room.item(Role.wall)
    room.teacher(Open(id="q"))
    assert not {"right", "rounds", "shown", "compare"} & room.item(Role.wall).keys()
    room.votes({"s1": "c", "s2": "c"})
    room.teacher(Close(id="q"))
    assert not {"right", "rounds", "compare"} & room.item(Role.wall).keys()
    room.teacher(Show(id="q"))
    for role in OUTSIDE:
        assert (room.item(role)["right"], room.item(role)["compare"]["p2"]) == ("c", 1.0)
    room.teacher(Hide(id="q"))
    assert not {"right", "rounds", "compare"} & room.item(Role.wall).keys()


def test_explaining_shows_the_answer_and_teaching_again_does_not() -> None:
    room = Room()
    room.first_vote({"s1": "c", "s2": "c"})
    room.teacher(Settle(id="q", decision="reteach"))
    assert (room.item(Role.student)["stage"], "right" in room.item(Role.student)) == ("settled", False)
    assert room.item(Role.teacher)["settled"] == "reteach"
    room.teacher(Settle(id="q", decision="explain"))
    assert room.item(Role.student)["right"] == "c"
    assert room.does("t", Settle(id="q", decision="explain")) == []


def test_beginning_anew_keeps_all_rounds() -> None:
    room = Room()
    room.first_vote({"s1": "a"})
    room.teacher(Settle(id="q", decision="reteach"), Again(id="q"))
    seen = room.item(Role.teacher)
    assert (seen["stage"], seen["round"], list(seen["rounds"])) == ("vote", "2", ["1", "2"])
    assert "before" not in seen["rounds"]["2"]
    room.votes({"s1": "c"})
    assert room.own("s1") == {"answers": {"1": "a", "2": "c"}}


def test_opening_a_closed_vote_again_goes_on_with_it() -> None:
    room = Room()
    room.first_vote({"s1": "a"})
    room.teacher(Open(id="q"))
    room.votes({"s2": "c"})
    assert room.item(Role.teacher)["rounds"]["1"]["answered"] == 2
    room.teacher(Close(id="q"), Discuss(id="q"), Stop(id="q"), Open(id="q"))
    assert (room.item(Role.teacher)["stage"], room.item(Role.teacher)["round"]) == ("revote", "2")


def test_the_question_locks_with_the_first_vote() -> None:
    room = Room()
    other = PeerQuestion(text="Which?", options=("x", "y"), right="a")
    room.teacher(Edit(id="q", question=other), Edit(id="q", question=ASKED), Open(id="q"))
    room.votes({"s1": "a"})
    assert room.refuses("t", Edit(id="q", question=other)) == "peer.locked"
    assert (
        room.refuses("t", Make(id="x", question=PeerQuestion(text="?", options=("x", "y"), right="c")))
        == "peer.bad_right"
    )


def test_what_cannot_be_is_refused_in_words() -> None:
    room = Room()
    assert room.refuses("s1", Vote(id="q", answer="a")) == "unknown_item"
    assert room.refuses("t", Discuss(id="q")) == "peer.vote_first"
    assert room.refuses("t", Settle(id="q", decision="explain")) == "peer.vote_first"
    assert room.refuses("t", Show(id="q")) == "peer.vote_first"
    room.teacher(Ask(id="q"))
    assert room.refuses("s1", Vote(id="q", answer="a")) == "peer.not_open"
    room.teacher(Open(id="q"))
    assert room.refuses("s1", Vote(id="q", answer="e")) == "peer.bad_answer"
    assert room.refuses("t", Discuss(id="q")) == "peer.vote_first"
    assert room.refuses("s1", Say(id="q", text="hello")) == "peer.no_talk"
    assert room.refuses("t", Prolong(id="q")) == "peer.no_talk"


def test_how_many_still_think_is_counted_by_seat() -> None:
    room = Room()
    room.teacher(Open(id="q"))
    room.votes({"s1": "a"})
    assert room.item(Role.teacher)["rounds"]["1"]["waiting"] == {"room": 1, "remote": 2}
    room.happens(MemberSeated(id="s2", seat=Seat.remote))
    assert room.item(Role.teacher)["rounds"]["1"]["waiting"] == {"room": 0, "remote": 3}
    assert (room.item(Role.wall)["answered"], room.item(Role.wall)["of"]) == (1, 4)
    assert "of" not in room.item(Role.student)


def test_the_log_tells_the_same_again() -> None:
    room = drawn()
    assert room.replayed().digest() == room.lesson.digest()


@given(st.lists(st.tuples(st.sampled_from(["s1", "s2", "r1", "r2"]), st.sampled_from("abcd"), st.sampled_from("abcd"))))
@settings(max_examples=50, deadline=None)
def test_neither_hidden_votes_nor_the_right_answer_change_what_others_see(votes: list[tuple[str, str, str]]) -> None:
    one, two = Room(), Room()
    two.lesson.states["peer"].items["q"].question = PeerQuestion(text=ASKED.text, options=ASKED.options, right="a")
    steps = [Open(id="q"), None, Close(id="q"), Discuss(id="q"), Open(id="q"), None, Close(id="q")]
    for step in steps:
        for room, way in ((one, 1), (two, 2)):
            if step:
                room.teacher(step)
            else:
                room.votes({vote[0]: vote[way] for vote in votes})
        for role in OUTSIDE:
            assert one.sees(role) == two.sees(role)


def test_a_late_answer_is_told_what_is_right_and_is_counted_apart_once() -> None:
    room = Room()
    room.lesson.ended = True
    assert room.refuses("s1", AnswerLate(id="q", answer="c")) == "unknown_item", "it was never asked"
    room.lesson.ended = False
    room.teacher(Open(id="q"))
    room.does("r1", Vote(id="q", answer="a"))
    room.teacher(Close(id="q"))
    assert room.refuses("s1", AnswerLate(id="q", answer="c")) == "lesson.goes_on"
    before = room.sees(Role.teacher)["q"]
    room.lesson.ended = True
    room.does("s1", AnswerLate(id="q", answer="c"))
    assert room.mine("s1") == {"q": {"late": "c", "right": "c"}}
    assert room.sees(Role.teacher)["q"] == {**before, "late": {"answered": 1, "right": 1}}
    assert "late" not in room.sees(Role.student)["q"]
    assert room.does("s1", AnswerLate(id="q", answer="c")) == []
    assert room.refuses("s1", AnswerLate(id="q", answer="a")) == "peer.late_once"
