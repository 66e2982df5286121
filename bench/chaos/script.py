"""What people do in a simulated lesson: steering, answers, questions, ink, hands; some of it wrong, as people are."""

from __future__ import annotations

from random import Random

from bench.chaos.people import Person

BOARDS = ("b1", "b2", "b3")
POLLS = ("q1", "q2")
PEER = "talk"
STROKE = "AAIEAAA"


def prepare(teacher: Person) -> None:
    for board in BOARDS:
        teacher.do("slides.insert", id=board, kind="board")
    teacher.do("ink.allow", allowed=True)
    for poll in POLLS:
        question = {
            "form": "single",
            "text": f"Which {poll}qz?",
            "options": [f"{poll}qz {n}" for n in "abc"],
            "right": ["b"],
        }
        teacher.do("poll.make", id=poll, question=question)
        teacher.do("poll.ask", id=poll)
    peer = {"text": "Why talkqz?", "options": ["becauseqz", "althoughqz", "unlessqz"], "right": "a"}
    teacher.do("peer.make", id=PEER, question=peer)
    teacher.do("peer.ask", id=PEER)


def steer(teacher: Person, chance: Random, number: int) -> None:
    """One thing that a teacher or an assistant does."""
    poll, board = chance.choice(POLLS), chance.choice(BOARDS)
    kind = chance.choice(
        ("turn", "turn", "turn", "open", "open", "close", "show", "hide", "reveal", "again", "peer", "peer", "ink",
         "beat", "beat", "hand", "rename", "timer", "cover")
    )  # fmt: skip
    match kind:
        case "turn":
            teacher.do("slides.turn", to=board)
        case "open" | "close" | "show" | "hide" | "reveal" | "again":
            teacher.do(f"poll.{kind}", id=poll)
        case "peer":
            teacher.do(f"peer.{chance.choice(('open', 'close', 'discuss', 'stop', 'again', 'show'))}", id=PEER)
        case "ink":
            draw(teacher, chance, number)
        case "beat":
            teacher.do("pulse.beat", ts=str(number), pad="x" * chance.choice((10, 10, 4000)))
        case "hand":
            teacher.do("hands.take")
        case "rename":
            teacher.do("lesson.rename", title=f"Sets {number}")
        case "timer":
            teacher.do("timer.start", seconds=chance.choice((10, 60)))
        case "cover":
            teacher.do("slides.cover", to=chance.choice(("black", "", "code")))


def take_part(student: Person, chance: Random, number: int) -> None:
    """One thing that a student does."""
    match chance.choice(
        ("vote", "vote", "vote", "peer", "reply", "reply", "ask", "hand", "lower", "lost", "draw", "want")
    ):
        case "vote":
            student.do("poll.vote", id=chance.choice(POLLS), answer=[chance.choice("abc")])
        case "peer":
            student.do("peer.vote", id=PEER, answer=chance.choice("abc"))
        case "reply":
            student.do("pulse.reply", v=str(number))
        case "ask":
            student.do("questions.ask", text=f"Question {number}?", anonymous=chance.random() < 0.5)
        case "hand":
            student.do("hands.raise")
        case "lower":
            student.do("hands.lower")
        case "lost":
            student.do("pace.mark", page=chance.choice(BOARDS), mark=chance.choice(("lost", "slower", "faster")))
        case "draw":
            draw(student, chance, number)
        case "want":
            student.want(f"ink/{chance.choice(BOARDS)}")


def draw(person: Person, chance: Random, number: int) -> None:
    page, id_ = chance.choice(BOARDS), f"{person.member}x{number}"
    person.do("ink.draw", page=page, id=id_, tool="pen", color=1, width=24, points=STROKE)
