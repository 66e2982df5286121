"""Questions in writing: who may do what, what is counted once, and what nobody may find out."""

from __future__ import annotations

import msgspec
import pytest

from mingtang.activities.questions import rules, view
from mingtang.activities.questions.rules import (
    MOST_ASKED,
    MOST_UNSETTLED,
    Allow,
    Approve,
    Ask,
    Dismiss,
    Edit,
    GiveAnswer,
    Hide,
    Merge,
    Pin,
    Reopen,
    Show,
    Split,
    Unvote,
    Vote,
    Withdraw,
)
from mingtang.core.event import Command
from mingtang.core.frame import MemberRenamed
from mingtang.core.member import Role
from tests.stage import Stage, kinds_of

OTHERS = (Role.student, Role.observer, Role.wall)
STUDENTS = ("ada", "ben", "cai", "dan")


@pytest.fixture
def stage() -> Stage:
    stage = Stage("questions", rules, view)
    stage.joins("t", role=Role.teacher)
    for member in STUDENTS:
        stage.joins(member)
    return stage


def ask(stage: Stage, by: str, text: str, page: str | None = None, anonymous: bool = False) -> str:
    stage.at += 1000
    [asked] = stage.does(by, Ask(text=text, page=page, anonymous=anonymous))
    return str(asked.id)


def item(stage: Stage, id: str, role: Role = Role.student) -> dict | None:
    return stage.sees(role)["items"].get(id)


def votes(stage: Stage, id: str) -> int:
    return item(stage, id)["votes"]


def test_a_question_is_seen_by_all_at_once_unless_the_teacher_wants_to_read_it_first(stage: Stage) -> None:
    id = ask(stage, "ada", "Why 31?", page="p4")
    assert item(stage, id) == {"text": "Why 31?", "votes": 0, "asked": stage.at, "name": "Ada", "page": "p4"}
    stage.does("t", Allow(anonymous=True, see="approved"))
    assert item(stage, id), "what was seen stays seen"
    later = ask(stage, "ben", "Why 37?")
    assert item(stage, later) is None
    assert stage.sees(Role.teacher)["waiting"] == 1
    stage.does("t", Approve(id=later))
    assert item(stage, later)["text"] == "Why 37?"


def test_a_question_that_waits_is_in_nobody_elses_view_and_cannot_be_voted_for(stage: Stage) -> None:
    stage.does("t", Allow(anonymous=True, see="approved"))
    id = ask(stage, "ada", "A word of secret")
    assert "secret" not in stage.all_that(*OTHERS)
    assert stage.mine("ben") == {}
    assert stage.mine("ada")["asked"][id]["stand"] == "waiting"
    assert stage.refuses("ben", Vote(id=id)) == stage.refuses("ben", Vote(id="nothing")) == "unknown_item"
    assert "A word of secret" in list(view.secrets(stage.lesson.states["questions"]))


def test_turning_approval_off_publishes_nothing_that_waits(stage: Stage) -> None:
    stage.does("t", Allow(anonymous=True, see="approved"))
    id = ask(stage, "ada", "Held back")
    stage.does("t", Allow(anonymous=True, see="at_once"))
    assert item(stage, id) is None


def test_an_anonymous_author_is_nowhere_in_any_view_not_even_of_staff(stage: Stage) -> None:
    id = ask(stage, "ada", "Is this on the exam?", anonymous=True)
    stage.does("ben", Vote(id=id))
    stage.does("t", GiveAnswer(id=id, text="Yes."))
    seen = stage.all_that(*Role)
    assert "exam" in seen
    assert "ada" not in seen.lower()
    assert "ada" not in str(stage.mine("ben")).lower()
    assert "name" not in item(stage, id, Role.teacher)


def test_the_anonymous_author_of_a_merged_question_is_nowhere_either(stage: Stage) -> None:
    first = ask(stage, "ben", "Why?")
    second = ask(stage, "ada", "But why?", anonymous=True)
    stage.does("t", Merge(id=second, into=first))
    assert "ada" not in stage.all_that(*Role).lower()


def test_no_view_holds_a_members_id(stage: Stage) -> None:
    stage.joins("idqz", name="Eve")
    id = ask(stage, "idqz", "Why?")
    stage.does("idqz", Vote(id=ask(stage, "ben", "How?")))
    stage.does("t", Show(id=id))
    assert "idqz" not in stage.all_that(*Role)


def test_where_names_are_wanted_an_anonymous_question_is_refused(stage: Stage) -> None:
    stage.does("t", Allow(anonymous=False, see="at_once"))
    assert stage.refuses("ada", Ask(text="Why?", anonymous=True)) == "questions.not_anonymous"


def test_a_name_that_changes_changes_on_the_question(stage: Stage) -> None:
    id = ask(stage, "ada", "Why?")
    stage.happens(MemberRenamed(id="ada", name="Ada L."))
    assert item(stage, id)["name"] == "Ada L."


