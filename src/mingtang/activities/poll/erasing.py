"""What is blanked in the log when somebody is erased: what only he wrote. Choices and numbers stay, without a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from mingtang.activities.poll.facts import PollAnsweredLate, PollEdited, PollMade, PollMarked, PollVoted
from mingtang.activities.poll.question import WRITTEN, Answer, PollForm, fold_text
from mingtang.core.event import Fact
from mingtang.core.text import BLANK


class Written(Struct):
    """One poll: who wrote what, each text as it is counted; `right` are all texts that ever counted as right."""

    form: PollForm
    writers: dict[str, set[str]] = field(default_factory=dict)
    right: set[str] = field(default_factory=set)
    blanks: dict[str, str] = field(default_factory=dict)

    def accept(self, right: Answer | None) -> None:
        if isinstance(right, str):
            self.right.add(fold_text(right))

    def blank(self, text: str, gone: frozenset[str]) -> str:
        """A text of its own for each, so that the entries keep their numbers and their counts. What somebody else wrote
        too, or the teacher asked for, tells nothing about a person and stays counted."""
        key = fold_text(text)
        if key in self.right or not self.writers[key] <= gone:
            return text
        return self.blanks.setdefault(key, f"{BLANK}{len(self.blanks) + 1}")


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    polls = _read(facts)
    for fact in facts:
        event = fact.event
        if not isinstance(event, PollVoted | PollAnsweredLate) or fact.by not in gone:
            continue
        poll = polls.get(event.id)
        if poll is not None and (texts := _texts(event.answer, poll)):
            blanked = [poll.blank(text, gone) for text in texts]
            answer: Answer = blanked[0] if isinstance(event.answer, str) else blanked
            yield replace(fact, event=replace(event, answer=answer))


def _read(facts: Sequence[Fact]) -> dict[str, Written]:
    polls: dict[str, Written] = {}
    for fact in facts:
        match fact.event:
            case PollMade(id=id, question=question):
                polls.setdefault(id, Written(question.form)).accept(question.right)
            case PollEdited(id=id, question=question) if id in polls:
                polls[id].form = question.form
                polls[id].accept(question.right)
            case PollMarked(id=id, right=right) if id in polls:
                polls[id].accept(right)
            case PollVoted(id=id, answer=answer) | PollAnsweredLate(id=id, answer=answer) if id in polls:
                for text in _texts(answer, polls[id]):
                    polls[id].writers.setdefault(fold_text(text), set()).add(fact.by)
    return polls


def _texts(answer: Answer, poll: Written) -> list[str]:
    if poll.form not in WRITTEN or isinstance(answer, int | float):
        return []
    return [answer] if isinstance(answer, str) else answer
