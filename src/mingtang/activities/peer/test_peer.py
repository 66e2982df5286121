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
from mingtang.activities.peer.talk import KEPT
from mingtang.activities.roster import rules as roster_rules
from mingtang.activities.roster import view as roster_view
from mingtang.activities.roster.rules import Admit, Come, Go, Readmit, Remove, Rename, Reseat
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.lesson import EVERYBODY, Lesson, replay
from mingtang.core.member import SERVER, Role, Seat

KINDS = Kinds([from_modules("peer", rules, view), from_modules("roster", roster_rules, roster_view)])
OUTSIDE = (Role.student, Role.wall, Role.observer)
ASKED = PeerQuestion(
    text="Looking for 27: how many keys are compared?", options=("None", "One", "Three", "All four"), right="c"
)
# From the answer in the first vote to the one in the second; 51 people, as on the drawn wall.
DRAWN = {"aa": 1, "ac": 1, "bb": 6, "bc": 13, "cb": 1, "cc": 23, "dc": 3, "dd": 3}


class Room:
    """A lesson with members and one prepared question `q`. Students s1, s2 … sit in the room, r1, r2 … are remote.
    With every fact the first dozen is checked: nobody's own view changes without his being concerned."""

    def __init__(self, room: int = 2, remote: int = 2) -> None:
        self.lesson = Lesson(KINDS)
        self.log: list[Fact] = []
        self.seed = 7
        self.now = 1000
        self.does(Admit(id="t", name="Dr. Lin", role=Role.teacher, seat=Seat.room))
        for n in range(1, room + 1):
            self.enters(f"s{n}")
        for n in range(1, remote + 1):
            self.enters(f"r{n}", Seat.remote)
        self.teacher(Make(id="q", question=ASKED))

    def enters(self, id: str, seat: Seat = Seat.room) -> None:
        self.does(Admit(id=id, name=f"Student {id}", role=Role.student, seat=seat))
        self.does(Come(id=id))

    def does(self, command: Command, by: str = "") -> list[Event]:
        member = self.lesson.people.members[by] if by else SERVER
        made = self.lesson.decide(command, member, self.now, self.seed)
        for event in made:
            self._fold(Fact(len(self.log) + 1, self.now, by, "", event))
        return made

    def _fold(self, fact: Fact) -> None:
        members = list(self.lesson.people.members)[:12]
        before = {m: self.lesson.mine(m).get("peer") for m in members}
        self.log.append(fact)
        touched = self.lesson.fold(fact)
        for m in members:
            if self.lesson.mine(m).get("peer") != before[m]:
                assert {("peer", m), ("peer", EVERYBODY)} & touched.mine, f"{m} is not told of {fact.kind}"

    def teacher(self, *commands: Command) -> None:
        for command in commands:
            self.does(command, "t")

    def votes(self, answers: dict[str, str]) -> None:
        for member, answer in answers.items():
            self.does(Vote(id="q", answer=answer), member)

    def refuses(self, command: Command, by: str = "t") -> str:
        with pytest.raises(Refused) as no:
            self.does(command, by)
        return no.value.code

    def sees(self, role: Role) -> dict[str, Any]:
        return self.lesson.view(role, "peer")["q"]

    def own(self, member: str) -> dict[str, Any]:
        return self.lesson.mine(member).get("peer", {}).get("q", {})

    def mates(self, member: str) -> set[str]:
        """Names of those the member may talk with now."""
        mates = self.own(member)["talk"]["mates"].values()
        return {m["name"].removeprefix("Student ") for m in mates if not m.get("away")}

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
    seen = drawn().sees(Role.teacher)
    assert seen["rounds"]["1"]["counts"] == {"a": 2, "b": 19, "c": 24, "d": 6}
    assert seen["rounds"]["2"]["counts"] == {"a": 1, "b": 7, "c": 40, "d": 3}
    compared = seen["compare"]
    assert {a + b: n for a, row in compared["shift"].items() for b, n in row.items()} == DRAWN
    assert (round(compared["p1"], 2), round(compared["p2"], 2), round(compared["gain"], 2)) == (0.47, 0.78, 0.59)


