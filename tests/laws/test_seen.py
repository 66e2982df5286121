"""What a lesson knows of commands said before, beside a plain dict of them."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.seen import Seen

said = st.tuples(st.sampled_from(["", "m1", "m2"]), st.text("ab-1", min_size=1, max_size=4))


@given(st.lists(said, max_size=60), st.lists(said, max_size=20))
def test_every_command_is_found_where_its_last_fact_stands_and_no_other(added, asked):
    seen, plain = Seen(), {}
    for seq, (by, cmd) in enumerate(added, 1):
        seen.add(by, cmd, seq)
        plain[by, cmd] = seq
    for by, cmd in added + asked:
        assert seen.place(by, cmd) == plain.get((by, cmd))


@given(st.lists(said, min_size=1, max_size=20))
def test_two_that_saw_the_same_are_equal_and_one_that_saw_more_is_not(added):
    one, other = Seen(), Seen()
    for seq, (by, cmd) in enumerate(added, 1):
        one.add(by, cmd, seq)
        other.add(by, cmd, seq)
    assert one == other
    other.add("m3", "c", 99)
    assert one != other


def test_a_command_of_the_servers_own_has_no_id_and_is_never_taken_for_one_said_before():
    seen = Seen()
    seen.add("", "node-1", 7)
    assert seen.place("", "") is None


def test_a_long_lesson_keeps_a_few_bytes_for_each_command():
    tracemalloc.start()
    try:
        seen = Seen()
        for n in range(50_000):
            seen.add(f"m{n % 20}", f"a-rather-long-id-of-one-command-{n}", n)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held / 50_000 < 20
