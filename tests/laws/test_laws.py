"""What must be true of every activity, whatever people ask for and in whatever order."""

import json

import msgspec
import pytest
from hypothesis import given

from mingtang.core.event import Refused
from mingtang.core.lesson import EVERYBODY, Lesson, digest_of, replay
from mingtang.core.member import SERVER, Role
from mingtang.core.patch import FORBIDDEN, apply, diff
from tests.laws.classes import KINDS, PEOPLE, WATCHERS, Wish, begun, decide, run, who, wishes

encode = msgspec.json.Encoder(order="deterministic").encode


def whole(lesson: Lesson) -> bytes:
    """Everything anybody can see."""
    return encode([{r.value: lesson.views(r) for r in Role}, {m: lesson.mine(m) for m in PEOPLE}])


@given(wishes())
def test_the_fold_of_the_log_is_the_live_state(asked):
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        pass
    rows = [KINDS.row(fact) for fact in log]
    again = replay(KINDS, (KINDS.fact(row) for row in rows))
    assert whole(again) == whole(lesson)
    assert again.digest() == lesson.digest()
    assert again.seen == lesson.seen


@given(wishes())
def test_deciding_is_deterministic_and_changes_nothing(asked):
    lesson, log = begun()
    at, before = log[-1].at, whole(lesson)
    for number, wish in enumerate(asked):
        at += wish.wait
        first, second = decide(lesson, wish, at), decide(lesson, wish, at)
        assert first == second
        assert whole(lesson) == before
        for event in first:
            fact = type(log[0])(lesson.seq + 1, at, wish.by, f"c{number}", event)
            lesson.fold(fact)
        before = whole(lesson) if first else before


@given(wishes())
def test_patches_carry_every_change_and_only_touched_parts_change(asked):
    lesson, log = begun()
    shown = {(r, p): v for r in Role for p, v in lesson.views(r).items()}
    for _, touched in run(lesson, asked, log):
        for role in Role:
            for part, value in lesson.views(role).items():
                old = shown.get((role, part), {})
                change = diff(old, value)
                assert encode(apply(old, change)) == encode(value)
                assert not change or touched.covers(part), f"{part} changed for a {role} without being touched"
                shown[role, part] = value


@given(wishes())
def test_what_is_mine_changes_only_for_those_concerned(asked):
    lesson, log = begun()
    mine = {m: lesson.mine(m) for m in PEOPLE}
    for fact, touched in run(lesson, asked, log):
        for member in PEOPLE:
            new = lesson.mine(member)
            for activity in mine[member].keys() | new.keys():
                if encode(mine[member].get(activity)) != encode(new.get(activity)):
                    concerned = {(activity, member), (activity, EVERYBODY)}
                    assert concerned & touched.mine, f"{fact.kind} changed {activity} of somebody not concerned"
            mine[member] = new


@given(wishes())
def test_a_view_once_given_is_never_changed_behind_the_receivers_back(asked):
    lesson, log = begun()
    given_out = []
    for _ in run(lesson, asked, log):
        for kept, then in given_out:
            assert encode(kept) == then
        given_out = [(v, encode(v)) for r in Role for v in lesson.views(r).values()]
        given_out += [(v, encode(v)) for v in (lesson.mine(m) for m in PEOPLE)]


@given(wishes())
def test_no_secret_is_in_a_view_of_those_it_is_kept_from(asked):
    lesson, log = begun()
    for fact, _ in run(lesson, asked, log):
        secrets = [s for n, a in KINDS.activities.items() for s in a.secrets(lesson.states[n])]
        for role in WATCHERS:
            text = encode(lesson.views(role)).decode()
            for secret in secrets:
                assert secret not in text, f"a {role} sees {secret!r} after {fact.kind}"
                assert json.dumps(secret)[1:-1] not in text
            for member in PEOPLE:
                assert member not in text, f"a {role} sees who is who after {fact.kind}"


@given(wishes())
def test_views_are_json_objects_without_null_and_without_names_that_reach_a_prototype(asked):
    lesson, log = begun()
    standing = {r: {p for p in lesson.views(r) if "/" not in p} for r in Role}
    for _ in run(lesson, asked, log):
        pass
    for role in Role:
        views = lesson.views(role)
        check(views)
        assert {p for p in views if "/" not in p} == standing[role], "a standing part came or went"
    for member in PEOPLE:
        check(lesson.mine(member))


def check(value):
    if isinstance(value, dict):
        assert not FORBIDDEN & value.keys()
        for inner in value.values():
            assert inner is not None
            check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            check(inner)
    else:
        assert isinstance(value, str | int | float | bool)


@given(wishes())
def test_a_role_without_the_right_never_produces_an_event(asked):
    lesson, _ = begun()
    for wish in asked[: len(asked) // 4]:  # they are said four times over
        for member in lesson.people.members.values():
            if member.role not in wish.command.roles:
                with pytest.raises(Refused) as refused:
                    lesson.decide(wish.command, member, 1, 1)
                assert refused.value.code == "not_allowed"


@given(wishes())
def test_nothing_but_late_answers_follows_the_end(asked):
    lesson, log = begun()
    end = KINDS.command("lesson.end", b"{}")
    for event in lesson.decide(end, who(lesson, "idqz-t1"), 1, 1):
        lesson.fold(type(log[0])(lesson.seq + 1, 1, "idqz-t1", "", event))
    for wish in asked[: len(asked) // 4]:
        for member in (*lesson.people.members.values(), SERVER):
            if wish.command.late and (member is SERVER or member.role in wish.command.roles):
                continue
            with pytest.raises(Refused):
                lesson.decide(wish.command, member, 1, 1)


@given(wishes())
def test_late_answers_change_nothing_that_the_lesson_counted_and_come_only_after_its_end(asked):
    lesson, log = begun()
    for fact, _ in run(lesson, asked, log):
        assert not fact.kind.endswith("_late"), "answered late while the lesson goes on"
    end = KINDS.command("lesson.end", b"{}")
    asked = [Wish("idqz-t1", end, 1, 1), *(w for w in asked[: len(asked) // 4] if w.command.late)]
    list(run(lesson, asked[:1], log))
    before = {role: lesson.views(role) for role in Role}
    for fact, touched in run(lesson, asked[1:], log):
        assert fact.kind.endswith("_late")
        assert {m for _, m in touched.mine} == {fact.by} - {SERVER.id}
    for role in Role:
        for part, value in lesson.views(role).items():
            assert without_late(value) == without_late(before[role][part])


def without_late(value):
    return {k: without_late(v) for k, v in value.items() if k != "late"} if isinstance(value, dict) else value


def test_equal_values_have_equal_digests_whatever_the_order_of_their_keys():
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_every_command_and_event_is_named_after_its_activity_or_is_one_of_the_frame():
    for kind, struct in KINDS.commands.items():
        assert kind.split(".")[0] == KINDS.owner[struct].name
    frame = {"lesson", "member"}
    for kind, struct in KINDS.events.items():
        assert kind.split(".")[0] in {KINDS.owner[struct].name, *frame}
