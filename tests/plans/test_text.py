"""plan.md: whatever a plan holds is written and read again, and whatever people write loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities import kinds
from mingtang.plans import model
from mingtang.plans.exchange.letters import decode
from mingtang.plans.text import ids
from mingtang.plans.text.pages import PlanFile
from mingtang.plans.text.reader import parse
from mingtang.plans.text.writer import write
from tests.plans import strategies as made

titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: " ".join(text.split()))


def written(steps, files=(), title="Sets", course="CS 2", language="en"):
    return write(kinds(), title, course, language, steps, {file.deck: file.name for file in files})


@settings(max_examples=300, deadline=None)
@given(st.data(), made.decks(), titles, titles, st.sampled_from(["en", "zh"]))
def test_every_plan_is_written_and_read_again_the_same(data, files, title, course, language):
    steps = data.draw(made.steps(files))
    text = written(steps, files, title, course, language)
    found = parse(kinds(), text, files)
    assert found.steps == steps, text
    assert (found.title, found.course, found.language) == (title, course, language)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(made.LINES) | made.anything, max_size=12).map("\n".join), made.decks())
def test_whatever_is_in_a_file_writing_what_was_read_of_it_is_stable(text, files):
    found = parse(kinds(), text, files)
    again = written(found.steps, files, found.title, found.course, found.language)
    twice = parse(kinds(), again, files)
    assert written(twice.steps, files, twice.title, twice.course, twice.language) == again


SETS = PlanFile("d1", "sets.pdf", 12)
MAPS = PlanFile("d2", "第二讲 映射.pptx", 3)
BY_HAND = """\
---
title: Sets and maps
course: CS 2
---

## slides: sets.pdf 1-3, 5

> Say hello.
> Then begin.

## poll
limit: 1:30

Which structure finds an element fastest?

- [ ] A list
- [x] A hash table

> Wait until all have answered.

## Break: 10 min
name: Coffee

## question
form: number
right: 3.14
tolerance: 0.01

How much is π?

## peer

What does `0.1 + 0.2 == 0.3` say?

- [ ] True
- [x] False

## note

Exercises 3 to 7.

- on paper
- until Friday

## question

What was unclear today?

## board
"""
IN_CHINESE = """\
---
标题：集合与映射
语言：中文
---

## 幻灯片：第二讲 映射.pptx 2

## 投票
题型：多选
限时：2 分钟
匿名：否

哪些对每个集合都成立？

- [x] 元素不重复
- [ ] 有顺序
- [x] 可以为空

> 请两位同学说明理由。

## 判断题

## 投票
题型：判断
正确：对

空集是任何集合的子集。

