"""PPTX, PPT and ODP become pages with titles and notes through LibreOffice; without it, or if it fails, a sentence."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from mingtang.settings import Settings
from mingtang.web import confined
from mingtang.web.confined import Bounds
from mingtang.web.decks import office, outline
from tools.decks import DECKS, loops, optics

needs_office = pytest.mark.skipif(
    not office.find(), reason="LibreOffice is not installed: apt install libreoffice-impress"
)


async def _upload(teacher, data, name="slides.pptx"):
    return await teacher.post("/api/teach/lessons", files={"deck": (name, data, "application/octet-stream")})


async def _drawn(node, lesson):
    await node.reading.settled()
    found = await node.hall.look(lesson)
    steps = found.view("teacher", "slides")["steps"]
    notes = found.view("teacher", "slides/notes")["notes"]
    pages = sorted((s["page"], step) for step, s in steps.items() if s["kind"] == "page")
    return [(steps[step]["title"], notes.get(step, "")) for _, step in pages]


@pytest.fixture(scope="module")
def decks(tmp_path_factory) -> dict[str, bytes]:
    """The Chinese deck in three formats: the old and the free one are made by LibreOffice itself."""
    folder = tmp_path_factory.mktemp("decks")
    (folder / "optics.pptx").write_bytes(optics.make())
    for ending in ("ppt", "odp"):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            str(office.find()),
            profile,
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            folder,
            folder / "optics.pptx",
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {file.suffix[1:]: file.read_bytes() for file in folder.glob("optics.*")}


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["pptx", "ppt", "odp"])
async def test_a_presentation_becomes_pages_with_its_titles_and_its_notes(teacher, node, decks, ending) -> None:
    made = (await _upload(teacher, decks[ending], f"光的折射.{ending}")).json()
    expected = [(title, notes) for title, _, notes in optics.SLIDES]
    assert await _drawn(node, made["id"]) == expected
    assert list(node.folder.uploads.iterdir()) == []


@needs_office
@pytest.mark.slow
async def test_a_hidden_slide_is_no_page_and_moves_no_note(teacher, node) -> None:
    made = (await _upload(teacher, loops.make())).json()
    drawn = await _drawn(node, made["id"])
    assert drawn == [(title, notes) for title, _, _, notes in loops.SLIDES]
    assert len(drawn) == DECKS["loops"].pages
    assert sum(bool(notes) for _, notes in drawn) == DECKS["loops"].notes


@needs_office
@pytest.mark.slow
async def test_in_a_plan_the_notes_are_those_of_its_steps_and_the_presentation_stays_with_it(teacher, node) -> None:
    plan = (await teacher.post("/api/teach/plans", json={"title": "Loops"})).json()["id"]
    data = loops.make()
    await teacher.post(f"/api/teach/plans/{plan}/decks", files={"deck": ("loops.pptx", data, "application/x-any")})
    await node.reading.settled()
    steps = (await teacher.get(f"/api/teach/plans/{plan}")).json()["steps"]
    assert [(s["page"]["title"], s.get("notes", "")) for s in steps] == [(t, n) for t, _, _, n in loops.SLIDES]
    [kept] = node.folder.slides.rglob("file.pptx")
    assert kept.read_bytes() == data


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


def _bomb() -> bytes:
    """Small parts whose directory says what they would come to."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/presentation.xml", b"<p/>")
        archive.filelist[0].file_size = 2_000_000_000
    return file.getvalue()


OLE = outline.OLE + bytes(504)
REFUSED = {
    "half a presentation": (lambda: optics.make()[:20_000], "deck.slides_broken"),
    "a zip of anything": (lambda: _zip(hello=b"world"), "deck.not_slides"),
    "a text document": (lambda: _zip(word__document_xml=b"<w/>"), "deck.not_slides"),
    "a locked presentation": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "deck.encrypted"),
    "an old text document": (lambda: OLE + "WordDocument".encode("utf-16-le"), "deck.not_slides"),
    "a zip without end": (lambda: b"PK\x03\x04" + os.urandom(2000), "deck.slides_broken"),
    "a locked ODP": (
        lambda: _zip(mimetype=outline.ODP, **{"META-INF__manifest_xml": b"<m:encryption-data/>"}),
        "deck.encrypted",
    ),
}


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_no_presentation_is_told_in_words_and_makes_no_lesson(teacher, node, make, code) -> None:
    answer = await _upload(teacher, make())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await teacher.get("/api/teach/lessons")).json()["lessons"] == []
    assert list(node.folder.uploads.iterdir()) == []


async def test_a_presentation_that_unpacks_to_gigabytes_is_refused_unpacked(teacher) -> None:
    assert (await _upload(teacher, _bomb())).json()["code"] == "deck.too_big"


