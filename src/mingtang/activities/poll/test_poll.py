"""The rules and views of polls, by what people do and see."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.poll import rules, strategies, view
from mingtang.activities.poll.question import Answer, PollForm, PollQuestion, fit
from mingtang.activities.poll.rules import (
    Again,
    Ask,
    Close,
    Conceal,
    Edit,
    Hide,
    Make,
    Mark,
    Merge,
    Open,
    Restore,
    Reveal,
    Show,
    Split,
    Strike,
    Vote,
)
from mingtang.activities.roster import rules as roster_rules
from mingtang.activities.roster import view as roster_view
from mingtang.activities.roster.rules import Admit, Come, Go, Promote, Remove, Reseat
from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import SERVER, Role, Seat

KINDS = Kinds([from_modules("poll", rules, view), from_modules("roster", roster_rules, roster_view)])
OUTSIDE = (Role.student, Role.wall, Role.observer)


class Room:
    """A lesson with members and polls, and its log. Students s1, s2 … sit in the room, r1, r2 … are remote."""

    def __init__(self, room: int = 2, remote: int = 2) -> None:
        self.lesson = Lesson(KINDS)
        self.log: list[Fact] = []
        self.does(Admit(id="t", name="Dr. Lin", role=Role.teacher, seat=Seat.room))
        for n in range(1, room + 1):
            self.enters(f"s{n}", Seat.room)
        for n in range(1, remote + 1):
            self.enters(f"r{n}", Seat.remote)

    def enters(self, id: str, seat: Seat) -> None:
        self.does(Admit(id=id, name=f"Student {id}", role=Role.student, seat=seat))
        self.does(Come(id=id))

    def does(self, command: Command, by: str = "", at: int = 1000) -> list[Event]:
        member = self.lesson.people.members[by] if by else SERVER
        made = self.lesson.decide(command, member, at, seed=7)
        for event in made:
            self.log.append(Fact(len(self.log) + 1, at, by, "", event))
            self.lesson.fold(self.log[-1])
        return made

    def teacher(self, *commands: Command, at: int = 1000) -> None:
        for command in commands:
            self.does(command, "t", at)

    def votes(self, answers: dict[str, Any], id: str = "p") -> None:
        for member, answer in answers.items():
            self.does(Vote(id=id, answer=answer), member)

    def refuses(self, command: Command, by: str = "t") -> str:
        before = self.lesson.digest()
        with pytest.raises(Refused) as no:
            self.does(command, by)
        assert self.lesson.digest() == before
        return no.value.code

    def sees(self, role: Role, id: str = "p") -> dict[str, Any]:
        return self.lesson.view(role, "poll")[id]

    def round(self, role: Role = Role.teacher, number: str = "1") -> dict[str, Any]:
        return self.sees(role)["rounds"][number]


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
    assert room.sees(Role.teacher)["state"] == "draft"
    assert all(room.lesson.view(role, "poll") == {} for role in OUTSIDE)
    assert room.refuses(Vote(id="p", answer=["a"]), by="s1") == "unknown_item"
    room.teacher(Ask(id="p"))
    seen = {"form": "single", "text": "How many?", "state": "asked", "options": {"a": "None", "b": "One", "c": "Three"}}
    assert all(room.sees(role) == seen for role in OUTSIDE)
    assert room.refuses(Vote(id="p", answer=["a"]), by="s1") == "poll.not_open"


def test_an_answer_may_be_changed_until_voting_closes_and_counts_once() -> None:
    room = opened()
    room.votes({"s1": ["a"], "s2": ["b"]})
    room.votes({"s1": ["c"]})
    assert room.round()["counts"] == {"a": 0, "b": 1, "c": 1}
    assert room.does(Vote(id="p", answer=["c"]), "s1") == []
    assert room.lesson.mine("s1")["poll"] == {"p": {"1": ["c"]}}
    room.teacher(Close(id="p"))
    assert room.refuses(Vote(id="p", answer=["a"]), by="s1") == "poll.not_open"


def test_the_question_locks_with_the_first_vote() -> None:
    room = opened()
    room.teacher(Edit(id="p", question=question(options=("Yes", "No", "Maybe"))))
    assert room.sees(Role.student)["options"]["a"] == "Yes"
    assert "locked" not in room.sees(Role.teacher)
    room.votes({"s1": ["a"]})
    assert room.sees(Role.teacher)["locked"] is True
    assert room.refuses(Edit(id="p", question=question())) == "poll.locked"
    # Nor can an anonymous poll become a named one once somebody has trusted it.
    assert room.refuses(Edit(id="p", question=question(anonymous=False))) == "poll.locked"


def test_voting_and_showing_are_two_switches() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    assert "rounds" not in room.sees(Role.student)
    room.teacher(Show(id="p"))
    assert room.sees(Role.student)["state"] == "open"
    assert room.round(Role.student) == {"answered": 1, "counts": {"a": 1, "b": 0, "c": 0}}
    room.teacher(Hide(id="p"), Close(id="p"))
    assert "rounds" not in room.sees(Role.wall)
    room.teacher(Show(id="p"))
    assert room.sees(Role.wall)["state"] == "closed"
    assert room.round(Role.wall)["answered"] == 1


def test_the_right_answer_is_told_by_its_own_act() -> None:
    room = opened(right=["c"])
    room.votes({"s1": ["c"], "s2": ["a"]})
    room.teacher(Close(id="p"), Show(id="p"))
    assert "right" not in room.sees(Role.student)
    assert "right" not in room.round(Role.student)
    room.teacher(Reveal(id="p"))
    assert room.sees(Role.student)["right"] == ["c"]
    assert room.round(Role.wall)["right"] == 1
    room.teacher(Conceal(id="p"))
    assert "right" not in room.sees(Role.student)


def test_the_right_answer_of_a_quick_poll_may_be_said_afterwards() -> None:
    room = opened()
    room.votes({"s1": ["c"], "s2": ["a"], "r1": ["c"]})
    assert room.refuses(Reveal(id="p")) == "poll.no_right"
    assert room.refuses(Mark(id="p", right=["x"])) == "poll.bad_right"
    assert room.refuses(Mark(id="p", right=[])) == "poll.bad_right"
    room.teacher(Mark(id="p", right=["c"]))
    assert room.round()["right"] == 2
    room.teacher(Mark(id="p"))
    assert "right" not in room.round()


def test_asking_again_is_a_new_round_and_the_old_one_is_kept() -> None:
    room = opened(right=["c"])
    room.votes({"s1": ["a"], "s2": ["a"]})
    room.teacher(Close(id="p"), Show(id="p"), Reveal(id="p"))
    room.teacher(Again(id="p"), at=2000)
    seen = room.sees(Role.student)
    assert (seen["state"], seen["round"]) == ("open", "2")
    assert not {"shown", "revealed", "rounds", "right"} & seen.keys()
    room.votes({"s1": ["c"]})
    room.teacher(Close(id="p"), Show(id="p"))
    rounds = room.sees(Role.student)["rounds"]
    assert {n: r["counts"] for n, r in rounds.items()} == {"1": {"a": 2, "b": 0, "c": 0}, "2": {"a": 0, "b": 0, "c": 1}}
    assert room.lesson.mine("s1")["poll"]["p"] == {"1": ["a"], "2": ["c"]}
    assert room.lesson.mine("s2")["poll"]["p"] == {"1": ["a"]}


def test_asking_again_while_open_closes_the_round_before() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.teacher(Again(id="p"), at=5000)
    assert room.round(number="1")["closed"] == 5000
    assert room.round(number="2")["opened"] == 5000


def test_opening_again_goes_on_with_the_same_round() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.teacher(Close(id="p"), Open(id="p"))
    room.votes({"s2": ["b"]})
    assert room.sees(Role.teacher)["round"] == "1"
    assert room.round()["answered"] == 2


def test_a_round_nobody_answered_is_not_kept_beside_a_new_one() -> None:
    room = opened()
    room.teacher(Close(id="p"), Again(id="p"))
    assert room.sees(Role.teacher)["round"] == "1"
    assert room.does(Again(id="p"), "t") == []


def test_rounds_come_to_an_end() -> None:
    room = opened()
    for _ in range(rules.ROUNDS - 1):
        room.votes({"s1": ["a"]})
        room.teacher(Again(id="p"))
    room.votes({"s1": ["a"]})
    assert room.refuses(Again(id="p")) == "poll.too_many_rounds"


def test_a_time_limit_is_a_time_and_closes_nothing() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question(limit=60)))
    room.teacher(Open(id="p"), at=10_000)
    assert room.sees(Role.student)["until"] == 70_000
    room.does(Vote(id="p", answer=["a"]), "s1", at=99_000)
    room.teacher(Close(id="p"), at=100_000)
    assert "until" not in room.sees(Role.student)
    room.teacher(Open(id="p", limit=0), at=100_000)
    assert "until" not in room.sees(Role.student)


def test_who_has_not_answered_is_counted_by_seat_and_follows_people() -> None:
    room = opened()
    room.votes({"s1": ["a"], "r1": ["b"]})
    assert room.round()["seats"] == {"room": 1, "remote": 1}
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    # A phone that sleeps after its answer leaves nobody else unasked, and takes no answer with it.
    room.does(Go(id="s1"))
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    assert (room.sees(Role.wall)["answered"], room.sees(Role.wall)["of"]) == (2, 4)
    room.does(Go(id="s2"))
    assert room.round()["waiting"] == {"room": 0, "remote": 1}
    room.does(Come(id="s1"))
    room.does(Reseat(seat=Seat.remote), "s1")
    assert room.round()["waiting"] == {"room": 0, "remote": 1}
    room.enters("s3", Seat.room)
    assert room.round()["waiting"] == {"room": 1, "remote": 1}
    room.does(Promote(id="s3", role=Role.assistant), "t")
    room.does(Remove(id="r2"), "t")
    assert room.round()["waiting"] == {"room": 0, "remote": 0}
    assert room.sees(Role.wall)["of"] == 2


def test_a_closed_round_keeps_who_was_missing_then() -> None:
    room = opened()
    room.votes({"s1": ["a"]})
    room.teacher(Close(id="p"))
    room.enters("r3", Seat.remote)
    room.does(Go(id="s2"))
    assert room.round()["waiting"] == {"room": 1, "remote": 2}
    assert room.sees(Role.wall)["of"] == 4
    room.teacher(Open(id="p"))
    assert room.round()["waiting"] == {"room": 0, "remote": 3}


def test_students_are_sent_nothing_while_others_vote_and_results_are_hidden() -> None:
    room = opened("text")
    before = room.lesson.view(Role.student, "poll")
    room.votes({"s1": "hash", "s2": "heap"})
    assert room.lesson.view(Role.student, "poll") == before
    assert room.sees(Role.wall)["answered"] == 2


def test_who_answered_what_is_listed_in_a_named_poll_only() -> None:
    room = opened(anonymous=False)
    room.votes({"s1": ["a"], "r1": ["b"]})
    assert room.lesson.view(Role.teacher, "poll/names/p") == {"answers": {"s1": {"1": ["a"]}, "r1": {"1": ["b"]}}}
    assert all(room.lesson.view(role, "poll/names/p") is None for role in OUTSIDE)
    assert room.sees(Role.student)["named"] is True
    silent = opened()
    silent.votes({"s1": ["a"]})
    assert silent.lesson.view(Role.teacher, "poll/names/p") is None
    assert silent.lesson.parts(Role.teacher).count("poll/names/p") == 0


def test_several_may_be_chosen_in_any_order_and_taken_back() -> None:
    room = opened("multiple", right=["a", "c"])
    room.votes({"s1": ["c", "a"], "s2": ["a"], "r1": ["b", "b"]})
    assert room.round()["counts"] == {"a": 2, "b": 1, "c": 1}
    assert room.round()["right"] == 1
    room.votes({"s1": [], "r2": []})
    assert room.round()["counts"] == {"a": 1, "b": 1, "c": 0}
    assert (room.round()["answered"], room.round()["right"]) == (2, 0)
    assert room.lesson.mine("s1") == {"roster": room.lesson.mine("s1")["roster"]}


def test_true_or_false_and_ratings_count_their_own_keys() -> None:
    room = opened("truefalse", right=["false"])
    room.votes({"s1": ["false"], "s2": ["true"]})
    assert room.round()["counts"] == {"true": 1, "false": 1}
    room = opened("rating", scale=3)
    room.votes({"s1": ["3"], "s2": ["3"]})
    assert room.round()["counts"] == {"1": 0, "2": 0, "3": 2}


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("single", []),
        ("single", ["a", "b"]),
        ("single", ["d"]),
        ("single", 1.0),
        ("single", "a"),
        ("truefalse", ["a"]),
        ("rating", ["6"]),
        ("rating", ["0"]),
        ("number", "three"),
        ("number", ["3"]),
        ("text", "  "),
        ("text", ["a"]),
        ("cloud", []),
        ("cloud", ["w" * 41]),
        ("cloud", "word"),
    ],
)
def test_what_is_no_answer_to_this_question_is_refused(form: str, answer: Answer) -> None:
    assert opened(form).refuses(Vote(id="p", answer=answer), by="s1") == "poll.bad_answer"


@pytest.mark.parametrize("data", [b'{"id":"p","answer":1e300}', b'{"id":"p","answer":"' + b"x" * 10_000 + b'"}'])
def test_an_answer_out_of_all_measure_has_a_wrong_shape(data: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        KINDS.command("poll.vote", data)


@pytest.mark.parametrize(
    ("form", "more", "code"),
    [
        ("single", {"options": ("One",)}, "poll.too_few_options"),
        ("single", {"right": ["x"]}, "poll.bad_right"),
        ("single", {"right": 3.0}, "poll.bad_right"),
        ("number", {"right": "three"}, "poll.bad_right"),
        ("rating", {"right": ["3"]}, "poll.no_right_here"),
        ("cloud", {"right": ["x"]}, "poll.no_right_here"),
    ],
)
def test_a_question_that_cannot_be_answered_is_not_made(form: str, more: dict[str, Any], code: str) -> None:
    assert Room().refuses(Make(id="p", question=question(form, **more))) == code


def test_making_the_same_question_twice_makes_it_once() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question()))
    assert room.does(Make(id="p", question=question()), "t") == []
    assert room.refuses(Make(id="p", question=question(limit=5))) == "poll.taken"


def test_a_number_is_right_within_its_tolerance() -> None:
    room = opened("number", right=3.0, tolerance=0.1)
    room.votes({"s1": 3.1, "s2": 2.9, "r1": 3.11, "r2": -3.0})
    assert room.round()["right"] == 2


def test_small_whole_numbers_get_a_bar_each() -> None:
    room = opened("number")
    room.votes({"s1": 3.0, "s2": 3.0, "r1": 5.0})
    assert room.round()["histogram"] == {"start": 3.0, "width": 1.0, "size": 3, "whole": True, "bins": {"0": 2, "2": 1}}


def test_one_absurd_number_does_not_flatten_the_others() -> None:
    room = opened("number", Room(room=30, remote=0))
    room.votes({f"s{n}": 100.0 + n for n in range(1, 30)} | {"s30": 1e12})
    room.teacher(Close(id="p"))
    seen = room.round()["histogram"]
    assert seen["width"] <= 5
    assert seen["above"] == 1
    assert sum(seen["bins"].values()) == 29


@given(st.lists(st.floats(-1e12, 1e12).map(lambda n: round(n, 9)), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_every_number_lies_in_one_bin_and_bins_are_few(numbers: list[float]) -> None:
    room = opened("number", Room(room=len(numbers), remote=0))
    room.votes({f"s{n}": number for n, number in enumerate(numbers, 1)})
    seen = room.round()["histogram"]
    assert seen["size"] <= 14
    assert sum(seen["bins"].values()) + seen.get("below", 0) + seen.get("above", 0) == len(numbers)


def test_texts_that_say_the_same_are_one_entry() -> None:
    room = opened("text", right="hash table")
    room.votes({"s1": "Hash  table", "s2": "ＨＡＳＨ table.", "r1": "heap"})
    assert room.round()["entries"] == {"e1": {"text": "Hash table", "n": 2}, "e2": {"text": "heap", "n": 1}}
    assert room.round()["right"] == 2
    room.votes({"s1": "heap", "s2": "heap"})
    assert room.round()["entries"] == {"e2": {"text": "heap", "n": 3}}


def test_a_struck_entry_is_not_shown_and_comes_back() -> None:
    room = opened("text")
    room.votes({"s1": "rude", "s2": "heap"})
    room.teacher(Strike(id="p", entry="e1"), Show(id="p"))
    assert room.round(Role.wall)["entries"] == {"e2": {"text": "heap", "n": 1}}
    listed = room.lesson.view(Role.teacher, "poll/entries/p")["entries"]
    assert listed["e1"] == {"text": "rude", "n": 1, "struck": True}
    room.votes({"r1": "rude"})
    assert "e1" not in room.round(Role.student)["entries"]
    room.teacher(Restore(id="p", entry="e1"))
    assert room.round(Role.student)["entries"]["e1"]["n"] == 2
    assert room.refuses(Strike(id="p", entry="e7")) == "unknown_item"


def test_merged_entries_count_together_and_each_person_once() -> None:
    room = opened("cloud")
    room.votes({"s1": ["散列", "哈希"], "s2": ["哈希"], "r1": ["散列"]})
    assert {e["text"]: e["n"] for e in room.round()["entries"].values()} == {"散列": 2, "哈希": 2}
    room.teacher(Merge(id="p", entry="e1", into="e2"))
    assert room.round()["entries"] == {"e2": {"text": "哈希", "n": 3}}
    assert room.lesson.view(Role.teacher, "poll/entries/p")["entries"]["e1"] == {"text": "散列", "n": 0, "into": "e2"}
    room.votes({"r2": ["散列", "哈希"], "r1": ["桶"]})
    assert room.round()["entries"]["e2"]["n"] == 3
    room.teacher(Split(id="p", entry="e1"))
    assert {e["text"]: e["n"] for e in room.round()["entries"].values()} == {"散列": 2, "哈希": 3, "桶": 1}


def test_merges_never_run_in_a_circle() -> None:
    room = opened("cloud")
    room.votes({"s1": ["a", "b", "c"]})
    room.teacher(Merge(id="p", entry="e1", into="e2"), Merge(id="p", entry="e2", into="e3"))
    assert room.refuses(Merge(id="p", entry="e3", into="e1")) == "poll.bad_merge"
    assert room.refuses(Merge(id="p", entry="e3", into="e3")) == "poll.bad_merge"
    assert room.round()["entries"] == {"e3": {"text": "c", "n": 1}}


def test_a_word_counts_once_a_person_and_five_words_are_enough() -> None:
    room = opened("cloud")
    room.votes({"s1": ["Hash", "hash", "a1", "b1", "c1", "d1", "e1"]})
    assert room.lesson.mine("s1")["poll"]["p"]["1"] == ["Hash", "a1", "b1", "c1", "d1"]


def test_only_the_most_frequent_entries_are_shown_and_the_teacher_may_list_them_all() -> None:
    room = opened("text", Room(room=view.TOP + 10, remote=0))
    room.votes({f"s{n}": f"word {n}" for n in range(1, view.TOP + 10)} | {f"s{view.TOP + 10}": "word 45"})
    room.teacher(Strike(id="p", entry="e1"), Show(id="p"))
    seen = room.round(Role.wall)
    assert next(iter(seen["entries"].values())) == {"text": "word 45", "n": 2}
    assert len(seen["entries"]) == view.TOP
    assert seen["more"] == 8
    assert len(room.lesson.view(Role.teacher, "poll/entries/p")["entries"]) == view.TOP + 9


def test_the_rights_of_a_question_lie_with_staff_and_votes_with_students() -> None:
    for command in rules.commands:
        assert (Role.student in command.roles) == (command is Vote)
        assert Role.wall not in command.roles
    assert opened().refuses(Vote(id="p", answer=["a"]), by="t") == "not_allowed"


def test_nothing_is_shown_before_it_is_asked() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question(right=["a"])))
    assert room.refuses(Show(id="p")) == "poll.not_asked"
    assert room.refuses(Reveal(id="p")) == "poll.not_asked"


def test_a_view_once_given_is_not_changed_by_what_follows() -> None:
    room = opened("text", anonymous=False)
    room.votes({"s1": "one"})
    parts = ("poll", "poll/names/p", "poll/entries/p")
    given_out = [room.lesson.view(Role.teacher, part) for part in parts]
    kept = msgspec.json.encode(given_out)
    room.votes({"s2": "one", "s1": "two"})
    room.teacher(Merge(id="p", entry="e2", into="e1"), Again(id="p"))
    assert msgspec.json.encode(given_out) == kept


def test_the_log_tells_the_same_again() -> None:
    room = opened("cloud")
    room.votes({"s1": ["a", "b"], "r1": ["b"]})
    room.teacher(Merge(id="p", entry="e1", into="e2"), Close(id="p"), Show(id="p"))
    again = replay(KINDS, [KINDS.fact(KINDS.row(fact)) for fact in room.log])
    assert again.digest() == room.lesson.digest()


class Twin:
    """Two lessons that hear the same wishes, but for what is secret."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.rooms = (Room(), Room())

    def both(self, first: Command, second: Command, by: str) -> None:
        for room, command in zip(self.rooms, (first, second), strict=True):
            try:
                room.does(command, by)
            except Refused:
                pass

    def look_alike(self) -> bool:
        one, two = ({r: room.lesson.view(r, "poll") for r in OUTSIDE} for room in self.rooms)
        return one == two


