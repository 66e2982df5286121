"""Plans as hypothesis makes them: every kind of step, with words that are made to be mistaken for something else."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mingtang.activities import kinds
from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import LETTERS, PollForm
from mingtang.core.event import ID_PATTERN
from mingtang.plans import model
from mingtang.plans.model import PlanPage, PlanStep
from mingtang.plans.text import ids
from mingtang.plans.text.pages import PlanFile

LINES = [
    "", " ", "## poll", "##", "# Title", "> said", ">", "- [x] one", "- two", "* three", "\\", "\\## poll", "---",
    "id: q1", "form: single", "题型：单选", "notes:", '"quoted"', '"', "a\tb", " indented", "trailing ", "```",
    "## ?", "Which one?", "哪一个是对的？", "10:30", "http://a.test/b", "🙂🇨🇳", "a\u0085b", "\u2028", "\ufeff", "\r",
]  # fmt: skip
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = st.one_of(st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map("\n".join), anything)


def some(most: int) -> st.SearchStrategy[str]:
    return words.map(lambda text: text[:most]).filter(lambda text: bool(text.strip()))


line = st.one_of(some(60), st.sampled_from(LINES).filter(str.strip))
notes = st.one_of(st.just(""), words)
given = st.integers(-(10**12), 10**12).map(float) | st.floats(-1e12, 1e12, allow_nan=False)


@st.composite
def polls(draw: st.DrawFn) -> dict[str, Any]:
    form = draw(st.sampled_from(PollForm))
    options = draw(st.lists(line, min_size=2, max_size=12)) if form in ("single", "multiple") else []
    rights: dict[str, st.SearchStrategy[Any]] = {
        "single": st.sampled_from(LETTERS[: len(options)] or "a").map(lambda one: [one]),
        "multiple": st.lists(st.sampled_from(LETTERS[: len(options)] or "a"), min_size=1, unique=True),
        "truefalse": st.sampled_from([["true"], ["false"]]),
        "number": given,
        "text": line.filter(lambda text: any(sign.isalnum() for sign in text)),
    }
    return {
        "form": form.value,
        "text": draw(some(500)),
        "options": options,
        "scale": draw(st.integers(2, 10)),
        "right": draw(st.none() | rights[form]) if form in rights else None,
        "tolerance": draw(st.sampled_from([0.0, 0.5, 1e-7])),
        "anonymous": draw(st.booleans()),
        "limit": draw(st.sampled_from([0, 1, 59, 60, 90, 7200])),
    }


@st.composite
def peers(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(st.lists(line, min_size=2, max_size=8))
    right = draw(st.sampled_from(LETTERS[: len(options)]))
    return {"text": draw(some(500)), "options": options, "right": right}


names = st.one_of(
    st.sampled_from(["sets.pdf", "sets 2.pdf", "sets.pdf 3", "第一讲.pdf", "a (1).pdf", "no end", '"', "1", "\\.pdf"]),
    st.text("ab1 .-()\"\\集", min_size=1, max_size=12).map(lambda name: " ".join(name.split())).filter(bool),
)  # fmt: skip


@st.composite
def decks(draw: st.DrawFn) -> list[PlanFile]:
    found = draw(st.lists(names, max_size=4, unique_by=str.casefold))
    return [PlanFile(f"d{n}", name, draw(st.integers(1, 12))) for n, name in enumerate(found)]


@st.composite
def steps(draw: st.DrawFn, files: list[PlanFile]) -> list[PlanStep]:
    made: list[PlanStep] = []
    for _ in range(draw(st.integers(0, 8))):
        step = draw(one_step(files))
        wanted = ids.made(step) if step.kind in ("unread",) or draw(st.booleans()) else draw(st.from_regex(ID_PATTERN))
        step.id = ids.free(wanted.strip(), {one.id for one in made})
        made.append(step)
    return model.checked(kinds(), made)


@st.composite
def one_step(draw: st.DrawFn, files: list[PlanFile]) -> PlanStep:
    kinds_here = ["board", "note", "timer", "break", "poll", "peer", "unread", *(["page"] * 3 if files else [])]
    kind = draw(st.sampled_from(kinds_here))
    step = PlanStep(id="x", kind=kind, notes=draw(notes))
    match kind:
        case "page":
            file = draw(st.sampled_from(files))
            step.page = PlanPage(deck=file.deck, page=draw(st.integers(1, file.pages)))
        case "note":
            step.text = draw(some(4000))
        case "timer" | "break":
            step.text, step.seconds = " ".join(draw(words).split())[:80].strip(), draw(st.integers(1, 14400))
        case "poll":
            step.question = draw(polls())
        case "peer":
            step.question = draw(peers())
            assert PeerQuestion
        case "unread":
            step.notes = ""
            broken = ["## pol\n\nWhich?", "## timer: soon", "lost words", "## slide: gone.pdf 3\n\n> Say this."]
            step.text = draw(st.sampled_from(broken) | some(300).map(lambda text: "? " + text))
            step = model.checked(kinds(), [step])[0]
    return step
