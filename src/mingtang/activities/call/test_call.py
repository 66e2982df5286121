from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.call import rules, view
from mingtang.activities.call.rules import Done, Draw, Skip, Spare, Undo
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused, kind_of
from mingtang.core.frame import (
    MEMBER_EVENTS,
    MemberCame,
    MemberJoined,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import Role, Seat

# Who comes and goes is told by another activity; here somebody only has to own those events.
FRAME = SimpleNamespace(
    State=rules.State,
    commands=(),
    events=MEMBER_EVENTS,
    decide=lambda state, command, act: (),
    fold=lambda state, event, fact: None,
)
NOTHING = SimpleNamespace(view=lambda state, role, part, people: None)
KINDS = Kinds([from_modules("call", rules, view), from_modules("frame", FRAME, NOTHING)])  # type: ignore[arg-type]


class Room:
    def __init__(self, room: int = 3, remote: int = 2) -> None:
        self.lesson = Lesson(KINDS)
        self.log: list[Fact] = []
        self.seed = 0
        self.happens(MemberJoined(id="t", name="Dr. Lin", role=Role.teacher, seat=Seat.room), MemberCame(id="t"))
        for n in range(room):
            self.comes(f"room-{n}", Seat.room)
        for n in range(remote):
            self.comes(f"remote-{n}", Seat.remote)

    def comes(self, id: str, seat: Seat = Seat.room) -> None:
        self.happens(MemberJoined(id=id, name=f"Name of {id}", role=Role.student, seat=seat), MemberCame(id=id))

    def happens(self, *events: Event, by: str = "") -> None:
        for event in events:
            self.log.append(Fact(len(self.log) + 1, 1000 + len(self.log), by, "", event))
            self.lesson.fold(self.log[-1])

    def does(self, command: Command, by: str = "t", seed: int | None = None) -> list[str]:
        self.seed += 1
        seed = self.seed if seed is None else seed
        made = self.lesson.decide(command, self.lesson.people.members[by], 1000 + len(self.log), seed)
        self.happens(*made, by=by)
        return [kind_of(type(e)) for e in made]

    def refuses(self, command: Command, by: str = "t") -> str:
        with pytest.raises(Refused) as no:
            self.does(command, by)
        return no.value.code

    def draws(self, among: str = "all", seed: int | None = None) -> str:
        self.does(Draw(among=among), seed=seed)
        return self.teacher["now"]["member"]

    @property
    def teacher(self) -> dict:
        return self.lesson.view(Role.teacher, "call")

    @property
    def table(self) -> dict:
        return self.lesson.view(Role.teacher, "call/table")["members"]

    def digest(self) -> str:
        return self.lesson.digest()


def test_everybody_is_called_once_before_anybody_twice() -> None:
    room = Room(room=4, remote=3)
    rounds = [sorted(room.draws() for _ in range(7)) for _ in range(3)]
    assert all(len(set(r)) == 7 for r in rounds)


def test_the_same_seed_calls_the_same_and_other_seeds_call_everybody() -> None:
    assert Room().draws(seed=5) == Room().draws(seed=5)
    assert len({Room().draws(seed=n) for n in range(60)}) == 5


@given(st.lists(st.tuples(st.integers(0, 2**63), st.sampled_from(["draw", "pass", "late", "leaves", "back"]))))
def test_turns_of_those_always_present_differ_by_one_at_most(steps: list[tuple[int, str]]) -> None:
    room, turns = Room(), Counter({f"room-{n}": 0 for n in range(3)} | {f"remote-{n}": 0 for n in range(2)})
    always = set(turns)
    for n, (seed, what) in enumerate(steps):
        if what == "late":
            room.comes(f"late-{n}", Seat.remote if seed % 2 else Seat.room)
        elif what == "leaves":
            room.happens(*(MemberWent(id=m.id) for m in room.lesson.people.students_here() if m.id not in always))
        elif what == "back":
            room.happens(*(MemberCame(id=m.id) for m in room.lesson.people.students() if not m.here))
        elif what == "pass":
            room.does(Skip())
        else:
            called = room.draws(seed=seed)
            turns[called] += called in always
    counts = [turns[m] for m in always]
    assert max(counts) - min(counts) <= 1


def test_who_comes_late_is_called_like_the_others_and_not_until_he_has_caught_up() -> None:
    room = Room(room=3, remote=0)
    for _ in range(9):
        room.draws()
    room.comes("late")
    assert sorted(room.draws() for _ in range(4)) == ["late", "room-0", "room-1", "room-2"]
    assert sorted(room.draws() for _ in range(4)) == ["late", "room-0", "room-1", "room-2"]


def test_only_students_who_are_here_are_called() -> None:
    room = Room(room=2, remote=0)
    room.happens(MemberWent(id="room-0"))
    assert {room.draws(), *(_finished(room) for _ in range(3))} == {"room-1"}


def _finished(room: Room) -> str:
    room.does(Done())
    return room.draws()


def test_a_call_can_be_for_the_room_or_for_the_remote_only() -> None:
    room = Room()
    assert {room.draws("remote") for _ in range(4)} == {"remote-0", "remote-1"}
    assert {room.draws("room") for _ in range(3)} == {"room-0", "room-1", "room-2"}


def test_after_calls_for_the_room_alone_the_remote_are_called_first() -> None:
    room = Room()
    for _ in range(3):
        room.draws("room")
    assert {room.draws(), room.draws()} == {"remote-0", "remote-1"}


def test_nobody_to_call_is_said() -> None:
    room = Room(room=1, remote=0)
    assert room.refuses(Draw(among="remote")) == "call.nobody"
    assert room.refuses(Draw(exclude=["room-0"])) == "call.nobody"
    room.draws()
    assert room.refuses(Draw()) == "call.nobody"


def test_who_is_spared_is_not_called_until_no_longer_spared() -> None:
    room = Room(room=2, remote=0)
    room.does(Spare(member="room-0", spared=True))
    assert room.does(Spare(member="room-0", spared=True)) == []
    room.draws()
    assert room.teacher["now"]["member"] == "room-1"
    assert room.table["room-0"] == {"spared": True}
    room.does(Spare(member="room-0", spared=False))
    assert room.draws() == "room-0"
    assert room.refuses(Spare(member="nobody", spared=True)) == "unknown_item"


def test_the_next_call_says_that_the_one_before_was_heard() -> None:
    room = Room(room=2, remote=0)
    first = room.draws()
    assert room.does(Draw()) == ["call.finished", "call.drawn"]
    assert room.table[first] == {"called": 1, "heard": 1}
    assert room.teacher["heard"] == {"room": 1, "remote": 0}


def test_passing_counts_as_neither_called_nor_heard_and_is_not_asked_again_at_once() -> None:
    room = Room(room=2, remote=0)
    first = room.draws()
    assert room.does(Skip()) == ["call.finished"]
    assert room.table[first] == {"passed": 1}
    assert room.does(Skip()) == []
    assert room.draws() != first
    assert room.draws() == first


def test_the_one_who_is_called_may_pass_and_no_other_student() -> None:
    room = Room()
    called = room.draws()
    other = next(m.id for m in room.lesson.people.students() if m.id != called)
    assert room.refuses(Skip(), by=other) == "not_allowed"
    assert room.refuses(Done(), by=called) == "not_allowed"
    assert room.does(Skip(), by=called) == ["call.finished"]
    assert room.refuses(Skip(), by=called) == "not_allowed"


@pytest.mark.parametrize("after", [(), (Done(),), (Skip(),)])
def test_a_call_taken_back_leaves_no_trace_in_any_view(after: tuple[Command, ...]) -> None:
    room = Room()
    room.draws()
    room.does(Done())
    before = (dict(room.table), room.teacher["heard"], dict(room.lesson.states["call"].level))
    room.draws()
    for command in after:
        room.does(command)
    assert room.does(Undo()) == ["call.undone"]
    assert (room.table, room.teacher["heard"], room.lesson.states["call"].level) == before
    assert "now" not in room.teacher
    assert room.does(Undo()) == []


def test_the_wall_shows_the_name_while_it_is_called_and_no_id() -> None:
    room = Room()
    assert room.lesson.view(Role.wall, "call") == {}
    called = room.draws()
    now = room.lesson.view(Role.wall, "call")["now"]
    assert (now["name"], set(now)) == (f"Name of {called}", {"name", "seat", "at"})
    room.happens(MemberRenamed(id=called, name="Ada"))
    assert room.lesson.view(Role.wall, "call")["now"]["name"] == "Ada"
    room.does(Done())
    assert room.lesson.view(Role.wall, "call") == {}


def test_only_the_one_who_is_called_is_told_so() -> None:
    room = Room()
    called = room.draws()
    assert set(room.lesson.mine(called)["call"]) == {"at"}
    for member in room.lesson.people.students():
        assert member.id == called or "call" not in room.lesson.mine(member.id)
    assert room.lesson.view(Role.student, "call") == {}
    assert room.lesson.view(Role.student, "call/table") is None


def test_who_is_sent_out_is_no_longer_called() -> None:
    room = Room()
    called = room.draws()
    room.happens(MemberRemoved(id=called))
    assert room.lesson.view(Role.wall, "call") == {}
    assert room.does(Done()) == []
    assert all(room.draws() != called for _ in range(8))


def test_changing_the_seat_neither_saves_from_a_call_nor_brings_one() -> None:
    room = Room(room=3, remote=1)
    first = room.draws("room")
    room.happens(MemberSeated(id=first, seat=Seat.remote))
    assert sorted(room.draws() for _ in range(3)) == sorted({"room-0", "room-1", "room-2", "remote-0"} - {first})


def test_the_log_tells_the_same_again() -> None:
    room = Room()
    room.draws()
    room.does(Skip())
    room.draws()
    assert replay(KINDS, room.log).digest() == room.digest()
