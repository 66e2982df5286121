"""The page for teachers is true: its example is read without a mistake, in both languages."""

from __future__ import annotations

import re

import pytest

from mingtang.activities import kinds
from mingtang.plans.text.pages import PlanFile
from mingtang.plans.text.reader import parse
from mingtang.plans.text.writer import write
from tests.house.tree import ROOT

FILES = {"en": "sets.pdf", "zh": "集合.pdf"}
EXAMPLE = re.compile(r"^```markdown\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_example_for_teachers_is_a_plan_without_mistakes(lang: str) -> None:
    page = (ROOT / "docs" / "teach" / lang / "plans.md").read_text(encoding="utf-8")
    (text,) = EXAMPLE.findall(page)
    file = PlanFile("d1", FILES[lang], 8)
    found = parse(kinds(), text, [file])
    assert found.problems == []
    assert found.language == lang
    shown = ["page"] * 3 + ["poll", "peer", "break"] + ["page"] * 4 + ["poll", "note", "poll"]
    assert [step.kind for step in found.steps] == shown
    forms = [step.question["form"] for step in found.steps if step.kind == "poll" and step.question]
    assert forms == ["single", "number", "text"]
    again = write(kinds(), found.title, found.course, lang, found.steps, {"d1": file.name})
    assert parse(kinds(), again, [file]).steps == found.steps


def test_both_languages_show_the_same_plan() -> None:
    def shape(lang: str) -> list[tuple[str, int]]:
        page = (ROOT / "docs" / "teach" / lang / "plans.md").read_text(encoding="utf-8")
        steps = parse(kinds(), EXAMPLE.findall(page)[0], [PlanFile("d1", FILES[lang], 8)]).steps
        return [(step.kind, step.seconds) for step in steps]

    assert shape("en") == shape("zh")
