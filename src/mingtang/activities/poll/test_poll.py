"""Asking, voting, showing and asking again, by what people do and see."""

from __future__ import annotations

from typing import Any

import msgspec

from mingtang.activities.poll import rules, view
from mingtang.activities.poll.question import PollForm, PollQuestion
from mingtang.activities.poll.rules import (
    Again,
    AnswerLate,
    Ask,
    Close,
    Conceal,
    Edit,
    Hide,
    Make,
    Mark,
    Merge,
    Open,
    Reveal,
    Show,
    Vote,
)
from mingtang.core.event import Command
from mingtang.core.frame import MemberCame, MemberPromoted, MemberRemoved, MemberSeated, MemberWent
from mingtang.core.member import Role, Seat
from tests.stage import Stage

OUTSIDE = (Role.student, Role.wall, Role.observer)


class Room(Stage):
    """A lesson with a teacher, students s1, s2 … in the room and r1, r2 … remote, and polls."""

    def __init__(self, room: int = 2, remote: int = 2) -> None:
        super().__init__("poll", rules, view)
        self.joins("t", "Dr. Lin", Role.teacher)
        for n in range(1, room + 1):
            self.joins(f"s{n}")
        for n in range(1, remote + 1):
            self.joins(f"r{n}", seat=Seat.remote)

    def teacher(self, *commands: Command) -> None:
        for command in commands:
            self.does("t", command)

    def votes(self, answers: dict[str, Any], id: str = "p") -> None:
        for member, answer in answers.items():
            self.does(member, Vote(id=id, answer=answer))

    def item(self, role: Role = Role.teacher) -> dict[str, Any]:
        return self.sees(role)["p"]

    def round(self, role: Role = Role.teacher, number: str = "1") -> dict[str, Any]:
        return self.item(role)["rounds"][number]


def question(form: str = "single", **more: Any) -> PollQuestion:
    if form in ("single", "multiple"):
        more.setdefault("options", ("None", "One", "Three"))
    return PollQuestion(form=PollForm(form), text="How many?", **more)


def opened(form: str = "single", room: Room | None = None, **more: Any) -> Room:
    room = room or Room()
    room.teacher(Make(id="p", question=question(form, **more)), Open(id="p"))
    return room


def test_a_prepared_question_is_seen_by_staff_alone_until_it_is_asked() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question(right=["c"])))
    assert room.item(Role.teacher)["state"] == "draft"
    assert all(room.sees(role) == {} for role in OUTSIDE)
    assert room.refuses("s1", Vote(id="p", answer=["a"])) == "unknown_item"
    room.teacher(Ask(id="p"))
    seen = {"form": "single", "text": "How many?", "state": "asked", "options": {"a": "None", "b": "One", "c": "Three"}}
    assert all(room.item(role) == seen for role in OUTSIDE)
    assert room.refuses("s1", Vote(id="p", answer=["a"])) == "poll.not_open"


def test_an_answer_may_be_changed_until_voting_closes_and_counts_once() -> None:
    room = opened()
    room.votes({"s1": ["a"], "s2": ["b"]})
    room.votes({"s1": ["c"]})
    assert room.round()["counts"] == {"a": 0, "b": 1, "c": 1}
    assert room.does("s1", Vote(id="p", answer=["c"])) == []
    assert room.mine("s1") == {"p": {"1": ["c"]}}
    room.teacher(Close(id="p"))
    assert room.refuses("s1", Vote(id="p", answer=["a"])) == "poll.not_open"


def test_the_question_locks_with_the_first_vote() -> None:
    room = opened()
    room.teacher(Edit(id="p", question=question(options=("Yes", "No", "Maybe"))))
    assert room.item(Role.student)["options"]["a"] == "Yes"
    assert "locked" not in room.item(Role.teacher)
    room.votes({"s1": ["a"]})
    assert room.item(Role.teacher)["locked"] is True
    assert room.refuses("t", Edit(id="p", question=question())) == "poll.locked"
    # Nor can an anonymous poll become a named one once somebody has trusted it.
    assert room.refuses("t", Edit(id="p", question=question(anonymous=False))) == "poll.locked"


def test_voting_and_showing_are_two_switches() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    assert "rounds" not in room.item(Role.student)
    room.teacher(Show(id="p"))
    assert room.item(Role.student)["state"] == "open"
    assert room.round(Role.student) == {"answered": 1, "counts": {"a": 1, "b": 0, "c": 0}}
    room.teacher(Hide(id="p"), Close(id="p"))
    assert "rounds" not in room.item(Role.wall)
    room.teacher(Show(id="p"))
    assert room.item(Role.wall)["state"] == "closed"
    assert room.round(Role.wall)["answered"] == 1


