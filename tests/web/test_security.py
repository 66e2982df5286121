"""What browsers are told, what is refused to other sites, and what a signed cookie is worth."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
import re

import pytest

from mingtang.live.socket import Entry
from mingtang.web import health, limits, static
from mingtang.web.app import application
from mingtang.web.logs import JsonLines, lesson_id
from mingtang.web.security import HEADERS, TALKING, from_here, live_gate
from mingtang.web.tokens import TEACHER, WALL, Seals, member_cookie, staff_cookie

_READ = static._read
EVERY_KIND = ["/", "/teach", "/wall", "/static/assets/start-abc123.js", "/api/lessons/222222", "/nothing", "/health"]


@pytest.mark.parametrize("path", EVERY_KIND)
async def test_every_answer_carries_the_strict_headers_and_an_id(browser, path):
    answer = await browser().get(path)
    expected = HEADERS | (TALKING if path == "/wall" else {})
    assert {name: answer.headers[name] for name in HEADERS} == expected
    assert len(answer.headers["x-request-id"]) >= 8


async def test_other_windows_are_kept_apart_where_browsers_trust_the_way(browser):
    for host, kept in (("127.0.0.1:8123", True), ("localhost", True), ("[::1]:8123", True), ("192.0.2.7:8123", False)):
        answer = await browser().get("/health", headers={"Host": host})
        assert ("cross-origin-opener-policy" in answer.headers) is kept, host


async def test_a_host_that_is_no_host_is_no_fault_of_ours(browser):
    assert (await browser().get("/health", headers={"Host": "["})).status_code == 200


def test_no_inline_script_or_style_is_allowed():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_request_id_is_taken_over_and_a_senseless_one_is_not(browser):
    client = browser()
    assert (await client.get("/health", headers={"X-Request-Id": "abc-12345"})).headers["x-request-id"] == "abc-12345"
    given = await client.get("/health", headers={"X-Request-Id": "a\tb<script>"})
    assert given.headers["x-request-id"] != "a\tb<script>"


ELSEWHERE = [
    {"Origin": "http://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://hall.test.evil.test"},
    {"Origin": "http://hall.test:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_another_site_cannot_act_with_our_cookies(teacher, lesson, headers):
    answer = await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "web.other_site")


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://hall.test"}, {"Sec-Fetch-Site": "same-origin"}], ids=str)
async def test_our_own_pages_and_programs_can(teacher, lesson, headers):
    answer = await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants", headers=headers)
    assert answer.status_code == 201


def test_behind_a_proxy_the_public_address_is_ours_too():
    headers = {"origin": "https://lesson.example.org", "host": "10.0.0.5:8123"}
    assert not from_here(headers)
    assert from_here(headers, "https://lesson.example.org")


# Errors


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "web.not_found"),
        ("GET", "/static/nothing.js", 404, "web.not_found"),
        ("PUT", "/health", 405, "web.wrong_method"),
        ("GET", "/api/walls", 405, "web.wrong_method"),
        ("GET", "/api/lessons/" + "9" * 500, 404, "join.unknown"),
    ],
)
async def test_every_error_is_a_code_with_params(browser, method, path, status, code):
    answer = await browser().request(method, path)
    assert (answer.status_code, answer.json()) == (status, {"code": code, "params": {}})


async def test_a_fault_of_ours_is_noted_but_not_shown(browser, node, monkeypatch, caplog):
    def broken(code):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(node.catalog, "lesson_by_code", broken)
    answer = await browser().get("/api/lessons/222222")
    assert (answer.status_code, answer.json()) == (500, {"code": "web.failed", "params": {}})
    assert "the secret reason" in caplog.text


async def test_a_person_at_a_wrong_address_gets_a_page_in_both_languages(browser):
    answer = await browser().get("/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "nothing at this address" in answer.text
    assert "没有内容" in answer.text


# Pages and files


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "student.html"),
        ("/j/234567", "student.html"),
        ("/wall", "wall.html"),
        ("/teach", "home.html"),
        ("/teach/abc", "teacher.html"),
    ],
)
async def test_each_address_answers_with_its_page_never_kept_without_asking(browser, path, page):
    answer = await browser().get(path)
    assert f"<title>{page}</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    again = await browser().get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_hashed_files_are_kept_for_ever_and_sent_small(browser, bundle):
    answer = await browser().get("/static/assets/start-abc123.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    plain = (bundle / "assets" / "start-abc123.js").read_bytes()
    assert answer.content == plain
    assert int(answer.headers["content-length"]) == len(gzip.compress(plain, 9, mtime=0))


@pytest.mark.parametrize("path", ["../data/secret", "..%2Fdata%2Fsecret", ".vite/manifest.json", "%2Fetc%2Fpasswd", ""])
async def test_nothing_outside_the_bundle_is_served(browser, bundle, path):
    (bundle / ".vite").mkdir()
    (bundle / ".vite" / "manifest.json").write_text("{}")
    assert (await browser().get(f"/static/{path}")).status_code == 404


async def _raw(app, path):
    """A path as a program may send it, which no client here would leave as it is. Gives the status."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(b"host", b"hall.test")],
        "client": ("198.51.100.1", 5000),
        "server": ("hall.test", 80),
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"]


