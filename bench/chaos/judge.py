"""Whether a lesson kept its promises, whatever happened to it: each broken one in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.chaos.people import Person, Sight
from bench.chaos.servers import KINDS
from bench.chaos.world import LESSON, World
from mingtang.core.event import Row
from mingtang.core.lesson import Lesson, digest_of
from mingtang.core.member import Role
from mingtang.core.patch import Json

# Whatever the state of the lesson, these become an event; an `ok` without one would be a lie.
ALWAYS = frozenset({"pulse.reply", "pulse.beat", "questions.ask"})
WATCHERS = frozenset({"student", "wall"})


def judge(world: World) -> list[str]:
    log = world.disk.logs[LESSON]
    found = [*world.faults, *(f for p in world.people for f in p.faults)]
    found += _order(log)
    for person in {p.member: p for p in world.people}.values():
        found += _counted(person, log)
    found += _seen(world, log)
    return found


def _order(log: list[Row]) -> Iterator[str]:
    for place, row in enumerate(log, 1):
        if row.seq != place:
            yield f"the log has {row.seq} at {place}"
        if place > 1 and row.at < log[place - 2].at:
            yield f"the log's time goes back at {place}"


def _counted(person: Person, log: list[Row]) -> Iterator[str]:
    """Every acknowledged command once, every refused one never, every one answered in the end."""
    places: dict[str, list[int]] = {}
    for row in log:
        if row.by == person.member:
            places.setdefault(row.cmd, []).append(row.seq)
    for cmd, command in person.book.said.items():
        at, answer = places.get(cmd, []), person.book.answers.get(cmd)
        if at != list(range(at[0], at[0] + len(at))) if at else False:
            yield f"{cmd} ({command.kind}) stands at {at}: more than once"
        if answer is None:
            if not all(p.gone for p in [person]):
                yield f"{cmd} ({command.kind}) was never answered"
        elif answer["t"] == "no" and at:
            yield f"{cmd} ({command.kind}) was refused ({answer['code']}) and stands at {at}"
        elif answer["t"] == "ok" and at and answer["seq"] != at[-1]:
            yield f"{cmd} ({command.kind}) was acknowledged at {answer['seq']} and stands at {at}"
        elif answer["t"] == "ok" and not at and command.kind in ALWAYS:
            yield f"{cmd} ({command.kind}) was acknowledged at {answer['seq']} and is not in the log"


def _seen(world: World, log: list[Row]) -> Iterator[str]:
    """What anybody had on screen was the view of the log so far, as it stood then, and held no secret; at the end all
    see the same. From the place on that tells of an erasing nobody sees what was there before."""
    sights, erased = sorted((s for p in world.people for s in p.sights), key=lambda sight: sight.seq), 0
    for old in world.disk.before:
        yield from _of(old, [s for s in sights if erased <= s.seq <= len(old)])[1]
        erased = len(old) + 1
    lesson, found = _of(log, [s for s in sights if s.seq >= erased])
    yield from found
    for person in world.people:
        if not person.gone:
            yield from _true(
                lesson, Sight(lesson.seq, person.role, person.member, person.parts, person.mine), "in the end"
            )
    yield from _here(world, lesson)


def _of(log: list[Row], sights: list[Sight]) -> tuple[Lesson, list[str]]:
    """The lesson of this log, and what of the sights is not its view."""
    lesson, at, found = Lesson(KINDS), 0, list[str]()
    for row in log:
        while at < len(sights) and sights[at].seq == lesson.seq:
            found += _true(lesson, sights[at])
            at += 1
        lesson.fold(KINDS.fact(row))
    for sight in sights[at:]:
        found += _true(lesson, sight)
    return lesson, found


def _true(lesson: Lesson, sight: Sight, when: str = "") -> Iterator[str]:
    where = f"{sight.member} at {sight.seq} {when}".strip()
    role = Role(sight.role)
    for part, value in sight.parts.items():
        if digest_of(value) != digest_of(lesson.view(role, part)):
            yield f"{where} saw a {part} that is not the log's: {_difference(value, lesson.view(role, part))}"
    if sight.mine is not None and digest_of(sight.mine) != digest_of(lesson.mine(sight.member)):
        yield f"{where} had a `mine` that is not the log's: {_difference(sight.mine, lesson.mine(sight.member))}"
    if sight.role in WATCHERS:
        text = json.dumps(sight.parts, ensure_ascii=False)
        secrets = [s for n, a in KINDS.activities.items() for s in a.secrets(lesson.states[n])]
        yield from (f"{where} could read the secret {secret!r}" for secret in secrets if secret in text)


def _difference(seen: Json, true: Json | None) -> str:
    keys = [k for k in {**seen, **(true or {})} if seen.get(k) != (true or {}).get(k)]
    return ", ".join(f"{k}: {str(seen.get(k))[:80]} instead of {str((true or {}).get(k))[:80]}" for k in keys[:3])


def _here(world: World, lesson: Lesson) -> Iterator[str]:
    for member in {p.member for p in world.people if p.role != "wall"}:
        expected = any(not p.gone for p in world.people if p.member == member)
        if lesson.people.members[member].here != expected:
            yield f"{member} is {'there' if expected else 'gone'}, and the log says otherwise"
