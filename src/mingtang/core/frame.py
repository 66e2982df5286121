"""The events every lesson has whatever is done in it: its opening and end, its members, what and who is on its stage,
and the groups its members are in."""

from __future__ import annotations

from mingtang.core.event import Event, Fact
from mingtang.core.member import Member, People, Role, Seat


class LessonOpened(Event, tag="lesson.opened"):
    """The lesson began. `code` is what students type."""

    title: str
    code: str
    course: str = ""


class LessonRenamed(Event, tag="lesson.renamed"):
    """The teacher gave the lesson another title."""

    title: str


class LessonPlanned(Event, tag="lesson.planned", omit_defaults=True):
    """The lesson was begun from this version of a plan, for a group of students."""

    plan: str
    plan_version: int
    group: str = ""


class LessonEnded(Event, tag="lesson.ended"):
    """The lesson is over; only late answers and readings follow."""


class MemberJoined(Event, tag="member.joined"):
    """Someone became a member, by name, role and seat."""

    id: str
    name: str
    role: Role
    seat: Seat


class MemberRenamed(Event, tag="member.renamed"):
    """A member's name was changed, by the member or by the teacher."""

    id: str
    name: str


class MemberSeated(Event, tag="member.seated"):
    """A member changed between room and remote."""

    id: str
    seat: Seat


class MemberPromoted(Event, tag="member.promoted"):
    """A member was given another role (a student became assistant, say)."""

    id: str
    role: Role


class MemberRemoved(Event, tag="member.removed"):
    """The teacher sent a member out; what the member did before stays in the log."""

    id: str


class MemberReadmitted(Event, tag="member.readmitted"):
    """A removal was taken back; the member may come again."""

    id: str


class MemberCame(Event, tag="member.came"):
    """A member's first screen connected."""

    id: str


class MemberWent(Event, tag="member.went"):
    """A member's last screen has been silent for the time of grace."""

    id: str


class MemberErased(Event, tag="member.erased"):
    """A member was erased: what of him stood in the log before this place was blanked there, in the same moment in
    which this was written. What was read of the log before is to be read again."""

    id: str


class StepTurned(Event, tag="slides.turned", omit_defaults=True):
    """A step came on the stage; it and all before it have now been shown. With `seconds` its clock began, with
    `label` as its name; the clock of the step before ended."""

    to: str
    seconds: int = 0
    label: str = ""


class MediaEntered(Event, tag="media.entered", omit_defaults=True):
    """Somebody came on the stage (of a group, unless 0), or from the one he was on to another; what he says of being
    recorded."""

    place: int
    group: int = 0
    was: int = 0
    staff: bool = False
    consent: bool | None = None


class GroupsFormed(Event, tag="groups.formed"):
    """Students were divided into groups, the first of them number 1; those before are no more. `apart`: nobody sits in
    the room with one who is remote."""

    groups: list[list[str]]
    apart: bool = False


class GroupJoined(Event, tag="groups.joined", omit_defaults=True):
    """A student came into a group, from the group he was in (0: from none)."""

    member: str
    group: int
    was: int = 0


class GroupVisited(Event, tag="groups.visited", omit_defaults=True):
    """One of the staff went to a group, from the one he was with; 0: speaks to all."""

    member: str
    group: int = 0
    was: int = 0


class GroupsClosed(Event, tag="groups.closed"):
    """The groups are no more; all are together."""


LESSON_EVENTS = (LessonOpened, LessonPlanned, LessonRenamed, LessonEnded)
STAGE_EVENTS = (StepTurned, MediaEntered)
GROUP_EVENTS = (GroupsFormed, GroupJoined, GroupVisited, GroupsClosed)
MEMBER_EVENTS = (
    MemberJoined,
    MemberRenamed,
    MemberSeated,
    MemberPromoted,
    MemberRemoved,
    MemberReadmitted,
    MemberCame,
    MemberWent,
    MemberErased,
)
MEMBER_KINDS = frozenset(MEMBER_EVENTS)


def fold_people(people: People, event: Event, fact: Fact) -> None:
    """Total: a `member.*` event about somebody unknown changes nothing."""
    if isinstance(event, MemberJoined):
        if event.id not in people.members:
            people.members[event.id] = Member(event.id, event.name, event.role, event.seat, fact.at)
        return
    member = people.members.get(getattr(event, "id", ""))
    if member is None:
        return
    _uncount(people, member)
    match event:
        case MemberRenamed():
            member.name = event.name
        case MemberSeated():
            member.seat = event.seat
        case MemberPromoted():
            member.role = event.role
        case MemberRemoved():
            member.removed, member.here = True, False
        case MemberReadmitted():
            member.removed = False
        case MemberCame():
            member.here = not member.removed
        case MemberWent():
            member.here = False
    _count(people, member)


def _counts(member: Member) -> bool:
    return member.here and member.role is Role.student


def _count(people: People, member: Member) -> None:
    people.here[member.seat] += _counts(member)


def _uncount(people: People, member: Member) -> None:
    people.here[member.seat] -= _counts(member)
