"""A log that is read on in chunks, and changed between any two of them: what was made of it is what stands there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.erasing import ERASED, Progress
from mingtang.core.event import Row
from mingtang.readings.chunks import chunks, erased_since

CHUNK = 3


def row(seq: int, kind: str = "questions.asked", data: bytes = b"words") -> Row:
    return Row(seq, seq, "s1", "", kind, 1, data)


class Changing:
    """Before each look at it the next of `moves` happens: so many rows come, or, for 0, all words are blanked."""

    def __init__(self, rows: int, moves: list[int]) -> None:
        self.log, self.moves, self.looks = [row(n) for n in range(1, rows + 1)], moves, 0

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        self.looks += 1
        if self.moves:
            self._move(self.moves.pop(0))
        return self.log[after : None if limit is None else after + limit]

    def _move(self, many: int) -> None:
        if many:
            self.log += [row(len(self.log) + n) for n in range(1, many + 1)]
        else:
            self.log = [one._replace(data=b"") for one in self.log] + [row(len(self.log) + 1, ERASED)]

    def close(self) -> None:
        """Nothing is held."""


class Kept:
    """A reading that keeps the rows themselves."""

    def __init__(self) -> None:
        self.rows, self.progress = list[Row](), Progress()

    def read(self, log: Changing, most: int = 1000) -> bool:
        """False when it stops in the middle, after so many chunks."""
        for taken, rows in enumerate(chunks(log, "l1", self.progress, CHUNK), 1):
            self.rows = rows if rows[0].seq == 1 else self.rows + rows
            if taken == most:
                return False
        return True


moves = st.lists(st.sampled_from([0, 0, 1, 2, 7]), max_size=12)


@given(st.integers(0, 20), moves, st.lists(st.integers(1, 3), max_size=6))
def test_what_was_read_is_what_stands_there_whatever_happened_between_two_chunks(rows, moves, pauses):
    log, kept = Changing(rows, moves), Kept()
    for most in pauses:
        kept.read(log, most)
    while log.moves or not kept.read(log):
        kept.read(log)
    assert kept.rows == log.log
    looks = log.looks
    assert kept.read(log)
    assert log.looks == looks + 1, "what has not grown is looked at once"


@given(st.integers(0, 30), st.integers(0, 9))
def test_a_log_is_read_once_without_an_erasing_and_at_most_twice_with_many(rows, erasings):
    log = Changing(rows, [])
    for _ in range(erasings):
        log._move(0)
    assert Kept().read(log)
    once = len(log.log) // CHUNK + 1
    assert log.looks == once if not erasings else log.looks <= 2 * once


def test_whether_a_person_was_erased_after_a_place():
    log = Changing(4, [0])
    log.rows("l1")
    assert [erased_since(log, "l1", seq) for seq in (0, 3, 4, 5, 9)] == [True, True, True, False, False]
