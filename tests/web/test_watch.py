"""What an operator sees: numbers that move with what happens, spans at a collector, and a server that drains."""

from __future__ import annotations

import http.server
import re
import signal
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client import CollectorRegistry

from mingtang import metrics, traces
from mingtang.web import health
from tests.web.test_server import _frame, _http, _lesson, _live, _student

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def numbers(port: int) -> dict[str, float]:
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=20).text
    rows = re.findall(r"^(mingtang_[^ ]+) ([0-9.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in rows}


def test_the_numbers_follow_what_happens_in_a_lesson(serve):
    port = free_port()
    server = serve(MINGTANG_METRICS_PORT=str(port))
    lesson = _lesson(server)
    before = numbers(port)
    student = _student(server, lesson)
    with _live(server, lesson, student) as line:
        _frame(line, "hello")
        line.send('{"t":"do","id":"1","kind":"hands.raise","data":{}}')
        line.send('{"t":"do","id":"2","kind":"lesson.end","data":{}}')
        assert {_frame(line, "ok")["id"], _frame(line, "no")["id"]} == {"1", "2"}
        now = numbers(port)
        assert now['mingtang_screens{role="student"}'] == 1
    assert now["mingtang_lessons_open"] == 1
    assert now['mingtang_commands_total{outcome="taken"}'] == before['mingtang_commands_total{outcome="taken"}'] + 1
    assert now['mingtang_commands_total{outcome="refused"}'] == 1
    assert now["mingtang_events_total"] >= before["mingtang_events_total"] + 3, "joined, came, raised"
    assert now["mingtang_append_seconds_count"] > before["mingtang_append_seconds_count"]
    assert now["mingtang_command_seconds_count"] == 2
    assert now['mingtang_http_seconds_count{method="POST",status="200"}'] == 1


def test_the_numbers_are_not_on_the_lessons_port_and_name_nobody(serve):
    port = free_port()
    server = serve(MINGTANG_METRICS_PORT=str(port))
    lesson = _lesson(server)
    _student(server, lesson, name="Ada Lovelace")
    assert _http(server).get("/metrics").status_code == 404
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=20).text
    for secret in ("Ada", lesson["id"], lesson["code"], server.key):
        assert secret not in text


def test_a_taken_port_for_numbers_is_told_in_a_sentence(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = serve(MINGTANG_METRICS_PORT=str(other.getsockname()[1]))
        status, _, complained = server.stop()
    assert status == 1
    assert "port-taken" in complained
    assert "Traceback" not in complained


class Collector(http.server.BaseHTTPRequestHandler):
    """Stands where an OpenTelemetry collector would."""

    got: list[tuple[str, bytes]]
    came: threading.Event

    def do_POST(self) -> None:
        self.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.came.set()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[http.server.ThreadingHTTPServer]:
    handler = type("Handler", (Collector,), {"got": [], "came": threading.Event()})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_spans_reach_a_collector_and_hold_no_secret(serve, collector):
    address = f"http://127.0.0.1:{collector.server_port}"
    server = serve(MINGTANG_TRACES=address)
    lesson = _lesson(server)
    _student(server, lesson, name="Ada Lovelace")
    assert server.stop()[0] == 0, "what is not sent yet is sent at the end"
    got = collector.RequestHandlerClass.got
    assert {path for path, _ in got} == {"/v1/traces"}
    sent = b"".join(body for _, body in got)
    assert b"append" in sent
    assert b"request" in sent
    for secret in ("Ada", lesson["code"], server.key):
        assert secret.encode() not in sent


def test_without_a_collector_a_span_costs_nothing_and_nothing_is_loaded():
    with traces.span("append", events=1) as made:
        assert made is None


def test_a_draining_server_says_so_and_still_teaches(serve):
    server = serve(MINGTANG_DRAIN_SECONDS="600")
    lesson = _lesson(server)
    student = _student(server, lesson)
    with _live(server, lesson, student) as line:
        _frame(line, "hello")
        server.process.send_signal(signal.SIGTERM)
        while (ready := _http(server).get("/ready")).status_code == 200:
            pass
        assert ready.json()["because"] == "closing"
        line.send('{"t":"do","id":"1","kind":"hands.raise","data":{}}')
        assert _frame(line, "ok")["id"] == "1"
        server.process.send_signal(signal.SIGTERM)  # a second one waits no longer
        assert _frame(line, "bye")["code"] == "server_restarts"
    assert server.process.wait(20) == 0


@pytest.mark.parametrize(
    ("code", "name"),
    [("", "taken"), ("poll.not_open", "refused"), ("store_failed", "failed"), ("failed", "failed")],
)
def test_an_answer_is_counted_by_what_became_of_it_and_how_soon(code, name):
    registry = CollectorRegistry()
    commands = metrics.Commands()
    registry.register(commands)
    commands.answered(code, 0.004)
    commands.answered("", 60)
    said = registry.get_sample_value
    assert said("mingtang_commands_total", {"outcome": name}) == (2 if name == "taken" else 1)
    assert said("mingtang_command_seconds_count") == 2
    assert said("mingtang_command_seconds_sum") == 60.004
    assert [said("mingtang_command_seconds_bucket", {"le": le}) for le in ("0.0025", "0.005", "10.0")] == [0, 1, 1]


async def test_a_node_that_is_older_than_another_says_so(node, browser, monkeypatch):
    monkeypatch.setattr(type(node.hall), "outdated", True)
    answer = await browser().get("/ready")
    assert (answer.status_code, answer.json()["because"]) == (503, "outdated")


async def test_a_disk_that_is_nearly_full_is_not_ready(node, browser, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: SimpleNamespace(free=health.LEAST_FREE - 1))
    answer = await browser().get("/ready")
    assert (answer.status_code, answer.json()["because"]) == (503, "disk_full")