## 计时：５分钟
名称：小组讨论
"""


def kinds_of(steps):
    return [step.kind for step in steps]


def test_what_a_person_writes_is_understood():
    found = parse(kinds(), BY_HAND, [SETS])
    assert found.problems == []
    assert (found.title, found.course, found.language) == ("Sets and maps", "CS 2", "")
    assert kinds_of(found.steps) == ["page"] * 4 + ["poll", "break", "poll", "peer", "note", "poll", "board"]
    assert [step.page.page for step in found.steps[:4]] == [1, 2, 3, 5]
    assert [step.notes for step in found.steps[:2]] == ["Say hello.\nThen begin.", ""]
    choice, pause, number, peer, note, open_question, _ = found.steps[4:]
    assert (choice.question["form"], choice.question["right"], choice.question["limit"]) == ("single", ["b"], 90)
    assert choice.question["options"] == ["A list", "A hash table"]
    assert choice.notes == "Wait until all have answered."
    assert (pause.text, pause.seconds) == ("Coffee", 600)
    assert (number.question["right"], number.question["tolerance"]) == (3.14, 0.01)
    assert (peer.question["right"], note.text) == ("b", "Exercises 3 to 7.\n\n- on paper\n- until Friday")
    assert (open_question.question["form"], open_question.question.get("right")) == ("text", None)


def test_what_a_person_writes_in_chinese_is_understood():
    found = parse(kinds(), IN_CHINESE, [SETS, MAPS])
    assert (found.title, found.language) == ("集合与映射", "zh")
    assert kinds_of(found.steps) == ["page", "poll", "unread", "poll", "timer"]
    page, several, _, truth, timer = found.steps
    assert (page.page.deck, page.page.page) == ("d2", 2)
    asked = several.question
    assert (asked["form"], asked["right"], asked["limit"], asked["anonymous"]) == ("multiple", ["a", "c"], 120, False)
    assert truth.question["right"] == ["true"]
    assert (timer.seconds, timer.text) == (300, "小组讨论")
    (problem,) = found.problems
    assert (problem.line, problem.code, problem.params["name"]) == (21, "plan.unknown_step", "判断题")


def test_a_chinese_plan_is_written_in_chinese_words():
    found = parse(kinds(), IN_CHINESE, [SETS, MAPS])
    text = written(found.steps, [SETS, MAPS], found.title, "", "zh")
    assert all(
        line in text for line in ("标题: 集合与映射", "## 投票", "题型: 多选", "限时: 2 分钟", "匿名: 否", "正确: 对")
    )
    assert "## 幻灯片: 第二讲 映射.pptx 2" in text


@pytest.mark.parametrize(
    ("text", "line", "code", "suggestion"),
    [
        ("## pol\n\nWhich?", 1, "plan.unknown_step", "poll"),
        ("## poll\n\nOne?\n\n## pole\n\nTwo?", 5, "plan.unknown_step", "poll"),
        ("## poll\nlimt: 60\n\nWhich?", 2, "plan.unknown_setting", "limit"),
        ("## poll\nform: singel\n\nWhich?\n\n- a\n- b", 2, "plan.unknown_value", "single"),
        ("## 投票\n题型：单选择\n\n哪一个？\n\n- 甲\n- 乙", 2, "plan.unknown_value", "单选"),
        ("## poll\nlimit: soon\n\nWhich?", 2, "plan.no_length", "5 min"),
        ("## poll\nform: number\nright: much\n\nWhich?", 3, "plan.no_number", ""),
        ("## poll\nanonymous: perhaps\n\nWhich?", 2, "plan.no_truth", ""),
        ("## poll\nform: single\ntolerance: 1\n\nWhich?\n\n- a\n- b", 3, "plan.not_here", ""),
        ("## poll\nform: single\n\nWhich?\n\n- a", 1, "poll.too_few_options", ""),
        ("## poll\nform: single\nright: e\n\nWhich?\n\n- a\n- b", 3, "plan.unknown_option", ""),
        ("## poll\nform: single\n\nWhich?\n\n- a\n- b\nand more", 8, "plan.line_after_options", ""),
        ("## poll\nlimit: 1\nlimit: 2\n\nWhich?", 3, "plan.twice", ""),
        ("## poll", 1, "plan.no_text", ""),
        ("## peer\n\nWhich?\n\n- a\n- b", 1, "peer.bad_right", ""),
        ("## timer", 1, "plan.no_seconds", "5 min"),
        ("## slide: set.pdf 3", 1, "plan.unknown_file", "sets.pdf"),
        ("## slide: sets.pdf 3-40", 1, "plan.no_such_page", ""),
        ("## slide", 1, "plan.no_file", "sets.pdf"),
        ("## note", 1, "plan.no_text", ""),
        ("---\ntitel: Sets\n---\n", 2, "plan.unknown_setting", "title"),
        ("---\ntitle: Sets\n\n## board", 1, "plan.head_open", "---"),
        ("Hello.\n\n## board", 1, "plan.words_before", ""),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_may_be_meant(text, line, code, suggestion):
    (problem,) = parse(kinds(), text, [SETS]).problems
    assert (problem.line, problem.code, problem.suggestion) == (line, code, suggestion)


def test_a_mistake_loses_neither_its_block_nor_the_rest():
    text = "## board\nid: w\n\n## pol\nlimt: 3\n\nWhich?\n- a\n\n> Say it.\n\n## board\nid: v\n"
    found = parse(kinds(), text)
    assert [(step.id, step.text) for step in found.steps if step.kind == "board"] == [("w", ""), ("v", "")]
    assert found.steps[1].text == "## pol\nlimt: 3\n\nWhich?\n- a\n\n> Say it."
    assert found.steps[1].text in written(found.steps)


def test_putting_the_mistake_right_is_all_there_is_to_do():
    broken = written(parse(kinds(), "## pol\n\nWhich?\n\n- [x] a\n- [ ] b").steps)
    assert kinds_of(parse(kinds(), broken.replace("## pol", "## poll")).steps) == ["poll"]


def test_a_block_copied_by_hand_gets_an_id_of_its_own():
    found = parse(kinds(), "## board\nid: w\n\n## board\nid: w\n")
    assert len({step.id for step in found.steps}) == 2
    assert [(problem.line, problem.code) for problem in found.problems] == [(5, "plan.same_id")]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n\r\n", "---\n---"])
def test_an_empty_file_is_a_plan_without_steps(text):
    found = parse(kinds(), text)
    assert (found.steps, found.problems) == ([], [])


@pytest.mark.parametrize(
    "change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n", "\r")]
)
def test_marks_and_line_ends_of_other_systems_change_nothing(change):
    assert parse(kinds(), change(BY_HAND), [SETS]).steps == parse(kinds(), BY_HAND, [SETS]).steps


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_file_of_any_encoding_in_use_is_read(encoding):
    assert parse(kinds(), decode(IN_CHINESE.encode(encoding)), [MAPS]).title == "集合与映射"


def test_a_huge_file_is_read_to_the_end_and_loses_nothing():
    text = "".join(f"## pol {n}\n\nWhich?\n\n" for n in range(5000))
    found = parse(kinds(), text)
    assert len(found.steps) < model.MOST_STEPS
    assert "## pol 4999" in found.steps[-1].text
    assert found.problems[0].code == "plan.too_many_steps"
    long = "## slide: " + " 1" * 200_000 + "\n## " + "x:" * 200_000 + "\n## poll\n" + "a" * 400_000 + ":\n"
    assert kinds_of(parse(kinds(), long, [SETS]).steps) == ["unread"] * 3


def test_the_same_words_get_the_same_id_and_changed_words_keep_the_one_they_had():
    text = "## poll\n\nWhich of them is the largest?\n\n- a\n- b\n\n## poll\n\nWhy?\n"
    before = parse(kinds(), text).steps
    assert parse(kinds(), text).steps == before
    changed = parse(kinds(), text.replace("largest", "greatest") + "\n## poll\n\nWhen?\n")
    steps = ids.carried(changed.steps, changed.written, before)
    assert [step.id for step in steps[:2]] == [step.id for step in before]
    assert steps[2].id not in {step.id for step in before}
