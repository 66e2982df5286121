import pytest

from mingtang.activities.lesson import rules, view
from mingtang.activities.lesson.rules import End, Open, Plan, Rename
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused, kind_of
from mingtang.core.lesson import Lesson
from mingtang.core.member import SERVER, STAFF, Member, Role, Seat

KINDS = Kinds([from_modules("lesson", rules, view)])
TEACHER = Member("t", "Dr. Lin", Role.teacher, Seat.room, 0)


class Room:
    def __init__(self) -> None:
        self.lesson = Lesson(KINDS)

    def does(self, command: Command, by: Member = TEACHER) -> list[str]:
        made: list[Event] = self.lesson.decide(command, by, 1000 + self.lesson.seq, 1)
        for event in made:
            self.lesson.fold(Fact(self.lesson.seq + 1, 1000 + self.lesson.seq, by.id, "", event))
        return [kind_of(type(e)) for e in made]


@pytest.fixture
def room() -> Room:
    room = Room()
    room.does(Open(title="Sets", code="482937", course="CS101"), SERVER)
    return room


def test_everybody_sees_title_code_course_and_beginning(room: Room) -> None:
    for role in Role:
        assert room.lesson.view(role, "lesson") == {
            "title": "Sets",
            "code": "482937",
            "course": "CS101",
            "opened": 1000,
        }


def test_a_lesson_is_opened_once_and_by_the_server(room: Room) -> None:
    assert room.does(Open(title="Maps", code="222222"), SERVER) == []
    with pytest.raises(Refused, match="not_allowed"):
        Room().does(Open(title="Maps", code="222222"))


def test_the_teacher_renames_it_and_the_same_title_is_no_event(room: Room) -> None:
    assert room.does(Rename(title="Maps")) == ["lesson.renamed"]
    assert room.does(Rename(title="Maps")) == []
    assert room.lesson.view(Role.student, "lesson")["title"] == "Maps"


def test_nothing_follows_the_end(room: Room) -> None:
    assert room.does(End()) == ["lesson.ended"]
    assert room.lesson.view(Role.wall, "lesson")["ended"] == 1001
    for command in (Rename(title="Maps"), End()):
        with pytest.raises(Refused, match=r"lesson\.ended"):
            room.does(command)


@pytest.mark.parametrize("role", [Role.assistant, Role.student, Role.observer, Role.wall])
def test_only_the_teacher_renames_or_ends_it(room: Room, role: Role) -> None:
    other = Member("x", "Ada", role, Seat.room, 0)
    for command in (Rename(title="Maps"), End()):
        with pytest.raises(Refused, match="not_allowed"):
            room.does(command, other)


def test_the_log_names_the_plan_and_its_version_once_for_staff_alone(room: Room) -> None:
    assert room.does(Plan(plan="p1", version=3, group="Group 2"), SERVER) == ["lesson.planned"]
    assert room.does(Plan(plan="p2", version=1), SERVER) == []
    for role in Role:
        seen = room.lesson.view(role, "lesson")
        assert seen is not None
        assert seen.get("plan") == ({"id": "p1", "version": 3, "group": "Group 2"} if role in STAFF else None)
