"""GIFT as Moodle's documentation describes it: each kind of question, and what of it is left behind by name."""

from __future__ import annotations

import pytest

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollForm, PollQuestion
from mingtang.plans.exchange.foreign import BadFile
from mingtang.plans.exchange.reading import read

single, multiple, number, text = PollForm.single, PollForm.multiple, PollForm.number, PollForm.text


def only(source: str) -> PollQuestion:
    [step] = read(source.encode()).taken
    assert step.poll is not None
    return step.poll


def lost(source: str) -> list[tuple[str, str]]:
    return [(note.where, note.what) for note in read(source.encode()).notes]


def poll(form: PollForm, said: str, *options: str, **more: object) -> PollQuestion:
    return PollQuestion(form=form, text=said, options=options, **more)  # type: ignore[arg-type]


KINDS = {
    "one right answer": (
        "Which of these is not stable?{~Insertion sort =Quicksort ~Merge sort}",
        poll(single, "Which of these is not stable?", "Insertion sort", "Quicksort", "Merge sort", right=["b"]),
    ),
    "a missing word": (
        "A queue is {~LIFO =FIFO ~neither} by nature.",
        poll(single, "A queue is _____ by nature.", "LIFO", "FIFO", "neither", right=["b"]),
    ),
    "several right answers": (
        "Which are prime? {\n~%50%2\n~%-100%4\n~%50%5\n}",
        poll(multiple, "Which are prime?", "2", "4", "5", right=["a", "c"]),
    ),
    "true": ("The sun rises in the east.{T}", poll(PollForm.truefalse, "The sun rises in the east.", right=["true"])),
    "false": ("Two is odd.{FALSE}", poll(PollForm.truefalse, "Two is odd.", right=["false"])),
    "a short answer": ("Two plus two equals {=four}", poll(text, "Two plus two equals", right="four")),
    "a number": ("When did it begin? {#1822}", poll(number, "When did it begin?", right=1822.0)),
    "a number with a margin": (
        "What is π?{#3.1415:0.0005}",
        poll(number, "What is π?", right=3.1415, tolerance=0.0005),
    ),
    "a number in a range": ("Between?{#2..4}", poll(number, "Between?", right=3.0, tolerance=1.0)),
    "an essay": ("Explain hashing. {}", poll(text, "Explain hashing.")),
    "escaped signs": (
        r"Which equals 5\: \{x\}?{~ \= 2 + 2 = \= 2 \~ 3 ~ \\n \# 1}",
        poll(single, "Which equals 5: {x}?", "= 2 + 2", "= 2 ~ 3", "\\n # 1", right=["b"]),
    ),
    "a name and a comment": (
        "// easy\n::Q 1\\: names::What is it?{T}",
        poll(PollForm.truefalse, "What is it?", right=["true"]),
    ),
    "HTML": (
        "[html]<p>Is x<sup>2</sup> &lt; 4?</p>{T}",
        poll(PollForm.truefalse, "Is x² < 4?", right=["true"]),
    ),
    "signs of a program that are no HTML": (
        "What does vector<int> hold?{=ints}",
        poll(text, "What does vector<int> hold?", right="ints"),
    ),
    "a blank line inside the braces": ("Pick{\n=a\n\n~b\n}", poll(single, "Pick", "a", "b", right=["a"])),
    "Chinese": (
        "哪个是稳定的？{=归并排序 ~快速排序}",
        poll(single, "哪个是稳定的？", "归并排序", "快速排序", right=["a"]),
    ),
}


@pytest.mark.parametrize(("source", "asked"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_question_is_read(source: str, asked: PollQuestion) -> None:
    assert only(source) == asked
    assert lost(source) == []


def test_a_matching_question_becomes_one_question_a_pair() -> None:
    file = read(b"Match. {\n=Canada -> Ottawa\n=Italy -> Rome\n=Japan -> Tokyo\n= -> Paris\n}")
    polls = [step.poll for step in file.taken]
    assert [p.text for p in polls] == ["Match.\nCanada", "Match.\nItaly", "Match.\nJapan"]
    assert {p.options for p in polls} == {("Ottawa", "Rome", "Tokyo", "Paris")}
    assert [p.right for p in polls] == [["a"], ["b"], ["c"]]
    assert [(n.what, n.params) for n in file.notes] == [("matching", {"n": 3})]


def test_a_text_without_a_question_becomes_a_note_beside_the_questions() -> None:
    file = read(b"Read the chapter first.\n\nDone?{T}")
    assert [(step.text, step.poll is not None) for step in file.taken] == [
        ("Read the chapter first.", False),
        ("", True),
    ]


def test_the_tag_of_our_own_export_makes_it_peer_instruction() -> None:
    [step] = read(b"// [tag:peer instruction]\nWhich?{=one ~two}").taken
    assert step.peer == PeerQuestion(text="Which?", options=("one", "two"), right="a")


LOST = [
    ("feedback", "::Q::Which?{=a#well done ~b#no}"),
    ("feedback", "::Q::Which?{=a ~b ####Because.}"),
    ("feedback", "::Q::So?{F#wrong#right}"),
    ("partial", "::Q::Which?{=a ~%50%b}"),
    ("more_answers", "::Q::Who?{=no one =nobody}"),
    ("wildcard", "::Q::Who?{=Grant*}"),
    ("picture", '::Q::[html]<img src="a.png">See?{T}'),
    ("formatting", "::Q::[html]<b>See</b>?{T}"),
    ("link", '::Q::[html]<a href="x">See</a>?{T}'),
    ("many_options", "::Q::Which?{=0 " + " ".join(f"~{n}" for n in range(1, 13)) + "}"),
    ("shortened", "::Q::" + "long " * 120 + "{T}"),
    ("category", "$CATEGORY: Q\n\nWhich?{T}"),
]


@pytest.mark.parametrize(("what", "source"), LOST)
def test_what_is_not_carried_over_is_named_with_its_question(what: str, source: str) -> None:
    assert lost(source) == [("Q", what)]


def test_other_accepted_answers_are_told_word_by_word() -> None:
    [note] = read(b"Who?{=no one =nobody =No one}").notes
    assert note.params == {"answers": "nobody"}


BROKEN = {
    "no closing brace": (b"Fine?{T}\n\nWhich?{=a ~b\n\nAnother?{T", "import.gift_braces", 3),
    "no opening brace": (b"Fine?{T}\n\nWhich?=a ~b}", "import.gift_braces", 3),
    "one option": (b"Fine?{T}\n\nWhich? {~a}", "import.gift_answers", 3),
    "no number": (b"Fine?{T}\n\nHow many?{#many}", "import.gift_number", 3),
    "an endless number": (b"How many?{#1e999}", "import.gift_number", 1),
    "a pair without its half": (b"Match{=a -> b =c}", "import.gift_pairs", 1),
}


@pytest.mark.parametrize(("source", "code", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_question_refuses_the_file_and_names_its_line(source: bytes, code: str, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read(source)
    assert (refused.value.code, refused.value.params["line"]) == (code, line)
