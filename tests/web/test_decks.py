"""A PDF becomes pages of a lesson; what is no proper PDF is told so in words, and costs nobody anything."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import sys
import zlib

import pytest
from PIL import Image

from mingtang.settings import Settings
from mingtang.web.decks import intake, worker
from mingtang.web.decks.process import SOURCES, Process
from mingtang.web.folder import Folder
from mingtang.web.node import open_node


async def _upload(teacher, pdf, name="slides.pdf", path="/api/teach/lessons", **fields):
    parts = {key: (None, value) for key, value in fields.items()}
    return await teacher.post(path, files={**parts, "deck": (name, pdf, "application/pdf")})


async def _slides(node, lesson):
    return (await node.hall.look(lesson)).view("teacher", "slides")


def _pages(view):
    return sorted((s for s in view["steps"].values() if s["kind"] == "page"), key=lambda s: s["page"])


async def test_a_pdf_becomes_a_lesson_with_all_its_pages(teacher, node, pdfs):
    made = (await _upload(teacher, pdfs.pages(3), "Sets_and maps.pdf")).json()
    await node.reading.settled()
    view = await _slides(node, made["id"])
    assert {k: view["deck"][k] for k in ("name", "pages", "drawn", "state")} == {
        "name": "Sets_and maps.pdf",
        "pages": 3,
        "drawn": 3,
        "state": "ready",
    }
    assert [page["title"] for page in _pages(view)] == ["Slide 1", "Slide 2", "Slide 3"]
    assert view["now"]["step"] in view["steps"]
    listed = (await teacher.get("/api/teach/lessons")).json()["lessons"][0]
    assert (listed["title"], listed["pages"]) == ("Sets and maps", 3)


async def test_a_page_is_kept_in_two_widths_with_its_text(teacher, node, pdfs):
    made = (await _upload(teacher, pdfs.pages(1))).json()
    await node.reading.settled()
    page = _pages(await _slides(node, made["id"]))[0]
    assert (page["width"], page["height"]) == (1600, 900)
    for width, height in ((640, 360), (1600, 900)):
        answer = await teacher.get(f"/assets/{page['asset']}/{width}.webp")
        assert answer.headers["content-type"] == "image/webp"
        assert "immutable" in answer.headers["cache-control"]
        assert Image.open(io.BytesIO(answer.content)).size == (width, height)
    runs = (await teacher.get(f"/assets/{page['asset']}/text.json")).json()["runs"]
    assert [run["t"] for run in runs] == ["Slide 1", "small print"]
    title, small = runs
    assert title["h"] > 2 * small["h"]
    assert title["y"] < small["y"]
    assert 0.05 < title["x"] < 0.075


async def test_assets_answer_only_to_their_whole_name(teacher, node, pdfs):
    made = (await _upload(teacher, pdfs.pages(1))).json()
    await node.reading.settled()
    asset = _pages(await _slides(node, made["id"]))[0]["asset"]
    other = f"{asset[:-1]}{'1' if asset[-1] == '0' else '0'}"
    for path in (f"{other}/640.webp", f"{asset}/641.webp", f"{asset}/..%2F..%2Fsecret", f"../{asset}/640.webp"):
        assert (await teacher.get(f"/assets/{path}")).status_code == 404, path


async def test_a_second_deck_follows_the_first(teacher, node, pdfs):
    made = (await _upload(teacher, pdfs.pages(2))).json()
    await node.reading.settled()
    answer = await _upload(teacher, pdfs.pages(1, text="More"), path=f"/api/teach/lessons/{made['id']}/deck")
    assert answer.json()["pages"] == 1
    await node.reading.settled()
    steps = sorted((await _slides(node, made["id"]))["steps"].values(), key=lambda s: s["pos"])
    assert [s["title"] for s in steps] == ["Slide 1", "Slide 2", "More 1"]


async def test_nothing_of_an_upload_stays_once_its_pages_are_drawn(teacher, node, pdfs):
    await _upload(teacher, pdfs.pages(1))
    await node.reading.settled()
    assert list(node.folder.uploads.iterdir()) == []


REFUSED = {
    "no pdf": (lambda pdfs: b"{\\rtf1 a letter}", "deck.not_pdf"),
    "an empty file": (lambda pdfs: b"", "deck.not_pdf"),
    "broken": (lambda pdfs: pdfs.pages(3)[:700], "deck.broken"),
    "nonsense after the head": (lambda pdfs: b"%PDF-1.7\n" + os.urandom(5000), "deck.broken"),
    "encrypted": (lambda pdfs: pdfs.encrypted(), "deck.encrypted"),
    "zero pages": (lambda pdfs: pdfs.of(b"<</Type/Pages/Kids[]/Count 0>>"), "deck.empty"),
    "3 000 pages": (lambda pdfs: pdfs.pages(3000), "deck.too_many_pages"),
}


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_a_deck_is_told_in_words_and_makes_no_lesson(teacher, node, pdfs, make, code):
    answer = await _upload(teacher, make(pdfs))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await teacher.get("/api/teach/lessons")).json()["lessons"] == []
    assert list(node.folder.uploads.iterdir()) == []


async def test_too_many_pages_names_both_numbers(teacher, pdfs):
    params = (await _upload(teacher, pdfs.pages(501))).json()["params"]
    assert params == {"pages": 501, "most": 500}


@pytest.mark.parametrize(
    "box",
    [b"[0 0 -960 -540]", b"[0 0 0 0]", b"[960 540 0 0]", b"[0 0 1e38 1e38]", b"[0 0 nan inf]", b"[]"],
)
async def test_a_page_of_senseless_size_is_drawn_all_the_same(teacher, node, pdfs, box):
    made = (await _upload(teacher, pdfs.pages(2, box))).json()
    await node.reading.settled()
    view = await _slides(node, made["id"])
    assert view["deck"]["state"] == "ready"
    assert len(_pages(view)) == 2


@pytest.mark.parametrize("box", [b"[0 0 1 100000]", b"[0 0 100000 1]", b"[0 0 10 10000]"])
async def test_a_page_of_absurd_shape_becomes_a_blank_that_says_so(teacher, node, pdfs, box):
    made = (await _upload(teacher, pdfs.pages(2, box), lang="zh-Hans")).json()
    await node.reading.settled()
    view = await _slides(node, made["id"])
    assert view["deck"]["state"] == "ready"
    assert {(p["title"], p["width"], p["height"]) for p in _pages(view)} == {("这一页无法显示。", 1600, 900)}
    runs = (await teacher.get(f"/assets/{_pages(view)[0]['asset']}/text.json")).json()["runs"]
    assert runs[0]["t"] == "这一页无法显示。"


async def test_a_page_that_is_missing_becomes_a_blank_between_the_others(teacher, node, pdfs):
    whole = pdfs.pages(3)
    made = (await _upload(teacher, whole.replace(b"8 0 R]/Count 3", b"99 0 R]/Count 3"))).json()
    await node.reading.settled()
    titles = [p["title"] for p in _pages(await _slides(node, made["id"]))]
    assert titles == ["Slide 1", "Slide 2", "This page could not be drawn."]


@pytest.mark.slow
class TestSlow:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), page_seconds=2)

    async def test_a_file_that_would_be_drawn_for_years_is_stopped(self, teacher, node, pdfs):
        made = (await _upload(teacher, pdfs.endless())).json()
        await node.reading.settled()
        deck = (await _slides(node, made["id"]))["deck"]
        assert (deck["state"], deck["code"], deck["drawn"]) == ("failed", "deck.too_slow", 0)


@pytest.mark.slow
async def test_a_picture_that_unpacks_to_half_a_gigabyte_harms_nobody(teacher, node, pdfs):
    side, squeeze = 12_000, zlib.compressobj(1)
    bomb = b"".join(squeeze.compress(bytes(3 * side)) for _ in range(side)) + squeeze.flush()
    kind = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (side, side)
    picture = pdfs.stream(bomb, kind + b"/Filter/FlateDecode")
    made = (await _upload(teacher, pdfs.one_page(b"960 0 0 540 0 0 cm /X Do", b"/XObject<</X 5 0 R>>", picture))).json()
    await node.reading.settled()
    assert (await _slides(node, made["id"]))["deck"]["state"] == "ready"


def _worker(monkeypatch, script):
    """Puts a worker that does what `script` says in the place of the real one."""
    head = "import json,os,signal,sys\nsay=lambda **l: print(json.dumps(l), flush=True)\n"
    monkeypatch.setattr(Process, "command", (sys.executable, "-c", head + script))


def _first_page(node, monkeypatch):
    """Set when a page is in the log."""
    drawn, submit = asyncio.Event(), node.hall.submit

    async def heard(lesson, wish, **more):
        await submit(lesson, wish, **more)
        if type(wish).__name__ == "AddPage":
            drawn.set()

    monkeypatch.setattr(node.hall, "submit", heard)
    return drawn


PAGE = """
os.mkdir('1')
for name in ('640.webp', '1600.webp', 'text.json'): open('1/' + name, 'w').write('{}')
say(pages=2); say(page=1, width=1600, height=900, title='One', drawn=True)
"""
LIMITED = "from mingtang.web.decks import worker; worker._limit(json.loads(sys.argv[1])); "
ENDS = {
    "more memory than allowed": (LIMITED + "bytes(2 << 30)", "deck.too_big"),
    "a file larger than allowed": (LIMITED + "open('x', 'wb').write(bytes(65 << 20))", "deck.broken"),
    "out of memory": ("os.abort()", "deck.too_big"),
    "out of its processor's time": ("os.kill(os.getpid(), 24)", "deck.too_slow"),
    "a crash": ("os.kill(os.getpid(), 11)", "deck.broken"),
    "an error": ("raise ValueError('no')", "deck.broken"),
    "garbage": ("print('{')", "deck.broken"),
    "a full disk": ("say(fail='deck.disk_full', params={})", "deck.disk_full"),
}


@pytest.mark.parametrize(("end", "code"), ENDS.values(), ids=ENDS.keys())
async def test_pages_drawn_before_a_worker_ended_stay(teacher, node, monkeypatch, end, code):
    _worker(monkeypatch, PAGE + end)
    made = (await _upload(teacher, b"%PDF-1.7")).json()
    await node.reading.settled()
    view = await _slides(node, made["id"])
    assert (view["deck"]["state"], view["deck"]["code"], view["deck"]["drawn"]) == ("failed", code, 1)
    assert [p["title"] for p in _pages(view)] == ["One"]


async def test_the_worker_is_held_to_its_limits(teacher, node, monkeypatch, pdfs):
    job = Process(node.folder.uploads, node.reading._limits, "")._job
    script = f"""
