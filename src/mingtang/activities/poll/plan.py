"""A poll prepared in a plan: the question as it is asked, and as people write it by hand."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from mingtang.activities.poll import question as asked
from mingtang.activities.poll.question import LETTERS, Answer, PollForm, PollQuestion, fit
from mingtang.activities.poll.rules import Make
from mingtang.core import sheet
from mingtang.core.event import Command
from mingtang.core.preparation import Names
from mingtang.core.sheet import Mistake, Option, Sheet

Content = PollQuestion
LISTED = (PollForm.single, PollForm.multiple)
LIST_LINE = r"[-*+][ \t]"

title = "poll.step"
settings = ("form", "scale", "right", "tolerance", "limit", "anonymous", "text")
names = Names(
    zh={
        "poll": "投票",
        "form": "题型",
        "scale": "等级",
        "right": "正确",
        "tolerance": "误差",
        "limit": "限时",
        "anonymous": "匿名",
        "text": "题目",
        "single": "单选",
        "multiple": "多选",
        "truefalse": "判断",
        "rating": "评分",
        "number": "数字",
        "cloud": "词云",
        "yes": "是",
        "no": "否",
        "true": "对",
        "false": "错",
    },
    also={
        "question": "poll",
        "提问": "poll",
        "题": "poll",
        "type": "form",
        "answer": "right",
        "答案": "right",
        "正确答案": "right",
        "time": "limit",
        "时间": "limit",
        "seconds": "limit",
        "问题": "text",
        "true/false": "truefalse",
        "判断题": "truefalse",
        "单选题": "single",
        "多选题": "multiple",
        "open": "written",
        "文字": "written",
        "开放": "written",
        "written": "written",
        "numeric": "number",
        "数值": "number",
        "words": "cloud",
    },
)
# `text` is both a setting and a form; as a form it is written in Chinese in its own way.
FORMS = {name: name for name in PollForm if name is not PollForm.text}
FORM_NAMES = names.meanings([*FORMS, "written"]) | {"text": "written", "scale": "rating"}
TRUTH_NAMES = names.meanings(["true", "false"]) | {"yes": "true", "no": "false", "是": "true", "否": "false"}
ONLY = {"scale": (PollForm.rating,), "tolerance": (PollForm.number,)}


def check(content: PollQuestion) -> PollQuestion:
    """What other forms have is left out, so that a question reads the same however it was made."""
    asked.check(content)
    kept = replace(
        content,
        options=content.options if content.form in LISTED else (),
        scale=content.scale if content.form is PollForm.rating else 5,
        tolerance=content.tolerance if content.form is PollForm.number else 0.0,
    )
    return kept if kept.right is None else replace(kept, right=fit(kept, kept.right))


def prepare(id: str, content: PollQuestion) -> Iterable[Command]:
    yield Make(id=id, question=content)


def write(content: PollQuestion, language: str) -> Sheet:
    said = {"form": _form_name(content.form, language)}
    if content.form is PollForm.rating and content.scale != 5:
        said["scale"] = str(content.scale)
    if content.right is not None and content.form not in LISTED:
        said["right"] = _written_right(content.right, content.form, language)
    if content.tolerance:
        said["tolerance"] = sheet.number(content.tolerance)
    if content.limit:
        said["limit"] = sheet.seconds(content.limit, language)
    if not content.anonymous:
        said["anonymous"] = names.said("no", language)
    lines = sheet.lines_of(content.text, LIST_LINE if content.form in LISTED else "")
    if content.form in LISTED:
        lines += ["", *(sheet.option_line(one) for one in _options(content))]
    return Sheet(said, lines)


def _form_name(form: PollForm, language: str) -> str:
    if form is PollForm.text:
        return "文字" if language == "zh" else "text"
    return names.said(form.value, language)


def _written_right(right: Answer, form: PollForm, language: str) -> str:
    if form is PollForm.truefalse and isinstance(right, list):
        return names.said(right[0], language)
    return sheet.plain(right) if isinstance(right, str) else sheet.number(float(right))  # type: ignore[arg-type]


def _options(content: PollQuestion) -> list[Option]:
    """Without a right answer there is no box to mark."""
    right = content.right if isinstance(content.right, list) else None
    keys = asked.keys(content)
    return [
        Option(None if right is None else key in right, text)
        for key, text in zip(keys, content.options, strict=True)
    ]  # fmt: skip


def read(written: Sheet) -> PollQuestion:
    said = written.settings
    form = _form(written)
    for key, forms in ONLY.items():
        if key in said and form not in forms:
            raise Mistake("plan.not_here", key)
    lines, options = sheet.part(written.lines) if form in LISTED else (list(written.lines), [])
    text = sheet.text_of(lines) or sheet.value_of(said.get("text", ""))
    if not text.strip():
        raise Mistake("plan.no_text")
    found = {
        "form": form,
        "text": text,
        "options": [option.text for option in options],
        "scale": sheet.whole_of(said["scale"], "scale") if "scale" in said else 5,
        "right": _right(form, options, said.get("right", "")),
        "tolerance": sheet.number_of(said["tolerance"], "tolerance") if "tolerance" in said else 0.0,
        "anonymous": sheet.truth_of(said["anonymous"], "anonymous") if "anonymous" in said else True,
        "limit": sheet.seconds_of(said["limit"], "limit") if "limit" in said else 0,
    }
    return msgspec.convert(found, PollQuestion)


def _form(written: Sheet) -> PollForm:
    """As it is named; else a list of options is a choice, and anything else is answered in writing."""
    if "form" in written.settings:
        name = sheet.meant(written.settings["form"], FORM_NAMES, "plan.unknown_value", "form")
        return PollForm.text if name == "written" else PollForm(name)
    marked = [line for line in written.lines if (found := sheet.OPTION.match(line)) and found[1] and found[1].strip()]
    if any(sheet.OPTION.match(line) for line in written.lines):
        return PollForm.multiple if len(marked) > 1 else PollForm.single
    return PollForm.text


def _right(form: PollForm, options: list[Option], said: str) -> Answer | None:
    marked = [LETTERS[n] for n, option in enumerate(options[: len(LETTERS)]) if option.marked]
    if marked or not said:
        return marked or None
    match form:
        case PollForm.number:
            return sheet.number_of(said, "right")
        case PollForm.text:
            return sheet.value_of(said)
        case PollForm.truefalse:
            return [sheet.meant(said, TRUTH_NAMES, "plan.unknown_value", "right")]
        case PollForm.rating | PollForm.cloud:
            raise Mistake("poll.no_right_here", "right")
    keys = {letter: letter for letter in LETTERS[: len(options)]}
    return [sheet.meant(one, keys, "plan.unknown_option", "right") for one in _letters(said)]


def _letters(said: str) -> list[str]:
    return said.replace(",", " ").replace("，", " ").replace("、", " ").split()