def test_the_drawn_lesson_is_paired_as_drawn() -> None:
    room = Room(room=38, remote=13)
    people = [*(f"s{n}" for n in range(1, 39)), *(f"r{n}" for n in range(1, 14))]
    room.first_vote({m: way[0] for m, way in zip(people, [w for w, n in DRAWN.items() for _ in range(n)], strict=True)})
    seen = room.sees(Role.teacher)
    assert (seen["stage"], seen["proposal"]) == ("decide", {"share": 0.4706, "act": "discuss"})
    assert (seen["plan"]["pairs"], seen["plan"]["threes"], seen["plan"]["differ"]) == (24, 1, 25)
    room.teacher(Discuss(id="q"))
    talked = room.sees(Role.teacher)["plan"]
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
    assert room.sees(Role.teacher)["proposal"]["act"] == act
    assert all("proposal" not in room.sees(role) for role in OUTSIDE)


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
    assert room.sees(Role.teacher)["compare"].get("gain") == gain


def test_without_votes_there_is_nothing_to_propose_or_compare() -> None:
    room = Room()
    room.talks({})
    assert "proposal" not in room.sees(Role.teacher)
    room.teacher(Open(id="q"), Close(id="q"), Show(id="q"))
    assert "compare" not in room.sees(Role.wall)


def test_the_stages_follow_one_another_by_one_key() -> None:
    room, stages = Room(), []

    def step(*commands: Command) -> None:
        room.teacher(*commands)
        stages.append(room.sees(Role.teacher)["stage"])

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
    assert room.sees(Role.teacher)["rounds"]["2"]["before"] == "1"


def test_the_right_answer_shows_only_when_nobody_is_to_vote_on_it_any_more() -> None:
    room = Room()
    room.first_vote({"s1": "a", "s2": "c"})
    room.teacher(Show(id="q"))
    assert room.sees(Role.student)["rounds"]["1"] == {"answered": 2, "counts": {"a": 1, "b": 0, "c": 1, "d": 0}}
    assert "right" not in room.sees(Role.student)
    room.teacher(Discuss(id="q"))
    assert "right" not in room.sees(Role.wall)
    room.teacher(Open(id="q"))
    assert not {"right", "rounds", "shown", "compare"} & room.sees(Role.wall).keys()
    room.votes({"s1": "c", "s2": "c"})
    room.teacher(Close(id="q"))
    assert not {"right", "rounds", "compare"} & room.sees(Role.wall).keys()
    room.teacher(Show(id="q"))
    for role in OUTSIDE:
        assert (room.sees(role)["right"], room.sees(role)["compare"]["p2"]) == ("c", 1.0)
    room.teacher(Hide(id="q"))
    assert not {"right", "rounds", "compare"} & room.sees(Role.wall).keys()


def test_explaining_shows_the_answer_and_teaching_again_does_not() -> None:
    room = Room()
    room.first_vote({"s1": "c", "s2": "c"})
    room.teacher(Settle(id="q", decision="reteach"))
    assert (room.sees(Role.student)["stage"], "right" in room.sees(Role.student)) == ("settled", False)
    assert room.sees(Role.teacher)["settled"] == "reteach"
    room.teacher(Settle(id="q", decision="explain"))
    assert room.sees(Role.student)["right"] == "c"
    assert room.does(Settle(id="q", decision="explain"), "t") == []


def test_beginning_anew_keeps_all_rounds() -> None:
    room = Room()
    room.first_vote({"s1": "a"})
    room.teacher(Settle(id="q", decision="reteach"), Again(id="q"))
    seen = room.sees(Role.teacher)
    assert (seen["stage"], seen["round"], list(seen["rounds"])) == ("vote", "2", ["1", "2"])
    assert "before" not in seen["rounds"]["2"]
    room.votes({"s1": "c"})
    assert room.own("s1") == {"answers": {"1": "a", "2": "c"}}