def fits(asked: PollQuestion, answer: Answer) -> bool:
    try:
        return fit(asked, answer) != []
    except Refused:
        return False


@given(st.data(), st.sampled_from(list(PollForm)))
@settings(max_examples=120, deadline=None)
def test_neither_the_right_answer_nor_hidden_votes_change_what_others_see(data: st.DataObject, form: PollForm) -> None:
    """Of two lessons that differ only in secrets, students, walls and observers see the same."""
    asked = PollQuestion(form=form, text="?", options=("x", "y", "z") if form in ("single", "multiple") else ())
    said = strategies.answers(form.value, asked).filter(lambda answer: fits(asked, answer))
    twin = Twin("p")
    twin.both(*(Make(id="p", question=asked) for _ in range(2)), "t")
    twin.both(Ask(id="p"), Ask(id="p"), "t")
    for _ in range(data.draw(st.integers(1, 12))):
        act = data.draw(st.sampled_from(["open", "close", "again", "mark", "vote", "vote", "vote"]))
        if act == "vote":
            who = data.draw(st.sampled_from(["s1", "s2", "r1", "r2"]))
            twin.both(Vote(id="p", answer=data.draw(said)), Vote(id="p", answer=data.draw(said)), who)
        elif act == "mark":
            right = [data.draw(st.none() | said) for _ in range(2)]
            twin.both(Mark(id="p", right=right[0]), Mark(id="p", right=right[1]), "t")
        else:
            made = {"open": Open, "close": Close, "again": Again}[act](id="p")
            twin.both(made, made, "t")
        assert twin.look_alike()
