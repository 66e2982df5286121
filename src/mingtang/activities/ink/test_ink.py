"""Ink: who may draw and erase what, what undo means among several people, and how strokes are written."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.ink import rules, strategies, view
from mingtang.activities.ink.points import MOST, WIDTH, decode, encode
from mingtang.activities.ink.rules import Allow, Clear, Draw, Erase, Redo, State, Undo
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.member import Member, People, Role, Seat

TEACHER = Member("t", "Ada", Role.teacher, Seat.room, 0)
HELPER = Member("h", "Ben", Role.assistant, Seat.room, 0)
MEI = Member("m", "Mei", Role.student, Seat.remote, 0)
JONAS = Member("j", "Jonas", Role.student, Seat.room, 0)
EVERYBODY = [TEACHER, HELPER, MEI, JONAS]

VECTORS = json.loads((Path(__file__).parent / "points.json").read_text())
LINE = encode([(0, 0), (400, 300)])


class Paper:
    """The activity alone, with its log."""

    def __init__(self) -> None:
        self.state = State()
        self.seq = count(1)

    def do(self, command: Command, by: Member = TEACHER) -> list[Event]:
        events = list(rules.decide(self.state, command, Act(by, 0, 1, People())))
        for event in events:
            rules.fold(self.state, event, Fact(next(self.seq), 0, by.id, "c", event))
        return events

    def attempt(self, command: Command, by: Member) -> list[Event]:
        try:
            return self.do(command, by)
        except Refused:
            return []

    def see(self, role: Role = Role.teacher, page: str = "p1") -> Any:
        return view.view(self.state, role, f"ink/{page}", People())

    def strokes(self, page: str = "p1") -> list[str]:
        seen = self.see(page=page)["strokes"]
        return sorted(seen, key=lambda s: seen[s]["n"])

    def mine(self, member: Member) -> Any:
        return view.mine(self.state, member.id, People())


def stroke(name: str, page: str = "p1", points: str = LINE) -> Draw:
    return Draw(page=page, id=name, tool="pen", color=0, width=36, points=points)


@pytest.fixture
def paper() -> Paper:
    made = Paper()
    made.do(Allow(allowed=True))
    return made


@pytest.mark.parametrize("vector", VECTORS["good"])
def test_points_are_written_as_the_vectors_say(vector: Any) -> None:
    points = [tuple(p) for p in vector["points"]]
    assert encode(points) == vector["text"]
    assert decode(vector["text"]) == points


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda v: v["why"])
def test_what_is_no_stroke_on_the_page_is_refused(vector: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(vector["text"])


@given(
    st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, 8 * WIDTH), st.integers(0, 255)), min_size=1, max_size=60)
)
def test_any_points_on_the_page_come_back_as_they_were(points: list[tuple[int, int, int]]) -> None:
    assert decode(encode(points)) == points


@given(st.text(alphabet="ABCwxyz0189-_", max_size=40))
def test_any_text_is_either_points_on_the_page_or_a_value_error(text: str) -> None:
    try:
        assert all(0 <= p[0] <= WIDTH and 0 <= p[1] <= 8 * WIDTH for p in decode(text))
    except ValueError:
        pass


def test_a_stroke_of_more_points_than_allowed_is_a_bad_shape(paper: Paper) -> None:
    points = [(n % 50, 0) for n in range(MOST + 1)]
    paper.do(stroke("fits", points=encode(points[:-1])))
    with pytest.raises(Refused, match="bad_shape"):
        paper.do(stroke("long", points=encode(points)))


def test_a_written_word_costs_about_two_bytes_a_point() -> None:
    points = [(3000 + 12 * n, 2000 + (n * n) % 40) for n in range(100)]
    assert len(encode(points)) <= 100 * 2 * 4 / 3 + 8


def test_a_stroke_is_seen_by_everyone_and_drawn_in_order(paper: Paper) -> None:
    for name in ("z", "a", "k"):
        paper.do(stroke(name))
    assert paper.strokes() == ["z", "a", "k"]
    shown = {"n": 0, "tool": "pen", "color": 0, "width": 36, "points": LINE}
    for role in Role:
        assert paper.see(role)["strokes"]["z"] == shown


def test_the_same_stroke_sent_twice_is_drawn_once(paper: Paper) -> None:
    paper.do(stroke("a"))
    assert paper.do(stroke("a")) == []
    assert paper.do(stroke("a"), MEI) == []


def test_students_draw_only_while_they_are_allowed() -> None:
    paper = Paper()
    for wish in (stroke("a"), Erase(page="p1", strokes=["a"]), Undo(page="p1"), Redo(page="p1")):
        with pytest.raises(Refused, match=r"ink\.not_allowed"):
            paper.do(wish, MEI)
    paper.do(Allow(allowed=True))
    paper.do(stroke("a"), MEI)
    paper.do(Allow(allowed=False))
    with pytest.raises(Refused, match=r"ink\.not_allowed"):
        paper.do(Undo(page="p1"), MEI)
    assert paper.strokes() == ["a"]


def test_everyone_is_told_whether_students_may_draw(paper: Paper) -> None:
    for role in Role:
        assert view.view(paper.state, role, "ink", People()) == {"allowed": True}
    assert paper.do(Allow(allowed=True)) == []


def test_who_drew_a_students_stroke_is_known_to_staff_alone(paper: Paper) -> None:
    paper.do(stroke("a"), MEI)
    paper.do(stroke("b"), TEACHER)
    assert paper.see(Role.assistant)["by"] == {"a": "m"}
    for role in (Role.student, Role.observer, Role.wall):
        assert set(paper.see(role)) == {"strokes"}
        assert "m" not in [v for s in paper.see(role)["strokes"].values() for v in s.values()]
    assert paper.mine(MEI)["own"] == {"p1": {"a": True}}
    assert "own" not in paper.mine(TEACHER)
    assert paper.mine(JONAS) == {}


def test_students_erase_their_own_strokes_only_and_staff_any(paper: Paper) -> None:
    paper.do(stroke("a"), MEI)
    paper.do(stroke("b"), JONAS)
    paper.do(stroke("c"), TEACHER)
    paper.do(Erase(page="p1", strokes=["a", "b", "c"]), JONAS)
    assert paper.strokes() == ["a", "c"]
    paper.do(Erase(page="p1", strokes=["a", "c"]), HELPER)
    assert paper.strokes() == []
    assert paper.do(Erase(page="p1", strokes=["a", "x"]), TEACHER) == []


def test_several_strokes_erased_together_come_back_together(paper: Paper) -> None:
    for name in "abc":
        paper.do(stroke(name))
    paper.do(Erase(page="p1", strokes=["c", "a"]))
    assert paper.strokes() == ["b"]
    paper.do(Undo(page="p1"))
    assert paper.strokes() == ["a", "b", "c"]


def test_clearing_a_page_leaves_the_others_and_can_be_undone(paper: Paper) -> None:
    for name in "ab":
        paper.do(stroke(name))
    paper.do(stroke("a", "p2"))
    paper.do(Clear(page="p1"))
    assert paper.strokes() == []
    assert paper.strokes("p2") == ["a"]
    assert paper.do(Clear(page="p1")) == []
    paper.do(Undo(page="p1"))
    assert paper.strokes() == ["a", "b"]


def test_undo_takes_back_ones_own_last_act_not_somebody_elses(paper: Paper) -> None:
    paper.do(stroke("a"), TEACHER)
    paper.do(stroke("b"), MEI)
    paper.do(Undo(page="p1"), TEACHER)
    assert paper.strokes() == ["b"]
    assert paper.do(Undo(page="p1"), JONAS) == []


def test_a_stroke_erased_by_one_and_undrawn_by_the_other_does_not_come_back_by_one_undo(paper: Paper) -> None:
    paper.do(stroke("a"), MEI)
    paper.do(Erase(page="p1", strokes=["a"]), TEACHER)
    paper.do(Undo(page="p1"), MEI)
    paper.do(Undo(page="p1"), TEACHER)
    assert paper.strokes() == []
    paper.do(Redo(page="p1"), MEI)
    assert paper.strokes() == ["a"]


def test_a_new_act_forgets_what_could_be_redone(paper: Paper) -> None:
    paper.do(stroke("a"))
    paper.do(Undo(page="p1"))
    assert paper.mine(TEACHER) == {"redo": {"p1": True}}
    paper.do(stroke("b"))
    assert paper.mine(TEACHER) == {"undo": {"p1": True}}
    assert paper.do(Redo(page="p1")) == []


def test_a_page_nobody_has_drawn_on_is_empty_and_not_missing() -> None:
    paper = Paper()
    assert paper.see(page="new") == {"strokes": {}}
    assert view.view(paper.state, Role.student, "ink/a/b", People()) is None
    assert paper.state.pages == {}


def test_a_full_page_says_so(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_STROKES", 2)
    paper.do(stroke("a"))
    paper.do(stroke("b"))
    with pytest.raises(Refused, match=r"ink\.full"):
        paper.do(stroke("c"))


def test_students_cannot_fill_the_lesson_against_its_staff(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PAGES", 2)
    paper.do(stroke("a"), MEI)
    paper.do(stroke("b", "p2"), MEI)
    with pytest.raises(Refused, match=r"ink\.full"):
        paper.do(stroke("c", "p3"), MEI)
    for staff, page in ((TEACHER, "p3"), (HELPER, "p4")):
        assert paper.do(stroke(f"d{page}", page), staff)
    assert paper.do(stroke("e", "p3"), JONAS), "a page that is there takes no further room"


def test_one_student_draws_on_a_hundred_pages_at_most(paper: Paper) -> None:
    for n in range(rules.MOST_OWN_PAGES):
        paper.do(stroke("a", f"q{n}"), MEI)
    with pytest.raises(Refused, match=r"ink\.full"):
        paper.do(stroke("a", "one-more"), MEI)
    assert paper.do(stroke("b", "q0"), MEI), "on the pages there are the student goes on"
    assert paper.do(stroke("a", "one-more"), JONAS)


def test_drawing_one_stroke_on_a_full_page_changes_nothing_but_that_stroke(paper: Paper) -> None:
    for n in range(2000):
        paper.do(stroke(f"s{n}"))
    before = paper.see()["strokes"]
    paper.do(stroke("last"))
    after = paper.see()["strokes"]
    assert "last" not in before
    assert all(after[name] is before[name] for name in before)


def test_only_who_may_draw_may_show_a_stroke_in_progress() -> None:
    said = {"id": "a", "tool": "pen", "color": 0, "width": 36, "at": 0, "points": LINE}
    closed, opened = State(), State(allowed=True)
    assert rules.relay(closed, TEACHER, "ink/p1", said)
    assert rules.relay(closed, TEACHER, "ink/p1", {"id": "a"})
    assert not rules.relay(closed, MEI, "ink/p1", said)
    assert rules.relay(opened, MEI, "ink/p1", said)
    for role in (Role.wall, Role.observer):
        assert not rules.relay(opened, Member("w", "", role, Seat.room, 0), "ink/p1", said)
    for topic in ("ink", "ink/", "ink/a/b", "ink/__proto__"):
        assert not rules.relay(closed, TEACHER, topic, said)


def test_what_is_no_stroke_in_progress_is_not_relayed() -> None:
    said = {"id": "a", "tool": "pen", "color": 0, "width": 36, "at": 0, "points": LINE}
    long = encode([(n % 50, 0) for n in range(1600)])
    for change in (
        {"id": 3},
        {"id": "constructor"},
        {"tool": "brush"},
        {"color": 99},
        {"color": True},
        {"width": -1},
        {"at": "0"},
        {"points": "AAA"},
        {"points": long},
        {"more": 1},
    ):
        assert not rules.relay(State(), TEACHER, "ink/p1", said | change)
    for bad in (None, [], "a", {}, {"id": "a", "tool": "pen"}):
        assert not rules.relay(State(), TEACHER, "ink/p1", bad)


def test_a_stroke_of_nonsense_is_a_wrong_shape() -> None:
    good = {"page": "p1", "id": "a", "tool": "pen", "color": 0, "width": 36, "points": LINE}
    assert msgspec.convert(good, Draw)
    for change in ({"points": "x" * 16_001}, {"points": "<b>aaaa"}, {"width": 10**6}, {"tool": "brush"}, {"color": -1}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(good | change, Draw)


acts = st.lists(st.tuples(strategies.commands([]), st.sampled_from(EVERYBODY)), max_size=30)
all_roles = list(Role)


def _played(said: list[tuple[Command, Member]]) -> Paper:
    paper = Paper()
    paper.do(Allow(allowed=True))
    for command, by in said:
        paper.attempt(command, by)
    paper.do(Allow(allowed=True))
    return paper


def _picture(paper: Paper) -> Any:
    return [paper.see(role, page) for role in all_roles for page in ("p1", "p2")]


@given(acts, strategies.commands([]).filter(lambda c: isinstance(c, Draw | Erase | Clear)), st.sampled_from(EVERYBODY))
def test_undo_after_any_act_gives_the_picture_before_it_and_redo_the_one_after(
    said: list[tuple[Command, Member]], command: Any, by: Member
) -> None:
    paper = _played(said)
    before = _picture(paper)
    did = not (isinstance(command, Clear) and by.role is Role.student) and paper.attempt(command, by)
    after = _picture(paper)
    if did:
        paper.do(Undo(page=command.page), by)
        assert _picture(paper) == before
        paper.do(Redo(page=command.page), by)
        assert _picture(paper) == after


@given(acts)
def test_when_everybody_has_undone_everything_all_pages_are_empty(said: list[tuple[Command, Member]]) -> None:
    paper = _played(said)
    for member in EVERYBODY:
        for page in ("p1", "p2"):
            while paper.do(Undo(page=page), member):
                pass
    assert all(seen == {"strokes": {}} for seen in _picture(paper))


@given(acts)
def test_what_is_seen_is_exactly_what_stands(said: list[tuple[Command, Member]]) -> None:
    paper = _played(said)
    for name, page in paper.state.pages.items():
        standing = {s for s, stroke in page.strokes.items() if stroke.drawn and stroke.erased == 0}
        assert set(paper.see(page=name)["strokes"]) == standing
        assert all(stroke.erased >= 0 for stroke in page.strokes.values())