async def test_a_file_is_read_once_however_its_name_is_spelt(node, monkeypatch):
    read = []
    monkeypatch.setattr(static, "_read", lambda place, *more: read.append(place) or _READ(place, *more))
    app = application(node)
    for spelt in ("assets/start-abc123.js", *("assets" + "/." * n + "/start-abc123.js" for n in range(1, 30))):
        assert await _raw(app, f"/static/{spelt}") == 200, spelt
    assert len(read) == 1


async def test_a_name_that_no_file_can_have_is_not_found_and_no_fault_of_ours(node, caplog):
    for name in ("a\0b.js", "\0", "assets\0/start-abc123.js"):
        assert await _raw(application(node), f"/static/{name}") == 404, name
    assert not caplog.records


def test_a_file_that_is_gone_is_not_held(bundle):
    files = static.Bundle(bundle)
    assert files.find("wall.html")
    (bundle / "wall.html").unlink()
    assert files.find("wall.html") is None
    assert not files._files


async def test_texts_name_their_charset_once(browser):
    for path in ("/", "/static/assets/start-abc123.js", "/assist/guess"):
        assert (await browser().get(path)).headers["content-type"].count("charset=") == 1, path


async def test_a_slow_request_is_noted_without_what_may_be_secret(browser, monkeypatch, caplog):
    monkeypatch.setattr("mingtang.web.security.SLOW_S", -1.0)
    with caplog.at_level("INFO"):
        await browser().get("/assist/the-secret-token")
    [noted] = [record.data for record in caplog.records if record.msg == "slow request"]
    assert noted["path"] == "/assist"


async def test_without_a_bundle_the_pages_say_what_to_do(browser, bundle):
    (bundle / "student.html").unlink()
    answer = await browser().get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text


async def test_asking_for_the_head_gives_the_head_alone(browser):
    answer = await browser().head("/health")
    assert (answer.status_code, answer.content) == (200, b"")


# Signs of who it is


SEALS = Seals(b"s" * 32, "key")


def _gate(query="", seals=SEALS, lesson="abc", **cookies):
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return live_gate(seals)(lesson, query, {"host": "hall.test", "origin": "http://hall.test", "cookie": header})


def _member(lesson="abc", member="m1", purpose="member", seconds=60.0):
    return SEALS.seal(purpose, lesson, member, seconds=seconds)


def test_the_socket_opens_to_the_lessons_cookie_alone():
    assert _gate(**{member_cookie("abc"): _member()}) == Entry("abc", "m1")
    assert _gate() == 4401
    assert _gate(**{member_cookie("abc"): _member(lesson="other")}) == 4401
    assert _gate(**{member_cookie("abc"): _member(purpose="staff")}) == 4401
    assert _gate(**{member_cookie("abc"): _member(seconds=-1)}) == 4401
    assert _gate(**{member_cookie("abc"): _member().replace("m1", "m2")}) == 4401
    assert _gate(**{member_cookie("abc"): _member()[:-1] + "x"}) == 4401
    assert _gate(**{member_cookie("abc"): "ü.9.é"}) == 4401
    for odd in ("\udcff", "m1.9.\udc80", _member() + "\udcff", "\udcff" + _member()):
        assert _gate(**{member_cookie("abc"): odd, TEACHER: odd, WALL: odd, staff_cookie("abc"): odd}) == 4401
        assert _gate(f"ticket={odd}") == 4401
    assert _gate(lesson="../etc", **{member_cookie("abc"): _member()}) == 4404


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://hall.test:81", "http://[", ""])
def test_the_socket_refuses_other_sites(origin):
    headers = {"host": "hall.test", "origin": origin, "cookie": f"{member_cookie('abc')}={_member()}"}
    assert live_gate(SEALS)("abc", "", headers) == 4403


def test_the_socket_goes_by_the_origin_whatever_else_a_browser_says():
    headers = {"host": "hall.test", "origin": "http://hall.test", "sec-fetch-site": "cross-site"}
    cookies = {"cookie": f"{member_cookie('abc')}={_member()}"}
    assert live_gate(SEALS)("abc", "", {**headers, **cookies}) == Entry("abc", "m1")


