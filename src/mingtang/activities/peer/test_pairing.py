"""Who talks with whom."""

from __future__ import annotations

from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.peer.pairing import Group, Person, differ, groups, is_mixed, pairs
from mingtang.core.member import Seat

persons = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(Seat)), max_size=40).map(
    lambda drawn: [Person(f"m{n}", *one) for n, one in enumerate(drawn)]
)
seeds = st.integers(0, 2**32)


def crowd(counts: dict[str, int], seat: Seat = Seat.room, start: int = 0) -> list[Person]:
    letters = [letter for letter, n in counts.items() for _ in range(n)]
    return [Person(f"m{start + n}", letter, seat) for n, letter in enumerate(letters)]


@given(persons, seeds)
def test_as_many_pairs_disagree_as_the_answers_allow(people: list[Person], seed: int) -> None:
    made, odd = pairs(people, Random(seed))
    assert (odd is None) == (len(people) % 2 == 0)
    paired = [p for group in made for p in group]
    assert sorted([*paired, *([odd] if odd else [])]) == sorted(people)
    most = max((sum(p.answer == letter for p in paired) for letter in "abcd"), default=0)
    assert sum(map(differ, made)) == min(len(made), len(paired) - most)


@given(persons, seeds)
def test_no_two_pairs_of_one_seat_could_change_partners_without_losing_disagreement(
    people: list[Person], seed: int
) -> None:
    made, _ = pairs(people, Random(seed))
    for one, two in combinations([g for g in made if not is_mixed(g)], 2):
        if one[0].seat == two[0].seat:
            continue
        (a, b), (c, d) = one, two
        for way in ([[a, c], [b, d]], [[a, d], [b, c]]):
            assert sum(map(differ, way)) < differ(one) + differ(two)


@given(persons, persons, persons, seeds)
def test_everybody_talks_once_in_a_pair_or_three(
    voters: list[Person], silent: list[Person], away: list[Person], seed: int
) -> None:
    voters = [p._replace(id=f"v-{p.id}") for p in voters]
    silent = [p._replace(id=f"s-{p.id}", answer="") for p in silent]
    away = [p._replace(id=f"a-{p.id}") for p in away]
    made = groups(voters, silent, away, seed)
    everybody = sorted([*voters, *silent, *away])
    assert sorted(p for group in made for p in group) == everybody
    assert all(2 <= len(group) <= 3 for group in made) or len(everybody) == 1
    together = [g for g in made if any(p in away for p in g) and any(p not in away for p in g)]
    assert len(together) <= (len(away) == 1 or len(everybody) - len(away) == 1 or len(everybody) < 5)


@given(persons, seeds)
def test_the_same_people_and_seed_give_the_same_groups_in_whatever_order_they_come(
    people: list[Person], seed: int
) -> None:
    assert groups(people, [], [], seed) == groups(list(reversed(people)), [], [], seed)


def test_another_seed_gives_other_pairs() -> None:
    people = crowd({"a": 10, "b": 10})
    assert groups(people, [], [], 1) != groups(people, [], [], 2)


def test_room_and_remote_are_mixed_where_they_disagree() -> None:
    people = [*crowd({"a": 5, "b": 5}), *crowd({"a": 5, "b": 5}, Seat.remote, start=10)]
    made = groups(people, [], [], 3)
    assert all(differ(group) and is_mixed(group) for group in made)
    assert len(made) == 10


def test_seats_are_not_mixed_at_the_cost_of_disagreement() -> None:
    """The room all chose a or b, the remote all chose c: everybody can disagree with a remote one, and does."""
    people = [*crowd({"a": 3, "b": 3}), *crowd({"c": 2}, Seat.remote, start=6)]
    made = groups(people, [], [], 5)
    assert sum(map(differ, made)) == 4


def test_an_odd_number_makes_one_three() -> None:
    made = groups(crowd({"a": 2, "b": 19, "c": 24, "d": 6}), [], [], 7)
    assert sorted(len(group) for group in made) == [2] * 24 + [3]
    assert sum(map(differ, made)) == 25


def test_when_all_agree_they_talk_all_the_same() -> None:
    made = groups(crowd({"c": 4}), [], [], 1)
    assert [len(group) for group in made] == [2, 2]
    assert not any(map(differ, made))


def test_one_voter_too_many_talks_with_one_who_did_not_vote() -> None:
    voters, silent = crowd({"a": 2, "b": 1}), [Person("x", "", Seat.room)]
    made: list[Group] = groups(voters, silent, [], 1)
    assert next(g for g in made if silent[0] in g) != [silent[0]]
    assert sorted(map(len, made)) == [2, 2]


def test_nobody_and_one_alone_are_no_mistake() -> None:
    alone = Person("m", "a", Seat.room)
    assert groups([], [], [], 1) == []
    assert groups([alone], [], [], 1) == [[alone]]
    assert groups([], [], [alone], 1) == [[alone]]
    assert sorted(groups([alone], [], [alone._replace(id="n")], 1)[0]) == [alone, alone._replace(id="n")]