def test_the_right_answer_is_told_by_its_own_act() -> None:
    room = opened(right=["c"])
    room.votes({"s1": ["c"], "s2": ["a"]})
    room.teacher(Close(id="p"), Show(id="p"))
    assert "right" not in room.item(Role.student)
    assert "right" not in room.round(Role.student)
    room.teacher(Reveal(id="p"))
    assert room.item(Role.student)["right"] == ["c"]
    assert room.round(Role.wall)["right"] == 1
    room.teacher(Conceal(id="p"))
    assert "right" not in room.item(Role.student)


def test_the_right_answer_of_a_quick_poll_may_be_said_afterwards() -> None:
    room = opened()
    room.votes({"s1": ["c"], "s2": ["a"], "r1": ["c"]})
    assert room.refuses("t", Reveal(id="p")) == "poll.no_right"
    assert room.refuses("t", Mark(id="p", right=["x"])) == "poll.bad_right"
    assert room.refuses("t", Mark(id="p", right=[])) == "poll.bad_right"
    room.teacher(Mark(id="p", right=["c"]))
    assert room.round()["right"] == 2
    room.teacher(Mark(id="p"))
    assert "right" not in room.round()


def test_asking_again_is_a_new_round_and_the_old_one_is_kept() -> None:
    room = opened(right=["c"])
    room.votes({"s1": ["a"], "s2": ["a"]})
    room.teacher(Close(id="p"), Show(id="p"), Reveal(id="p"))
    room.at = 2000
    room.teacher(Again(id="p"))
    seen = room.item(Role.student)
    assert (seen["state"], seen["round"]) == ("open", "2")
    assert not {"shown", "revealed", "rounds", "right"} & seen.keys()
    room.votes({"s1": ["c"]})
    room.teacher(Close(id="p"), Show(id="p"))
    rounds = room.item(Role.student)["rounds"]
    assert {n: r["counts"] for n, r in rounds.items()} == {"1": {"a": 2, "b": 0, "c": 0}, "2": {"a": 0, "b": 0, "c": 1}}
    assert room.mine("s1")["p"] == {"1": ["a"], "2": ["c"]}
    assert room.mine("s2")["p"] == {"1": ["a"]}


def test_asking_again_while_open_closes_the_round_before() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.at = 5000
    room.teacher(Again(id="p"))
    assert room.round(number="1")["closed"] == 5000
    assert room.round(number="2")["opened"] == 5000


def test_opening_again_goes_on_with_the_same_round() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.teacher(Close(id="p"), Open(id="p"))
    room.votes({"s2": ["b"]})
    assert room.item(Role.teacher)["round"] == "1"
    assert room.round()["answered"] == 2


def test_a_round_nobody_answered_is_not_kept_beside_a_new_one() -> None:
    room = opened()
    room.teacher(Close(id="p"), Again(id="p"))
    assert room.item(Role.teacher)["round"] == "1"
    assert room.does("t", Again(id="p")) == []


def test_rounds_come_to_an_end() -> None:
    room = opened()
    for _ in range(rules.ROUNDS - 1):
        room.votes({"s1": ["a"]})
        room.teacher(Again(id="p"))
    room.votes({"s1": ["a"]})
    assert room.refuses("t", Again(id="p")) == "poll.too_many_rounds"


def test_a_time_limit_is_a_time_and_closes_nothing() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question(limit=60)))
    room.at = 10_000
    room.teacher(Open(id="p"))
    assert room.item(Role.student)["until"] == 70_000
    room.at = 99_000
    room.does("s1", Vote(id="p", answer=["a"]))
    room.at = 100_000
    room.teacher(Close(id="p"))
    assert "until" not in room.item(Role.student)
    room.at = 100_000
    room.teacher(Open(id="p", limit=0))
    assert "until" not in room.item(Role.student)