@needs_office
@pytest.mark.slow
async def test_a_presentation_with_nonsense_inside_is_told_by_libreoffice(teacher, node) -> None:
    nonsense = _zip(ppt__presentation_xml=b"<p", **{"[Content_Types]_xml": b"no xml"})
    assert (await _upload(teacher, nonsense)).json()["code"] == "deck.slides_broken"
    assert list(node.folder.uploads.iterdir()) == []


@pytest.fixture
def instead(tmp_path, monkeypatch):
    """Puts a program of our own in the place of LibreOffice."""

    def put(script: str) -> None:
        folder = tmp_path / "programs"
        folder.mkdir()
        (folder / "soffice").write_text(f"#!{sys.executable}\nimport os, sys, time, signal\n{textwrap.dedent(script)}")
        (folder / "soffice").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return put


async def test_without_libreoffice_the_way_to_get_it_is_told(teacher, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = await _upload(teacher, optics.make())
    assert (answer.status_code, answer.json()["code"]) == (501, "deck.no_office")
    assert "apt install libreoffice-impress" in (Path(office.__file__).parents[1] / "messages.en.json").read_text()


FAILS = {
    "a crash": ("os.kill(os.getpid(), signal.SIGSEGV)", "deck.slides_broken"),
    "no memory": ("os.abort()", "deck.too_big"),
    "more memory than allowed": ("bytes(3 << 30)", "deck.too_big"),
    "a file larger than allowed": ("open('x', 'wb').truncate(600 << 20)", "deck.slides_broken"),
    "nothing made": ("", "deck.slides_broken"),
    "something else made": (
        "os.mkdir('pdf-made'); open('pdf-made/file.pdf', 'w').write('no PDF')",
        "deck.not_pdf",
    ),
}


@pytest.mark.parametrize(("script", "code"), FAILS.values(), ids=FAILS.keys())
async def test_when_libreoffice_fails_the_server_says_so_and_keeps_none(teacher, node, instead, script, code) -> None:
    instead(script)
    assert (await _upload(teacher, optics.make())).json()["code"] == code
    assert list(node.folder.uploads.iterdir()) == []
    assert (await teacher.get("/api/teach/lessons")).json()["lessons"] == []


class TestHanging:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), office_seconds=1)

    async def test_libreoffice_that_hangs_is_ended_with_the_children_it_started(
        self, teacher, node, instead, tmp_path
    ) -> None:
        pids = tmp_path / "pids"
        instead(f"""
            child = os.fork()
            open({str(pids)!r}, "a").write(f"{{os.getpid()}}\\n")
            signal.pause()
        """)
        answer = await _upload(teacher, optics.make())
        assert answer.json() == {"code": "deck.office_slow", "params": {"seconds": 1}}
        started = [int(pid) for pid in pids.read_text().split()]
        assert len(started) == 2
        assert [pid for pid in started if _lives(pid)] == []
        assert list(node.folder.uploads.iterdir()) == []


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


async def test_a_confined_program_is_held_to_its_limits_and_sees_none_of_the_servers_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGTANG_SECRET", "x")
    script = """
import json, os, resource
held = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))[0] for name in ("AS", "CPU", "FSIZE", "NOFILE")}
print(json.dumps([held, sorted(os.environ), os.environ["HOME"]]))
"""
    ended = await confined.run([sys.executable, "-c", script], tmp_path, Bounds(512, 7, file_mb=3, files=99))
    held, seen, home = json.loads(ended.out)
    assert held == {"AS": 512 << 20, "CPU": 7, "FSIZE": 3 << 20, "NOFILE": 99}
    assert "MINGTANG_SECRET" not in seen
    assert home == str(tmp_path)


async def test_a_confined_program_is_ended_when_the_one_who_asked_goes_away(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    script = "import os, signal; open('pipe', 'w').write(str(os.getpid())); signal.pause()"
    asked = asyncio.create_task(confined.run([sys.executable, "-c", script], tmp_path, Bounds(512, 60)))
    pid = int(await asyncio.to_thread((tmp_path / "pipe").read_text))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not _lives(pid)


@pytest.mark.skipif(not shutil.which("unshare"), reason="util-linux is not installed")
async def test_libreoffice_runs_without_any_network(tmp_path) -> None:
    """Where the system allows a namespace of its own, there is not even the loopback."""
    if not office.alone():
        pytest.skip("this system lets nobody make a network namespace")
    script = """
import socket
print([name for _, name in socket.if_nameindex()])
print(socket.socket().connect_ex(("127.0.0.1", 9)))
"""
    ended = await confined.run([*office.alone(), sys.executable, "-c", script], tmp_path, Bounds(512, 10))
    assert ended.out.decode().split("\n")[:2] == ["['lo']", "101"], ended.said  # 101: network is unreachable
