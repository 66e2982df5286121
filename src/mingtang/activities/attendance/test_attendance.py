import json
from types import SimpleNamespace

import pytest

from mingtang.activities.attendance import rules, view
from mingtang.activities.attendance.export import HEAD, rows, utc
from mingtang.activities.attendance.rules import GRACE_MS, Prove, Rotate, Start, Stop, Vouch
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused, kind_of
from mingtang.core.frame import (
    LESSON_EVENTS,
    MEMBER_EVENTS,
    LessonEnded,
    MemberCame,
    MemberJoined,
    MemberPromoted,
    MemberReadmitted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import SERVER, Role, Seat

# Who comes and goes is told by other activities; here somebody only has to own those events.
FRAME = SimpleNamespace(
    State=rules.State,
    commands=(),
    events=(*LESSON_EVENTS, *MEMBER_EVENTS),
    decide=lambda state, command, act: (),
    fold=lambda state, event, fact: None,
)
NOTHING = SimpleNamespace(view=lambda state, role, part, people: None)
KINDS = Kinds([from_modules("attendance", rules, view), from_modules("frame", FRAME, NOTHING)])  # type: ignore[arg-type]
MINUTE = 60_000


class Room:
    """A lesson with a clock that the test turns."""

    def __init__(self) -> None:
        self.lesson = Lesson(KINDS)
        self.log: list[Fact] = []
        self.now = 1_000_000
        self.seed = 0

    def does(self, command: Command, by: str = "") -> list[str]:
        member = self.lesson.people.members[by] if by else SERVER
        self.seed += 1
        made: list[Event] = self.lesson.decide(command, member, self.now, self.seed)
        self.happens(*made, by=by)
        return [kind_of(type(e)) for e in made]

    def happens(self, *events: Event, by: str = "") -> None:
        for event in events:
            self.log.append(Fact(len(self.log) + 1, self.now, by, "", event))
            self.lesson.fold(self.log[-1])

    def refuses(self, command: Command, by: str) -> str:
        with pytest.raises(Refused) as no:
            self.does(command, by)
        return no.value.code

    def sees(self, role: Role, part: str = "attendance") -> dict:
        return self.lesson.view(role, part)

    @property
    def code(self) -> str:
        return self.sees(Role.wall)["code"]

    def wrong(self) -> str:
        state = self.lesson.states["attendance"]
        return next(c for c in ("2222", "3333", "4444") if c not in (state.code, state.previous))

    def row(self, member: str) -> dict:
        return self.sees(Role.teacher, "attendance/table")["members"][member]

    def sheet(self, until: int | None = None) -> list[list[str]]:
        return rows(self.lesson.states["attendance"], self.lesson.people, until or self.now)


@pytest.fixture
def room() -> Room:
    room = Room()
    room.happens(MemberJoined(id="t", name="Dr. Lin", role=Role.teacher, seat=Seat.room))
    room.happens(MemberJoined(id="w", name="", role=Role.wall, seat=Seat.room))
    for id, name, seat in (("s", "Ada", Seat.room), ("b", "Bo", Seat.room), ("r", "王小明", Seat.remote)):
        room.happens(MemberJoined(id=id, name=name, role=Role.student, seat=seat))
        room.happens(MemberCame(id=id))
    return room


def test_the_code_is_on_the_wall_and_the_teachers_stage_and_nowhere_else(room: Room) -> None:
    room.does(Start(), by="t")
    assert room.sees(Role.teacher)["code"] == room.code
    for role in (Role.student, Role.observer, Role.assistant):
        assert "code" not in room.sees(role)
    assert room.sees(Role.student) == {"check": 1, "open": True, "turn": 1}
    room.does(Prove(code=room.wrong()), by="s")
    room.does(Prove(code=room.code), by="b")
    for id in ("s", "b", "r"):
        assert f'"{room.code}"' not in json.dumps(room.lesson.mine(id))


def test_typing_the_code_proves_being_in_the_room_once(room: Room) -> None:
    room.does(Start(), by="t")
    assert room.does(Prove(code=room.code), by="s") == ["attendance.proved"]
    assert room.does(Prove(code=room.code), by="s") == []
    assert room.does(Prove(code=room.wrong()), by="s") == []
    assert room.lesson.mine("s")["attendance"] == {"proven": room.now, "check": 1}
    assert room.sees(Role.wall)["proven"] == 1
    assert "proven" in room.row("s")
    assert "proven" not in room.row("b")


def test_a_code_stands_its_time_whoever_asks_and_however_often(room: Room) -> None:
    room.does(Start(seconds=20), by="t")
    first = room.code
    room.now += 19_000
    assert room.does(Rotate(), by="w") == []
    room.now += 1_000
    assert room.does(Rotate(), by="w") == ["attendance.turned"]
    assert room.does(Rotate(), by="t") == []
    assert room.code != first
    assert room.sees(Role.student)["turn"] == 2
    assert room.refuses(Rotate(), by="s") == "not_allowed"


def test_the_code_before_is_valid_for_a_time_of_grace(room: Room) -> None:
    room.does(Start(seconds=20), by="t")
    first = room.code
    room.now += 20_000
    room.does(Rotate(), by="w")
    room.now += GRACE_MS
    assert room.does(Prove(code=first), by="s") == ["attendance.proved"]
    room.now += 1
    assert room.does(Prove(code=first), by="b") == ["attendance.missed"]


def test_what_stands_on_the_wall_is_valid_however_long_it_stands(room: Room) -> None:
    room.does(Start(seconds=5), by="t")
    room.now += 10 * MINUTE
    assert room.does(Prove(code=room.code), by="s") == ["attendance.proved"]


def test_five_wrong_tries_must_wait_for_the_next_code_and_the_right_one_is_refused_too(room: Room) -> None:
    room.does(Start(seconds=20), by="t")
    for left in (4, 3, 2, 1, 0):
        assert room.does(Prove(code=room.wrong()), by="s") == ["attendance.missed"]
        assert room.lesson.mine("s")["attendance"] == {"missed": {"turn": 1, "left": left}}
    assert room.refuses(Prove(code=room.code), by="s") == "attendance.slow_down"
    assert room.does(Prove(code=room.code), by="b") == ["attendance.proved"]
    room.now += 20_000
    room.does(Rotate(), by="w")
    assert room.does(Prove(code=room.code), by="s") == ["attendance.proved"]


def test_a_program_that_guesses_gets_twenty_tries_in_a_check(room: Room) -> None:
    room.does(Start(seconds=20), by="t")
    for _ in range(4):
        for _ in range(5):
            room.does(Prove(code=room.wrong()), by="s")
        room.now += 20_000
        room.does(Rotate(), by="w")
    assert room.lesson.mine("s")["attendance"]["missed"]["none"] is True
    assert room.refuses(Prove(code=room.code), by="s") == "attendance.too_many"
    room.does(Stop(), by="t")
    room.does(Start(), by="t")
    assert room.does(Prove(code=room.code), by="s") == ["attendance.proved"]


def test_a_remote_student_is_present_by_time_and_cannot_prove_the_room(room: Room) -> None:
    room.does(Start(), by="t")
    assert room.refuses(Prove(code=room.code), by="r") == "attendance.remote"
    room.happens(MemberSeated(id="r", seat=Seat.room))
    assert room.does(Prove(code=room.code), by="r") == ["attendance.proved"]


def test_after_the_check_no_code_is_seen_or_taken(room: Room) -> None:
    room.does(Start(), by="t")
    code = room.code
    room.does(Stop(), by="t")
    assert room.sees(Role.wall) == {"check": 1, "open": False, "proven": 0}
    assert room.refuses(Prove(code=code), by="s") == "attendance.closed"
    assert room.does(Rotate(), by="w") == []
    assert room.does(Stop(), by="t") == []


def test_a_second_check_counts_anew_and_the_first_proof_stays(room: Room) -> None:
    room.does(Start(), by="t")
    first = room.now
    room.does(Prove(code=room.code), by="s")
    assert room.does(Start(), by="t") == []
    room.does(Stop(), by="t")
    room.now += MINUTE
    room.does(Start(), by="t")
    assert room.sees(Role.teacher)["proven"] == 0
    room.does(Prove(code=room.code), by="s")
    row = room.row("s")
    assert (row["proven"], row["check"], row["checks"]) == (first, 2, 2)
    assert room.sees(Role.teacher)["proven"] == 1


def test_staff_vouch_for_somebody_and_take_it_back(room: Room) -> None:
    room.does(Start(), by="t")
    assert room.does(Vouch(member="b", present=True), by="t") == ["attendance.vouched"]
    assert room.row("b")["vouched"] is True
    assert room.sees(Role.wall)["proven"] == 1
    assert room.does(Vouch(member="b", present=True), by="t") == []
    assert room.does(Prove(code=room.code), by="b") == []
    room.does(Vouch(member="b", present=False), by="t")
    assert "proven" not in room.row("b")
    assert room.sees(Role.wall)["proven"] == 0
    assert room.refuses(Vouch(member="b", present=True), by="s") == "not_allowed"
    assert room.refuses(Vouch(member="t", present=True), by="t") == "unknown_item"


def test_time_present_is_the_sum_of_the_times_between_coming_and_going(room: Room) -> None:
    start = room.now
    room.now += 5 * MINUTE
    room.happens(MemberWent(id="r"))
    room.now += 10 * MINUTE
    room.happens(MemberCame(id="r"))
    room.now += 2 * MINUTE
    assert room.row("r") == {
        "name": "王小明",
        "seat": "remote",
        "present": 5 * MINUTE,
        "from": start,
        "to": start + 5 * MINUTE,
        "since": start + 15 * MINUTE,
    }
    line = next(line for line in room.sheet() if line[0] == "王小明")
    assert line[-1] == "7"


def test_the_table_holds_students_only_as_they_are_now(room: Room) -> None:
    room.does(Start(), by="t")
    room.does(Prove(code=room.code), by="b")
    room.happens(MemberPromoted(id="b", role=Role.assistant))
    assert "b" not in room.sees(Role.teacher, "attendance/table")["members"]
    assert room.sees(Role.wall)["proven"] == 0
    assert "attendance" not in room.lesson.mine("b")
    room.happens(MemberPromoted(id="b", role=Role.student))
    assert room.row("b")["check"] == 1
    assert room.sees(Role.wall)["proven"] == 1
    assert set(room.sees(Role.teacher, "attendance/table")["members"]) == {"s", "b", "r"}
    assert room.lesson.view(Role.student, "attendance/table") is None


def test_who_was_sent_out_stays_in_the_table_with_the_time_until_then(room: Room) -> None:
    room.now += 3 * MINUTE
    room.happens(MemberRemoved(id="s"))
    room.now += 3 * MINUTE
    assert (room.row("s")["present"], room.row("s")["removed"]) == (3 * MINUTE, True)
    room.happens(MemberReadmitted(id="s"))
    assert "removed" not in room.row("s")


def test_the_end_of_the_lesson_ends_the_check_and_every_presence(room: Room) -> None:
    room.does(Start(), by="t")
    room.now += 4 * MINUTE
    room.happens(LessonEnded())
    assert "code" not in room.sees(Role.wall)
    assert [line[-1] for line in room.sheet(until=room.now + 90 * MINUTE)[1:]] == ["4", "4", "4"]


def test_the_sheet_has_a_head_and_a_line_for_each_student_by_name(room: Room) -> None:
    room.does(Start(), by="t")
    room.does(Prove(code=room.code), by="s")
    room.happens(MemberRenamed(id="b", name="ada B."))
    room.now += 90_000
    sheet = room.sheet()
    assert sheet[0] == list(HEAD)
    assert [line[0] for line in sheet[1:]] == ["Ada", "ada B.", "王小明"]
    assert sheet[1] == ["Ada", "room", utc(1_000_000), "1", "1", utc(1_000_000), utc(room.now), "2"]
    assert sheet[2][2:4] == ["", "0"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(room: Room, name: str) -> None:
    room.happens(MemberRenamed(id="s", name=name))
    assert f"'{name}" in [line[0] for line in room.sheet()]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (0, "1970-01-01 00:00:00Z"),
        (951_782_399_999, "2000-02-28 23:59:59Z"),
        (951_782_400_000, "2000-02-29 00:00:00Z"),
        (1_772_600_767_000, "2026-03-04 05:06:07Z"),
        (4_107_542_400_000, "2100-03-01 00:00:00Z"),
    ],
)
def test_times_are_written_as_utc(at: int, said: str) -> None:
    assert utc(at) == said


def test_a_clock_that_jumps_back_takes_no_time_away(room: Room) -> None:
    room.now -= 5 * MINUTE
    room.happens(MemberWent(id="s"))
    assert room.row("s")["present"] == 0


def test_the_log_tells_the_same_again(room: Room) -> None:
    room.does(Start(), by="t")
    room.does(Prove(code=room.wrong()), by="s")
    room.does(Prove(code=room.code), by="b")
    again = replay(KINDS, room.log)
    assert again.digest() == room.lesson.digest()
    assert again.mine("s") == room.lesson.mine("s")