def test_who_has_not_answered_is_counted_by_seat_and_follows_people() -> None:
    room = opened()
    room.votes({"s1": ["a"], "r1": ["b"]})
    assert room.round()["seats"] == {"room": 1, "remote": 1}
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    # A phone that sleeps after its answer leaves nobody else unasked, and takes no answer with it.
    room.happens(MemberWent(id="s1"))
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    assert (room.item(Role.wall)["answered"], room.item(Role.wall)["of"]) == (2, 4)
    room.happens(MemberWent(id="s2"))
    assert room.round()["waiting"] == {"room": 0, "remote": 1}
    room.happens(MemberCame(id="s1"))
    room.happens(MemberSeated(id="s1", seat=Seat.remote))
    assert room.round()["waiting"] == {"room": 0, "remote": 1}
    room.joins("s3")
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    room.happens(MemberPromoted(id="s3", role=Role.assistant))
    room.happens(MemberRemoved(id="r2"))
    assert room.round()["waiting"] == {"room": 0, "remote": 0}
    assert room.item(Role.wall)["of"] == 2


def test_a_closed_round_keeps_who_was_missing_then() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.teacher(Close(id="p"))
    room.joins("r3", seat=Seat.remote)
    room.happens(MemberWent(id="s2"))
    assert room.round()["waiting"] == {"room": 1, "remote": 2}
    assert room.item(Role.wall)["of"] == 4
    room.teacher(Open(id="p"))
    assert room.round()["waiting"] == {"room": 0, "remote": 3}


def test_students_are_sent_nothing_while_others_vote_and_results_are_hidden() -> None:
    room = opened("text")
    before = room.sees(Role.student)
    room.votes({"s1": "hash", "s2": "heap"})
    assert room.sees(Role.student) == before
    assert room.item(Role.wall)["answered"] == 2


def test_who_answered_what_is_listed_in_a_named_poll_only() -> None:
    room = opened(anonymous=False)
    room.votes({"s1": ["a"], "r1": ["b"]})
    assert room.sees(Role.teacher, "poll/names/p") == {"answers": {"s1": {"1": ["a"]}, "r1": {"1": ["b"]}}}
    assert all(room.sees(role, "poll/names/p") is None for role in OUTSIDE)
    assert room.item(Role.student)["named"] is True
    silent = opened()
    silent.votes({"s1": ["a"]})
    assert silent.sees(Role.teacher, "poll/names/p") is None
    assert silent.lesson.parts(Role.teacher).count("poll/names/p") == 0


def test_the_rights_of_a_question_lie_with_staff_and_votes_with_students() -> None:
    for command in rules.commands:
        assert (Role.student in command.roles) == (command in (Vote, AnswerLate))
        assert Role.wall not in command.roles
    assert opened().refuses("t", Vote(id="p", answer=["a"])) == "not_allowed"


def test_nothing_is_shown_before_it_is_asked() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question(right=["a"])))
    assert room.refuses("t", Show(id="p")) == "poll.not_asked"
    assert room.refuses("t", Reveal(id="p")) == "poll.not_asked"


def test_a_view_once_given_is_not_changed_by_what_follows() -> None:
    room = opened("text", anonymous=False)
    room.votes({"s1": "one"})
    parts = ("poll", "poll/names/p", "poll/entries/p")
    given_out = [room.sees(Role.teacher, part) for part in parts]
    kept = msgspec.json.encode(given_out)
    room.votes({"s2": "one", "s1": "two"})
    room.teacher(Merge(id="p", entry="e2", into="e1"), Again(id="p"))
    assert msgspec.json.encode(given_out) == kept


def test_the_log_tells_the_same_again() -> None:
    room = opened("cloud")
    room.votes({"s1": ["a", "b"], "r1": ["b"]})
    room.teacher(Merge(id="p", entry="e1", into="e2"), Close(id="p"), Show(id="p"))
    assert room.replayed().digest() == room.lesson.digest()


def test_a_late_answer_is_told_what_is_right_and_is_counted_apart_once() -> None:
    room = opened(right=["b"])
    room.votes({"s1": ["b"]})
    room.teacher(Close(id="p"))
    late = AnswerLate(id="p", answer=["a"])
    assert room.refuses("s2", late) == "lesson.goes_on"
    before = room.item()
    room.lesson.ended = True
    assert room.refuses("s2", AnswerLate(id="p", answer=["z"])) == "poll.bad_answer"
    room.does("s2", late)
    assert room.mine("s2") == {"p": {"late": ["a"], "right": ["b"]}}
    assert room.item() == {**before, "late": {"answered": 1, "right": 0}}
    assert "late" not in room.item(Role.student)
    assert room.does("s2", late) == []
    assert room.refuses("s2", AnswerLate(id="p", answer=["b"])) == "poll.late_once"
    assert room.refuses("s2", Vote(id="p", answer=["b"])) == "lesson.ended"
