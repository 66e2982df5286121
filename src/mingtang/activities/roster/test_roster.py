import pytest

from mingtang.activities.roster import rules, view
from mingtang.activities.roster.rules import Admit, Come, Go, Promote, Readmit, Remove, Rename, Reseat, TakeName
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused, kind_of
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import SERVER, Role, Seat

KINDS = Kinds([from_modules("roster", rules, view)])


class Room:
    """A lesson with nothing but a roster, and its log."""

    def __init__(self) -> None:
        self.lesson = Lesson(KINDS)
        self.log: list[Fact] = []

    def does(self, command: Command, by: str = "") -> list[Event]:
        member = self.lesson.people.members[by] if by else SERVER
        made = self.lesson.decide(command, member, 1000 + len(self.log), seed=7)
        for event in made:
            self.log.append(Fact(len(self.log) + 1, 1000 + len(self.log), by, "", event))
            self.lesson.fold(self.log[-1])
        return made

    def refuses(self, command: Command, by: str = "") -> str:
        with pytest.raises(Refused) as no:
            self.does(command, by)
        return no.value.code

    def sees(self, role: Role, part: str = "roster") -> dict | None:
        return self.lesson.view(role, part)


@pytest.fixture
def room() -> Room:
    room = Room()
    room.does(Admit(id="t", name="Dr. Lin", role=Role.teacher, seat=Seat.room))
    room.does(Admit(id="a", name="Ben", role=Role.assistant, seat=Seat.room))
    room.does(Admit(id="s", name="Ada", role=Role.student, seat=Seat.room))
    room.does(Admit(id="r", name="王小明", role=Role.student, seat=Seat.remote))
    return room


def names(room: Room) -> dict[str, str]:
    return {id: row["name"] for id, row in room.sees(Role.teacher, "roster/list")["members"].items()}


def kinds_of(events: list[Event]) -> list[str]:
    return [kind_of(type(e)) for e in events]


def test_only_students_who_are_here_are_counted_and_by_seat(room: Room) -> None:
    for id in ("t", "a", "s", "r"):
        room.does(Come(id=id))
    assert room.sees(Role.student) == {"here": {"room": 1, "remote": 1}, "joined": 2}
    room.does(Go(id="s"))
    assert room.sees(Role.wall) == {"here": {"room": 0, "remote": 1}, "joined": 2}


def test_coming_twice_is_said_once(room: Room) -> None:
    assert kinds_of(room.does(Come(id="s"))) == ["member.came"]
    assert room.does(Come(id="s")) == []
    assert kinds_of(room.does(Go(id="s"))) == ["member.went"]
    assert room.does(Go(id="s")) == []
    assert room.does(Come(id="nobody")) == []


def test_joining_again_with_the_same_wishes_changes_nothing(room: Room) -> None:
    assert room.does(Admit(id="s", name=" Ada ", role=Role.student, seat=Seat.room)) == []


def test_joining_again_with_another_name_and_seat_renames_and_reseats(room: Room) -> None:
    made = room.does(Admit(id="s", name="Ada L.", role=Role.student, seat=Seat.remote))
    assert kinds_of(made) == ["member.renamed", "member.seated"]
    row = room.sees(Role.teacher, "roster/list")["members"]["s"]
    assert (row["name"], row["seat"]) == ("Ada L.", Seat.remote)
    assert len(names(room)) == 4


def test_the_students_door_does_not_demote_an_assistant_but_the_assistants_door_promotes(room: Room) -> None:
    assert room.does(Admit(id="a", name="Ben", role=Role.student, seat=Seat.room)) == []
    assert kinds_of(room.does(Admit(id="s", name="Ada", role=Role.assistant, seat=Seat.room))) == ["member.promoted"]
    assert room.sees(Role.student)["joined"] == 1


def test_a_removed_member_does_not_come_back_until_readmitted(room: Room) -> None:
    room.does(Come(id="s"))
    room.does(Remove(id="s"), by="a")
    assert room.sees(Role.wall) == {"here": {"room": 0, "remote": 0}, "joined": 1}
    assert room.refuses(Admit(id="s", name="Ada", role=Role.student, seat=Seat.room)) == "roster.removed"
    assert room.does(Come(id="s")) == []
    assert "Ada" not in names(room).values()
    assert room.sees(Role.teacher, "roster/list")["removed"]["s"]["name"] == "Ada"
    room.does(Readmit(id="s"), by="t")
    assert kinds_of(room.does(Come(id="s"))) == ["member.came"]
    assert room.sees(Role.wall) == {"here": {"room": 1, "remote": 0}, "joined": 2}
    assert room.sees(Role.teacher, "roster/list")["removed"] == {}


def test_a_removed_member_can_only_be_readmitted(room: Room) -> None:
    room.does(Remove(id="s"), by="t")
    assert room.does(Remove(id="s"), by="t") == []
    assert room.refuses(Rename(id="s", name="Eve"), by="t") == "roster.removed"
    assert room.refuses(Promote(id="s", role=Role.teacher), by="t") == "roster.removed"
    assert room.refuses(Reseat(seat=Seat.remote), by="s") == "not_a_member"


