"""What of a lesson can be found, and by whom: taken from the views of the roles, so that search shows nothing they do
not. Names of people are in none of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mingtang.core.member import Member, Role
from mingtang.core.text import BLANK
from mingtang.readings.following import Followed
from mingtang.readings.pages import paragraphs

ALL, STAFF_ONLY = "", "staff"
LONGEST = 20_000


class Entry(NamedTuple):
    """One text. `sight`: ALL, STAFF_ONLY, or the id of the one member who may find it. `ref` with `kind` and `sight` is
    its name within the lesson. `at`: ms since the lesson began, -1 for what never came."""

    kind: str
    ref: str
    sight: str
    step: str
    at: int
    text: str


class Steps(NamedTuple):
    """Where a thing stands: the step of each poll or question by its ref, and all steps' ids."""

    known: dict[str, Any]
    of_ref: dict[str, str]


def entries(found: Followed, assets: str) -> list[Entry]:
    """Everything, each text once for those who may find it: what all may find is not kept for staff again."""
    parts = {role: found.lesson.views(role) for role in (Role.student, Role.teacher)}
    all_, staff = (list(_seen(found, parts[role], sight, assets)) for role, sight in _SIGHTS)
    said = {(entry.kind, entry.ref, entry.text) for entry in all_}
    staff = [entry for entry in staff if (entry.kind, entry.ref, entry.text) not in said]
    own = [entry for member in _writers(found) for entry in _own(found, member, parts[Role.student])]
    return _fit([*all_, *staff, *own])


_SIGHTS = ((Role.student, ALL), (Role.teacher, STAFF_ONLY))


def _fit(found: list[Entry]) -> list[Entry]:
    whole = ((e, e.text.strip()[:LONGEST]) for e in found)
    return [entry._replace(text=text) for entry, text in whole if text]


def _writers(found: Followed) -> list[Member]:
    return [member for member in found.lesson.people.members.values() if member.role is not Role.wall]


def _seen(found: Followed, parts: dict[str, Any], sight: str, assets: str) -> Iterator[Entry]:
    steps = _steps(parts)
    lesson = parts.get("lesson", {})
    yield Entry("lesson", "", sight, "", 0, f"{lesson.get('title', '')}\n{lesson.get('course', '')}")
    yield from _slides(found, parts, steps, sight, assets)
    for activity in ("poll", "peer"):
        for id, item in parts.get(activity, {}).items():
            step, at = steps.of_ref.get(id, ""), _since(found, f"{activity}/{id}")
            yield Entry(activity, id, sight, step, at, "\n".join((item["text"], *item.get("options", {}).values())))
            if isinstance(right := item.get("right"), str) and right not in item.get("options", {}):
                yield Entry("right", id, sight, step, at, right)
            for text in _written(parts, id, item):
                yield Entry("answer", f"{id}/{text}", sight, step, at, text)
    asked = {**parts.get("questions", {}).get("items", {}), **parts.get("questions/list", {}).get("items", {})}
    for id, question in asked.items():
        yield _question(found, id, question, sight)
    for part, page in parts.items():
        if part.startswith("captions/"):
            yield from _captions(found, page["lines"], sight)


def _captions(found: Followed, lines: dict[str, Any], sight: str) -> Iterator[Entry]:
    for no, line in lines.items():
        if line["text"] != BLANK:
            yield Entry("caption", no, sight, "", max(0, line["begin"] - found.began), line["text"])


def _slides(found: Followed, parts: dict[str, Any], steps: Steps, sight: str, assets: str) -> Iterator[Entry]:
    for id, step in steps.known.items():
        words = paragraphs(assets, step["asset"]) if "asset" in step else ()
        title = step.get("title", "")
        told = (*words,) if words and words[0].startswith(title) else (title, *words)
        told = (*told, step.get("text", ""))
        yield Entry("slide", id, sight, id, _since(found, f"slides/{id}"), "\n".join(told))
    for id, text in parts.get("slides/notes", {}).get("notes", {}).items():
        yield Entry("speaker", id, sight, id, _since(found, f"slides/{id}"), text)


def _steps(parts: dict[str, Any]) -> Steps:
    known = parts.get("slides", {}).get("steps", {})
    return Steps(known, {step["ref"]: id for id, step in known.items() if "ref" in step})


def _written(parts: dict[str, Any], id: str, item: dict[str, Any]) -> set[str]:
    """The entries of a written form that the role sees, in any round. Struck ones staff alone see."""
    rounds = [*item.get("rounds", {}).values(), parts.get(f"poll/entries/{id}", {})]
    return {entry["text"] for one in rounds for entry in one.get("entries", {}).values()}


def _question(found: Followed, id: str, question: dict[str, Any], sight: str) -> Entry:
    text = "\n".join(filter(None, (question["text"], question.get("answer", ""))))
    return Entry("question", id, sight, question.get("page", ""), _since(found, f"questions/{id}"), text)


def _own(found: Followed, member: Member, parts: dict[str, Any]) -> Iterator[Entry]:
    """What one member wrote: notes, written answers, questions that not everybody can read (any more)."""
    mine, steps = found.lesson.mine(member.id), _steps(parts)
    for step, text in mine.get("notes", {}).get("texts", {}).items():
        yield Entry("note", step, member.id, step, _since(found, f"notes/{member.id}/{step}"), text)
    for id, rounds in mine.get("poll", {}).items():
        item = parts.get("poll", {}).get(id, {})
        for text in {text for n, answer in rounds.items() if n != "right" for text in _texts(item, answer)}:
            at = _since(found, f"poll/{id}")
            yield Entry("answer", f"{id}/{text}", member.id, steps.of_ref.get(id, ""), at, text)
    public = parts.get("questions", {}).get("items", {})
    for id, question in mine.get("questions", {}).get("asked", {}).items():
        if id not in public:
            yield _question(found, id, question, member.id)


def _texts(item: dict[str, Any], answer: Any) -> list[str]:
    """The words of an answer to a written form; keys of choices are no words."""
    if item.get("form") not in ("text", "cloud"):
        return []
    return [answer] if isinstance(answer, str) else list(answer)


def _since(found: Followed, moment: str) -> int:
    at = found.moments.get(moment)
    return -1 if at is None else max(0, at - found.began)
