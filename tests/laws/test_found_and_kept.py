"""Notebook and search are made of views: whatever people do, they show nothing that the asker's screen does not."""

import json

from hypothesis import given

from mingtang.core.lesson import Lesson
from mingtang.core.member import Role
from mingtang.readings.following import Followed
from mingtang.readings.notebook import notebook
from mingtang.readings.search.entries import ALL, STAFF_ONLY, entries
from tests.laws.classes import KINDS, PEOPLE, begun, run, wishes


def held(asked) -> Followed:
    """The lesson that the wishes make, read from its log."""
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        pass
    followed = Followed(lesson=Lesson(KINDS))
    for fact in log:
        followed.take(fact)
    return followed


@given(wishes())
def test_a_notebook_shows_nothing_that_its_owners_screen_does_not(asked):
    followed = held(asked)
    lesson = followed.lesson
    seen = lesson.views(Role.student)
    for member in [m.id for m in lesson.people.students()]:
        made = notebook("x", followed, member)
        assert made is not None
        assert made.mine == lesson.mine(member)
        assert all(seen[part] == value for part, value in made.parts.items() if part != "slides")
        assert made.parts["slides"].items() <= seen["slides"].items()


@given(wishes())
def test_what_can_be_found_was_seen_by_whom_it_is_found(asked):
    followed = held(asked)
    lesson = followed.lesson
    secrets = [s for name, a in KINDS.activities.items() for s in a.secrets(lesson.states[name])]
    own = {member: json.dumps(lesson.mine(member), ensure_ascii=False) for member in PEOPLE}
    staff = json.dumps(lesson.views(Role.teacher), ensure_ascii=False)
    seen = json.dumps(lesson.views(Role.student), ensure_ascii=False)
    for entry in entries(followed, "/nowhere"):
        where = {ALL: seen, STAFF_ONLY: staff}.get(entry.sight) or own[entry.sight]
        assert all(json.dumps(line, ensure_ascii=False)[1:-1] in where for line in entry.text.split("\n")), entry
        if entry.sight == ALL:
            assert not any(secret in entry.text for secret in secrets), entry