def test_opening_a_closed_vote_again_goes_on_with_it() -> None:
    room = Room()
    room.first_vote({"s1": "a"})
    room.teacher(Open(id="q"))
    room.votes({"s2": "c"})
    assert room.sees(Role.teacher)["rounds"]["1"]["answered"] == 2
    room.teacher(Close(id="q"), Discuss(id="q"), Stop(id="q"), Open(id="q"))
    assert (room.sees(Role.teacher)["stage"], room.sees(Role.teacher)["round"]) == ("revote", "2")


def test_the_question_locks_with_the_first_vote() -> None:
    room = Room()
    other = PeerQuestion(text="Which?", options=("x", "y"), right="a")
    room.teacher(Edit(id="q", question=other), Edit(id="q", question=ASKED), Open(id="q"))
    room.votes({"s1": "a"})
    assert room.refuses(Edit(id="q", question=other)) == "peer.locked"
    assert (
        room.refuses(Make(id="x", question=PeerQuestion(text="?", options=("x", "y"), right="c"))) == "peer.bad_right"
    )


def test_what_cannot_be_is_refused_in_words() -> None:
    room = Room()
    assert room.refuses(Vote(id="q", answer="a"), by="s1") == "unknown_item"
    assert room.refuses(Discuss(id="q")) == "peer.vote_first"
    assert room.refuses(Settle(id="q", decision="explain")) == "peer.vote_first"
    assert room.refuses(Show(id="q")) == "peer.vote_first"
    room.teacher(Ask(id="q"))
    assert room.refuses(Vote(id="q", answer="a"), by="s1") == "peer.not_open"
    room.teacher(Open(id="q"))
    assert room.refuses(Vote(id="q", answer="e"), by="s1") == "peer.bad_answer"
    assert room.refuses(Discuss(id="q")) == "peer.vote_first"
    assert room.refuses(Say(id="q", text="hello"), by="s1") == "peer.no_talk"
    assert room.refuses(Prolong(id="q")) == "peer.no_talk"


def test_a_student_sees_his_partners_name_and_seat_and_never_the_choice() -> None:
    room = Room(room=1, remote=1)
    room.talks({"s1": "a", "r1": "c"})
    (mate,) = room.own("s1")["talk"]["mates"].values()
    assert (mate, room.own("s1")["talk"]["said"]) == ({"name": "Student r1", "seat": "remote"}, {})
    assert room.own("s1")["answers"] == {"1": "a"}
    talk = room.sees(Role.student)["talk"]
    assert talk == {"started": 1000, "until": 121_000}


def test_only_the_group_reads_what_is_written_in_it() -> None:
    room = Room(room=2, remote=2)
    room.talks({"s1": "a", "s2": "b", "r1": "a", "r2": "b"})
    room.does(Say(id="q", text=" one jump,\n then? "), "s1")
    (mate,) = room.mates("s1")
    assert room.own("s1")["talk"]["said"] == {"1": {"text": "one jump, then?", "at": 1000}}
    assert room.own(mate)["talk"]["said"]["1"]["by"] in room.own(mate)["talk"]["mates"]
    for other in {"s2", "r1", "r2"} - {mate}:
        assert room.own(other)["talk"]["said"] == {}
    assert all("one jump" not in str(room.lesson.views(role)) for role in Role)


def test_writing_is_bounded_in_speed_and_in_what_is_kept() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    for n in range(5):
        room.does(Say(id="q", text=f"word {n}"), "s1")
    assert room.refuses(Say(id="q", text="and more"), by="s1") == "slow_down"
    room.does(Say(id="q", text="I may"), "s2")
    room.now += 5000
    for n in range(KEPT + 5):
        room.now += 2000
        room.does(Say(id="q", text=f"later {n}"), "s1")
    said = room.own("s2")["talk"]["said"]
    assert len(said) == KEPT
    assert said[max(said, key=int)]["text"] == f"later {KEPT + 4}"


