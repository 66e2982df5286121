"""The figures of a report counted again, slowly and another way: from rows of JSON alone, by no code of the program.

Each function takes the whole log as dicts ({seq, at, by, kind, and the event's fields}) and asks one question of it."""

from __future__ import annotations

import json
import statistics
from typing import Any

from mingtang.core.event import Row

Log = list[dict[str, Any]]
MINUTE = 60_000


def log_of(rows: list[Row]) -> Log:
    return [{**json.loads(row.data), "seq": row.seq, "at": row.at, "by": row.by, "kind": row.kind} for row in rows]


def of(log: Log, *kinds: str, **where: Any) -> Log:
    return [e for e in log if e["kind"] in kinds and all(e.get(name) == value for name, value in where.items())]


def members_at(log: Log, seq: int) -> dict[str, dict[str, Any]]:
    """Role, seat and presence of everybody after the event `seq`."""
    members: dict[str, dict[str, Any]] = {}
    for e in log[:seq]:
        if e["kind"] == "member.joined":
            members.setdefault(e["id"], {"role": e["role"], "seat": e["seat"], "here": False, "name": e["name"]})
        elif e["kind"] in ("member.came", "member.went"):
            members[e["id"]]["here"] = e["kind"] == "member.came"
        elif e["kind"] in ("member.seated", "member.renamed", "member.promoted"):
            members[e["id"]] |= {name: e[name] for name in ("seat", "name", "role") if name in e}
        elif e["kind"] == "member.removed":
            members[e["id"]] |= {"here": False, "removed": True}
        elif e["kind"] == "member.readmitted":
            members[e["id"]].pop("removed")
    return members


def students_here(log: Log, seq: int) -> dict[str, str]:
    """Seat by member of the students who are here after the event `seq`."""
    found = members_at(log, seq).items()
    return {id: m["seat"] for id, m in found if m["here"] and m["role"] == "student" and not m.get("removed")}


def presence(log: Log, began: int, until: int) -> list[tuple[int, int]]:
    points = []
    for at in range(began, until + 1, MINUTE):
        seats = list(students_here(log, sum(e["at"] <= at for e in log)).values())
        points.append((seats.count("room"), seats.count("remote")))
    return points


def question_of(log: Log, kind: str, id: str) -> dict[str, Any]:
    question = of(log, f"{kind}.made", id=id)[0]["question"]
    for e in of(log, f"{kind}.edited", id=id):
        question = e["question"]
    for e in of(log, f"{kind}.marked", id=id):
        question = {**question, "right": e.get("right")}
    return question


def votes(log: Log, kind: str, id: str, round: int) -> dict[str, Any]:
    """The last answer of each, in this round."""
    last = {e["by"]: e["answer"] for e in of(log, f"{kind}.voted", id=id, round=round)}
    return {member: answer for member, answer in last.items() if answer != []}


def is_right(question: dict[str, Any], answer: Any) -> bool:
    right = question["right"]
    if isinstance(right, (int, float)):
        return abs(answer - right) <= question.get("tolerance", 0) + 1e-9
    if isinstance(right, list):
        return sorted(answer) == sorted(right)
    return answer.lower().strip(" .。") == right.lower()


def rights(log: Log, kind: str, id: str, round: int) -> dict[str, bool]:
    question = question_of(log, kind, id)
    return {member: is_right(question, answer) for member, answer in votes(log, kind, id, round).items()}


def missing(log: Log, kind: str, id: str, round: int) -> list[str]:
    """The seats of those who were here and had not answered when the round was last closed."""
    opened = [e["seq"] for e in of(log, f"{kind}.opened", id=id, round=round)][-1]
    later = [e["seq"] for e in of(log, f"{kind}.opened", f"{kind}.closed", id=id) if e["seq"] > opened]
    closed = later[0] if later else len(log)
    answered = votes(log[:closed], kind, id, round)
    return [seat for member, seat in students_here(log, closed).items() if member not in answered]


def discrimination(log: Log, asked: list[tuple[str, str]], one: tuple[str, str]) -> tuple[int, float]:
    """The Pearson correlation of 0/1 with the share right in all other questions: what point-biserial comes to."""
    marks = {each: rights(log, *each, 1) for each in asked}
    xs, ys = [], []
    for member, right in marks[one].items():
        rest = [marks[other][member] for other in asked if other != one and member in marks[other]]
        if rest:
            xs.append(float(right))
            ys.append(statistics.fmean(rest))
    return len(xs), statistics.correlation(xs, ys)


