"""Backups of a folder that nobody writes to: complete, refused when wrong, and never half restored."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bench.school.folder import fill
from mingtang.stores.reading import open_reader
from mingtang.web.folder import Folder
from mingtang.web.keeping.backup import MANIFEST, back_up
from mingtang.web.keeping.restore import restore
from mingtang.web.trouble import Trouble
from tests.readings.lessons import contents, write


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("backup") / "data"
    asyncio.run(fill(folder, 2, 6, 300, 2, seed=21))
    return folder


@pytest.fixture
def good(school, tmp_path) -> Path:
    back_up(Folder(school), tmp_path / "good.zip", keys=False)
    return tmp_path / "good.zip"


def files_of(folder: Path) -> dict[str, bytes]:
    """All that a restore has to bring back as it was."""
    skipped = (".db", ".db-wal", ".db-shm")
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in folder.rglob("*")
        if f.is_file() and not f.name.endswith(skipped) and f.name[0] != "." and f.name != "lock"
    }


def logs_of(folder: Path) -> dict[str, list[object]]:
    from mingtang.web.keeping.backup import heads

    reader = open_reader(str(folder / "lessons.db"))
    return {lesson: reader.rows(lesson) for lesson in heads(folder / "lessons.db")}


def refused(file: Path, to: Path) -> str:
    """The code; afterwards there is no folder, whole or half."""
    with pytest.raises(Trouble) as trouble:
        restore(file, to)
    assert not to.exists()
    assert not to.with_name(f"{to.name}.part").exists()
    return trouble.value.code


def test_a_restored_folder_has_every_row_and_every_file(school, tmp_path):
    back_up(Folder(school), tmp_path / "all.zip", keys=True)
    restore(tmp_path / "all.zip", tmp_path / "new")
    assert logs_of(tmp_path / "new") == logs_of(school)
    assert files_of(tmp_path / "new") == files_of(school)
    assert len(files_of(school)) > 10


def test_the_keys_are_left_out_unless_they_are_asked_for(school, good, tmp_path):
    secret = (school / "secret").read_bytes()
    assert {"secret", "teacher.key"} & contents(good).keys() == set()
    assert secret not in good.read_bytes()
    back_up(Folder(school), tmp_path / "keys.zip", keys=True)
    assert contents(tmp_path / "keys.zip")["secret"] == secret
    assert stat.S_IMODE(good.stat().st_mode) == 0o600


def test_a_lesson_restored_without_keys_can_be_opened_by_a_server(good, serve, tmp_path):
    restore(good, tmp_path / "new")
    server = serve(tmp_path / "new")
    lesson = next(iter(json.loads(contents(good)[MANIFEST])["lessons"]))
    assert server.command("digest", lesson).returncode == 0
    assert server.stop()[0] == 0


def test_a_folder_that_holds_something_is_left_as_it_is(good, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine").write_text("mine")
    with pytest.raises(Trouble, match="folder-not-empty"):
        restore(good, tmp_path / "there")
    assert [f.name for f in (tmp_path / "there").iterdir()] == ["mine"]
    (tmp_path / "empty").mkdir()
    restore(good, tmp_path / "empty")
    assert (tmp_path / "empty" / "lessons.db").exists()


def test_a_backup_cut_short_is_refused(good, tmp_path):
    whole = good.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut").write_bytes(whole[:size])
        assert refused(tmp_path / "cut", tmp_path / "new") in ("backup-damaged", "no-backup")


def test_a_flipped_byte_is_found(good, tmp_path):
    whole = good.read_bytes()
    found = 0
    for place in range(60, len(whole) - 400, len(whole) // 17):
        (tmp_path / "bad").write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            restore(tmp_path / "bad", tmp_path / "new")
        except Trouble:
            found += 1
            assert not (tmp_path / "new").exists()
        else:  # in a field that no reader looks at
            shutil.rmtree(tmp_path / "new")
    assert found > 10


@pytest.mark.parametrize("name", ["../evil", "/etc/cron.d/x", "a/../../x", ".ssh/x", "a\\b", "stray.txt"])
def test_names_that_no_backup_has_are_refused(good, tmp_path, name):
    entries = contents(good)
    entries[name] = b"x"
    assert refused(write(tmp_path / "x", entries, vouch=False), tmp_path / "new") == "backup-strange"
    assert not (tmp_path / "evil").exists()


def test_links_and_newer_and_other_files_are_refused(good, tmp_path):
    entries = contents(good)
    with zipfile.ZipFile(tmp_path / "link", "w") as zip_:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name == "lessons.db" else 0
            zip_.writestr(info, data)
    assert refused(tmp_path / "link", tmp_path / "new") == "backup-strange"
    manifest = json.loads(entries[MANIFEST])
    for change, code in (
        ({"version": 2}, "backup-newer"),
        ({"format": "zip"}, "no-backup"),
        ({"parts": 1}, "no-backup"),
    ):
        changed = {**entries, MANIFEST: json.dumps(manifest | change).encode()}
        assert refused(write(tmp_path / "x", changed, vouch=False), tmp_path / "new") == code
    (tmp_path / "pdf").write_bytes(b"%PDF-1.7")
    assert refused(tmp_path / "pdf", tmp_path / "new") == "backup-damaged"
    shorter = {**entries, MANIFEST: json.dumps(manifest | {"lessons": {"other": 3}}).encode()}
    assert refused(write(tmp_path / "x", shorter, vouch=False), tmp_path / "new") == "backup-damaged"


def test_a_disk_that_is_full_leaves_neither_half_a_backup_nor_half_a_folder(school, good, tmp_path):
    def run(*arguments: str, most: int) -> subprocess.CompletedProcess[str]:
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # noqa: E731
        return subprocess.run(
            [sys.executable, "-m", "mingtang", *arguments], env={**os.environ, "LANG": "C.UTF-8"},
            capture_output=True, text=True, timeout=60, preexec_fn=limit, check=False,
        )  # fmt: skip

    (tmp_path / "out").mkdir()
    full = run("backup", str(tmp_path / "out" / "b.zip"), "--data", str(school), most=40_000)
    assert full.returncode == 1
    assert full.stderr.startswith(("[file-unwritable]", "[log-unusable]")), full.stderr
    assert list((tmp_path / "out").iterdir()) == []
    half = run("restore", str(good), "--data", str(tmp_path / "out" / "new"), most=40_000)
    assert (half.returncode, half.stderr.split("]")[0]) == (1, "[file-unwritable"), half.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_a_disk_too_small_is_said_before_anything_is_written(good, tmp_path, monkeypatch):
    class Small:
        free = 10

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Small)
    assert refused(good, tmp_path / "new") == "disk-too-small"


def test_a_database_that_is_damaged_is_not_backed_up_in_silence(school, tmp_path):
    data = Path(shutil.copytree(school, tmp_path / "bad"))
    for left in ("lessons.db-wal", "lessons.db-shm"):
        (data / left).unlink(missing_ok=True)
    whole = (data / "lessons.db").read_bytes()
    (data / "lessons.db").write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    with pytest.raises(Trouble):
        back_up(Folder(data), tmp_path / "b.zip", keys=False)
    assert not (tmp_path / "b.zip").exists()
