"""Mathematics, 16:9, English: eigenvectors, with formulas, matrices and graphs."""

from __future__ import annotations

import math

from tools.decks.paper import BLUE, GREY, INK, RED, graph, lines, page, table, title_page
from tools.pdf import Sheet, measure, write

TITLE, PAGES = "Eigenvectors at work", 16

TEXTS = [
    (
        "What we know already",
        [
            "A matrix moves every vector of the plane.",
            "Most vectors change their direction.",
            "Some do not: they are only stretched.",
            "  Today: find them, and use them.",
        ],
    ),
    (
        "Definition",
        [
            "v ≠ 0 is an eigenvector of A if A v = λ v for a number λ.",
            "λ is the eigenvalue that belongs to it.",
            "  λ may be 0, negative or complex.",
            "  Every multiple of v is one too.",
        ],
    ),
    (
        "How to find them",
        [
            "A v = λ v  means  (A − λ I) v = 0.",
            "There is a v ≠ 0 only if  det(A − λ I) = 0.",
            "  That is the characteristic polynomial.",
            "Its zeros are the eigenvalues.",
        ],
    ),
    (
        "When are there enough of them?",
        [
            "n different eigenvalues: always.",
            "A symmetric: always, and at right angles.",
            "A shear: only one direction.",
            "  Then no basis of eigenvectors exists.",
        ],
    ),
    (
        "Why diagonal matrices are pleasant",
        [
            "D^2 squares each entry, D^n takes each power.",
            "A = P D Q with P Q = I, so A^n = P D^n Q.",
            "  One hundred products become one.",
            "Fibonacci numbers follow in one line.",
        ],
    ),
    (
        "Where you meet them",
        [
            "Vibrations: the modes of a string.",
            "Statistics: principal components.",
            "The web: a rank for each page.",
            "Physics: energies of a quantum system.",
        ],
    ),
]


def make() -> bytes:
    sheets = [title_page(TITLE, ["MA102 · Linear algebra", "Lecture 9"])]
    sheets += [_text(*TEXTS[n], number=n + 2) for n in range(3)]
    sheets += [_matrix(5), _polynomial(6), _directions(7), _text(*TEXTS[3], number=8), _shear(9)]
    sheets += [_text(*TEXTS[4], number=10), _fibonacci(11), _growth(12), _text(*TEXTS[5], number=13)]
    sheets += [_wave(14), _exercise(15), _summary(16)]
    return write(sheets, TITLE)


def _text(heading: str, said: list[str], number: int) -> Sheet:
    sheet = page(heading, number)
    lines(sheet, said, step=104, size=46)
    return sheet


def _brackets(sheet: Sheet, x: float, y: float, rows: list[tuple[str, ...]], size: float = 60) -> float:
    """A matrix; returns where it ends."""
    wide = max(measure(cell, size) for row in rows for cell in row) + 50
    right, foot = x + wide * len(rows[0]) + 20, y + size * 1.5 * len(rows)
    for side, turn in ((x, 1), (right, -1)):
        sheet.line(side + 16 * turn, y - 50, side, y - 50, side, foot - 60, side + 16 * turn, foot - 60, thick=4)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.text(x + 10 + wide * (c + 0.5), y + r * size * 1.5, cell, size, anchor="middle")
    return right


def _matrix(number: int) -> Sheet:
    sheet = page("An example", number)
    end = _brackets(sheet, 160, 330, [("2", "1"), ("1", "2")])
    sheet.text(100, 375, "A =", 60, anchor="middle")
    sheet.text(end + 80, 375, "A", 60, BLUE)
    end = _brackets(sheet, end + 150, 330, [("1",), ("1",)])
    sheet.text(end + 40, 375, "=", 60)
    end = _brackets(sheet, end + 110, 330, [("3",), ("3",)])
    sheet.text(end + 40, 375, "=  3 ·", 60)
    _brackets(sheet, end + 230, 330, [("1",), ("1",)])
    lines(
        sheet, ["(1, 1) is an eigenvector, its eigenvalue is 3.", "(1, −1) is one too. Which eigenvalue has it?"], y=620
    )
    return sheet