def test_an_assistant_acts_on_students_and_on_himself_only(room: Room) -> None:
    room.does(Admit(id="a2", name="Cy", role=Role.assistant, seat=Seat.room))
    assert room.refuses(Remove(id="t"), by="a") == "not_allowed"
    assert room.refuses(Rename(id="t", name="Mr. X"), by="a") == "not_allowed"
    assert room.refuses(Remove(id="a2"), by="a") == "not_allowed"
    assert room.refuses(Promote(id="s", role=Role.teacher), by="a") == "not_allowed"
    assert kinds_of(room.does(Rename(id="a", name="Benjamin"), by="a")) == ["member.renamed"]
    assert kinds_of(room.does(Rename(id="s", name="Ada K."), by="a")) == ["member.renamed"]


def test_the_last_teacher_stays_a_teacher(room: Room) -> None:
    assert room.refuses(Remove(id="t"), by="t") == "roster.last_teacher"
    assert room.refuses(Promote(id="t", role=Role.student), by="t") == "roster.last_teacher"
    room.does(Promote(id="a", role=Role.teacher), by="t")
    assert kinds_of(room.does(Promote(id="t", role=Role.assistant), by="t")) == ["member.promoted"]


def test_a_screen_is_no_person_and_a_person_no_screen(room: Room) -> None:
    room.does(Admit(id="w", name="", role=Role.wall, seat=Seat.room))
    assert room.refuses(Promote(id="w", role=Role.teacher), by="t") == "not_allowed"
    assert room.refuses(Promote(id="s", role=Role.wall), by="t") == "not_allowed"
    assert room.does(Admit(id="w", name="", role=Role.wall, seat=Seat.room)) == []
    assert "member.promoted" not in kinds_of(room.does(Admit(id="w", name="W", role=Role.teacher, seat=Seat.room)))
    assert room.refuses(TakeName(name="Eve"), by="w") == "not_allowed"


def test_students_change_nobody_but_themselves(room: Room) -> None:
    assert room.refuses(Rename(id="r", name="Eve"), by="s") == "not_allowed"
    assert room.refuses(Remove(id="r"), by="s") == "not_allowed"
    assert room.refuses(Admit(id="x", name="Eve", role=Role.teacher, seat=Seat.room), by="s") == "not_allowed"
    room.does(TakeName(name="Ada\u202e L."), by="s")
    room.does(Reseat(seat=Seat.remote), by="s")
    assert room.lesson.mine("s") == {"roster": {"name": "Ada L.", "role": "student", "seat": "remote"}}


def test_changing_the_seat_moves_the_count(room: Room) -> None:
    room.does(Come(id="s"))
    room.does(Reseat(seat=Seat.remote), by="s")
    assert room.sees(Role.student)["here"] == {"room": 0, "remote": 1}
    assert room.does(Reseat(seat=Seat.remote), by="s") == []


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "\n\t"])
def test_nobody_is_without_a_name(room: Room, name: str) -> None:
    assert room.refuses(Admit(id="x", name=name, role=Role.student, seat=Seat.room)) == "roster.no_name"
    assert room.refuses(TakeName(name=name), by="s") == "roster.no_name"
    assert room.refuses(Rename(id="s", name=name), by="t") == "roster.no_name"


@pytest.mark.parametrize("role", [Role.student, Role.observer, Role.wall])
def test_the_list_is_for_staff(room: Room, role: Role) -> None:
    assert room.sees(role, "roster/list") is None
    assert "roster/list" not in room.lesson.parts(role)
    assert room.sees(Role.assistant, "roster/list") == room.sees(Role.teacher, "roster/list")


def test_a_removed_student_who_had_another_name_keeps_the_rows_as_people_know_them(room: Room) -> None:
    room.does(TakeName(name="Eve"), by="s")
    room.does(Remove(id="s"), by="t")
    room.does(Readmit(id="s"), by="t")
    people = {m.id: (m.name, m.role, m.seat, m.here) for m in room.lesson.people.members.values() if not m.removed}
    rows = room.sees(Role.teacher, "roster/list")["members"]
    assert {id: (r["name"], r["role"], r["seat"], r["here"]) for id, r in rows.items()} == people


def test_the_log_tells_the_same_again(room: Room) -> None:
    room.does(Come(id="s"))
    room.does(Remove(id="r"), by="t")
    assert replay(KINDS, room.log).digest() == room.lesson.digest()


def test_a_view_once_given_is_not_changed_by_what_follows(room: Room) -> None:
    before = room.sees(Role.teacher, "roster/list")
    kept = {id: dict(row) for id, row in before["members"].items()}
    room.does(Come(id="s"))
    room.does(Rename(id="s", name="Eve"), by="t")
    assert before["members"] == kept