def test_everyone_counts_once_and_nobody_for_himself(stage: Stage) -> None:
    id = ask(stage, "ada", "Why?")
    assert stage.does("ada", Vote(id=id)) == []
    assert kinds_of(stage.does("ben", Vote(id=id))) == ["questions.voted"]
    assert stage.does("ben", Vote(id=id)) == []
    stage.does("cai", Vote(id=id))
    assert votes(stage, id) == 2
    assert stage.mine("ben")["votes"] == {id: True}
    stage.does("ben", Unvote(id=id))
    assert stage.does("ben", Unvote(id=id)) == []
    assert votes(stage, id) == 1


def test_merged_questions_unite_their_votes_and_nobody_is_counted_twice(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "But why?")
    for member, id in (("cai", first), ("cai", second), ("dan", second), ("ada", second)):
        stage.does(member, Vote(id=id))
    stage.does("t", Merge(id=second, into=first))
    assert item(stage, second) is None
    assert votes(stage, first) == 3, "ben who asked, cai who wanted both, dan; ada is the author"
    assert item(stage, first)["merged"] == {second: ""}
    assert stage.mine("ben")["asked"][second]["into"] == first


def test_who_takes_his_vote_back_after_a_merging_is_out_for_both(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "But why?")
    stage.does("cai", Vote(id=second))
    stage.does("t", Merge(id=second, into=first))
    stage.does("cai", Unvote(id=first))
    assert votes(stage, first) == 1
    assert stage.mine("cai") == {}
    stage.does("t", Split(id=second))
    assert (votes(stage, first), votes(stage, second)) == (0, 0)


def test_a_merging_taken_back_gives_each_question_its_votes(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "But why?")
    stage.does("cai", Vote(id=second))
    stage.does("t", Merge(id=second, into=first))
    stage.does("dan", Vote(id=first))
    stage.does("t", Split(id=second))
    assert (votes(stage, first), votes(stage, second)) == (1, 1)
    assert stage.does("t", Split(id=second)) == []


def test_mergings_of_mergings_are_taken_back_from_the_outside(stage: Stage) -> None:
    ids = [ask(stage, member, f"Why {member}?") for member in ("ada", "ben", "cai")]
    stage.does("t", Merge(id=ids[2], into=ids[1]))
    stage.does("t", Merge(id=ids[1], into=ids[0]))
    assert votes(stage, ids[0]) == 2
    assert stage.refuses("t", Split(id=ids[2])) == "questions.merged_on"
    stage.does("t", Split(id=ids[1]))
    assert (votes(stage, ids[0]), votes(stage, ids[1])) == (0, 1)


def test_a_question_is_not_merged_with_itself_nor_into_one_laid_aside(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "But why?")
    assert stage.does("t", Merge(id=first, into=first)) == []
    stage.does("t", Dismiss(id=second))
    assert stage.refuses("t", Merge(id=first, into=second)) == "questions.settled"
    assert stage.refuses("t", Merge(id=first, into="nothing")) == "unknown_item"


def test_an_author_edits_until_somebody_wants_it(stage: Stage) -> None:
    id = ask(stage, "ada", "Why 30?")
    stage.does("ada", Edit(id=id, text="Why 31?"))
    assert item(stage, id)["text"] == "Why 31?"
    assert stage.refuses("ben", Edit(id=id, text="Nonsense")) == "unknown_item"
    stage.does("ben", Vote(id=id))
    assert stage.refuses("ada", Edit(id=id, text="Something else")) == "questions.wanted"


def test_an_edit_after_approval_must_be_approved_again(stage: Stage) -> None:
    stage.does("t", Allow(anonymous=True, see="approved"))
    id = ask(stage, "ada", "Why?")
    stage.does("t", Approve(id=id))
    stage.does("ada", Edit(id=id, text="Rude words"))
    assert item(stage, id) is None
    assert "Rude" not in stage.all_that(*OTHERS)


def test_an_author_takes_a_question_back_and_may_bring_it_again(stage: Stage) -> None:
    id = ask(stage, "ada", "Never mind")
    assert stage.refuses("ben", Withdraw(id=id)) == "unknown_item"
    stage.does("ada", Withdraw(id=id))
    assert "Never mind" not in stage.all_that(*Role)
    assert stage.mine("ada") == {"asked": {}, "votes": {}} or stage.mine("ada") == {}
    assert stage.refuses("ben", Reopen(id=id)) == "unknown_item"
    assert stage.refuses("t", Reopen(id=id)) == "unknown_item"
    stage.does("ada", Reopen(id=id))
    assert item(stage, id)["text"] == "Never mind"


def test_a_question_that_carries_another_cannot_be_taken_back(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "But why?")
    stage.does("t", Merge(id=second, into=first))
    assert stage.refuses("ada", Withdraw(id=first)) == "questions.wanted"


def test_an_answer_is_given_aloud_or_in_text_and_can_be_taken_back(stage: Stage) -> None:
    aloud, written = ask(stage, "ada", "Why?"), ask(stage, "ben", "How?")
    stage.does("t", GiveAnswer(id=aloud))
    stage.does("t", GiveAnswer(id=written, text="By hashing."))
    assert item(stage, aloud)["answered"] == stage.at
    assert item(stage, written)["answer"] == "By hashing."
    assert stage.does("t", GiveAnswer(id=written, text="By hashing.")) == []
    assert stage.refuses("cai", Vote(id=aloud)) == "questions.settled"
    stage.does("t", Reopen(id=written))
    assert "answered" not in item(stage, written)
    assert stage.sees(Role.student)["open"] == 1


