"""One pass over a log, fact by fact; a report can be asked for at any place of it, and the pass goes on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mingtang.activities import kinds
from mingtang.core.event import Fact
from mingtang.core.frame import MEMBER_KINDS
from mingtang.core.lesson import Lesson
from mingtang.core.member import Seat
from mingtang.readings.report import people as those
from mingtang.readings.report.active import Doings
from mingtang.readings.report.asked import all_put, asked
from mingtang.readings.report.hour import Hours
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import FORMAT, Headline, Person, Report, share
from mingtang.readings.report.pages import Shown, numbered, pages, question_steps
from mingtang.readings.report.presence import Changes, presence
from mingtang.readings.report.rounds import Put
from mingtang.readings.report.voices import HANDS, Raised, hands, questions


class Reporter:
    def __init__(self) -> None:
        self.lesson = Lesson(kinds())
        self._ledger, self._hours, self._changes = Ledger(), Hours(), Changes()
        self._doings, self._shown, self._raised, self._missed = Doings(), Shown(), Raised(), those.Missed()
        self._strokes: Counter[str] = Counter()
        self._asked: Counter[Seat] = Counter()

    @property
    def seq(self) -> int:
        return self.lesson.seq

    def take(self, fact: Fact) -> None:
        """The next fact of the log; raises ValueError when it is not the next."""
        lesson, kind, over = self.lesson, fact.kind, self.lesson.ended
        if kind in HANDS:
            self._raised.before(lesson, fact)
        lesson.take(fact)
        self._ledger.take(fact)
        if over:  # late answers and what else may follow the end belong to no hour
            return
        if type(fact.event) in MEMBER_KINDS:
            self._changes.take(lesson.people, fact.at)
            self._shown.look(lesson)
        self._hours.take(fact.at, any(lesson.people.here.values()))
        self._doings.take(lesson, fact)
        self._note(fact, kind)

    def _note(self, fact: Fact, kind: str) -> None:
        lesson = self.lesson
        match kind:
            case "ink.drawn":
                if fact.event.guest:  # type: ignore[attr-defined]
                    self._strokes[fact.by] += 1
            case "pace.marked":
                self._shown.take(lesson, fact)
            case "questions.asked":
                member = lesson.people.members.get(fact.by)
                self._asked[member.seat if member else Seat.room] += 1
            case "poll.opened" | "poll.closed" | "peer.opened" | "peer.closed":
                self._missed.take(lesson, fact)
            case _ if kind in HANDS:
                self._raised.take(lesson, fact)
            case _ if kind.startswith("slides."):
                self._shown.take(lesson, fact)

    def report(self) -> Report:
        lesson, ledger = self.lesson, self._ledger
        began, until = self._hours.hour()
        state, steps, put = lesson.states["lesson"], numbered(lesson), all_put(lesson)
        done = those.deeds(lesson, self._raised, self._strokes)
        people = those.persons(lesson, until, those.counts(lesson, put, self._missed), done, ledger)
        on_pages = pages(lesson, self._shown, steps, began, until, ledger)
        lost = Counter(self._shown.seats[key] for key in self._lost() if key in self._shown.seats)
        return Report(
            format=FORMAT,
            title=state.title,
            code=state.code,
            course=state.course,
            opened=state.opened,
            began=began,
            until=until,
            ended=state.ended or None,
            events=lesson.seq,
            digest=lesson.digest(),
            headline=self._headline(put, people, done),
            presence=presence(lesson, self._changes, began, until, ledger),
            questions=asked(lesson, put, question_steps(steps), ledger),
            pages=on_pages,
            asked=questions(lesson, steps, ledger),
            hands=hands(lesson, self._raised, ledger),
            parity=those.parity(lesson, put, people, self._raised, self._asked, lost, ledger),
            active=self._doings.active(began, until, ledger),
            people=people,
            kinds=ledger.counts(),
        )

    def _lost(self) -> Iterable[tuple[str, str]]:
        return ((id, m) for id, page in self.lesson.states["pace"].pages.items() for m in page.ever["lost"])

    def _headline(self, put: list[Put], people: list[Person], done: those.Deeds) -> Headline:
        stands = Counter(one.stand for one in self.lesson.states["questions"].questions.values())
        answered = sum(side for one in put for r in one.item.rounds for side in r.turnout.answered.values())
        missing = sum(
            n for one in put for r in one.item.rounds
            for n in r.turnout.waiting(self.lesson.states[one.kind].audience).values()
        )  # fmt: skip
        marked = [one for one in put if one.right and one.first]
        return Headline(
            people=len(people),
            took_part=sum(person.took_part for person in people),
            answered=answered,
            expected=answered + missing,
            floor=len(done.floor),
            asked=sum(stands.values()),
            open=stands["open"] + stands["waiting"],
            first=share(sum(one.rights(one.first) for one in marked), sum(len(one.votes[one.first]) for one in marked)),
            last=share(sum(one.rights(one.last) for one in marked), sum(len(one.votes[one.last]) for one in marked)),
            source=self._ledger.of(
                "member.came", "poll.voted", "peer.voted", "poll.closed", "peer.closed", "hands.taken", "media.entered",
                "call.finished", "questions.asked", "questions.answered",
            ),
        )  # fmt: skip


def report_of(facts: Iterable[Fact]) -> Report:
    reporter = Reporter()
    for fact in facts:
        reporter.take(fact)
    return reporter.report()
