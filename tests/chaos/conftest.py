"""The thousand simulated lessons run beside the other tests, at the lowest priority, and are looked at when those are
done: they need nothing but processor time, and the others spend much of theirs waiting."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from typing import Any

import pytest

from tests.server import ROOT

SEEDS = int(os.environ.get("CHAOS_SEEDS", "1000"))
THOUSAND = "test_a_thousand_lessons_keep_every_promise"
_key = pytest.StashKey[tuple[subprocess.Popen[str], Any]]()


def pytest_collection_finish(session: pytest.Session) -> None:
    if session.config.option.collectonly or not any(item.name == THOUSAND for item in session.items):
        return
    told: Any = tempfile.TemporaryFile("w+")  # noqa: SIM115 — it lives as long as the session
    command = ["nice", "-n", "19", sys.executable, "-m", "bench.chaos", "--seeds", str(SEEDS)]
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=told, stderr=told, text=True, start_new_session=True)
    session.config.stash[_key] = (process, told)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (made := session.config.stash.get(_key, None)) is not None:
        with contextlib.suppress(ProcessLookupError):  # it leads a session of its own: its workers end with it
            os.killpg(made[0].pid, signal.SIGKILL)


@pytest.fixture
def thousand(request: pytest.FixtureRequest) -> tuple[int, str]:
    """How the simulation ended, and what it said."""
    process, told = request.config.stash[_key]
    status = process.wait()
    told.seek(0)
    return status, told.read()
