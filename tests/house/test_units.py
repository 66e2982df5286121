"""The units of docs/run are what systemd takes, and fit together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PAGES = ("install.md", "backup.md")


def units(page: str) -> list[str]:
    text = (ROOT / "docs" / "run" / page).read_text(encoding="utf-8")
    return [block for block in re.findall(r"```ini\n(.*?)```", text, re.DOTALL) if "[Unit]" in block]


def names(text: str, key: str) -> list[str]:
    return [word for line in re.findall(rf"^{key}=(.*)$", text, re.MULTILINE) for word in line.split()]


def test_the_backup_is_made_by_the_same_program_and_user_in_folders_that_this_user_has() -> None:
    (server,), (backup, _) = units("install.md"), units("backup.md")
    program = names(server, "ExecStart")[0]
    assert f"exec {program} backup" in backup
    assert names(server, "DynamicUser") == names(backup, "DynamicUser") == ["yes"]
    assert names(backup, "User") == ["mingtang"], "the name that systemd gives the user of mingtang.service"
    folders = [f"/var/lib/{name}" for name in names(backup, "StateDirectory")]
    assert all(any(path.startswith(folder) for folder in folders) for path in re.findall(r"/var/[\w/-]+", backup))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_takes_the_units_as_they_stand(tmp_path: Path) -> None:
    files = []
    for page in PAGES:
        for unit in units(page):
            kind = "timer" if "[Timer]" in unit else "service"
            file = tmp_path / f"{page.removesuffix('.md')}.{kind}"
            file.write_text(unit.replace("/opt/mingtang/bin/mingtang serve", "/bin/true"), encoding="utf-8")
            files.append(file)
    asked = ["systemd-analyze", "verify", "--man=no", *map(str, files)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    mine = [line for line in told.stderr.splitlines() if str(tmp_path) in line or "install.service" in line]
    assert (mine, told.returncode) == ([], 0), told.stderr
