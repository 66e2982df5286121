"""Moodle XML in Moodle's own dialect, and Aiken: each kind of question, and what of it is left behind by name."""

from __future__ import annotations

import pytest

from mingtang.activities.poll.question import PollForm, PollQuestion
from mingtang.plans.exchange.foreign import BadFile
from mingtang.plans.exchange.reading import read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
NAMED = "<name><text>Q</text></name>"


def quiz(kind: str, text: str, body: str = "", form: str = "html") -> bytes:
    asked = f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>'
    return f'{HEAD}<question type="{kind}">{NAMED}{asked}{body}</question>\n</quiz>'.encode()


def answer(text: str, fraction: float = 0, more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{more}</answer>'


def lost(source: bytes) -> list[tuple[str, str]]:
    return [(note.where, note.what) for note in read(source).notes]


SINGLE = "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>"
MULTIPLE = "<single>false</single>"
KINDS = {
    "one right answer": (
        quiz("multichoice", "<p>Which is <br/>best?</p>", SINGLE + answer("Merge", 100) + answer("Quick &amp;lt; it")),
        {"form": PollForm.single, "text": "Which is\nbest?", "options": ("Merge", "Quick < it"), "right": ["a"]},
    ),
    "several right answers": (
        quiz("multichoice", "Prime?", MULTIPLE + answer("2", 50) + answer("3", 50) + answer("4", -100)),
        {"form": PollForm.multiple, "text": "Prime?", "options": ("2", "3", "4"), "right": ["a", "b"]},
    ),
    "true or false": (
        quiz("truefalse", "Two is odd.", answer("true") + answer("false", 100)),
        {"form": PollForm.truefalse, "text": "Two is odd.", "right": ["false"]},
    ),
    "true or false in another language, as old files have it": (
        quiz("truefalse", "Zwei ist ungerade.", answer("Wahr", 100) + answer("Falsch")),
        {"form": PollForm.truefalse, "text": "Zwei ist ungerade.", "right": ["true"]},
    ),
    "a short answer": (
        quiz("shortanswer", "Two plus two?", "<usecase>0</usecase>" + answer("4", 100)),
        {"form": PollForm.text, "text": "Two plus two?", "right": "4"},
    ),
    "a star that is meant": (
        quiz("shortanswer", "Three times?", answer("a\\*b", 100)),
        {"form": PollForm.text, "text": "Three times?", "right": "a*b"},
    ),
    "a number": (
        quiz("numerical", "π?", answer("3.14", 100, "<tolerance>0.01</tolerance>")),
        {"form": PollForm.number, "text": "π?", "right": 3.14, "tolerance": 0.01},
    ),
    "an essay": (
        quiz("essay", "Explain <code>O(1)</code>.".replace("<code>", "").replace("</code>", "")),
        {"form": PollForm.text, "text": "Explain O(1)."},
    ),
    "plain text with signs": (
        quiz("truefalse", "a < b & c", answer("true", 100), form="plain_text"),
        {"form": PollForm.truefalse, "text": "a < b & c", "right": ["true"]},
    ),
}


@pytest.mark.parametrize(("source", "asked"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_question_is_read(source: bytes, asked: dict) -> None:
    file = read(source)
    assert [step.poll for step in file.taken] == [PollQuestion(**asked)]
    assert file.notes == []


def test_a_matching_question_becomes_one_question_a_pair() -> None:
    pair = '<subquestion format="html"><text>{}</text><answer><text>{}</text></answer></subquestion>'
    file = read(quiz("matching", "Match", pair.format("&lt;i&gt;H&lt;/i&gt;", "hydro") + pair.format("O", "oxygen")))
    assert [(s.poll.text, s.poll.right) for s in file.taken] == [("Match\nH", ["a"]), ("Match\nO", ["b"])]
    assert [n.what for n in file.notes] == ["matching", "formatting"]


def test_each_gap_of_a_cloze_becomes_a_question_with_the_text_around_it() -> None:
    gaps = "A stack is {1:MC:=LIFO#yes~FIFO}, {1:SA:=push~%50%put} adds, π is {:NM:=3.14:0.01}, {2:WHAT:=x} stays."
    file = read(quiz("cloze", gaps))
    assert [(s.poll.form.value, s.poll.right) for s in file.taken] == [
        ("single", ["a"]),
        ("text", "push"),
        ("number", 3.14),
    ]
    assert file.taken[1].poll.text == "A stack is …, _____ adds, π is …, {2:WHAT:=x} stays."
    assert [n.what for n in file.notes] == ["cloze", "feedback", "partial"]


FEEDBACK = '<feedback format="html"><text>Well done</text></feedback>'
TRUE = answer("true", 100) + answer("false")
LOST = [
    ("feedback", quiz("truefalse", "So?", answer("true", 100, FEEDBACK))),
    ("feedback", quiz("truefalse", "So?", "<generalfeedback><text>Because</text></generalfeedback>" + TRUE)),
    ("hints", quiz("truefalse", "So?", TRUE + "<hint><text>Think</text></hint>")),
    ("penalty", quiz("truefalse", "So?", TRUE + "<penalty>0.5</penalty>")),
    ("tags", quiz("truefalse", "So?", TRUE + "<tags><tag><text>hard</text></tag></tags>")),
    ("picture", quiz("truefalse", '<img src="@@PLUGINFILE@@/a.png">So?', TRUE)),
    ("media", quiz("truefalse", "<audio></audio>So?", TRUE)),
    ("formatting", quiz("truefalse", "<b>So</b>?", TRUE)),
    ("partial", quiz("multichoice", "So?", SINGLE + answer("a", 100) + answer("b", 50))),
    ("partial", quiz("multichoice", "So?", MULTIPLE + answer("a", 100) + answer("b", 0))),
    ("more_answers", quiz("shortanswer", "So?", answer("a", 100) + answer("b", 100))),
    ("case", quiz("shortanswer", "So?", "<usecase>1</usecase>" + answer("a", 100))),
    ("units", quiz("numerical", "So?", answer("1", 100) + "<units><unit><unit_name>m</unit_name></unit></units>")),
    ("formula", quiz("numerical", "So?", answer("{x}+1", 100))),
    ("grading", quiz("essay", "So?", "<graderinfo><text>Look for this</text></graderinfo>")),
    ("big_number", quiz("numerical", "So?", answer("1e15", 100))),
    ("few_options", quiz("multichoice", "So?", SINGLE + answer("a", 100))),
    ("no_text", quiz("truefalse", "", TRUE)),
    ("cloze_empty", quiz("cloze", "no gap") + b""),
    ("unsupported", quiz("ddimageortext", "Drag")),
]


@pytest.mark.parametrize(("what", "source"), LOST, ids=[what for what, _ in LOST])
def test_what_is_not_carried_over_is_named_with_its_question(what: str, source: bytes) -> None:
    """Beside a question that is well, as a file without any is refused."""
    whole = source.replace(b"</quiz>", quiz("truefalse", "Fine?", TRUE)[len(HEAD) :])
    assert lost(whole) == [("Q", what)]


def test_aiken_is_read() -> None:
    file = read("What is 2+2?\n A) 3\nB. 4 {four}\nANSWER: B\n\n\n哪个对？\nA) 甲\nB) 乙\nC) 丙\nANSWER: C".encode())
    assert [step.poll for step in file.taken] == [
        PollQuestion(form=PollForm.single, text="What is 2+2?", options=("3", "4 {four}"), right=["b"]),
        PollQuestion(form=PollForm.single, text="哪个对？", options=("甲", "乙", "丙"), right=["c"]),
    ]
    assert file.notes == []


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (b"Q\nA) a\nB) b\nANSWER: C", "import.aiken_answer", 4),
        (b"Q\nA) a\nANSWER: A", "import.aiken_answer", 3),
        (b"ANSWER: A\n", "import.aiken_answer", 1),
        (b"Q\nA) a\nC) c\nANSWER: A", "import.aiken_line", 3),
        (b"Q\nA) a\nB) b\nand more\nANSWER: A", "import.aiken_line", 4),
        (b"Q\nA) a\nB) b\nANSWER: A\n\nNext?\nA) a\n", "import.aiken_unanswered", 6),
    ],
)
def test_a_broken_aiken_file_is_refused_with_its_line(source: bytes, code: str, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read(source)
    assert (refused.value.code, refused.value.params) == (code, {"line": line})
