"""Flags, environment, defaults; and the data folder's own files."""

from __future__ import annotations

import os
import stat

import pytest

from mingtang.settings import BadSetting, Settings, load, table
from mingtang.web.folder import Folder, write_whole
from mingtang.web.trouble import Trouble


def test_a_flag_goes_before_the_environment_and_that_before_the_default():
    env = {"MINGTANG_PORT": "9000"}
    assert load({}, {}).port == 8123
    assert load({}, env).port == 9000
    assert load({"port": "9001"}, env).port == 9001
    assert load({"port": None}, {"MINGTANG_PORT": ""}).port == 8123


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("MAX_PAGES", "0"),
        ("LANGUAGE", "fr"),
        ("LOG_LEVEL", "loud"),
        ("PUBLIC_URL", "lesson.example.org"),
        ("PUBLIC_URL", "https://lesson.example.org/"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(BadSetting) as wrong:
        load({}, {f"MINGTANG_{name}": value})
    assert (wrong.value.params["name"], wrong.value.params["value"]) == (f"MINGTANG_{name}", value)


def test_every_setting_is_in_the_table_with_a_meaning():
    rows = {row.name: row for row in table()}
    assert set(rows) == set(Settings.__dataclass_fields__)
    assert all(row.meaning.endswith(".") and row.env == f"MINGTANG_{row.name.upper()}" for row in rows.values())
    assert (rows["port"].flag, rows["port"].type, rows["port"].default) == ("--port", "number", "8123")


def test_the_data_folder_and_its_secrets_are_for_their_owner_alone(tmp_path):
    folder = Folder(tmp_path / "a" / "data")
    folder.prepare()
    assert len(folder.secret()) == 32
    assert folder.secret() == folder.secret()
    assert folder.teacher_key() == folder.teacher_key()
    modes = {name: stat.S_IMODE((folder.path / name).stat().st_mode) for name in ("", "secret", "teacher.key")}
    assert modes == {"": 0o700, "secret": 0o600, "teacher.key": 0o600}


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    write_whole(file, b"old")

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "data").write_text("x")
    with pytest.raises(Trouble, match="data-unwritable"):
        Folder(tmp_path / "data").prepare()


def test_one_lock_at_a_time(tmp_path):
    folder = Folder(tmp_path)
    with folder.locked():
        assert folder.is_locked()
        with pytest.raises(Trouble, match="data-in-use"), folder.locked():
            pass
    assert not folder.is_locked()
