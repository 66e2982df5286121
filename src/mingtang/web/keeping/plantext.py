"""The plan that a lesson was begun from, as text for its file: of this catalog, or as it came with the lesson."""

from __future__ import annotations

from pathlib import Path

from mingtang.activities import kinds
from mingtang.catalog.engine import Look, looking
from mingtang.plans.model import decode
from mingtang.plans.text.writer import write
from mingtang.web.folder import Folder

ENTRY = "plan/plan.md"
VERSION = """select v.plan, v.title, v.course, v.language, v.content, v.source from taught t
             join plan_versions v on v.plan = t.plan and v.version = t.version where t.lesson = :lesson"""
FILES = "select deck, name from plan_deck_uses where plan = :plan"


def plan_of(folder: Folder, catalog: Path | str, lesson: str) -> dict[str, bytes]:
    """By its name in a lesson file; empty for a lesson that had no plan. Runs beside a server, too."""
    came = place_of(folder, lesson)
    if came.is_file():
        return {ENTRY: came.read_bytes()}
    with looking(catalog) as look:
        return {ENTRY: text.encode()} if (text := _text(look, lesson)) else {}


def place_of(folder: Folder, lesson: str) -> Path:
    """Where the text lies that came with an imported lesson."""
    return folder.came / lesson / "plan.md"


def _text(look: Look, lesson: str) -> str:
    """As it was taught, however the plan has been changed since."""
    found = look(VERSION, lesson=lesson)
    if not found:
        return ""
    plan, title, course, language, content, source = found[0]
    files = {str(deck): str(name) for deck, name in look(FILES, plan=plan)}
    return str(source) or write(kinds(), title, course, language, decode(content), files)