def test_a_question_laid_aside_is_gone_for_all_but_staff_and_its_author_and_comes_back(stage: Stage) -> None:
    id = ask(stage, "ada", "Off the point")
    stage.does("t", Dismiss(id=id))
    assert "Off the point" not in stage.all_that(*OTHERS)
    assert stage.sees(Role.teacher, "questions/list")["items"][id]["stand"] == "dismissed"
    assert stage.mine("ada")["asked"][id]["stand"] == "dismissed"
    assert stage.refuses("ada", Reopen(id=id)) == "unknown_item"
    stage.does("t", Reopen(id=id))
    assert item(stage, id)["text"] == "Off the point"


def test_a_question_hangs_on_the_slide_it_came_from_until_pinned_to_another(stage: Stage) -> None:
    id = ask(stage, "ada", "Why?", page="p4")
    stage.does("t", Pin(id=id, page="p5"))
    assert (item(stage, id)["page"], item(stage, id)["pinned"]) == ("p5", True)


def test_the_wall_has_the_shown_question_without_a_name_and_nothing_else(stage: Stage) -> None:
    stage.does("t", Allow(anonymous=True, see="approved"))
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "How?")
    assert stage.sees(Role.wall) == {}
    stage.does("t", Show(id=first))
    assert stage.sees(Role.wall) == {"wall": {"text": "Why?", "votes": 0}}
    assert item(stage, first), "what the wall shows is approved"
    stage.does("t", Show(id=second))
    assert stage.sees(Role.wall)["wall"]["text"] == "How?"
    stage.does("t", Hide())
    assert stage.sees(Role.wall) == {}
    assert stage.does("t", Hide()) == []


@pytest.mark.parametrize("settle", [Dismiss, GiveAnswer])
def test_what_is_settled_leaves_the_wall(stage: Stage, settle: type[Command]) -> None:
    id = ask(stage, "ada", "Why?")
    stage.does("t", Show(id=id))
    stage.does("t", settle(id=id))
    assert stage.sees(Role.wall) == {}


def test_a_student_cannot_judge(stage: Stage) -> None:
    id = ask(stage, "ada", "Why?")
    for command in (Approve(id=id), Dismiss(id=id), GiveAnswer(id=id), Merge(id=id, into=id), Show(id=id), Hide()):
        assert stage.refuses("ada", command) == "not_allowed"


def test_one_student_has_only_so_many_questions_open(stage: Stage) -> None:
    ids = [ask(stage, "ada", f"Question {n}") for n in range(MOST_UNSETTLED)]
    assert stage.refuses("ada", Ask(text="One more")) == "questions.too_many"
    ask(stage, "ben", "Others may ask")
    stage.does("t", GiveAnswer(id=ids[0]))
    ask(stage, "ada", "One more")


def test_asking_and_taking_back_for_ever_comes_to_an_end(stage: Stage) -> None:
    for n in range(MOST_ASKED):
        stage.does("ada", Withdraw(id=ask(stage, "ada", f"Question {n}")))
    assert stage.refuses("ada", Ask(text="One more")) == "questions.too_many"


def test_blank_and_endless_texts_are_refused(stage: Stage) -> None:
    assert stage.refuses("ada", Ask(text=" \n ")) == "questions.empty"
    with pytest.raises(msgspec.ValidationError):
        stage.does("ada", Ask(text="x" * 501))


def test_everybody_gets_the_most_wanted_and_no_more_than_a_bounded_number(stage: Stage) -> None:
    ids = []
    for n in range(30):
        stage.joins(f"s{n}")
        ids += [ask(stage, f"s{n}", f"Question {n}.{k}") for k in range(MOST_UNSETTLED)]
    stage.does("ada", Vote(id=ids[-1]))
    for id in ids[: view.ANSWERED_SHOWN + 5]:
        stage.does("t", GiveAnswer(id=id))
    seen = stage.sees(Role.student)
    assert len(seen["items"]) == view.OPEN_SHOWN + view.ANSWERED_SHOWN
    assert ids[-1] in seen["items"]
    assert seen["open"] == 300 - view.ANSWERED_SHOWN - 5
    stage.does("t", Show(id=ids[-2]))
    assert ids[-2] in stage.sees(Role.student)["items"], "the shown one is always there"
    assert len(stage.sees(Role.teacher, "questions/list")["items"]) == 300


def test_the_log_alone_gives_the_same_questions(stage: Stage) -> None:
    first, second = ask(stage, "ada", "Why?"), ask(stage, "ben", "How?", anonymous=True)
    stage.does("cai", Vote(id=second))
    stage.does("t", Merge(id=first, into=second))
    stage.does("t", Show(id=second))
    assert stage.replayed().digest() == stage.lesson.digest()
