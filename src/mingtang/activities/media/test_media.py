"""The stage: who comes on it and how, who is muted, what is recorded, whose device is the room's."""

import pytest

from mingtang.activities.media import rules, view
from mingtang.activities.media.facts import (
    Consent,
    Decline,
    Enter,
    Gone,
    Invite,
    Leave,
    Lend,
    MediaStored,
    Mute,
    MuteAll,
    NoteStored,
    Quiet,
    Record,
    Remove,
    Start,
    Stop,
    TakeBack,
    Unmute,
    Withdraw,
)
from mingtang.activities.media.rights import is_recorded, may_hear, may_see, may_send
from mingtang.core.frame import (
    GroupJoined,
    GroupsClosed,
    GroupsFormed,
    GroupVisited,
    LessonEnded,
    MemberErased,
    MemberPromoted,
    MemberRemoved,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import Role, Seat
from tests.stage import Stage

FAR = Seat.remote


@pytest.fixture
def stage() -> Stage:
    stage = Stage("media", rules, view)
    stage.joins("tea", role=Role.teacher)
    stage.joins("ann", seat=FAR)
    stage.joins("bob", seat=FAR)
    stage.joins("rue", seat=Seat.room)
    stage.joins("wal", role=Role.wall)
    return stage


def state(stage: Stage) -> rules.State:
    return stage.lesson.states["media"]


def on(stage: Stage, who: str, *sources: str, consent: bool | None = None) -> list[int]:
    """Brings somebody on the stage with tracks, whose numbers it gives."""
    if who != "tea":
        stage.does("tea", Invite(member=who))
    stage.does(who, Enter(consent=consent))
    return [stage.does(who, Start(source=source, codec="opus"))[-1].track for source in sources]


def sends(stage: Stage, who: str, track: int) -> bool:
    return may_send(state(stage), stage.lesson.people, who, track)


def gets(stage: Stage, who: str, track: int) -> bool:
    return may_see(state(stage), stage.lesson.people, who, track)


def test_a_student_comes_on_the_stage_when_invited_and_staff_at_once(stage):
    assert stage.refuses("ann", Enter()) == "media.not_invited"
    stage.does("tea", Invite(member="ann"))
    assert stage.mine("ann")["invited"] == stage.at
    stage.does("ann", Enter())
    stage.does("tea", Enter())
    assert [p["name"] for p in stage.sees(Role.student)["stage"].values()] == ["Ann", "Tea"]
    assert stage.mine("ann") == {"place": 1}


def test_who_sits_in_the_room_is_not_invited_and_leaves_the_stage_when_he_sits_down_there(stage):
    assert stage.refuses("tea", Invite(member="rue")) == "media.room_seat"
    (track,) = on(stage, "ann", "microphone")
    stage.happens(MemberSeated(id="ann", seat=Seat.room))
    assert stage.sees(Role.student) == {"stage": {}, "tracks": {}}
    assert not sends(stage, "ann", track)


def test_an_invitation_is_taken_back_or_declined(stage):
    stage.does("tea", Invite(member="ann"))
    stage.does("tea", Withdraw(member="ann"))
    stage.does("tea", Invite(member="bob"))
    stage.does("bob", Decline())
    assert stage.sees(Role.teacher)["invited"] == {}
    assert stage.refuses("ann", Enter()) == "media.not_invited"


def test_there_is_room_for_eight(stage):
    for n in range(9):
        stage.joins(f"s{n}", seat=FAR)
        stage.does("tea", Invite(member=f"s{n}"))
    for n in range(8):
        stage.does(f"s{n}", Enter())
    assert stage.refuses("s8", Enter()) == "media.full"
    stage.does("tea", Remove(member="s0"))
    stage.does("s8", Enter())
    assert len(stage.sees(Role.wall)["stage"]) == 8


def test_the_wall_sees_seats_and_no_names_and_only_staff_sees_who_is_who(stage):
    on(stage, "ann", "microphone")
    place = {"seat": "remote", "since": stage.at}
    assert stage.sees(Role.wall)["stage"] == {"1": place}
    assert stage.sees(Role.student)["stage"] == {"1": {**place, "name": "Ann"}}
    assert stage.sees(Role.teacher)["stage"]["1"]["member"] == "ann"
    assert stage.sees(Role.student)["tracks"] == {"1": {"source": "microphone", "codec": "opus", "place": 1}}


def test_a_source_has_one_open_track_and_tracks_end_with_the_stage(stage):
    first, _ = on(stage, "ann", "microphone", "camera")
    stopped, started = stage.does("ann", Start(source="microphone", codec="opus"))
    assert (stopped.track, started.track) == (first, 3)
    stage.does("ann", Leave())
    assert stage.sees(Role.student)["tracks"] == {}
    assert [t.ended for t in state(stage).tracks.values()] == [stage.at] * 3
    assert stage.refuses("ann", Start(source="camera", codec="vp8")) == "media.not_on_stage"


def test_what_is_small_belongs_to_a_camera_ends_with_it_and_is_not_recorded(stage):
    on(stage, "ann", consent=True)
    stage.does("tea", Record(on=True))
    small = Start(source="camera_small", codec="vp8")
    assert stage.refuses("ann", small) == "unknown_item"
    camera, little = [stage.does("ann", one)[-1].track for one in (Start(source="camera", codec="vp8"), small)]
    assert [is_recorded(state(stage), track) for track in (camera, little)] == [True, False]
    assert gets(stage, "rue", little), "the room may see it like any picture"
    stopped = stage.does("ann", Start(source="camera", codec="avc1.42E01F"))
    assert [e.track for e in stopped] == [camera, little, 3], "what was made of the camera before ends with it"
    stage.does("ann", small)
    stage.does("tea", Stop(track=3))
    assert stage.sees(Role.student)["tracks"] == {}, "who is taken out of the picture is so in small, too"


def test_only_staff_stop_the_tracks_of_others(stage):
    on(stage, "ann", "microphone")
    on(stage, "bob")
    assert stage.refuses("bob", Stop(track=1)) == "not_allowed"
    assert stage.does("tea", Stop(track=1))
    assert not stage.does("ann", Stop(track=1)), "it has ended already"


def test_muting_asks_first_and_then_enforces(stage):
    microphone, camera = on(stage, "ann", "microphone", "camera")
    stage.does("tea", Mute(member="ann"))
    assert stage.mine("ann")["asked"]
    assert sends(stage, "ann", microphone)
    stage.does("ann", Quiet(on=True))
    assert stage.mine("ann") == {"place": 1, "quiet": True}
    stage.does("ann", Quiet(on=False))
    stage.does("tea", Mute(member="ann", enforced=True))
    assert not sends(stage, "ann", microphone)
    assert sends(stage, "ann", camera)
    stage.does("ann", Quiet(on=True))
    assert stage.refuses("ann", Quiet(on=False)) == "media.silenced"
    stage.does("tea", Unmute(member="ann"))
    assert sends(stage, "ann", microphone)


def test_mute_all_leaves_staff_their_voice(stage):
    (teacher,) = on(stage, "tea", "microphone")
    (ann,) = on(stage, "ann", "microphone")
    (bob,) = on(stage, "bob", "microphone")
    assert len(stage.does("tea", MuteAll(enforced=True))) == 2
    assert [sends(stage, *who) for who in [("tea", teacher), ("ann", ann), ("bob", bob)]] == [True, False, False]


@pytest.mark.parametrize(
    "event", [MemberRemoved(id="ann"), MemberPromoted(id="ann", role=Role.assistant), MemberWent(id="ann")]
)
def test_who_is_sent_out_gets_another_role_or_goes_leaves_the_stage(stage, event):
    (track,) = on(stage, "ann", "camera")
    stage.happens(event)
    assert stage.sees(Role.student) == {"stage": {}, "tracks": {}}
    assert not sends(stage, "ann", track)


def test_who_is_erased_is_recorded_no_more_and_is_asked_again(stage):
    stage.does("tea", Record(on=True))
    (before,) = on(stage, "ann", "microphone", consent=True)
    assert is_recorded(state(stage), before)
    stage.happens(MemberErased(id="ann"))
    assert not is_recorded(state(stage), before)
    (after,) = on(stage, "ann", "microphone")
    assert not is_recorded(state(stage), after)
    stage.does("ann", Consent(on=True))
    assert is_recorded(state(stage), after)


def test_whose_line_is_gone_leaves_and_may_come_back_uninvited(stage):
    on(stage, "ann", "microphone")
    stage.does("", Gone(member="ann"))
    assert stage.sees(Role.student) == {"stage": {}, "tracks": {}}
    stage.does("ann", Enter())
    assert stage.mine("ann")["place"] == 2


def test_recording_is_seen_by_everybody_and_says_why_it_stopped(stage):
    stage.does("tea", Record(on=True))
    for role in Role:
        assert stage.sees(role)["recording"] == stage.at
    assert stage.refuses("tea", Record(on=False, trouble="full")) == "not_allowed"
    stage.does("", Record(on=False, trouble="full"))
    assert stage.sees(Role.wall) == {"stage": {}, "tracks": {}, "trouble": "full"}
    stage.does("tea", Record(on=True))
    assert "trouble" not in stage.sees(Role.wall)


def test_a_student_is_recorded_only_if_he_consents_and_is_asked_while_recording_is_on(stage):
    (teacher,) = on(stage, "tea", "microphone")
    (ann,) = on(stage, "ann", "microphone")
    assert not is_recorded(state(stage), teacher)
    stage.does("tea", Record(on=True))
    assert stage.mine("ann")["ask"]
    assert is_recorded(state(stage), teacher)
    assert not is_recorded(state(stage), ann)
    stage.does("ann", Consent(on=True))
    assert stage.mine("ann") == {"place": 2, "consent": True}
    assert is_recorded(state(stage), ann)
    stage.does("ann", Consent(on=False))
    assert not is_recorded(state(stage), ann)
    (bob,) = on(stage, "bob", "camera", consent=True)
    assert is_recorded(state(stage), bob)
    stage.does("tea", Record(on=False))
    assert not is_recorded(state(stage), bob)


def test_the_device_that_is_lent_hears_who_is_remote_and_is_heard_by_them(stage):
    assert stage.refuses("wal", Start(source="room_microphone", codec="opus")) == "media.not_lent"
    stage.does("tea", Lend(member="wal"))
    assert stage.mine("wal") == {"lent": True}
    (room,) = [e.track for e in stage.does("wal", Start(source="room_microphone", codec="opus"))]
    (ann,) = on(stage, "ann", "microphone")
    (teacher,) = on(stage, "tea", "microphone")
    assert sends(stage, "wal", room)
    assert [gets(stage, who, room) for who in ("ann", "bob", "rue", "tea", "wal")] == [True, True, False, False, False]
    assert gets(stage, "wal", ann)
    assert not gets(stage, "wal", teacher), "who speaks in the room is not repeated by its loudspeaker"
    stage.does("tea", TakeBack())
    assert not sends(stage, "wal", room)
    assert not gets(stage, "wal", ann)


def test_a_second_device_takes_over_and_a_lost_one_stays_lent(stage):
    stage.does("tea", Lend(member="rue"))
    stage.does("rue", Start(source="room_camera", codec="vp8"))
    stage.does("", Gone(member="rue"))
    assert stage.sees(Role.wall) == {"stage": {}, "tracks": {}, "device": True}
    stage.does("rue", Start(source="room_camera", codec="vp8"))
    stage.does("tea", Lend(member="wal"))
    assert stage.sees(Role.teacher)["lent"] == "wal"
    assert stage.sees(Role.wall)["tracks"] == {}


def test_a_seat_in_the_room_sees_and_does_not_hear(stage):
    microphone, camera = on(stage, "ann", "microphone", "camera")
    people = stage.lesson.people
    assert [may_hear(state(stage), people, who) for who in ("rue", "wal", "tea", "bob")] == [False, False, False, True]
    assert [gets(stage, "rue", t) for t in (microphone, camera)] == [False, True]
    assert [gets(stage, "bob", t) for t in (microphone, camera)] == [True, True]
    assert not gets(stage, "ann", camera), "one's own does not come back"
    assert not gets(stage, "gone", camera)


def test_what_is_stored_is_counted_for_its_track_and_shown_to_nobody(stage):
    on(stage, "tea", "camera")
    before = stage.sees(Role.teacher)
    groups = [(1, 1000, 0, 50), (1, 3000, 50, 70), (9, 1, 1, 1)]
    assert stage.does("", NoteStored(groups=groups)) == [MediaStored(groups=groups)]
    assert (state(stage).tracks[1].stored, state(stage).tracks[1].stored_until) == (120, 3000)
    assert stage.sees(Role.teacher) == before


def test_the_end_of_the_lesson_ends_everything(stage):
    stage.does("tea", Lend(member="wal"))
    stage.does("tea", Record(on=True))
    on(stage, "ann", "microphone")
    stage.happens(LessonEnded())
    assert stage.sees(Role.student) == {"stage": {}, "tracks": {}}
    assert not state(stage).open


def grouped(stage: Stage) -> None:
    stage.joins("cat", seat=FAR)
    stage.joins("dan", seat=FAR)
    stage.happens(GroupsFormed(groups=[["ann", "bob"], ["cat", "dan", "rue"]]), by="tea")


def test_a_group_has_a_stage_that_its_members_enter_uninvited_and_nobody_else_sees(stage):
    grouped(stage)
    stage.does("ann", Enter())
    (track,) = [e.track for e in stage.does("ann", Start(source="microphone", codec="opus"))]
    assert stage.sees(Role.student) == {"stage": {}, "tracks": {}}
    seen = stage.mine("bob")["group"]
    assert ([p["name"] for p in seen["stage"].values()], list(seen["tracks"])) == (["Ann"], ["1"])
    assert stage.mine("cat")["group"] == {"no": 2, "stage": {}, "tracks": {}}
    assert [gets(stage, who, track) for who in ("bob", "cat", "tea")] == [True, False, False]
    assert stage.refuses("rue", Enter()) == "media.room_seat"


def test_staff_on_the_stage_of_all_are_heard_in_every_group_and_on_a_visit_in_one(stage):
    stage.happens(MemberSeated(id="tea", seat=FAR))
    grouped(stage)
    (teacher,) = on(stage, "tea", "microphone")
    stage.does("ann", Enter())
    (ann,) = [e.track for e in stage.does("ann", Start(source="microphone", codec="opus"))]
    assert [gets(stage, who, teacher) for who in ("bob", "cat")] == [True, True]
    stage.happens(GroupVisited(member="tea", group=1), by="tea")
    assert [gets(stage, who, teacher) for who in ("bob", "cat")] == [True, False]
    assert gets(stage, "tea", ann)
    assert {p["name"] for p in stage.mine("tea")["group"]["stage"].values()} == {"Ann", "Tea"}
    assert {p["member"] for p in stage.mine("tea")["group"]["stage"].values()} == {"ann", "tea"}
    assert "member" not in str(stage.mine("bob"))
    stage.does("cat", Enter())
    assert [event.member for event in stage.does("tea", MuteAll())] == ["ann"], "only the stage that one is on"
    stage.happens(GroupVisited(member="tea", was=1), by="tea")
    assert [gets(stage, who, teacher) for who in ("bob", "cat")] == [True, True]
    assert not gets(stage, "tea", ann)


def test_groups_are_not_recorded_and_do_not_hear_the_room(stage):
    stage.does("tea", Record(on=True))
    stage.does("tea", Lend(member="wal"))
    (room,) = [e.track for e in stage.does("wal", Start(source="room_microphone", codec="opus"))]
    grouped(stage)
    stage.does("ann", Enter(consent=True))
    (track,) = [e.track for e in stage.does("ann", Start(source="microphone", codec="opus"))]
    assert "ask" not in stage.mine("ann")
    assert not is_recorded(state(stage), track)
    assert not gets(stage, "ann", room)
    stage.happens(GroupsClosed(), by="tea")
    assert gets(stage, "ann", room)


def test_who_is_on_the_stage_of_all_goes_with_his_group_and_leaves_when_groups_end(stage):
    (ann,) = on(stage, "ann", "microphone")
    (teacher,) = on(stage, "tea", "microphone")
    grouped(stage)
    assert [p["name"] for p in stage.sees(Role.student)["stage"].values()] == ["Tea"]
    assert [gets(stage, who, ann) for who in ("bob", "cat")] == [True, False]
    stage.happens(GroupVisited(member="tea", group=1), by="tea")
    stage.happens(GroupsClosed(), by="tea")
    assert [p["name"] for p in stage.sees(Role.student)["stage"].values()] == ["Tea"]
    assert not sends(stage, "ann", ann)
    assert sends(stage, "tea", teacher)


def test_one_of_a_group_is_invited_before_all_and_one_who_changes_groups_leaves_the_old_stage(stage):
    grouped(stage)
    stage.does("ann", Enter())
    stage.does("cat", Enter())
    stage.does("tea", Invite(member="ann"))
    stage.does("ann", Enter())
    assert [p["name"] for p in stage.sees(Role.wall)["stage"].values() if "name" in p] == []
    assert [p["name"] for p in stage.sees(Role.student)["stage"].values()] == ["Ann"]
    assert stage.mine("bob")["group"]["stage"] == {}
    stage.happens(GroupJoined(member="cat", group=1, was=2))
    assert stage.mine("dan")["group"]["stage"] == {}
    assert stage.mine("cat")["group"] == {"no": 1, "stage": {}, "tracks": {}}
