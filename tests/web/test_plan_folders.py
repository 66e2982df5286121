"""A plan as a folder: taken out and in again it is the same; whatever else comes is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

pytestmark = pytest.mark.slow

TEXT = """\
---
title: Sets
course: CS 2
language: en
---

## slide: sets.pdf 2

> Say this.

## poll
id: q1
form: single

Which?

- [ ] One
- [x] Two

## slide: sets.pdf 1
"""


def zipped(*entries, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as folder:
        for name, data in entries:
            folder.writestr(name, data)
    return out.getvalue()


async def take(teacher, node, name, data, **fields):
    form = {"file": (name, data), **{key: (None, value) for key, value in fields.items()}}
    answer = await teacher.post("/api/teach/plans/import", files=form)
    await node.reading.settled()
    return answer


async def read(teacher, answer):
    assert answer.status_code == 201, answer.text
    return (await teacher.get(f"/api/teach/plans/{answer.json()['plan']}")).json()


async def test_a_folder_taken_out_and_in_again_is_the_same_plan(teacher, node, pdfs):
    sets = pdfs.pages(3)
    folder = zipped(("Sets/plan.md", TEXT), ("Sets/sets.pdf", sets), ("__MACOSX/x", b""))
    plan = await read(teacher, answer := await take(teacher, node, "Sets.zip", folder))
    assert (answer.json()["report"], plan["problems"]) == ([], [])
    assert [(step["kind"], (step.get("page") or {}).get("page")) for step in plan["steps"]] == [
        ("page", 2), ("poll", None), ("page", 1),
    ]  # fmt: skip
    assert (plan["title"], plan["course"], plan["steps"][0]["notes"]) == ("Sets", "CS 2", "Say this.")
    assert all(step["page"]["asset"] for step in plan["steps"] if step["kind"] == "page")
    out = await teacher.get(f"/api/teach/plans/{plan['id']}/plan.zip")
    with zipfile.ZipFile(io.BytesIO(out.content)) as found:
        assert {name: found.read(name) for name in found.namelist()} == {"plan.md": TEXT.encode(), "sets.pdf": sets}
    again = await read(teacher, await take(teacher, node, "again.zip", out.content))
    assert (await teacher.get(f"/api/teach/plans/{again['id']}/plan.zip")).content == out.content
    assert [step["id"] for step in again["steps"] if step["kind"] == "poll"] == ["q1"]


async def test_what_the_editor_made_goes_out_and_comes_in_again(teacher, node, pdfs):
    plan = await read(teacher, await take(teacher, node, "sets.pdf", pdfs.pages(2)))
    note = {"id": "n1", "kind": "note", "text": "## Today\n> all", "notes": "for me"}
    body = {"base": plan["version"], "title": "Sets", "steps": [*plan["steps"], note]}
    plan = (await teacher.put(f"/api/teach/plans/{plan['id']}", json=body)).json()
    out = (await teacher.get(f"/api/teach/plans/{plan['id']}/plan.zip")).content
    again = await read(teacher, await take(teacher, node, "x.zip", out))

    def shape(of):
        return [(s["kind"], s.get("text"), s.get("notes"), (s.get("page") or {}).get("page")) for s in of["steps"]]

    assert (shape(again), again["steps"][-1]["id"]) == (shape(plan), "n1")


async def test_slides_alone_become_a_plan_named_for_their_file(teacher, node, pdfs):
    plan = await read(teacher, await take(teacher, node, "My_sets.pdf", pdfs.pages(2), lang="zh"))
    assert (plan["title"], plan["language"], len(plan["steps"])) == ("My sets", "zh", 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
async def test_a_text_alone_becomes_a_plan_in_whatever_encoding_it_is(teacher, node, encoding):
    data = "---\n标题：集合与映射\n语言：中文\n---\n\n## 投票\n\n哪里没有听懂？\n".encode(encoding)
    plan = await read(teacher, await take(teacher, node, "plan.md", data))
    assert (plan["title"], plan["language"]) == ("集合与映射", "zh")
    assert plan["steps"][0]["question"]["text"] == "哪里没有听懂？"


async def test_the_mistakes_of_a_text_are_told_by_line_and_the_rest_is_a_plan(teacher, node):
    answer = await take(teacher, node, "plan.md", b"## board\n\n## pol\n\nWhich?\n\n## slide: gone.pdf 1\n")
    assert [(note["where"], note["code"]) for note in answer.json()["report"]] == [
        ("3", "plan.unknown_step"), ("7", "plan.unknown_file"),
    ]  # fmt: skip
    assert [step["kind"] for step in (await read(teacher, answer))["steps"]] == ["board", "unread", "unread"]


async def test_a_file_of_a_folder_that_cannot_be_read_is_named_and_stops_no_other(teacher, node, pdfs):
    folder = zipped(("plan.md", TEXT), ("broken.pdf", b"%PDF-nothing"), ("sets.pdf", pdfs.pages(3)), ("a.docx", b"x"))
    answer = await take(teacher, node, "x.zip", folder)
    assert sorted((note["where"], note["code"]) for note in answer.json()["report"]) == [
        ("a.docx", "plan.file_unknown"), ("broken.pdf", "deck.broken"),
    ]  # fmt: skip
    assert len((await read(teacher, answer))["steps"]) == 3


def _bomb():
    return zipped(("plan.md", b"0" * 210_000_000), compression=zipfile.ZIP_DEFLATED)


def _lying():
    """Says that its file is small, and is not."""
    data = zipped(("plan.md", b"#" * 5000), compression=zipfile.ZIP_DEFLATED)
    size = (5000).to_bytes(4, "little")
    return data.replace(size, (10).to_bytes(4, "little"))


def _locked():
    data = bytearray(zipped(("plan.md", b"## board")))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + at] |= 1
    return bytes(data)


HOSTILE = {
    "empty": (b"", "plan.folder_broken"),
    "no zip": (b"PK\x03\x04 and nothing", "plan.folder_broken"),
    "torn": (zipped(("plan.md", b"## board"))[:-30], "plan.folder_broken"),
    "nothing in it": (zipped(), "plan.folder_empty"),
    "nothing of ours in it": (zipped(("a.exe", b"MZ")), "plan.folder_empty"),
    "a bomb": (_bomb(), "plan.folder_large"),
    "a lying head": (_lying(), "plan.folder_broken"),
    "many entries": (zipped(*((f"{n}.pdf", b"") for n in range(1001))), "plan.folder_large"),
    "locked": (_locked(), "plan.folder_locked"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_folder_that_cannot_be_taken_is_refused_in_a_sentence_and_leaves_nothing(teacher, node, data, code):
    answer = await take(teacher, node, "x.zip", data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await teacher.get("/api/teach/plans")).json()["plans"] == []
    assert list(node.folder.uploads.iterdir()) == []


async def test_names_that_climb_out_of_the_folder_stay_in_it(teacher, node, pdfs, tmp_path):
    folder = zipped(("../../plan.md", TEXT), ("/etc/../../sets.pdf", pdfs.pages(3)))
    before = set(tmp_path.rglob("*.pdf"))
    plan = await read(teacher, await take(teacher, node, "x.zip", folder))
    assert [deck["name"] for deck in plan["decks"]] == ["sets.pdf"]
    fresh = set(tmp_path.rglob("*.pdf")) - before
    assert {path.parent.parent for path in fresh} == {node.folder.slides}


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01\x02binary\x00"])
async def test_a_text_that_is_none_is_refused(teacher, node, data):
    answer = await take(teacher, node, "plan.md", data)
    assert answer.status_code == 422
    assert answer.json()["code"].startswith("import.")
    assert (await teacher.get("/api/teach/plans")).json()["plans"] == []


async def test_nobody_but_the_teacher_imports_or_takes_out(browser, node):
    stranger = browser()
    answers = [
        await stranger.post("/api/teach/plans/import", files={"file": ("plan.md", b"## board")}),
        await stranger.get("/api/teach/plans/x/plan.zip"),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]


def _picture(form, mode="RGB", size=(800, 600)):
    out = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else None).save(out, form)
    return out.getvalue()


async def test_pictures_beside_the_text_are_pages_too(teacher, node):
    text = "## slide: tree.png\n\n## slide: leaf.jpg 1\n\n## slide: root.webp\n"
    pictures = {"tree.png": _picture("PNG", "RGBA"), "leaf.jpg": _picture("JPEG"), "root.webp": _picture("WEBP")}
    folder = zipped(("plan.md", text), *pictures.items())
    plan = await read(teacher, answer := await take(teacher, node, "x.zip", folder))
    assert (answer.json()["report"], plan["problems"]) == ([], [])
    sizes = [(step["page"]["width"], step["page"]["height"]) for step in plan["steps"]]
    assert sizes == [(1600, 1200)] * 3
    out = await teacher.get(f"/api/teach/plans/{plan['id']}/plan.zip")
    with zipfile.ZipFile(io.BytesIO(out.content)) as found:
        assert {name: found.read(name) for name in pictures} == pictures


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_picture("PNG")[:60], "deck.bad_picture"),
        (b"\xff\xd8\xff and nothing", "deck.bad_picture"),
        (_picture("PNG", "1", (20_000, 20_000)), "deck.too_big"),
    ],
    ids=["torn", "no picture", "a bomb"],
)
async def test_a_picture_that_cannot_be_shown_is_refused_in_a_sentence(teacher, node, data, code):
    answer = await take(teacher, node, "x.png", data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert list(node.folder.uploads.iterdir()) == []