def test_a_talk_is_over_when_it_is_ended_and_when_the_second_vote_opens() -> None:
    room = Room()
    room.talks({"s1": "a", "s2": "b"})
    room.teacher(Stop(id="q"))
    assert "talk" not in room.own("s1")
    assert room.refuses(Say(id="q", text="wait"), by="s1") == "peer.no_talk"
    assert room.sees(Role.student)["stage"] == "discuss"
    room.teacher(Open(id="q"))
    again = Room()
    again.talks({"s1": "a", "s2": "b"})
    again.teacher(Open(id="q"))
    assert "talk" not in again.own("s1")
    assert "talk" not in again.sees(Role.student)


def test_a_talk_can_be_prolonged() -> None:
    room = Room()
    room.talks({"s1": "a", "s2": "b"})
    room.teacher(Prolong(id="q", seconds=60))
    assert room.sees(Role.student)["talk"]["until"] == 181_000
    room.now = 200_000
    room.teacher(Prolong(id="q"))
    assert room.sees(Role.student)["talk"]["until"] == 230_000


def test_who_comes_late_joins_a_pair_and_reads_only_what_follows() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    room.does(Say(id="q", text="before"), "s1")
    room.enters("s3")
    room.does(Say(id="q", text="after"), "s1")
    assert room.mates("s3") == {"s1", "s2"}
    assert room.mates("s1") == {"s2", "s3"}
    assert [said["text"] for said in room.own("s3")["talk"]["said"].values()] == ["after"]
    room.teacher(Open(id="q"))
    room.votes({"s3": "c"})
    assert room.sees(Role.teacher)["rounds"]["2"]["answered"] == 1
    assert "compare" in room.sees(Role.teacher)


def test_late_ones_find_each_other_before_threes_become_fours() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    for late in ("s3", "s4", "s5"):
        room.enters(late)
    assert room.mates("s4") == {"s5"}
    assert len(room.mates("s3")) == 2


def test_who_is_left_alone_is_told_and_joins_others() -> None:
    room = Room(room=0, remote=4)
    room.talks({"r1": "a", "r2": "b", "r3": "a", "r4": "b"})
    (mate,) = room.mates("r1")
    room.does(Go(id=mate))
    assert len(room.mates("r1")) == 2
    assert room.own("r1")["talk"]["moved"] is True
    others = room.mates("r1")
    room.does(Come(id=mate))
    assert (room.mates("r1"), room.mates(mate)) == (others, set())


def test_the_last_two_keep_their_talk_when_one_comes_back() -> None:
    room = Room(room=0, remote=2)
    room.talks({"r1": "a", "r2": "b"})
    room.does(Say(id="q", text="are you there?"), "r1")
    room.does(Go(id="r2"))
    (mate,) = room.own("r1")["talk"]["mates"].values()
    assert mate["away"] is True
    room.does(Come(id="r2"))
    assert room.mates("r1") == {"r2"}
    assert room.own("r2")["talk"]["said"]["1"]["text"] == "are you there?"


def test_a_phone_put_down_in_the_room_ends_no_talk() -> None:
    room = Room(room=4, remote=0)
    room.talks({"s1": "a", "s2": "b", "s3": "a", "s4": "b"})
    before = room.own("s1")
    room.does(Go(id=room.mates("s1").pop()))
    assert room.own("s1") == before


def test_a_removed_member_leaves_the_talk_and_a_renamed_one_is_called_by_the_new_name() -> None:
    room = Room(room=4, remote=0)
    room.talks({"s1": "a", "s2": "b", "s3": "a", "s4": "b"})
    (mate,) = room.mates("s1")
    room.does(Rename(id=mate, name="Student Z"), "t")
    assert room.mates("s1") == {"Z"}
    room.does(Remove(id=mate), "t")
    assert len(room.mates("s1")) == 2
    room.does(Readmit(id=mate), "t")
    room.does(Come(id=mate))
    assert "talk" in room.own(mate)


