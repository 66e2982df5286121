"""What must be true of rights whatever people ask for: the room is silent, and what is shown is what may be had."""

from hypothesis import given

from mingtang.activities.media.facts import MOST_ON_STAGE, SOUND
from mingtang.activities.media.rights import is_recorded, may_hear, may_see, may_send
from mingtang.activities.media.state import State
from mingtang.core.member import STAFF, People, Role, Seat
from tests.laws.classes import begun, run, stretch

lively = stretch(frozenset({"media", "groups", "roster"}))


@given(lively)
def test_no_sound_goes_to_a_seat_in_the_room_or_comes_from_a_students_there_but_of_the_one_device(asked):
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        state, people = lesson.states["media"], lesson.people
        for track in state.open.values():
            if track.source not in SOUND:
                continue
            for member in people.members.values():
                if member.seat is Seat.room and member.id != state.device:
                    assert not may_see(state, people, member.id, track.no)
                    assert member.role in STAFF or not may_send(state, people, member.id, track.no)


@given(lively)
def test_who_may_not_send_is_not_heard_and_who_is_not_shown_a_track_may_not_have_it(asked):
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        state, people = lesson.states["media"], lesson.people
        for member in people.members:
            shown = {int(no) for no in _shown(state, lesson, member)}
            had = {no for no in state.open if may_see(state, people, member, no)}
            assert had <= shown
            assert may_hear(state, people, member) or not any(state.open[no].source in SOUND for no in had)
        for no, track in state.open.items():
            assert sum(may_send(state, people, member, no) for member in people.members) <= 1
            assert not is_recorded(state, no) or state.recording
            assert not (is_recorded(state, no) and track.asks) or state.consents[track.member]


def _shown(state: State, lesson, member: str) -> set[str]:
    role = lesson.people.members[member].role
    own = lesson.mine(member).get("media", {}).get("group", {}).get("tracks", {})
    return lesson.view(role, "media")["tracks"].keys() | own.keys()


@given(lively)
def test_the_stages_are_one_truth_told_by_group_and_by_member(asked):
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        state = lesson.states["media"]
        whole = {member: place for places in state.stages.values() for member, place in places.items()}
        assert whole == state.stage
        assert all(place.group == group for group, places in state.stages.items() for place in places.values())
        assert len({place.no for place in state.stage.values()}) == len(state.stage)
        assert all(len(p) <= MOST_ON_STAGE for p in state.stages.values())
        assert {no for own in state.sending.values() for no in own} == state.open.keys()
        assert all(state.tracks[no].ended is None for no in state.open)
        assert {m: g for g, members in state.groups.items() for m in members} == state.group
        _those_who_left_send_nothing(state, lesson.people)


def _those_who_left_send_nothing(state: State, people: People) -> None:
    for track in state.open.values():
        there = state.device == track.member if track.of_the_room else track.member in state.stage
        assert there, f"{track.source} goes on of one who is not there"
        sender = people.get(track.member)
        assert sender is not None
        assert track.of_the_room or sender.role is not Role.student or sender.seat is Seat.remote