def test_a_ticket_opens_the_socket_for_a_minute_of_its_own_lesson():
    ticket = _member(purpose="ticket")
    assert _gate(f"ticket={ticket}") == Entry("abc", "m1")
    assert _gate(f"ticket={ticket}", lesson="other") == 4401
    assert _gate(f"ticket={_member()}") == 4401


def test_a_browser_with_several_cookies_says_which_it_means():
    cookies = {
        TEACHER: SEALS.teacher(),
        member_cookie("abc"): _member(),
        WALL: SEALS.seal("wall", "w", "2222", seconds=60),
    }
    teacher, wall = SEALS.teacher_member("abc"), SEALS.wall_member("w", "abc")
    assert _gate(**cookies) == Entry("abc", teacher)
    assert _gate("as=student", **cookies) == Entry("abc", "m1")
    assert _gate("as=teacher&back=7", **cookies) == Entry("abc", teacher)
    assert _gate("as=wall", **cookies) == Entry("abc", wall)
    del cookies[TEACHER]
    cookies[staff_cookie("abc")] = _member(member="s1", purpose="staff")
    assert _gate("as=teacher", **cookies) == Entry("abc", "s1")


def test_another_servers_cookies_are_worth_nothing():
    other = Seals(b"t" * 32, "key")
    assert _gate(seals=other, **{member_cookie("abc"): _member()}) == 4401
    assert not other.is_teacher(SEALS.teacher())


def test_the_memory_of_addresses_is_bounded():
    limit = limits.Limit(60)
    for number in range(limits.MOST_ADDRESSES + 500):
        limit.take(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limit._left) == limits.MOST_ADDRESSES


def test_a_limit_lets_through_again_with_time():
    now = [100.0]
    limit = limits.Limit(2, lambda: now[0])
    for _ in range(2):
        assert limit.wait("a") == 0
        limit.take("a")
    assert limit.wait("a") == 30
    now[0] += 30
    assert limit.wait("a") == 0


def test_one_home_network_is_one_address():
    assert limits.address_of("2001:db8:1:2:3::4") == limits.address_of("2001:db8:1:2:ffff::9")
    assert limits.address_of("2001:db8:1:2::4") != limits.address_of("2001:db8:1:3::4")
    assert limits.address_of("::ffff:192.0.2.7") == limits.address_of("192.0.2.7") == "192.0.2.7"


def test_a_log_line_is_one_json_object_with_lesson_and_trace():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.Logger("trial")
    log.addHandler(handler)
    mark = lesson_id.set("abc")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it failed", extra={"data": {"seconds": 3}})
    finally:
        lesson_id.reset(mark)
    line = json.loads(stream.getvalue())
    assert (line["says"], line["lesson"], line["seconds"], line["level"]) == ("it failed", "abc", 3, "error")
    assert "two\nlines" in line["trace"]


async def test_the_api_describes_itself(browser, node):
    from mingtang.web.app import HANDLERS

    schema = (await browser().get("/schema")).json()
    described = {(path, verb.upper()) for path, item in schema["paths"].items() for verb in item}
    for handler in HANDLERS:
        for path in handler.paths:
            if path.startswith("/api/"):
                plain = re.sub(r":(str|int)}", "}", path)
                assert any((plain, str(verb)) in described for verb in handler.http_methods), plain
    upload = schema["paths"]["/api/teach/lessons"]["post"]["requestBody"]["content"]
    assert set(upload) == {"multipart/form-data"}


async def test_health_and_readiness_are_told_apart(browser, node, monkeypatch):
    monkeypatch.setattr(health, "KEPT_S", 0.0)
    client = browser()
    assert (await client.get("/ready")).status_code == 200
    await node.hall.store.close()
    assert (await client.get("/health")).status_code == 200
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["because"]) == (503, "log")


async def test_readiness_asked_all_the_time_writes_once_a_second(node, monkeypatch):
    written, now = [], [100.0]
    monkeypatch.setattr(health, "write_whole", lambda *what: written.append(what))
    checks = health.Checks(lambda: now[0])
    assert await asyncio.gather(*(checks.because(node) for _ in range(20))) == [""] * 20
    assert len(written) == 1
    now[0] += 1.0
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 62)
    assert await checks.because(node) == "disk_full"


async def test_strangers_asking_for_readiness_share_one_check(browser, monkeypatch):
    written = []
    monkeypatch.setattr(health, "KEPT_S", 3600.0)
    monkeypatch.setattr(health, "write_whole", lambda *what: written.append(what))
    for number in range(5):
        assert (await browser(f"198.51.100.{number}").get("/ready")).status_code == 200
    assert len(written) == 1


async def test_a_disk_without_room_is_not_ready(browser, node, monkeypatch):
    monkeypatch.setattr("mingtang.web.health.LEAST_FREE", 1 << 62)
    answer = await browser().get("/ready")
    assert (answer.status_code, answer.json()["because"]) == (503, "disk_full")
