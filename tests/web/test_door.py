"""The door of deploy/: a real Caddy with its Caddyfile before a node that serves, one that says no on /ready, and one
that is not there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.house.tree import ROOT
from tests.postgres import free_port
from tests.server import Server
from tests.web.test_proxies import PATIENCE_S, _listening

pytestmark = pytest.mark.slow
WORDS = "not now"


class Unready:
    """A node on its way out; `asked` counts what it was asked besides /ready."""

    def __init__(self) -> None:
        self.asked = 0
        self.checks = threading.Semaphore(0)
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/ready":
                    outer.checks.release()
                else:
                    outer.asked += 1
                self.send_response(503)
                self.send_header("Content-Length", str(len(WORDS)))
                self.end_headers()
                self.wfile.write(WORDS.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data", proxies="*").start()
    yield made
    made.stop()


@pytest.fixture
def unready() -> Iterator[Unready]:
    made = Unready()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def door(tmp_path: Path, server: Server, unready: Unready) -> Iterator[int]:
    """The port that the door listens on, once it has asked who is ready."""
    if shutil.which("caddy") is None and not os.environ.get("CI"):
        pytest.skip("caddy is not installed")
    port = free_port()
    told = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    nodes = {"node1": server.port, "node2": unready.http.server_port, "node3": free_port()}
    for name, at in nodes.items():
        told = told.replace(f"{name}:8123", f"127.0.0.1:{at}")
    told = told.replace(":8080 {", f":{port} {{\n\tbind 127.0.0.1").replace("{\n\tgrace", "{\n\tadmin off\n\tgrace")
    config, log = tmp_path / "Caddyfile", tmp_path / "door.log"
    config.write_text(told)
    env = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with log.open("wb") as out:
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
    try:
        _listening(port, process, log)
        for _ in range(2):  # at the second question the first answer has been heeded
            assert unready.checks.acquire(timeout=PATIENCE_S)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def test_the_door_leads_everybody_to_the_node_that_is_ready(door: int, server: Server, unready: Unready) -> None:
    unready.asked = 0
    answers = [httpx.get(f"http://127.0.0.1:{door}/health", timeout=PATIENCE_S) for _ in range(20)]
    assert [answer.status_code for answer in answers] == [200] * 20
    assert all(answer.json()["ok"] for answer in answers)
    assert unready.asked == 0
    lesson = server.lesson()
    cookie = server.join(lesson["code"], "Ada")
    url = f"ws://127.0.0.1:{door}/live/{lesson['id']}"
    with connect(url, additional_headers={"Cookie": cookie}) as line:
        assert json.loads(line.recv(PATIENCE_S))["t"] == "hello"
        line.send(json.dumps({"t": "do", "id": "1", "kind": "hands.raise", "data": {}}))
        while (answer := json.loads(line.recv(PATIENCE_S)))["t"] != "ok":
            assert answer["t"] in ("patch", "mine"), answer


def test_where_nobody_is_ready_a_node_is_asked_for_its_words_all_the_same(
    door: int, server: Server, unready: Unready
) -> None:
    server.stop()
    answer = httpx.get(f"http://127.0.0.1:{door}/api/lessons/111111", timeout=PATIENCE_S)
    assert (answer.status_code, answer.text) == (503, WORDS)
