"""Ids for steps that were written by hand without one: the same words get the same id, so that a question keeps its
history when the file is read again."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Set
from difflib import SequenceMatcher

import msgspec

from mingtang.plans.model import PlanStep

ALIKE = 0.6
_canonical = msgspec.json.Encoder(order="deterministic").encode


def of_page(deck: str, page: int) -> str:
    """A page is known by its place in its file; its id need not be written."""
    return f"{deck[:27]}-{page}"


def of_words(kind: str, content: object) -> str:
    found = hashlib.sha256(kind.encode() + b"\0" + _canonical(content)).digest()
    return base64.b32encode(found[:10]).decode().lower()


def made(step: PlanStep) -> str:
    if step.page:
        return of_page(step.page.deck, step.page.page)
    return of_words(step.kind, {"text": step.text, "question": step.question, "seconds": step.seconds})


def free(id: str, taken: Set[str]) -> str:
    names = (id if n == 1 else f"{id[:27]}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def carried(steps: list[PlanStep], written: set[str], before: Iterable[PlanStep]) -> list[PlanStep]:
    """Steps whose id is not written keep the one they had: of the earlier steps that are gone, the one of the same kind
    whose words are most alike is meant."""
    here = {step.id for step in steps}
    gone = {step.id: step for step in before if step.id not in here and step.kind != "page"}
    for step in steps:
        if step.id not in written and step.kind not in ("page", "unread") and (old := _likest(step, gone)):
            del gone[old]
            step.id = old
    return steps


def _likest(step: PlanStep, gone: Mapping[str, PlanStep]) -> str:
    words = _words(step)
    rated = [
        (SequenceMatcher(None, words, _words(old)).ratio(), id) for id, old in gone.items() if old.kind == step.kind
    ]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE else ""


def _words(step: PlanStep) -> str:
    return str((step.question or {}).get("text", "")) + step.text
