"""The teacher's hour, as a script: each `yield` lets so many seconds pass."""

from __future__ import annotations

from collections.abc import Iterator

from bench.school import asked
from bench.school.clock import Clock
from bench.school.crowd import Crowd

Script = Iterator[float]
LETTERS = "abcdefgh"
ELSE = 2780  # seconds of the hour that are not spent on slides


class Teacher:
    """`steps` are the pages in their order; `spare` is the time for slides, in seconds, that the rest leaves."""

    def __init__(self, clock: Clock, crowd: Crowd, me: str, steps: list[str], lang: str, length: int) -> None:
        self.clock, self.crowd, self.chance, self.me = clock, crowd, clock.chance, me
        self.polls, self.peers = asked.polls(lang), asked.peers(lang)
        self.steps, self.shown, self.length = steps, 0, length
        self.refs: dict[str, str] = {}
        self.told = 0

    def say(self, wish: str, /, **fields: object) -> bool:
        return bool(self.clock.say(self.me, wish, **fields))

    def hour(self) -> Script:
        self._prepare()
        yield 240
        self.say("slides.cover", to="")
        yield from self._check()
        for share, scene in enumerate(self._scenes(), 1):
            yield from self._slides(share / 12)
            yield from scene
        yield from self._slides(1.0)
        yield from self._questions(90)

    def _scenes(self) -> list[Script]:
        poll, peer = self._poll, self._peer
        return [
            poll(0), poll(1), peer(0), self._pair(poll(2), poll(3)), self._break(300), poll(4), self._board(280),
            peer(1), self._pair(poll(5), poll(6)), self._questions(180), self._pair(poll(7), peer(2)),
        ]  # fmt: skip

    def _pair(self, first: Script, second: Script) -> Script:
        yield from first
        yield 20
        yield from second

    def _prepare(self) -> None:
        """Every question is a step behind one of the pages."""
        made = [("poll", f"q{n}", poll.question) for n, poll in enumerate(self.polls)]
        made += [("peer", f"p{n}", peer.question) for n, peer in enumerate(self.peers)]
        for n, (kind, id, question) in enumerate(made):
            self.say(f"{kind}.make", id=id, question=question)
            self.refs[id] = f"step-{id}"
            behind = {"after": self.steps[n * len(self.steps) // len(made)]} if self.steps else {}
            self.say("slides.insert", id=self.refs[id], kind=kind, ref=id, **behind)

    def _check(self) -> Script:
        self.say("attendance.start", seconds=20)
        for _ in range(5):
            code = self.clock.lesson.states["attendance"].code
            for one in self.crowd.here:
                if one.seat == "room" and self.chance.random() < 0.45:
                    typed = code if self.chance.random() < 0.95 else "2222"
                    self.clock.later(
                        self.chance.uniform(2, 19), lambda one=one, typed=typed: self._prove(one.id, typed)
                    )
            yield 20
            self.say("attendance.rotate")
        self.say("attendance.stop")

    def _prove(self, by: str, code: str) -> None:
        self.clock.say(by, "attendance.prove", code=code)

    def _slides(self, share: float) -> Script:
        """Pages up to `share` of all, in the time up to then that nothing else takes."""
        until = round(len(self.steps) * share)
        pages = self.steps[self.shown : until] or self.steps[max(0, until - 1) : until]
        self.shown = until
        budget = (self.length / 1000 - ELSE) / 12
        for page in pages or [""]:
            if page:
                self.say("slides.turn", to=page)
            self.crowd.look_at(page)
            yield from self._explain(page, budget / max(1, len(pages)))

    def _explain(self, page: str, seconds: float) -> Script:
        left = seconds
        while left > 0:
            pause = min(left, self.chance.uniform(4, 14))
            if page and self.chance.random() < 0.55:
                self.crowd.draw(self.me, page)
                if self.chance.random() < 0.06:
                    self.say("ink.undo", page=page)
            if self.chance.random() < 0.3:
                self._take()
            if self.chance.random() < 0.03:
                self.say("call.draw", among=self.chance.choice(("all", "all", "room", "remote")))
                self.clock.later(15, lambda: self.say("call.skip" if self.chance.random() < 0.2 else "call.done"))
            yield pause
            left -= pause

    def _take(self) -> None:
        if self.say("hands.take"):
            self.clock.later(self.chance.uniform(6, 25), lambda: self.say("hands.done"))

    def _turn(self, id: str) -> None:
        self.say("slides.turn", to=self.refs[id])
        self.crowd.page = self.refs[id]

    def _poll(self, number: int) -> Script:
        poll, id = self.polls[number], f"q{number}"
        self._turn(id)
        self.say("poll.ask", id=id)
        yield 8
        for round in range(poll.rounds):
            self.say("poll.again" if round else "poll.open", id=id)
            self._choices(poll.question, poll.said)
            self.crowd.vote("poll", id, poll.question, poll.hard - 0.7 * round, 45, poll.said)
            yield 45
            self._close("poll", id)
            yield 4
            self.say("poll.show", id=id)
            yield 14
        self.say("poll.reveal", id=id)
        yield 10

    def _choices(self, question: dict[str, object], said: tuple[object, ...]) -> None:
        """What those who change their minds choose from."""
        options = question.get("options", ())
        keys = ["true", "false"] if question["form"] == "truefalse" else list(LETTERS[: len(options)])  # type: ignore[arg-type]
        self.crowd.choices = list(said) if said and not options else [[key] for key in keys]
        if question["form"] == "rating":
            self.crowd.choices = [[key] for key in said]

    def _close(self, kind: str, id: str) -> None:
        self.say(f"{kind}.close", id=id)
        self.crowd.open = None

    def _peer(self, number: int) -> Script:
        peer, id = self.peers[number], f"p{number}"
        self._turn(id)
        self.say("peer.ask", id=id)
        yield 12
        self.crowd.choices = list(LETTERS[: len(peer.question["options"])])
        self.say("peer.open", id=id)
        self.crowd.vote("peer", id, peer.question, peer.hard, 60)
        yield 60
        self._close("peer", id)
        yield 6
        yield from self._talk(id)
        self.say("peer.open", id=id)
        self.crowd.again(id, peer.question, peer.hard, 45)
        yield 45
        self._close("peer", id)
        self.say("peer.show", id=id)
        yield 40

    def _talk(self, id: str) -> Script:
        self.say("peer.discuss", id=id, seconds=120)
        self.crowd.talk = id
        for one in self.crowd.here:
            if one.seat == "remote" and self.chance.random() < 0.6:
                text = self.chance.choice(asked.TALK[self.crowd.lang])
                self.clock.later(self.chance.uniform(5, 110), lambda one=one, text=text: self._said(one.id, id, text))
        yield 110
        self.say("peer.prolong", id=id, seconds=30)
        yield 25
        self.crowd.talk = ""

    def _said(self, by: str, id: str, text: str) -> None:
        self.clock.say(by, "peer.say", id=id, text=text)

    def _break(self, seconds: int) -> Script:
        self.say("timer.start", seconds=seconds, label="Break" if self.crowd.lang == "en" else "休息")
        yield seconds
        self.say("timer.stop")

    def _board(self, seconds: float) -> Script:
        """A blank board that everybody may draw on."""
        self.say("slides.insert", id="board-1", kind="board", **({"after": self.steps[-1]} if self.steps else {}))
        self.say("slides.turn", to="board-1")
        self.crowd.page = "board-1"
        self.say("ink.allow", allowed=True)
        self.crowd.board = "board-1"
        for one in self.crowd.here:
            if self.chance.random() < 0.1:
                self.clock.later(
                    self.chance.uniform(5, seconds - 5), lambda one=one: self.crowd.draw(one.id, "board-1")
                )
        yield seconds
        self.crowd.board = ""  # the pen stays with everybody: from now on they may write on the slides, too

    def _questions(self, seconds: float) -> Script:
        """The most wanted ones are shown and answered, one is written an answer, one laid aside, two are merged."""
        state = self.clock.lesson.states["questions"]
        if len(state.ranked) > 3:
            self.say("questions.merge", id=state.ranked[3][2], into=state.ranked[1][2])
        for number in range(5):
            if not state.ranked:
                yield seconds / 5
                continue
            id = state.ranked[0][2]
            self.say("questions.show", id=id)
            yield seconds / 5
            text = {"text": "0.75 is a good compromise of time and space."} if number == 2 else {}
            self.say("questions.dismiss" if number == 4 else "questions.answer", id=id, **text if number != 4 else {})
            if id in self.crowd.asked:
                self.crowd.asked.remove(id)
