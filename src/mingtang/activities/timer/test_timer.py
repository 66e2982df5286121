from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from mingtang.activities.timer import rules, view
from mingtang.activities.timer.rules import Add, Pause, Resume, Start, Stop
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Fact, Refused
from mingtang.core.frame import StepTurned
from mingtang.core.lesson import Lesson
from mingtang.core.member import Member, Role, Seat


class _Nothing(Struct):
    """The state of the activity that owns the frame's events here."""


FRAME = SimpleNamespace(State=_Nothing, commands=(), events=(StepTurned,), decide=lambda *_: (), fold=lambda *_: None)
NOTHING = SimpleNamespace(view=lambda *_: None, parts=lambda *_: ())
KINDS = Kinds([from_modules("timer", rules, view), from_modules("frame", FRAME, NOTHING)])  # type: ignore[arg-type]
TEACHER = Member("t", "Dr. Lin", Role.teacher, Seat.room, 0)


class Room:
    def __init__(self) -> None:
        self.lesson = Lesson(KINDS)
        self.now = 1_000_000
        self.seq = 0

    def does(self, command: Command, by: Member = TEACHER) -> int:
        """How many events it made."""
        made = self.lesson.decide(command, by, self.now, 1)
        for event in made:
            self.seq += 1
            self.lesson.fold(Fact(self.seq, self.now, by.id, "", event))
        return len(made)

    @property
    def seen(self) -> dict:
        return self.lesson.view(Role.wall, "timer")


@pytest.fixture
def room() -> Room:
    return Room()


def test_without_a_timer_there_is_nothing_to_see(room: Room) -> None:
    assert room.seen == {}
    assert [room.does(c) for c in (Pause(), Resume(), Add(seconds=60), Stop())] == [0, 0, 0, 0]


def test_a_timer_tells_its_end_and_its_length(room: Room) -> None:
    room.does(Start(seconds=120, label=" Pairs \n talk "))
    assert room.seen == {"started": 1_000_000, "length": 120_000, "ends": 1_120_000, "label": "Pairs talk"}


def test_a_held_timer_keeps_what_is_left_and_runs_on_from_there(room: Room) -> None:
    room.does(Start(seconds=120))
    room.now += 30_000
    room.does(Pause())
    assert room.seen == {"started": 1_000_000, "length": 120_000, "paused_left": 90_000}
    assert room.does(Pause()) == 0
    room.now += 600_000
    room.does(Resume())
    assert room.seen["ends"] == room.now + 90_000
    assert room.does(Resume()) == 0


def test_time_that_is_up_is_not_held(room: Room) -> None:
    room.does(Start(seconds=10))
    room.now += 10_000
    assert room.does(Pause()) == 0


def test_a_minute_more_counts_from_now_when_time_was_up(room: Room) -> None:
    room.does(Start(seconds=10))
    room.now += 300_000
    room.does(Add(seconds=60))
    assert room.seen["ends"] == room.now + 60_000
    assert room.seen["length"] == 60_000


def test_a_held_timer_can_be_given_more(room: Room) -> None:
    room.does(Start(seconds=60))
    room.does(Pause())
    room.does(Add(seconds=60))
    assert (room.seen["paused_left"], room.seen["length"]) == (120_000, 120_000)
    room.does(Add(seconds=-3600))
    assert room.seen["paused_left"] == 0


def test_starting_again_replaces_the_timer(room: Room) -> None:
    room.does(Start(seconds=60, label="one"))
    room.does(Pause())
    room.now += 1000
    room.does(Start(seconds=30))
    assert room.seen == {"started": room.now, "length": 30_000, "ends": room.now + 30_000}


def test_stopping_takes_it_away(room: Room) -> None:
    room.does(Start(seconds=60))
    room.does(Stop())
    assert room.seen == {}


@pytest.mark.parametrize("role", [Role.student, Role.observer, Role.wall])
def test_only_staff_touch_the_timer(room: Room, role: Role) -> None:
    other = Member("x", "Ada", role, Seat.room, 0)
    for command in (Start(seconds=5), Pause(), Resume(), Add(seconds=5), Stop()):
        with pytest.raises(Refused, match="not_allowed"):
            room.does(command, other)


@given(st.lists(st.tuples(st.sampled_from([Pause(), Resume(), Add(seconds=30), Add(seconds=-30)]), st.integers(0, 50))))
def test_what_is_left_is_never_negative_and_never_more_than_the_whole(steps: list[tuple[Command, int]]) -> None:
    room = Room()
    room.does(Start(seconds=100))
    for command, wait in steps:
        room.now += wait * 1000
        room.does(command)
        seen = room.seen
        left = seen["paused_left"] if "paused_left" in seen else max(0, seen["ends"] - room.now)
        assert 0 <= left <= seen["length"]
        assert ("ends" in seen) != ("paused_left" in seen)


def turns(room: Room, event: StepTurned) -> None:
    room.seq += 1
    room.lesson.fold(Fact(room.seq, room.now, "t", "", event))


def test_a_step_with_a_clock_starts_it_by_the_servers_time_and_ends_it_by_leaving(room: Room) -> None:
    turns(room, StepTurned(to="b", seconds=300, label="Coffee"))
    began = room.now
    room.now += 60_000
    ends = began + 300_000
    assert room.seen == {"started": began, "length": 300_000, "ends": ends, "label": "Coffee", "step": "b"}
    turns(room, StepTurned(to="p"))
    assert room.seen == {}


def test_a_timer_started_by_hand_goes_on_over_the_steps(room: Room) -> None:
    room.does(Start(seconds=100))
    turns(room, StepTurned(to="p"))
    assert room.seen["length"] == 100_000


def test_the_clock_of_a_step_can_be_held_and_lengthened_like_any_other(room: Room) -> None:
    turns(room, StepTurned(to="b", seconds=60))
    room.does(Pause())
    room.does(Add(seconds=60))
    assert (room.seen["paused_left"], room.seen["step"]) == (120_000, "b")
