"""A lesson small enough to be counted by hand, each event written out with its minute and second."""

from __future__ import annotations

from typing import Any

import msgspec

from mingtang.activities import kinds
from mingtang.core.event import Event, Fact

BEGIN = 1_760_000_000_000
KINDS = kinds()


class Log:
    """`say("1:30", "mei", "poll.voted", id="q", …)` adds an event; `by` "" is the server."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def say(self, at: str, by: str, kind: str, **fields: Any) -> None:
        minutes, seconds = map(int, at.split(":"))
        event: Event = msgspec.convert(fields, KINDS.events[kind])
        self.facts.append(Fact(len(self.facts) + 1, BEGIN + (60 * minutes + seconds) * 1000, by, "", event))

    def joins(self, at: str, id: str, seat: str = "room", role: str = "student", name: str = "") -> None:
        self.say(at, "", "member.joined", id=id, name=name or id.title(), role=role, seat=seat)
        self.say(at, "", "member.came", id=id)


def opened() -> Log:
    log = Log()
    log.say("0:00", "", "lesson.opened", title="Sets", code="234567", course="M1")
    log.joins("0:00", "teach", role="teacher")
    return log


def single(right: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {"form": "single", "text": "Which?", "options": ["one", "two", "three"], "right": right, **more}


def small() -> Log:
    """Ten minutes: Mei, Li and Kim in the room, Rana remote from 7:00 on."""
    log = opened()
    log.joins("1:00", "mei")
    log.joins("1:30", "li")
    log.joins("2:00", "kim")
    page = {"page": 1, "pos": 1.0, "asset": "a" * 32, "width": 1600, "height": 900, "title": "Page one"}
    log.say("2:00", "", "slides.deck_begun", deck="d", name="d.pdf", pages=2, base=0.0)
    log.say("2:00", "", "slides.page_added", deck="d", step="s1", **page)
    log.say("2:00", "", "slides.turned", to="s1")
    log.say(
        "2:00", "", "slides.page_added", deck="d", step="s2", **{**page, "page": 2, "pos": 2.0, "title": "Page two"}
    )
    # Li is lost on page one, Kim slips.
    log.say("2:30", "li", "pace.marked", page="s1", mark="lost")
    log.say("2:40", "kim", "pace.marked", page="s1", mark="lost")
    log.say("2:45", "kim", "pace.unmarked", page="s1", mark="lost")
    log.say("3:00", "teach", "slides.turned", to="s2")
    # A question by name in two rounds: right is b. Mei b, Li a; Kim silent. Then Mei b, Li b, Kim a.
    log.say("3:00", "teach", "poll.made", id="q", question=single(["b"], anonymous=False))
    log.say("3:00", "teach", "poll.asked", id="q")
    log.say("3:00", "teach", "poll.opened", id="q", round=1)
    log.say("3:10", "mei", "poll.voted", id="q", round=1, answer=["a"], seat="room")
    log.say("3:20", "mei", "poll.voted", id="q", round=1, answer=["b"], seat="room")
    log.say("3:20", "li", "poll.voted", id="q", round=1, answer=["a"], seat="room")
    log.say("4:00", "teach", "poll.closed", id="q")
    log.say("4:00", "teach", "poll.opened", id="q", round=2)
    for who, answer in (("mei", "b"), ("li", "b"), ("kim", "a")):
        log.say("4:20", who, "poll.voted", id="q", round=2, answer=[answer], seat="room")
    log.say("4:30", "teach", "poll.closed", id="q")
    # Mei asks by name, Kim anonymously; Li wants both; Mei's is answered after a minute.
    log.say("5:00", "mei", "questions.asked", id="a1", text="Why?", page="s2")
    log.say("5:10", "kim", "questions.asked", id="a2", text="How?", anonymous=True)
    log.say("5:20", "li", "questions.voted", id="a1")
    log.say("5:20", "li", "questions.voted", id="a2")
    log.say("5:30", "mei", "questions.voted", id="a2")
    log.say("6:00", "teach", "questions.answered", id="a1")
    # Li's hand waits 20 s and is taken, goes back, waits 30 s in all; Kim lowers his own.
    log.say("6:00", "li", "hands.raised", seat="room")
    log.say("6:05", "kim", "hands.raised", seat="room")
    log.say("6:20", "teach", "hands.taken", member="li")
    log.say("6:25", "teach", "hands.undone")
    log.say("6:30", "teach", "hands.taken", member="li")
    log.say("6:35", "kim", "hands.lowered")
    log.say("6:50", "teach", "hands.done")
    log.joins("7:00", "rana", seat="remote")
    log.say("8:00", "", "member.went", id="mei")
    log.say("10:00", "teach", "lesson.ended")
    return log
