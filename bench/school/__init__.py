"""A school that needs no people: whole lessons of ninety minutes, made by the program's own rules from a seed.

    from bench.school import teach
    taught = teach(seed=1, students=300, events=100_000)     # taught.rows, taught.facts, taught.lesson
    python -m bench.school --data FOLDER --students 300 --events 100000 [--lessons 40] [--slides 60]

The same arguments give the same log, byte for byte. Every event went through `decide`, so the log is one that the
program could have written."""

from bench.school.hour import Taught, teach

__all__ = ["Taught", "teach"]
