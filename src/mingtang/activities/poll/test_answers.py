"""What counts as an answer to which question, and how answers are counted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.poll import view
from mingtang.activities.poll.question import Answer
from mingtang.activities.poll.rules import (
    Close,
    Make,
    Merge,
    Restore,
    Show,
    Split,
    Strike,
    Vote,
)
from mingtang.activities.poll.test_poll import Room, opened, question
from mingtang.core.member import Role


def test_several_may_be_chosen_in_any_order_and_taken_back() -> None:
    room = opened("multiple", right=["a", "c"])
    room.votes({"s1": ["c", "a"], "s2": ["a"], "r1": ["b", "b"]})
    assert room.round()["counts"] == {"a": 2, "b": 1, "c": 1}
    assert room.round()["right"] == 1
    room.votes({"s1": [], "r2": []})
    assert room.round()["counts"] == {"a": 1, "b": 1, "c": 0}
    assert (room.round()["answered"], room.round()["right"]) == (2, 0)
    assert room.mine("s1") == {}


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
    assert opened(form).refuses("s1", Vote(id="p", answer=answer)) == "poll.bad_answer"


@pytest.mark.parametrize("data", [b'{"id":"p","answer":1e300}', b'{"id":"p","answer":"' + b"x" * 10_000 + b'"}'])
def test_an_answer_out_of_all_measure_has_a_wrong_shape(data: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        Room().kinds.command("poll.vote", data)


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
    assert Room().refuses("t", Make(id="p", question=question(form, **more))) == code


def test_making_the_same_question_twice_makes_it_once() -> None:
    room = Room()
    room.teacher(Make(id="p", question=question()))
    assert room.does("t", Make(id="p", question=question())) == []
    assert room.refuses("t", Make(id="p", question=question(limit=5))) == "poll.taken"


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
    listed = room.sees(Role.teacher, "poll/entries/p")["entries"]
    assert listed["e1"] == {"text": "rude", "n": 1, "struck": True}
    room.votes({"r1": "rude"})
    assert "e1" not in room.round(Role.student)["entries"]
    room.teacher(Restore(id="p", entry="e1"))
    assert room.round(Role.student)["entries"]["e1"]["n"] == 2
    assert room.refuses("t", Strike(id="p", entry="e7")) == "unknown_item"


def test_merged_entries_count_together_and_each_person_once() -> None:
    room = opened("cloud")
    room.votes({"s1": ["散列", "哈希"], "s2": ["哈希"], "r1": ["散列"]})
    assert {e["text"]: e["n"] for e in room.round()["entries"].values()} == {"散列": 2, "哈希": 2}
    room.teacher(Merge(id="p", entry="e1", into="e2"))
    assert room.round()["entries"] == {"e2": {"text": "哈希", "n": 3}}
    assert room.sees(Role.teacher, "poll/entries/p")["entries"]["e1"] == {"text": "散列", "n": 0, "into": "e2"}
    room.votes({"r2": ["散列", "哈希"], "r1": ["桶"]})
    assert room.round()["entries"]["e2"]["n"] == 3
    room.teacher(Split(id="p", entry="e1"))
    assert {e["text"]: e["n"] for e in room.round()["entries"].values()} == {"散列": 2, "哈希": 3, "桶": 1}


def test_merges_never_run_in_a_circle() -> None:
    room = opened("cloud")
    room.votes({"s1": ["a", "b", "c"]})
    room.teacher(Merge(id="p", entry="e1", into="e2"), Merge(id="p", entry="e2", into="e3"))
    assert room.refuses("t", Merge(id="p", entry="e3", into="e1")) == "poll.bad_merge"
    assert room.refuses("t", Merge(id="p", entry="e3", into="e3")) == "poll.bad_merge"
    assert room.round()["entries"] == {"e3": {"text": "c", "n": 1}}


def test_a_word_counts_once_a_person_and_five_words_are_enough() -> None:
    room = opened("cloud")
    room.votes({"s1": ["Hash", "hash", "a1", "b1", "c1", "d1", "e1"]})
    assert room.mine("s1")["p"]["1"] == ["Hash", "a1", "b1", "c1", "d1"]


def test_only_the_most_frequent_entries_are_shown_and_the_teacher_may_list_them_all() -> None:
    room = opened("text", Room(room=view.TOP + 10, remote=0))
    room.votes({f"s{n}": f"word {n}" for n in range(1, view.TOP + 10)} | {f"s{view.TOP + 10}": "word 45"})
    room.teacher(Strike(id="p", entry="e1"), Show(id="p"))
    seen = room.round(Role.wall)
    assert next(iter(seen["entries"].values())) == {"text": "word 45", "n": 2}
    assert len(seen["entries"]) == view.TOP
    assert seen["more"] == 8
    assert len(room.sees(Role.teacher, "poll/entries/p")["entries"]) == view.TOP + 9
