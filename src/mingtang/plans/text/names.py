"""How the steps and settings of a plan's file are called, in both languages."""

from __future__ import annotations

from mingtang.core.activity import Kinds
from mingtang.core.preparation import Names

NAMES = Names(
    zh={
        "title": "标题",
        "course": "课程",
        "language": "语言",
        "slide": "幻灯片",
        "board": "白板",
        "note": "便笺",
        "timer": "计时",
        "break": "休息",
        "id": "编号",
        "name": "名称",
        "length": "时长",
    },
    also={
        "slides": "slide",
        "page": "slide",
        "pages": "slide",
        "页": "slide",
        "页面": "slide",
        "课件": "slide",
        "whiteboard": "board",
        "板书": "board",
        "text": "note",
        "说明": "note",
        "文字": "note",
        "clock": "timer",
        "倒计时": "timer",
        "pause": "break",
        "课间": "break",
        "课间休息": "break",
        "label": "name",
        "seconds": "length",
        "minutes": "length",
        "时间": "length",
        "lang": "language",
    },
)
PLAN = ("title", "course", "language")
UNREAD = "?"
STEPS = {"slide": "page", "board": "board", "note": "note", "timer": "timer", "break": "break"}
SETTINGS: dict[str, tuple[str, ...]] = {
    "page": ("id",),
    "board": ("id",),
    "note": ("id",),
    "timer": ("id", "length", "name"),
    "break": ("id", "length", "name"),
}
LANGUAGES = {"en": "en", "english": "en", "英文": "en", "英语": "en", "zh": "zh", "chinese": "zh", "中文": "zh"}
LANGUAGES |= {"zh-hans": "zh", "zh-cn": "zh", "汉语": "zh", "en-us": "en", "en-gb": "en"}


def step_names(kinds: Kinds) -> dict[str, str]:
    """Every way to name a step in a heading, leading to its kind."""
    found = {way: STEPS[name] for way, name in NAMES.meanings(STEPS).items()}
    for kind, activity in kinds.activities.items():
        if activity.plan:
            found |= activity.plan.names.meanings([kind])
    return found


def step_name(kinds: Kinds, kind: str, language: str) -> str:
    activity = kinds.activities.get(kind)
    if activity and activity.plan:
        return activity.plan.names.said(kind, language)
    return NAMES.said(next(name for name, of in STEPS.items() if of == kind), language)


def setting_names(kinds: Kinds, kind: str) -> dict[str, str]:
    """Every way to name a setting of such a step."""
    activity = kinds.activities.get(kind)
    if activity and activity.plan:
        return NAMES.meanings(["id"]) | activity.plan.names.meanings(activity.plan.settings)
    return NAMES.meanings(SETTINGS[kind])


def setting_name(kinds: Kinds, kind: str, key: str, language: str) -> str:
    activity = kinds.activities.get(kind)
    if activity and activity.plan and key in activity.plan.settings:
        return activity.plan.names.said(key, language)
    return NAMES.said(key, language)
