"""From a foreign question to ours: what maps is carried, everything else is named."""

from __future__ import annotations

from collections.abc import Iterable

from mingtang.activities.peer.facts import LETTERS as PEER_LETTERS
from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import LETTERS, TEXT_LENGTH, PollForm, PollQuestion, fold_text
from mingtang.core.text import tidy
from mingtang.plans.exchange.foreign import BadFile, Choice, File, Foreign, Note, Taken

QUESTION_LENGTH = 500
MOST_QUESTIONS = 500
MOST_NUMBER = 1e12
MOST_NOTE = 2000


def carry_all(foreign: Iterable[Foreign], notes: list[Note]) -> File:
    """`notes`: what was said of the file before its questions. Raises BadFile when there is no question in it."""
    file, asked = File([], notes), False
    for question in foreign:
        made = carry(question, file.notes)
        asked = asked or question.kind != "note"
        file.taken += made
        if len(file.taken) > MOST_QUESTIONS:
            raise BadFile("import.too_many", most=MOST_QUESTIONS)
    if not asked:
        raise BadFile("import.no_questions")
    return file


def carry(question: Foreign, notes: list[Note]) -> list[Taken]:
    """The steps it becomes; what is lost is added to `notes`."""
    carrier = _Carrier(question, notes)
    made = carrier.made()
    for what in sorted(question.lost):
        carrier.note(what)
    return made


class _Carrier:
    def __init__(self, question: Foreign, notes: list[Note]) -> None:
        self._q, self._notes = question, notes

    def note(self, what: str, **params: object) -> None:
        self._notes.append(Note(self._q.where, what, f"import.{what}", {**self._q.params.get(what, {}), **params}))

    def made(self) -> list[Taken]:
        match self._q.kind:
            case "note":
                return [Taken(text=self._fit(self._q.text, MOST_NOTE))] if self._q.text else []
            case "matching":
                return self._matching()
        if not self._q.text:
            self.note("no_text")
            return []
        match self._q.kind:
            case "single" | "multiple":
                return self._choice()
            case "truefalse":
                return [self._poll(PollForm.truefalse, right=[self._q.choices[0].text])]
            case "text":
                return self._text()
            case "number":
                return self._number()
        return [self._poll(PollForm.text)]

    def _choice(self) -> list[Taken]:
        choices = [c for c in self._q.choices if tidy(c.text)]
        if not self._enough(len(choices)):
            return []
        options = tuple(self._fit(tidy(c.text), TEXT_LENGTH) for c in choices)
        right = _multiple(choices) if self._q.kind == "multiple" else _single(choices)
        if _is_partial(choices, self._q.kind):
            self.note("partial")
        if self._q.kind == "single":
            self._more([c.text for n, c in enumerate(choices) if c.share >= 1 and LETTERS[n] not in right])
            if self._q.peer and right and len(options) <= len(PEER_LETTERS):
                text = self._fit(self._q.text, QUESTION_LENGTH)
                return [Taken(peer=PeerQuestion(text=text, options=options, right=right[0]))]  # type: ignore[arg-type]
        form = PollForm.multiple if self._q.kind == "multiple" else PollForm.single
        return [self._poll(form, options=options, right=right or None)]

    def _enough(self, count: int) -> bool:
        if count < 2:
            self.note("few_options")
        if count > len(LETTERS):
            self.note("many_options", n=count, most=len(LETTERS))
        return 2 <= count <= len(LETTERS)

    def _more(self, texts: list[str]) -> None:
        if texts:
            self.note("more_answers", answers="; ".join(texts))

    def _text(self) -> list[Taken]:
        given = [c for c in self._q.choices if c.share > 0 and c.text.strip()]
        if any("*" in _without_stars(c.text) for c in given):
            self.note("wildcard")
        best = sorted(given, key=lambda c: -c.share)
        texts = [tidy(c.text.replace("\\*", "*")) for c in best]
        if not texts or texts[0] == "*":
            return [self._poll(PollForm.text)]
        first = fold_text(texts[0])
        self._more([t for t, c in zip(texts[1:], best[1:], strict=True) if c.share >= 1 and fold_text(t) != first])
        if any(c.share < 1 for c in best):
            self.note("partial")
        if len(texts[0]) > TEXT_LENGTH:
            self.note("long_answer", most=TEXT_LENGTH)
            return [self._poll(PollForm.text)]
        return [self._poll(PollForm.text, right=texts[0])]

    def _number(self) -> list[Taken]:
        best = sorted((c for c in self._q.choices if c.share > 0), key=lambda c: -c.share)
        right, tolerance = (float(best[0].text), best[0].tolerance) if best else (0.0, 0.0)
        if abs(right) > MOST_NUMBER or tolerance > MOST_NUMBER:
            self.note("big_number")
            return []
        self._more([c.text for c in best[1:] if c.share >= 1])
        if any(c.share < 1 for c in best):
            self.note("partial")
        if not best:
            return [self._poll(PollForm.number)]
        return [self._poll(PollForm.number, right=round(right, 9) + 0.0, tolerance=tolerance)]

    def _matching(self) -> list[Taken]:
        """One question a pair: which of the right sides belongs to this left one."""
        rights = list(dict.fromkeys(tidy(right) for _, right in self._q.pairs if tidy(right)))
        if not self._enough(len(rights)):
            return []
        asked = [(tidy(left), tidy(right)) for left, right in self._q.pairs if tidy(left) and tidy(right)]
        self.note("matching", n=len(asked))
        options, made = tuple(self._fit(r, TEXT_LENGTH) for r in rights), []
        for left, right in asked:
            text = self._fit("\n".join(part for part in (self._q.text, left) if part), QUESTION_LENGTH)
            key = LETTERS[rights.index(right)]
            made.append(Taken(poll=PollQuestion(form=PollForm.single, text=text, options=options, right=[key])))
        return made

    def _poll(self, form: PollForm, **fields: object) -> Taken:
        text = self._fit(self._q.text, QUESTION_LENGTH)
        return Taken(poll=PollQuestion(form=form, text=text, **fields))  # type: ignore[arg-type]

    def _fit(self, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.note("shortened", most=most)
        return text[: most - 1].rstrip() + "…"


def _single(choices: list[Choice]) -> list[str]:
    best = max(c.share for c in choices)
    return [LETTERS[[c.share for c in choices].index(best)]] if best > 0 else []


def _multiple(choices: list[Choice]) -> list[str]:
    return [LETTERS[n] for n, c in enumerate(choices) if c.share > 0]


def _is_partial(choices: list[Choice], kind: str) -> bool:
    """Ours are right or wrong: for several answers that is equal shares, and everything lost by one wrong."""
    if kind == "single":
        return any(c.share not in (0, 1) for c in choices)
    right, wrong = [c.share for c in choices if c.share > 0], [c.share for c in choices if c.share <= 0]
    return any(share > -1 for share in wrong) or (bool(right) and max(right) - min(right) > 0.051)


def _without_stars(text: str) -> str:
    return text.replace("\\*", "")
