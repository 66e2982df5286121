"""Pictures in S3-compatible storage: what one node draws, all show. The storage is a server that speaks S3, in a
process of its own, and obstore's own in memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from obstore.store import MemoryStore, ObjectStore

from mingtang.readings.notebook import absent_pages, read
from mingtang.readings.search import index
from mingtang.readings.search.asking import find
from mingtang.web.decks.bucket import BucketShelf, bucket_at
from mingtang.web.decks.shelf import fetched
from mingtang.web.keeping.pictures import ShelfPictures
from tests.readings.logs import Held, Logs

FILES = {"640.webp": b"small", "1600.webp": b"large", "text.json": b"[]"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3 and has a bucket `lessons`."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        said = next(line for line in server.stderr if "Running on " in line)
        url = said.partition("Running on ")[2].strip()
        assert httpx.put(f"{url}/lessons").status_code == 200
        yield url
    finally:
        server.kill()
        server.wait()


@pytest.fixture(params=["a server", "memory"])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    if request.param == "memory":
        return MemoryStore()
    told = {"ENDPOINT": request.getfixturevalue("s3"), "ALLOW_HTTP": "true", "REGION": "eu-central-1"}
    for name, value in {**told, "ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return bucket_at(f"s3://lessons/{request.node.name.split('[')[0]}")


@pytest.fixture
def shelves(tmp_path: Path, bucket: ObjectStore):
    """Two nodes with folders of their own and one bucket."""
    made = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        made.append(BucketShelf(folder, bucket))
    return made


def drawn(folder: Path) -> Path:
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_page_drawn_at_one_node_is_read_at_another_and_kept_there(shelves, tmp_path):
    asset = shelves[0].take(drawn(tmp_path / "page"))
    assert {name: shelves[1].read(asset, name) for name in FILES} == FILES
    kept = tmp_path / "1" / asset[:2] / asset
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == FILES
    assert list((tmp_path / "1").glob("*.new")) == []


def test_what_is_dropped_is_nowhere_any_more(shelves, tmp_path):
    asset = shelves[0].take(drawn(tmp_path / "page"))
    shelves[0].drop(asset)
    assert [shelf.read(asset, "640.webp") for shelf in shelves] == [None, None]


def test_a_page_that_is_put_again_is_the_new_one_for_who_has_not_seen_it(shelves, tmp_path):
    asset = shelves[0].take(drawn(tmp_path / "page"))
    again = drawn(tmp_path / "again")
    (again / "640.webp").write_bytes(b"other")
    shelves[0].drop(asset)
    shelves[0].put(asset, again)
    assert shelves[1].read(asset, "640.webp") == b"other"


def test_only_pages_are_asked_for(shelves):
    assert shelves[0].read("../../secret", "640.webp") is None
    assert shelves[0].read("0" * 32, "secret") is None
    assert shelves[0].read("0" * 32, "640.webp") is None


def test_a_page_that_the_bucket_does_not_take_is_not_on_the_shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    (tmp_path / "shelf").mkdir()
    shelf = BucketShelf(tmp_path / "shelf", bucket_at("s3://lessons/pictures", retries=0))
    with pytest.raises(OSError, match="bucket"):
        shelf.take(drawn(tmp_path / "page"))
    assert list((tmp_path / "shelf").iterdir()) == []


def test_a_lesson_file_has_the_pages_that_another_node_drew(shelves, tmp_path):
    asset = shelves[0].take(drawn(tmp_path / "page"))
    assert dict(ShelfPictures(shelves[1]).of(asset)) == FILES
    assert dict(ShelfPictures(shelves[1]).of("0" * 32)) == {}


async def test_the_writing_on_a_page_of_another_node_is_found_and_in_the_notebook(shelves, tmp_path):
    written = tmp_path / "written"
    written.mkdir()
    run = {"t": "Quagga", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.05}
    for name, data in {**FILES, "text.json": json.dumps({"runs": [run]}).encode()}.items():
        (written / name).write_bytes(data)
    asset, here = shelves[0].take(written), tmp_path / "1"
    held = Held()
    held.page(1, "Buckets", asset)
    lesson = tmp_path.name  # what is read of one is kept in mind
    logs, path = Logs(**{lesson: held}), str(here / "search.db")
    missing = index.catch_up(logs, path, str(here), lesson)
    assert missing == absent_pages(logs, lesson, str(here)) == [asset]
    assert await fetched(shelves[1], missing)
    assert index.catch_up(logs, path, str(here), lesson, again=True) == []
    assert b"slide" in find(logs, path, "quagga", {lesson: "ada"})
    assert b"Quagga" in gzip.decompress(read(logs, lesson, "ada", str(here)) or b"")