def test_those_who_are_away_are_not_paired_with_those_who_are_here() -> None:
    room = Room(room=6, remote=0)
    room.teacher(Open(id="q"))
    room.votes({f"s{n}": "ab"[n % 2] for n in range(1, 7)})
    room.does(Go(id="s5"))
    room.does(Go(id="s6"))
    room.teacher(Close(id="q"), Discuss(id="q"))
    for here in ("s1", "s2", "s3", "s4"):
        assert room.mates(here) <= {"s1", "s2", "s3", "s4"}
    room.does(Come(id="s5"))
    assert room.mates("s5") == {"s6"}


def test_how_many_still_think_is_counted_by_seat() -> None:
    room = Room()
    room.teacher(Open(id="q"))
    room.votes({"s1": "a"})
    assert room.sees(Role.teacher)["rounds"]["1"]["waiting"] == {"room": 1, "remote": 2}
    room.does(Reseat(seat=Seat.remote), "s2")
    assert room.sees(Role.teacher)["rounds"]["1"]["waiting"] == {"room": 0, "remote": 3}
    assert (room.sees(Role.wall)["answered"], room.sees(Role.wall)["of"]) == (1, 4)
    assert "of" not in room.sees(Role.student)


def test_the_log_tells_the_same_again() -> None:
    room = drawn()
    again = replay(KINDS, [KINDS.fact(KINDS.row(fact)) for fact in room.log])
    assert again.digest() == room.lesson.digest()


# Anything that may happen while people talk, so that pairs break, meet and grow.
HAPPENING = st.sampled_from(["go", "go", "come", "come", "say", "enter", "reseat", "remove", "readmit", "rename"])


@given(st.lists(st.tuples(HAPPENING, st.integers(1, 3), st.sampled_from("sr")), max_size=40), st.integers(0, 9))
@settings(max_examples=80, deadline=None)
def test_whatever_happens_nobody_is_lost_or_in_two_groups(happening: list[tuple[str, int, str]], seed: int) -> None:
    room = Room(room=3, remote=3)
    room.seed = seed
    room.talks({"s1": "a", "s2": "b", "r1": "c", "r2": "a", "r3": "b"})
    for number, (what, n, seat) in enumerate(happening):
        room.now += 2000
        _happen(room, what, f"{seat}{n}", number)
        _nobody_is_lost(room)
    again = replay(KINDS, room.log)
    assert {m: again.mine(m) for m in again.people.members} == {m: room.lesson.mine(m) for m in again.people.members}


def _happen(room: Room, what: str, who: str, number: int) -> None:
    late = f"{who}x{number}"
    acts: dict[str, tuple[Command, str]] = {
        "go": (Go(id=who), ""),
        "come": (Come(id=who), ""),
        "say": (Say(id="q", text="word"), who),
        "reseat": (Reseat(seat=Seat.remote if number % 2 else Seat.room), who),
        "remove": (Remove(id=who), "t"),
        "readmit": (Readmit(id=who), "t"),
        "rename": (Rename(id=who, name=f"Student {late}"), "t"),
    }
    try:
        if what == "enter":
            room.enters(late, Seat.remote)
        else:
            room.does(*acts[what])
    except Refused:
        pass


def _nobody_is_lost(room: Room) -> None:
    talk = room.lesson.states["peer"].talks["q"]
    for number, group in talk.groups.items():
        assert all(talk.of[m] == number for m in group.members)
        assert group.away <= group.members.keys()
        assert number in talk.sizes[group.size]
    here = {m.id for m in room.lesson.people.students_here()}
    assert here <= talk.of.keys()
    talking = [m for group in talk.groups.values() for m in group.members if m not in group.away]
    assert len(talking) == len(set(talking))
    assert here <= set(talking)
    lone = [g for g in talk.groups.values() if g.size == 1]
    pairs = [g for g in talk.groups.values() if g.size == 2]
    assert not lone or (len(lone) == 1 and not pairs), "somebody is alone though others could take him in"


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
            assert one.lesson.view(role, "peer") == two.lesson.view(role, "peer")
