"""The program as a person starts it: up, taught on, cut off, started again."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import signal
import socket
import sqlite3
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import mingtang

pytestmark = pytest.mark.slow


def _http(server, **more):
    return httpx.Client(base_url=server.url, timeout=20, **more)


def _teacher(server):
    client = _http(server)
    assert client.get("/teach", params={"key": server.key}).status_code == 303
    return client


def _lesson(server, **files):
    answer = _teacher(server).post("/api/teach/lessons", files={"title": (None, "Sets"), **files})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _student(server, lesson, name="Ada"):
    client = _http(server)
    answer = client.post(f"/api/lessons/{lesson['code']}/join", json={"name": name})
    assert answer.status_code == 200, answer.text
    return client


def _live(server, lesson, client, origin=None, query=""):
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    url = server.url.replace("http", "ws") + f"/live/{lesson['id']}{query}"
    return connect(url, additional_headers={"Cookie": cookies} if cookies else {}, origin=origin)


def _frame(socket, kind):
    while True:
        frame = json.loads(socket.recv(timeout=20))
        if frame["t"] == kind:
            return frame


def _closed(socket):
    with contextlib.suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=20)
    return socket.close_code


def test_it_tells_where_it_is_and_is_found_there(serve):
    server = serve()
    told = "\n".join(server.lines)
    assert f"{server.url}/teach?key={server.key}" in told
    assert f"{server.url}/wall" in told
    assert "█" in told, "the code to scan"
    for path in ("/health", "/ready", "/", "/wall"):
        assert _http(server).get(path).status_code == 200, path


def test_asking_for_the_head_gives_the_head_alone(serve):
    client = _http(serve())
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get("/health").status_code == 200, "the connection is still of use"


def test_it_speaks_chinese_where_the_system_does(serve):
    assert "学生打开" in "\n".join(serve(LANG="zh_CN.UTF-8").lines)


def test_a_student_sees_the_lesson_over_the_live_socket(serve):
    server = serve()
    lesson = _lesson(server)
    student = _student(server, lesson)
    with _live(server, lesson, student, origin=server.url) as live:
        hello = _frame(live, "hello")
    assert hello["you"]["name"] == "Ada"
    assert hello["parts"]["lesson"]["title"] == "Sets"


def test_the_live_socket_turns_strangers_and_other_sites_away(serve):
    server = serve()
    lesson = _lesson(server)
    student = _student(server, lesson)
    with _live(server, lesson, _http(server)) as live:
        assert _closed(live) == 4401
    with _live(server, lesson, student, origin="http://evil.test") as live:
        assert _closed(live) == 4403
    with pytest.raises(InvalidStatus):
        connect(server.url.replace("http", "ws") + "/elsewhere")


def test_a_stop_says_goodbye_and_leaves_no_traceback(serve):
    server = serve()
    lesson = _lesson(server)
    with _live(server, lesson, _student(server, lesson)) as live:
        _frame(live, "hello")
        server.process.send_signal(signal.SIGINT)
        assert _closed(live) == 1012
    status, said, complained = server.stop()
    assert status == 0
    assert "Traceback" not in said + complained
    assert not (server.data / "server.json").exists()


def test_after_a_crash_everybody_is_where_the_lesson_was(serve):
    server = serve()
    lesson = _lesson(server)
    student = _student(server, lesson)
    with _live(server, lesson, student) as live:
        you = _frame(live, "hello")["you"]["id"]
        live.send(json.dumps({"t": "do", "id": "c1", "kind": "hands.raise", "data": {}}))
        assert _frame(live, "ok")["id"] == "c1"
        server.kill()
    again = serve()
    with _live(again, lesson, student) as live:
        hello = _frame(live, "hello")
    assert hello["you"]["id"] == you
    assert hello["mine"]["hands"]


def test_a_second_server_on_the_same_folder_is_told_of_the_first(serve):
    first = serve()
    second = serve()
    status, _, complained = second.stop()
    assert status == 1
    assert complained.startswith("[data-in-use] ")
    assert str(first.process.pid) in complained
    assert complained.count("\n") == 1
    assert _http(first).get("/ready").status_code == 200


def test_a_taken_port_is_one_sentence(serve, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = serve(tmp_path / "other", MINGTANG_PORT=str(taken.getsockname()[1]))
        status, _, complained = server.stop()
    assert (status, complained.count("\n")) == (1, 1)
    assert complained.startswith("[port-taken] ")


@pytest.mark.parametrize(
    ("env", "code", "status"),
    [
        ({"MINGTANG_PORT": "many"}, "bad-number", 2),
        ({"MINGTANG_HOST": "203.0.113.200"}, "host-unknown", 1),
        ({"MINGTANG_HOST": "no such host"}, "host-unknown", 1),
        ({"MINGTANG_DATA": "/proc/nothing"}, "data-unwritable", 1),
    ],
    ids=str,
)
def test_what_keeps_it_from_starting_is_one_sentence(serve, env, code, status):
    server = serve(**env)
    found, _, complained = server.stop()
    assert (found, complained.count("\n")) == (status, 1)
    assert complained.startswith(f"[{code}] ")


def test_a_log_that_is_no_log_is_one_sentence_and_left_as_it_was(serve, tmp_path):
    data = tmp_path / "served"
    data.mkdir()
    (data / "lessons.db").write_bytes(b"not a database" * 100)
    status, _, complained = serve(data).stop()
    assert (status, complained.count("\n")) == (1, 1)
    assert complained.startswith("[log-unusable] ")
    assert (data / "lessons.db").read_bytes() == b"not a database" * 100


def test_an_old_python_can_read_the_file_that_tells_it_so():
    here = Path(mingtang.__file__).parent
    for file in ("__init__.py", "__main__.py", "cli/__init__.py"):
        ast.parse((here / file).read_text("utf-8"), feature_version=(3, 4))


def test_an_old_python_is_told_so(monkeypatch, capsys):
    from mingtang import cli

    monkeypatch.setattr("sys.version_info", (3, 9, 1))
    assert cli.main([]) == 2
    assert "3.9" in capsys.readouterr().err


def test_new_makes_a_lesson_on_the_running_server(serve, pdfs, tmp_path):
    server = serve()
    (tmp_path / "Sets and maps.pdf").write_bytes(pdfs.pages(2))
    done = server.command("new", str(tmp_path / "Sets and maps.pdf"), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    assert made["url"] == f"{server.url}/j/{made['code']}"
    assert made["teacher"] == f"{server.url}/teach?key={server.key}"
    listed = _teacher(server).get("/api/teach/lessons").json()["lessons"]
    assert [(one["id"], one["title"]) for one in listed] == [(made["id"], "Sets and maps")]


def test_a_damaged_lesson_is_told_so_and_hides_no_other(serve):
    server = serve()
    good, bad = _lesson(server), _lesson(server)
    server.stop()
    with contextlib.closing(sqlite3.connect(server.data / "lessons.db")) as db, db:
        db.execute("update event set data = x'7b' where lesson = ? and seq = 2", (bad["id"],))
    again = serve()
    listed = _teacher(again).get("/api/teach/lessons").json()["lessons"]
    assert {one["id"] for one in listed} == {good["id"], bad["id"]}
    answer = _http(again).get(f"/api/lessons/{bad['code']}")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_failed")
    assert _student(again, good)
    for command in ("log", "digest"):
        told = again.command(command, bad["id"])
        assert (told.returncode, told.stderr.count("\n")) == (1, 1)
        assert told.stderr.startswith("[log-unusable] ")


def test_new_without_a_server_makes_the_whole_lesson_itself(serve, pdfs, tmp_path):
    server = serve()
    server.stop()
    (tmp_path / "x.pdf").write_bytes(pdfs.pages(2))
    done = server.command("new", str(tmp_path / "x.pdf"), "--title", "Offline")
    assert (done.returncode, done.stderr) == (0, "")
    again = serve()
    [one] = _teacher(again).get("/api/teach/lessons").json()["lessons"]
    assert (one["title"], one["pages"]) == ("Offline", 2)
    assert f"{one['code'][:3]} {one['code'][3:]}" in done.stdout


BAD_DECKS = [("x.pdf", b"hello", "[deck.not_pdf]"), ("x.pptx", b"PK\x03\x04", "[deck.slides_broken]")]


@pytest.mark.parametrize(("name", "content", "told"), BAD_DECKS, ids=["pdf", "pptx"])
@pytest.mark.parametrize("running", [True, False], ids=["on a server", "without one"])
def test_new_tells_a_file_that_is_no_deck_in_one_sentence(serve, tmp_path, running, name, content, told):
    server = serve()
    if not running:
        server.stop()
    (tmp_path / name).write_bytes(content)
    done = server.command("new", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


def test_log_and_digest_read_beside_a_running_server(serve):
    server = serve()
    lesson = _lesson(server)
    _student(server, lesson, "王小明")
    lines = [json.loads(line) for line in server.command("log", lesson["code"]).stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["lesson.opened", "member.joined", "member.joined"]
    assert [line["seq"] for line in lines] == [1, 2, 3]
    assert lines[2]["data"]["name"] == "王小明"
    assert set(lines[0]) == {"seq", "at", "ms", "by", "cmd", "kind", "data"}
    whole = server.command("digest", lesson["id"]).stdout.splitlines()
    assert [line.split()[0] for line in whole] == ["teacher", "assistant", "student", "observer", "wall", "all"]
    assert server.command("digest", lesson["id"], "--at", "3").stdout.splitlines() == whole
    assert server.command("digest", lesson["id"], "--at", "2").stdout.splitlines()[-1] != whole[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (["log", "222222"], "no-such-lesson", 1),
        (["digest", "{id}", "--at", "99"], "no-such-place", 1),
        (["new", "missing.pdf"], "no-such-file", 1),
        (["nonsense"], "bad-use", 2),
        (["log"], "bad-use", 2),
    ],
    ids=str,
)
def test_a_command_that_cannot_says_why_in_one_sentence(serve, arguments, code, status):
    server = serve()
    lesson = _lesson(server)
    done = server.command(*(argument.format(**lesson) for argument in arguments))
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(f"[{code}] ")
    assert done.stderr.count("\n") == 1


def test_log_where_there_are_no_lessons_says_so(serve, tmp_path):
    server = serve()
    done = server.command("log", "222222", "--data", str(tmp_path / "nowhere"))
    assert done.stderr.startswith("[no-data] ")
    assert not (tmp_path / "nowhere").exists()


def test_the_doctor_finds_this_computer_well(serve):
    server = serve()
    done = server.command("doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout
    server.stop()
    sick = server.command("doctor", "--data", "/proc/nothing")
    assert sick.returncode == 1
    assert "✗" in sick.stdout


def test_the_version_is_told(serve):
    assert serve().command("--version").stdout == f"mingtang {mingtang.__version__}\n"


def test_a_second_start_takes_no_two_seconds(serve):
    """Measured by the processor's time, which a busy computer does not stretch."""
    serve().stop()
    server = serve()
    ticks = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    assert (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK") < 2