import json, sys
from mingtang.web.decks import worker
import resource
worker._limit(json.loads({json.dumps(job)!r}))
held = {{name: resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0] for name in ('AS', 'CPU', 'FSIZE', 'NOFILE')}}
print(json.dumps(held))
"""
    env = {"PYTHONPATH": str(SOURCES)}
    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=-1, env=env)
    held = json.loads((await asked.communicate())[0])
    assert held == {"AS": 1536 << 20, "CPU": 900, "FSIZE": 64 << 20, "NOFILE": 64}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "full"), "deck.disk_full"),
        (OSError(errno.EDQUOT, "quota"), "deck.disk_full"),
        (OSError(errno.EIO, "unreadable"), "deck.broken"),
        (MemoryError(), "deck.too_big"),
    ],
)
def test_the_worker_tells_why_it_ended(monkeypatch, capsys, error, code):
    def fail(job):
        raise error

    monkeypatch.setattr(sys, "argv", ["worker", "{}"])
    monkeypatch.setattr(worker, "_limit", lambda job: None)
    monkeypatch.setattr(worker, "_read", fail)
    worker.main()
    assert json.loads(capsys.readouterr().out) == {"fail": code, "params": {}}


class TestSmall:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), max_upload_mb=1)

    async def test_a_file_over_the_limit_is_refused_before_it_is_read(self, teacher, node):
        answer = await _upload(teacher, b"%PDF-" + b"0" * 2_000_000)
        assert (answer.status_code, answer.json()) == (413, {"code": "deck.too_large", "params": {"most": 1}})

    async def test_a_file_that_hides_its_length_is_stopped_on_the_way(self, teacher, node):
        sent = 0

        async def endless():
            nonlocal sent
            yield b'--b\r\nContent-Disposition: form-data; name="deck"; filename="x.pdf"\r\n\r\n%PDF-'
            while True:
                sent += 65536
                yield b"0" * 65536

        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = await teacher.post("/api/teach/lessons", content=endless(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "deck.too_large")
        assert sent < 2_000_000
        assert list(node.folder.uploads.iterdir()) == []


async def test_a_disk_that_fills_during_an_upload_is_told(teacher, node, monkeypatch, pdfs):
    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(intake._Reader, "_write", full)
    answer = await _upload(teacher, pdfs.pages(1))
    assert (answer.status_code, answer.json()["code"]) == (507, "deck.disk_full")
    assert list(node.folder.uploads.iterdir()) == []


async def test_an_upload_leaves_room_for_the_logs(teacher, monkeypatch, pdfs):
    monkeypatch.setattr(intake, "SPARE", 1 << 60)
    assert (await _upload(teacher, pdfs.pages(1))).json()["code"] == "deck.disk_full"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/pdf", b"%PDF-", 415),
        ("multipart/form-data", b"", 415),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense", 400),
        ("multipart/form-data; boundary=b", b"", 400),
    ],
)
async def test_a_form_that_is_none_is_refused(teacher, node, kind, body, status):
    answer = await teacher.post("/api/teach/lessons", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["code"] in ("web.wrong_type", "bad_shape")


async def test_a_file_name_cannot_leave_its_folder(teacher, node, pdfs):
    made = (await _upload(teacher, pdfs.pages(1), "..\\..//etc/\u202e<b>x.pdf")).json()
    await node.reading.settled()
    assert (await _slides(node, made["id"]))["deck"]["name"] == "<b>x.pdf"
    nameless = (await _upload(teacher, pdfs.pages(1), "\u202e/")).json()
    assert (await _slides(node, nameless["id"]))["deck"]["name"] == "slides.pdf"


async def test_reading_goes_on_after_a_restart_where_it_stopped(settings, pdfs, monkeypatch, browser, teacher, node):
    with monkeypatch.context() as patch:
        _worker(patch, PAGE + "signal.pause()")
        drawn = _first_page(node, patch)
        made = (await _upload(teacher, pdfs.pages(3))).json()
        await drawn.wait()
        await node.reading.close()
    [left] = node.folder.uploads.iterdir()
    (left / "file.pdf").write_bytes(pdfs.pages(2))
    await node.hall.close()
    folder = Folder(settings.data)
    async with open_node(settings, folder, "http://192.0.2.7") as again:
        await again.reading.settled()
        view = await _slides(again, made["id"])
        assert view["deck"]["state"] == "ready"
        assert [p["title"] for p in _pages(view)] == ["One", "Slide 2"]
        assert list(folder.uploads.iterdir()) == []


async def test_a_lesson_that_ends_while_its_deck_is_read_keeps_quiet(teacher, node, monkeypatch):
    second = "open('go').read(); os.rename('1.kept', '2'); say(page=2, **size)"
    keep = "size = dict(width=1, height=1, title='', drawn=True); os.mkdir('1.kept'); os.mkfifo('go')\n"
    _worker(monkeypatch, keep + PAGE + second)
    drawn = _first_page(node, monkeypatch)
    made = (await _upload(teacher, b"%PDF-1.7")).json()
    await drawn.wait()
    await node.hall.submit(made["id"], node.hall.kinds.commands["lesson.end"](), by="")
    next(node.folder.uploads.iterdir()).joinpath("go").write_text("")
    await node.reading.settled()
    assert await node.catalog.decks_in_reading() == []
    assert list(node.folder.uploads.iterdir()) == []
