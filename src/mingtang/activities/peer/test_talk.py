"""Talking in pairs: who with whom, what is read by whom, and what happens to those who come late or go."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.peer.rules import (
    Close,
    Discuss,
    Open,
    Prolong,
    Say,
    Stop,
)
from mingtang.activities.peer.talk import KEPT
from mingtang.activities.peer.test_peer import Room
from mingtang.core.event import Refused
from mingtang.core.frame import (
    MemberCame,
    MemberReadmitted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import Role, Seat
from tests.stage import BEGIN


def test_a_student_sees_his_partners_name_and_seat_and_never_the_choice() -> None:
    room = Room(room=1, remote=1)
    room.talks({"s1": "a", "r1": "c"})
    (mate,) = room.own("s1")["talk"]["mates"].values()
    assert (mate, room.own("s1")["talk"]["said"]) == ({"name": "R1", "seat": "remote"}, {})
    assert room.own("s1")["answers"] == {"1": "a"}
    talk = room.item(Role.student)["talk"]
    assert talk == {"started": BEGIN, "until": BEGIN + 120_000}


def test_only_the_group_reads_what_is_written_in_it() -> None:
    room = Room(room=2, remote=2)
    room.talks({"s1": "a", "s2": "b", "r1": "a", "r2": "b"})
    room.does("s1", Say(id="q", text=" one jump,\n then? "))
    (mate,) = room.mates("s1")
    assert room.own("s1")["talk"]["said"] == {"1": {"text": "one jump, then?", "at": BEGIN}}
    assert room.own(mate)["talk"]["said"]["1"]["by"] in room.own(mate)["talk"]["mates"]
    for other in {"s2", "r1", "r2"} - {mate}:
        assert room.own(other)["talk"]["said"] == {}
    assert all("one jump" not in str(room.lesson.views(role)) for role in Role)


def test_writing_is_bounded_in_speed_and_in_what_is_kept() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    for n in range(5):
        room.does("s1", Say(id="q", text=f"word {n}"))
    assert room.refuses("s1", Say(id="q", text="and more")) == "slow_down"
    room.does("s2", Say(id="q", text="I may"))
    room.at += 5000
    for n in range(KEPT + 5):
        room.at += 2000
        room.does("s1", Say(id="q", text=f"later {n}"))
    said = room.own("s2")["talk"]["said"]
    assert len(said) == KEPT
    assert said[max(said, key=int)]["text"] == f"later {KEPT + 4}"


def test_a_talk_is_over_when_it_is_ended_and_when_the_second_vote_opens() -> None:
    room = Room()
    room.talks({"s1": "a", "s2": "b"})
    room.teacher(Stop(id="q"))
    assert "talk" not in room.own("s1")
    assert room.refuses("s1", Say(id="q", text="wait")) == "peer.no_talk"
    assert room.item(Role.student)["stage"] == "discuss"
    room.teacher(Open(id="q"))
    again = Room()
    again.talks({"s1": "a", "s2": "b"})
    again.teacher(Open(id="q"))
    assert "talk" not in again.own("s1")
    assert "talk" not in again.item(Role.student)


def test_a_talk_can_be_prolonged() -> None:
    room = Room()
    room.talks({"s1": "a", "s2": "b"})
    room.teacher(Prolong(id="q", seconds=60))
    assert room.item(Role.student)["talk"]["until"] == BEGIN + 180_000
    room.at += 200_000
    room.teacher(Prolong(id="q"))
    assert room.item(Role.student)["talk"]["until"] == BEGIN + 230_000


def test_who_comes_late_joins_a_pair_and_reads_only_what_follows() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    room.does("s1", Say(id="q", text="before"))
    room.joins("s3")
    room.does("s1", Say(id="q", text="after"))
    assert room.mates("s3") == {"s1", "s2"}
    assert room.mates("s1") == {"s2", "s3"}
    assert [said["text"] for said in room.own("s3")["talk"]["said"].values()] == ["after"]
    room.teacher(Open(id="q"))
    room.votes({"s3": "c"})
    assert room.item(Role.teacher)["rounds"]["2"]["answered"] == 1
    assert "compare" in room.item(Role.teacher)


def test_late_ones_find_each_other_before_threes_become_fours() -> None:
    room = Room(room=2, remote=0)
    room.talks({"s1": "a", "s2": "b"})
    for late in ("s3", "s4", "s5"):
        room.joins(late)
    assert room.mates("s4") == {"s5"}
    assert len(room.mates("s3")) == 2


def test_who_is_left_alone_is_told_and_joins_others() -> None:
    room = Room(room=0, remote=4)
    room.talks({"r1": "a", "r2": "b", "r3": "a", "r4": "b"})
    (mate,) = room.mates("r1")
    room.happens(MemberWent(id=mate))
    assert len(room.mates("r1")) == 2
    assert room.own("r1")["talk"]["moved"] is True
    others = room.mates("r1")
    room.happens(MemberCame(id=mate))
    assert (room.mates("r1"), room.mates(mate)) == (others, set())


def test_the_last_two_keep_their_talk_when_one_comes_back() -> None:
    room = Room(room=0, remote=2)
    room.talks({"r1": "a", "r2": "b"})
    room.does("r1", Say(id="q", text="are you there?"))
    room.happens(MemberWent(id="r2"))
    (mate,) = room.own("r1")["talk"]["mates"].values()
    assert mate["away"] is True
    room.happens(MemberCame(id="r2"))
    assert room.mates("r1") == {"r2"}
    assert room.own("r2")["talk"]["said"]["1"]["text"] == "are you there?"


def test_a_phone_put_down_in_the_room_ends_no_talk() -> None:
    room = Room(room=4, remote=0)
    room.talks({"s1": "a", "s2": "b", "s3": "a", "s4": "b"})
    before = room.own("s1")
    room.happens(MemberWent(id=room.mates("s1").pop()))
    assert room.own("s1") == before


def test_a_removed_member_leaves_the_talk_and_a_renamed_one_is_called_by_the_new_name() -> None:
    room = Room(room=4, remote=0)
    room.talks({"s1": "a", "s2": "b", "s3": "a", "s4": "b"})
    (mate,) = room.mates("s1")
    room.happens(MemberRenamed(id=mate, name="Z"))
    assert room.mates("s1") == {"z"}
    room.happens(MemberRemoved(id=mate))
    assert len(room.mates("s1")) == 2
    room.happens(MemberReadmitted(id=mate))
    room.happens(MemberCame(id=mate))
    assert "talk" in room.own(mate)


def test_those_who_are_away_are_not_paired_with_those_who_are_here() -> None:
    room = Room(room=6, remote=0)
    room.teacher(Open(id="q"))
    room.votes({f"s{n}": "ab"[n % 2] for n in range(1, 7)})
    room.happens(MemberWent(id="s5"))
    room.happens(MemberWent(id="s6"))
    room.teacher(Close(id="q"), Discuss(id="q"))
    for here in ("s1", "s2", "s3", "s4"):
        assert room.mates(here) <= {"s1", "s2", "s3", "s4"}
    room.happens(MemberCame(id="s5"))
    assert room.mates("s5") == {"s6"}


# Anything that may happen while people talk, so that pairs break, meet and grow.
HAPPENING = st.sampled_from(["go", "go", "come", "come", "say", "enter", "reseat", "remove", "readmit", "rename"])


@given(st.lists(st.tuples(HAPPENING, st.integers(1, 3), st.sampled_from("sr")), max_size=40), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_nobody_is_lost_or_in_two_groups(happening: list[tuple[str, int, str]], seed: int) -> None:
    room = Room(room=3, remote=3)
    room.seed = seed
    room.talks({"s1": "a", "s2": "b", "r1": "c", "r2": "a", "r3": "b"})
    for number, (what, n, seat) in enumerate(happening):
        room.at += 2000
        _happen(room, what, f"{seat}{n}", number)
        _nobody_is_lost(room)
    again = room.replayed()
    assert {m: again.mine(m) for m in again.people.members} == {m: room.lesson.mine(m) for m in again.people.members}


def _happen(room: Room, what: str, who: str, number: int) -> None:
    late = f"{who}x{number}"
    member = room.lesson.people.members[who]
    match what:
        case "enter":
            room.joins(late, seat=Seat.remote)
        case "say":
            with suppress(Refused):
                room.does(who, Say(id="q", text="word"))
        case "go" if member.here:
            room.happens(MemberWent(id=who))
        case "come" if not member.here and not member.removed:
            room.happens(MemberCame(id=who))
        case "reseat":
            room.happens(MemberSeated(id=who, seat=Seat.remote if number % 2 else Seat.room))
        case "remove" if not member.removed:
            room.happens(MemberRemoved(id=who))
        case "readmit" if member.removed:
            room.happens(MemberReadmitted(id=who))
        case "rename":
            room.happens(MemberRenamed(id=who, name=late))


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
