"""Program listings, 16:9, English, a PPTX with speaker's notes: loop invariants. One slide is hidden."""

from __future__ import annotations

from typing import Any

from tools.decks.shapes import hide, lines, presentation, save, slide

TITLE, PAGES, NOTES = "Loop invariants", 14, 12

SEARCH = """def search(row, key):
    low, high = 0, len(row)
    while low < high:
        middle = (low + high) // 2
        if row[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low""".splitlines()
WRONG = """def search(row, key):
    low, high = 0, len(row) - 1
    while low < high:
        middle = (low + high) // 2
        if row[middle] <= key:
            low = middle          # here
        else:
            high = middle - 1
    return low""".splitlines()
SUM = """total = 0
for n, x in enumerate(row):
    # total == sum(row[:n])
    total += x
# total == sum(row)""".splitlines()
POWER = """def power(x, n):
    result = 1
    while n:
        # result * x ** n never changes
        if n % 2:
            result *= x
        x, n = x * x, n // 2
    return result""".splitlines()
CPP = """template <class T>
int find(const vector<T>& row, T key) {
  for (size_t i = 0; i < row.size(); ++i)
    if (row[i] == key) return i;   // row[0..i) has no key
  return -1;
}""".splitlines()

SLIDES: list[tuple[str, list[str], bool, str]] = [
    (
        "Loop invariants",
        ["CS101 · Lecture 5", "How to be sure before you run it"],
        False,
        "Welcome. Ask who debugged a loop last week.",
    ),
    ("A loop that everybody can write", SUM, True, "Let them say what is true after each round."),
    (
        "Invariant",
        ["True before the loop.", "Kept by every round.", "With the end it gives what we want."],
        False,
        "Three parts: they come back in every proof today.",
    ),
    ("Binary search", SEARCH, True, "Do not explain yet. First the vote: is it right?"),
    (
        "What is true at the head of the loop?",
        ["Everything left of low is smaller than key.", "Everything from high on is not smaller."],
        False,
        "Draw the row on the board, two coloured ends.",
    ),
    ("Does it end?", ["high − low shrinks in every round.", "It is a whole number and never below 0."], False, ""),
    ("Find the mistake", WRONG, True, "With low = 0 and high = 1 the middle is 0: it never ends."),
    (
        "Two elements are enough to see it",
        ["low = 0, high = 1, middle = 0", "row[0] <= key, so low = 0 again", "Test small rows first."],
        False,
        "Wait ten seconds before the answer.",
    ),
    ("Fast powers", POWER, True, "The invariant is the whole idea: result · x^n stays."),
    ("The same in C++", CPP, True, "Half-open ranges: [0, i). Ask why not [0, i]."),
    (
        "Why computers like half-open ranges",
        ["Length is high − low.", "Empty when low == high.", "They join without gaps."],
        False,
        "Dijkstra wrote a page about it: EWD 831.",
    ),
    (
        "Write it down where it is needed",
        ["A comment at the head of the loop", "or an assert while you test"],
        False,
        "Show assert in the editor.",
    ),
    (
        "Exercise",
        ["Partition a row: smaller than x to the left.", "First the invariant, then the code."],
        False,
        "Eight minutes, in pairs.",
    ),
    ("Today in one line", ["Say what stays the same; the rest follows."], False, ""),
]


def make() -> bytes:
    deck = presentation(13.333, 7.5)
    for number, (heading, said, code, notes) in enumerate(SLIDES):
        made = slide(deck, heading, notes)
        lines(made, said, size=24 if code else 30, font="DejaVu Sans Mono" if code else "")
        if number == 5:
            _reserve(deck)
    return save(deck)


def _reserve(deck: Any) -> None:
    made = slide(deck, "Only if somebody asks", "This slide is hidden.")
    lines(made, ["Termination of Collatz is not known."])
    hide(made)