def lost(log: Log, page: str, mark: str = "lost") -> set[str]:
    """Who ever marked the page and did not take it back within ten seconds."""
    marked: dict[str, list[int]] = {}
    for e in of(log, "pace.marked", "pace.unmarked", page=page, mark=mark):
        if e["kind"] == "pace.marked":
            marked.setdefault(e["by"], []).append(e["at"])
        elif e["at"] - marked[e["by"]][-1] < 10_000:
            marked[e["by"]].append(-1)
    return {member for member, times in marked.items() if times[-1] >= 0}


def wants(log: Log) -> dict[str, set[str]]:
    """By question: who else wants it answered, those of questions merged into it included."""
    author, votes, into = {}, {}, {}
    for e in log:
        id = e.get("id")
        if e["kind"] == "questions.asked":
            author[id], votes[id] = e["by"], set()
        elif e["kind"] == "questions.voted":
            votes[id].add(e["by"])
        elif e["kind"] == "questions.unvoted":
            for one in votes:
                if one == id or into.get(one) == id:
                    votes[one].discard(e["by"])
        elif e["kind"] == "questions.merged":
            into[id] = e["into"]
    family = {id: [id, *(one for one, to in into.items() if to == id)] for id in votes}
    found = {}
    for id, ones in family.items():
        found[id] = set().union(*(votes[one] for one in ones), {author[one] for one in ones}) - {author[id]}
    return found


def waits(log: Log) -> list[tuple[str, int]]:
    """Seat and wait of each hand that was taken or came on the stage, for logs in which nothing was undone."""
    raised: dict[str, tuple[int, str]] = {}
    found = []
    for e in log:
        if e["kind"] == "hands.raised":
            raised[e["by"]] = (e["at"], e["seat"])
        elif e["kind"] == "hands.lowered":
            raised.pop(e["by"])
        elif e["kind"] == "member.seated" and e["id"] in raised:
            raised[e["id"]] = (raised[e["id"]][0], e["seat"])
        elif e["kind"] == "hands.taken":
            at, seat = raised.pop(e["member"])
            found.append((seat, e["at"] - at))
        elif e["kind"] == "media.entered" and not e.get("group") and e["by"] in raised:
            at, seat = raised.pop(e["by"])
            found.append((seat, e["at"] - at))
    return found


def active_seconds(log: Log, began: int, until: int) -> dict[str, int]:
    """One byte a millisecond: set where it was active, then counted."""
    length = until - began
    lanes = {what: bytearray(length) for what in ("vote", "talk", "floor", "draw", "any")}

    def paint(what: str, a: int, b: int) -> None:
        a, b = max(0, a - began), min(length, b - began)
        for lane in (what, "any"):
            lanes[lane][a:b] = b"\1" * max(0, b - a)

    def ends(seq: int, *kinds: str, **where: Any) -> int:
        return next((e["at"] for e in log[seq:] if e["kind"] in kinds and all(e.get(k) == v for k, v in where.items())),
                    until)  # fmt: skip

    for e in log:
        if e["kind"] in ("poll.opened", "peer.opened"):
            paint("vote", e["at"], ends(e["seq"], e["kind"].replace("opened", "closed"), id=e["id"]))
        elif e["kind"] == "peer.paired":
            paint("talk", e["at"], ends(e["seq"], "peer.talk_ended", id=e["id"]))
        elif e["kind"] == "hands.taken":
            paint("floor", e["at"], ends(e["seq"], "hands.done"))
        elif e["kind"] == "call.drawn":
            paint("floor", e["at"], ends(e["seq"], "call.finished", "call.undone"))
        elif e["kind"] == "ink.drawn" and e.get("guest"):
            paint("draw", e["at"] - 15_000, e["at"])
    return {what: sum(lane) for what, lane in lanes.items()}


def on_stage(log: Log, step: str, until: int) -> int:
    """How long a step was on the stage."""
    turns = [(e["at"], e["to"]) for e in of(log, "slides.turned")]
    ends = [*(at for at, _ in turns[1:]), until]
    return sum(end - at for (at, to), end in zip(turns, ends, strict=True) if to == step)


def most_here(log: Log, step: str) -> int:
    """The most students that were here at one time while the step was on the stage."""
    now, most = "", 0
    for e in log:
        now = e["to"] if e["kind"] == "slides.turned" else now
        if now == step and (e["kind"] == "slides.turned" or e["kind"].startswith("member.")):
            most = max(most, len(students_here(log, e["seq"])))
    return most
