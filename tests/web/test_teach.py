"""The teacher's lessons over HTTP, the private link, assistants, and what can be taken out of a lesson."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from mingtang.settings import Settings
from mingtang.web import lessons
from mingtang.web.tokens import TEACHER, staff_cookie

CLOSED = [
    ("GET", "/api/teach/lessons"),
    ("POST", "/api/teach/lessons"),
    ("POST", "/api/teach/lessons/{id}/deck"),
    ("POST", "/api/teach/lessons/{id}/walls"),
    ("POST", "/api/teach/lessons/{id}/assistants"),
    ("GET", "/api/teach/lessons/{id}/attendance.csv"),
    ("GET", "/api/teach/lessons/{id}/qr.svg"),
    ("GET", "/api/teach/lessons/{id}/snapshot"),
]


async def _end(node, lesson):
    await node.hall.submit(lesson, node.hall.kinds.commands["lesson.end"](), by="")


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_without_the_teachers_link_nothing_of_a_teachers_opens(browser, lesson, method, path):
    stranger = browser()
    stranger.cookies.set(TEACHER, "abc.99999999999.0000")
    answer = await stranger.request(method, path.format(**lesson), json={"code": "2222"} if "walls" in path else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "teach.no_key")


@pytest.mark.parametrize(("method", "path"), CLOSED[2:])
async def test_a_student_is_no_teacher(browser, lesson, method, path):
    student = browser()
    await student.post(f"/api/lessons/{lesson['code']}/join", json={"name": "Ada"})
    answer = await student.request(method, path.format(**lesson), json={"code": "2222"} if "walls" in path else None)
    assert answer.status_code in (401, 403)


async def test_the_private_link_leaves_a_cookie_and_leaves_the_address(browser, node):
    answer = await browser().get("/teach", params={"key": node.folder.teacher_key()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/teach")
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/"))
    assert "secure" not in cookie


async def test_a_wrong_private_link_leaves_no_cookie(browser):
    answer = await browser().get("/teach", params={"key": "guess"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


class TestHttps:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), public_url="https://lesson.example.org")

    async def test_cookies_are_for_https_only_where_people_come_by_it(self, browser, node):
        answer = await browser().get("/teach", params={"key": node.folder.teacher_key()})
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "strict-transport-security" in answer.headers

    async def test_links_name_the_public_address(self, lesson, teacher):
        assert lesson["url"] == f"https://lesson.example.org/j/{lesson['code']}"
        about = (await teacher.get("/api/teach/about")).json()
        assert (about["address"], about["host"]) == ("https://lesson.example.org", "lesson.example.org")


async def test_the_teacher_is_a_member_of_every_lesson_made(lesson, node):
    people = (await node.hall.look(lesson["id"])).people
    assert people.get(node.seals.teacher_member(lesson["id"])).role == "teacher"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("TCP/IP and the OSI model", "TCP/IP and the OSI model"),
        ("C:\\ and /", "C:\\ and /"),
        ("one\n\u202etwo", "one two"),
        ("x" * 400, "x" * 300),
    ],
    ids=["slash", "backslash", "line break", "long"],
)
async def test_titles_and_courses_are_kept_whole_in_one_line(teacher, node, typed, kept):
    form = {"title": (None, typed), "course": (None, typed)}
    made = (await teacher.post("/api/teach/lessons", files=form)).json()
    state = (await node.hall.look(made["id"])).states["lesson"]
    row = await node.catalog.lesson(made["id"])
    assert (state.title, state.course, row.title, row.course) == (kept,) * 4


async def test_half_a_character_from_a_shell_is_left_out_of_a_title(node):
    assert (await lessons.open_lesson(node, "Sets \udcff", "en")).title == "Sets"


async def test_a_lesson_made_in_chinese_names_its_teacher_so(teacher, node):
    made = (await teacher.post("/api/teach/lessons", files={"lang": (None, "zh-Hans")})).json()
    found = await node.hall.look(made["id"])
    assert found.people.name(node.seals.teacher_member(made["id"])) == "老师"
    assert found.states["lesson"].title == "课堂"


async def test_lessons_are_listed_newest_first_and_follow_their_logs(teacher, lesson, node):
    newer = (await teacher.post("/api/teach/lessons", files={"title": (None, "Maps")})).json()
    rename = node.hall.kinds.commands["lesson.rename"](title="Sets, again")
    await node.hall.submit(lesson["id"], rename, by="")
    await _end(node, lesson["id"])
    listed = (await teacher.get("/api/teach/lessons")).json()["lessons"]
    assert [(one["id"], one["title"]) for one in listed] == [(newer["id"], "Maps"), (lesson["id"], "Sets, again")]
    assert "ended" not in listed[0]
    assert listed[1]["ended"] >= listed[1]["opened"]
    assert "here" not in listed[1]


async def test_the_code_of_an_ended_lesson_is_free_again(teacher, lesson, node, monkeypatch):
    await _end(node, lesson["id"])
    await teacher.get("/api/teach/lessons")
    monkeypatch.setattr("mingtang.catalog.book.new_code", lambda length=6: lesson["code"])
    again = (await teacher.post("/api/teach/lessons", files={"title": (None, "Maps")})).json()
    assert again["code"] == lesson["code"]
    assert (await teacher.get(f"/api/lessons/{lesson['code']}")).json()["id"] == again["id"]


async def test_two_open_lessons_never_share_a_code(teacher, lesson, monkeypatch):
    codes = iter([lesson["code"], lesson["code"], "777777"])
    monkeypatch.setattr("mingtang.catalog.book.new_code", lambda length=6: next(codes))
    assert (await teacher.post("/api/teach/lessons", files={"title": (None, "Maps")})).json()["code"] == "777777"


async def test_an_ended_lesson_can_still_be_read_whole(teacher, lesson, node):
    await _end(node, lesson["id"])
    read = (await teacher.get(f"/api/teach/lessons/{lesson['id']}/snapshot")).json()
    assert read["parts"]["lesson"]["title"] == "Sets"
    assert read["parts"] == (await node.hall.look(lesson["id"])).views("teacher")
    assert read["seq"] == (await node.hall.look(lesson["id"])).seq
    answer = await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants")
    assert (answer.status_code, answer.json()["code"]) == (410, "lesson.ended")


@pytest.mark.parametrize("path", ["snapshot", "attendance.csv", "qr.svg"])
async def test_a_lesson_that_is_not_there_is_told_so(teacher, path):
    answer = await teacher.get(f"/api/teach/lessons/nothing/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "teach.unknown_lesson")


async def test_attendance_is_a_table_a_spreadsheet_reads(browser, teacher, lesson):
    await browser().post(f"/api/lessons/{lesson['code']}/join", json={"name": "王小明", "seat": "remote"})
    await browser().post(f"/api/lessons/{lesson['code']}/join", json={"name": "=1+1"})
    answer = await teacher.get(f"/api/teach/lessons/{lesson['id']}/attendance.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for another encoding without"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert lesson["code"] in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "Name"
    assert sorted(row[0] for row in rows) == ["'=1+1", "王小明"]


@pytest.mark.parametrize("path", ["/api/teach/lessons/{id}/qr.svg", "/api/lessons/{code}/qr.svg"])
async def test_the_code_to_scan_is_a_picture_without_script(teacher, lesson, path):
    answer = await teacher.get(path.format(**lesson))
    assert answer.headers["content-type"] == "image/svg+xml"
    tree = ElementTree.fromstring(answer.content)
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {"svg", "path", "g"}


async def test_addresses_for_others_are_as_the_teacher_reached_the_server(browser, teacher, node):
    assert (await teacher.get("/api/teach/about")).json()["address"] == "http://hall.test"
    local = browser()
    local.base_url = "http://localhost:8123"
    assert (await local.get("/api/teach/about")).json()["address"] == node.address


async def test_an_assistants_link_makes_an_assistant_of_that_lesson_alone(browser, teacher, lesson, node):
    other = (await teacher.post("/api/teach/lessons", files={"title": (None, "Other")})).json()
    url = (await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants")).json()["url"]
    helper = browser()
    answer = await helper.get(url.replace("http://hall.test", ""))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/teach/{lesson['id']}")
    people = (await node.hall.look(lesson["id"])).people
    assert [m.role for m in people.members.values()] == ["teacher"], "a look at the link admits nobody"
    await helper.get(answer.headers["location"])
    roles = sorted(m.role for m in people.members.values())
    assert roles == ["assistant", "teacher"]
    assert (await helper.get(f"/api/teach/lessons/{lesson['id']}/snapshot")).status_code == 200
    assert (await helper.get(f"/api/teach/lessons/{other['id']}/snapshot")).status_code == 401
    assert (await helper.get("/api/teach/lessons")).status_code == 401


async def test_the_link_opened_twice_in_one_browser_is_one_assistant(browser, teacher, lesson, node):
    url = (await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants")).json()["url"]
    helper = browser(follow_redirects=True)
    for _ in range(2):
        await helper.get(url.replace("http://hall.test", ""))
    roles = sorted(m.role for m in (await node.hall.look(lesson["id"])).people.members.values())
    assert roles == ["assistant", "teacher"]


async def test_an_assistant_sent_out_is_staff_no_more(browser, teacher, lesson, node):
    url = (await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants")).json()["url"]
    helper = browser(follow_redirects=True)
    await helper.get(url.replace("http://hall.test", ""))
    member = node.seals.staff({staff_cookie(lesson["id"]): helper.cookies[staff_cookie(lesson["id"])]}, lesson["id"])
    await node.hall.submit(lesson["id"], node.hall.kinds.commands["roster.remove"](id=member), by="")
    assert (await helper.get(f"/api/teach/lessons/{lesson['id']}/snapshot")).status_code == 403


async def test_a_new_assistants_link_ends_the_one_before_in_that_lesson_alone(browser, teacher, lesson):
    other = (await teacher.post("/api/teach/lessons", files={"title": (None, "Other")})).json()

    async def link(of):
        url = (await teacher.post(f"/api/teach/lessons/{of['id']}/assistants")).json()["url"]
        return url.replace("http://hall.test", "")

    elsewhere, old = await link(other), await link(lesson)
    helper = browser(follow_redirects=True)
    await helper.get(old)
    new = await link(lesson)
    stranger = browser()
    assert [(await stranger.get(way)).status_code for way in (old, new, elsewhere)] == [404, 303, 303]
    assert (await helper.get(f"/api/teach/lessons/{lesson['id']}/snapshot")).status_code == 200, "who is in stays in"


async def test_an_invented_assistants_link_is_told_in_both_languages(browser):
    answer = await browser().get("/assist/guess")
    assert answer.status_code == 404
    assert "not valid" in answer.text
    assert "无效" in answer.text


async def test_the_token_of_a_link_is_not_kept(teacher, lesson, node):
    url = (await teacher.post(f"/api/teach/lessons/{lesson['id']}/assistants")).json()["url"]
    await node.catalog.close()
    token = url.rpartition("/")[2].encode()
    assert all(token not in file.read_bytes() for file in node.folder.path.glob("catalog.db*"))


async def test_a_program_may_bring_the_key_itself(browser, node):
    headers = {"Authorization": f"Bearer {node.folder.teacher_key()}"}
    assert (await browser().get("/api/teach/lessons", headers=headers)).status_code == 200


async def test_a_teacher_of_the_old_key_is_out_once_there_is_another(teacher, node):
    node.seals._teacher_key = "another"
    assert (await teacher.get("/api/teach/lessons")).status_code == 401
