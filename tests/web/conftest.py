"""A node in this process with browsers around it, a real server in another, and PDFs made on the spot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mingtang.settings import Settings
from mingtang.web.app import application
from mingtang.web.folder import Folder
from mingtang.web.node import Node, open_node

ADDRESS = "http://192.0.2.7:8123"
PAGES = tuple(
    f"{page}.html"
    for page in (
        "student",
        "home",
        "teacher",
        "wall",
        "replay",
        "notebook",
        "search",
        "https",
        "plan",
        "bank",
        "preview",
    )
)


class Pdfs:
    """Written by hand, byte by byte, so that they can be wrong in every way."""

    def of(self, *objects: bytes, root: bytes = b"<</Type/Catalog/Pages 2 0 R>>", trailer: bytes = b"") -> bytes:
        """Objects are numbered from 2."""
        out, places = b"%PDF-1.7\n", []
        for number, body in enumerate((root, *objects), 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(places) + 1
        end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(out))
        return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)

    def stream(self, data: bytes, entries: bytes = b"") -> bytes:
        return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)

    def pages(self, count: int, box: bytes = b"[0 0 960 540]", text: str = "Slide") -> bytes:
        """Each page says its number in large letters."""
        kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(count))
        objects = [
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        for n in range(count):
            said = b"BT /F 40 Tf 60 440 Td (%s %d) Tj 0 -120 Td /F 12 Tf (small print) Tj ET" % (text.encode(), n + 1)
            page = b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            objects += [page % (box, 5 + 2 * n), self.stream(said)]
        return self.of(*objects)

    def one_page(self, contents: bytes, resources: bytes = b"", *more: bytes, box: bytes = b"[0 0 960 540]") -> bytes:
        """Further objects are numbered from 5."""
        page = b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources<<%s>>/Contents 4 0 R>>" % (box, resources)
        return self.of(b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, self.stream(contents), *more)

    def endless(self) -> bytes:
        """A form that draws a form twice, forty deep: 2⁴⁰ drawings in two kilobytes."""
        forms = []
        for depth in range(40):
            inner = b"/Subtype/Form/BBox[0 0 960 540]/Resources<</XObject<</X %d 0 R>>>>" % (6 + depth)
            forms.append(self.stream(b"/X Do /X Do", b"/Type/XObject" + inner))
        last = self.stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 960 540]")
        return self.one_page(b"/X Do", b"/XObject<</X 5 0 R>>", *forms, last)

    def encrypted(self) -> bytes:
        key = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
        return self.of(b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R>>", trailer=key)


@pytest.fixture
def pdfs() -> Pdfs:
    return Pdfs()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Stands for what vite builds."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    for page in PAGES:
        (folder / page).write_text(f"<!doctype html><title>{page}</title>" + " " * 600)
    (folder / "assets" / "start-abc123.js").write_text("export {};" * 100)
    return folder


@pytest.fixture
def settings(tmp_path: Path, bundle: Path) -> Settings:
    return Settings(data=tmp_path / "data", static=str(bundle), page_seconds=20)


@pytest.fixture
async def node(settings: Settings) -> AsyncIterator[Node]:
    folder = Folder(settings.data)
    folder.prepare()
    async with open_node(settings, folder, ADDRESS) as opened:
        for limit in (opened.wrong_codes, opened.joins, opened.changes, opened.walls):
            limit._now = lambda: 1000.0  # a slow computer would be let through again in between
        yield opened


Browsers = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def browser(node: Node) -> AsyncIterator[Browsers]:
    """Makes browsers, each with cookies of its own; `address` is where it seems to be."""
    made: list[httpx.AsyncClient] = []
    app = application(node)

    def make(address: str = "198.51.100.1", **more: Any) -> httpx.AsyncClient:
        way = httpx.ASGITransport(app=app, client=(address, 5000), raise_app_exceptions=False)  # type: ignore[arg-type]
        url = node.settings.public_url or "http://hall.test"
        made.append(httpx.AsyncClient(transport=way, base_url=url, **more))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
async def teacher(browser: Browsers, node: Node) -> httpx.AsyncClient:
    """A browser that has opened the private link."""
    client = browser()
    answer = await client.get("/teach", params={"key": node.folder.teacher_key()})
    assert answer.status_code == 303
    return client


@pytest.fixture
async def lesson(teacher: httpx.AsyncClient) -> dict[str, str]:
    """A lesson without a deck: `id`, `code`, `url`."""
    answer = await teacher.post("/api/teach/lessons", files={"title": (None, "Sets"), "lang": (None, "en")})
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


class Server:
    """`mingtang serve` as a person starts it, on a free port of this computer."""

    def __init__(self, data: Path, bundle: Path, env: dict[str, str]) -> None:
        src = str(Path(sys.modules["mingtang"].__file__ or "").parents[1])
        self.data = data
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": src,
            "LANG": "C.UTF-8",
            "MINGTANG_DATA": str(data),
            "MINGTANG_STATIC": str(bundle),
            "MINGTANG_HOST": "127.0.0.1",
            "MINGTANG_PORT": "0",
            **env,
        }
        self.process = self._start()
        self.lines = self._until_up()
        self.url = ""
        if self.lines and "Ctrl+C" in self.lines[-1]:
            self.url = json.loads((data / "server.json").read_text())["url"]

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "mingtang", "serve"],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _until_up(self) -> list[str]:
        lines = []
        assert self.process.stdout
        for line in self.process.stdout:
            lines.append(line.rstrip())
            if "Ctrl+C" in line:
                break
        return lines

    @property
    def key(self) -> str:
        return (self.data / "teacher.key").read_text()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "mingtang", *arguments], env=self.env, capture_output=True, text=True, timeout=60
        )

    def stop(self) -> tuple[int, str, str]:
        if self.process.poll() is None:
            self.process.terminate()
        said, complained = self.process.communicate(timeout=20)
        return self.process.returncode, said, complained

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def serve(tmp_path: Path, bundle: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on one data folder; those left running are stopped."""
    started: list[Server] = []

    def start(data: Path = tmp_path / "served", **env: str) -> Server:
        started.append(Server(data, bundle, env))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()