def _polynomial(number: int) -> Sheet:
    sheet = page("The characteristic polynomial", number)
    for row, line in enumerate(["det(A − λ I)", "= (2 − λ)² − 1", "= λ² − 4λ + 3", "= (λ − 1)(λ − 3)"]):
        sheet.text(110, 310 + row * 110, line, 56)
    graph(sheet, lambda x: x * x - 4 * x + 3, -0.6, 4.6, 5)
    sheet.text(1010, 570, "1", 36, RED, anchor="middle")
    sheet.text(1330, 570, "3", 36, RED, anchor="middle")
    return sheet


def _directions(number: int) -> Sheet:
    sheet = page("Which vectors keep their direction?", number)
    middle_x, middle_y, long = 800.0, 520.0, 120.0
    for step in range(16):
        turn = step * math.pi / 8
        x, y = math.cos(turn), math.sin(turn)
        to_x, to_y = 2 * x + y, x + 2 * y
        color = RED if step % 4 == 2 else GREY
        sheet.line(middle_x, middle_y, middle_x + long * to_x, middle_y - long * to_y, color=color, thick=4)
        sheet.circle(middle_x + long * x, middle_y - long * y, 8, fill=BLUE)
    sheet.text(110, 800, "Blue: before. Lines: after. Red: only stretched.", 38, GREY)
    return sheet


def _shear(number: int) -> Sheet:
    sheet = page("A shear has one direction only", number)
    end = _brackets(sheet, 160, 330, [("1", "1"), ("0", "1")])
    sheet.text(end + 60, 375, "det = (1 − λ)²", 54)
    for row in range(5):
        sheet.line(900, 780 - row * 110, 1200, 780 - row * 110, color="#d9d5cc")
        sheet.line(900 + row * 75, 780, 900 + row * 75 + 220, 340, color=BLUE)
    lines(sheet, ["λ = 1 twice,", "but only (1, 0) stays."], y=620)
    return sheet


def _fibonacci(number: int) -> Sheet:
    sheet = page("Fibonacci in one line", number)
    end = _brackets(sheet, 200, 330, [("F",), ("F",)])
    sheet.text(200 + 62, 350, "n+1", 30)
    sheet.text(200 + 62, 440, "n", 30)
    sheet.text(end + 40, 375, "=", 60)
    end = _brackets(sheet, end + 120, 330, [("1", "1"), ("1", "0")])
    sheet.text(end + 14, 300, "n", 36, BLUE)
    _brackets(sheet, end + 80, 330, [("1",), ("0",)])
    sheet.text(110, 640, "λ = (1 ± √5) / 2", 58, INK)
    sheet.text(110, 740, "F(n) = (φ^n − ψ^n) / √5", 58, BLUE)
    return sheet


def _growth(number: int) -> Sheet:
    sheet = page("The largest eigenvalue wins", number)
    rows = [("n", "F(n)", "F(n+1) / F(n)")]
    a, b = 1, 1
    for n in range(1, 9):
        rows.append((str(n), str(a), f"{b / a:.5f}"))
        a, b = b, a + b
    table(sheet, rows, 110, 230, 330)
    sheet.text(1180, 520, "→ 1.61803", 60, BLUE)
    return sheet


def _wave(number: int) -> Sheet:
    sheet = page("Modes of a string", number)
    for mode in (1, 2, 3):
        points: list[float] = []
        for step in range(101):
            points += [150 + step * 12, 330 + (mode - 1) * 210 - 70 * math.sin(mode * math.pi * step / 100)]
        sheet.line(*points, color=(BLUE, RED, INK)[mode - 1], thick=5)
        sheet.text(1400, 340 + (mode - 1) * 210, f"λ = {mode * mode}", 44)
    return sheet


def _exercise(number: int) -> Sheet:
    sheet = page("Your turn", number)
    sheet.text(110, 375, "B =", 60)
    _brackets(sheet, 240, 330, [("4", "2"), ("1", "3")])
    lines(
        sheet,
        [
            "Find both eigenvalues.",
            "Check: their sum is the trace, their product the determinant.",
            "Which vector does B^100 point along?",
        ],
        y=590,
    )
    return sheet


def _summary(number: int) -> Sheet:
    sheet = page("Today in three lines", number)
    lines(
        sheet,
        [
            "A v = λ v: direction kept, length times λ.",
            "det(A − λ I) = 0 gives the λ.",
            "A basis of eigenvectors makes A diagonal.",
        ],
        step=130,
        size=50,
    )
    return sheet
