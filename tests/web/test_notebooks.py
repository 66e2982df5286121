"""A notebook is its owner's: by the lesson's cookie, or by the personal link, and by nothing else."""

from __future__ import annotations

import pytest

from mingtang.core.event import Refused
from mingtang.web.commands import command
from mingtang.web.tokens import Held, Seals, member_cookie, notebook_cookie


async def _join(browser, lesson, name="Ada"):
    answer = await browser.post(f"/api/lessons/{lesson['code']}/join", json={"name": name, "seat": "room"})
    assert answer.status_code == 200, answer.text
    return answer.json()["member"]["id"]


async def _end(node, lesson):
    teacher = node.seals.teacher_member(lesson["id"])
    await node.hall.submit(lesson["id"], command(node.hall.kinds, "lesson.end"), teacher)


@pytest.fixture
async def ada(browser, lesson, node):
    """A student's browser, and a note of hers."""
    phone = browser()
    phone.member = await _join(phone, lesson)
    await node.hall.submit(lesson["id"], command(node.hall.kinds, "notes.write", page="p1", text="mine"), phone.member)
    return phone


async def test_a_member_reads_the_own_notebook_also_while_the_lesson_runs(ada, lesson):
    answer = await ada.get(f"/api/notebook/{lesson['id']}")
    book = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "gzip"
    assert book["you"] == {"name": "Ada", "seat": "room"}
    assert book["mine"]["notes"]["texts"] == {"p1": "mine"}
    assert book["parts"]["lesson"]["title"] == "Sets"
    plain = await ada.get(f"/api/notebook/{lesson['id']}", headers={"accept-encoding": "identity"})
    assert plain.json()["mine"] == book["mine"]


async def test_it_is_there_after_the_end_and_after_the_lessons_own_cookie(ada, lesson, node):
    await node.hall.submit(
        lesson["id"], command(node.hall.kinds, "lesson.end"), node.seals.teacher_member(lesson["id"])
    )
    ada.cookies.delete(member_cookie(lesson["id"]))
    assert (await ada.get(f"/api/notebook/{lesson['id']}")).json()["mine"]["notes"]["texts"] == {"p1": "mine"}


async def test_nobody_else_reads_it(ada, browser, teacher, lesson):
    address = f"/api/notebook/{lesson['id']}"
    assert (await browser().get(address)).status_code == 401
    assert (await teacher.get(address)).json()["code"] == "notebook.not_yours"
    ben = browser()
    await _join(ben, lesson, "Ben")
    assert "mine" not in (await ben.get(address)).json()["mine"].get("notes", {}).get("texts", {}).values()
    assert (await ada.get("/api/notebook/unknown")).status_code == 401


async def test_who_was_sent_out_reads_it_no_more(ada, lesson, node):
    await node.hall.submit(
        lesson["id"], command(node.hall.kinds, "roster.remove", id=ada.member), node.seals.teacher_member(lesson["id"])
    )
    assert (await ada.get(f"/api/notebook/{lesson['id']}")).status_code == 403
    assert (await ada.post(f"/api/notebook/{lesson['id']}/link", json={})).status_code == 403


async def _link(browser, lesson, renew=False):
    answer = await browser.post(f"/api/notebook/{lesson['id']}/link", json={"renew": renew})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return "/n/" + answer.json()["url"].rpartition("/n/")[2]


async def test_the_personal_link_opens_the_notebook_in_any_browser_and_leaves_the_address(ada, browser, lesson):
    other = browser()
    answer = await other.get(await _link(ada, lesson))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notebook/{lesson['id']}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax"))
    book = (await other.get(f"/api/notebook/{lesson['id']}")).json()
    assert (book["mine"]["notes"]["texts"], book["linked"]) == ({"p1": "mine"}, True)
    assert not (await ada.get(f"/api/notebook/{lesson['id']}")).json()["linked"]


async def test_the_link_gives_the_notebook_alone(ada, browser, lesson):
    other = browser()
    await other.get(await _link(ada, lesson))
    assert (await other.get(f"/api/lessons/{lesson['code']}")).json().get("member") is None
    assert (await other.post(f"/api/notebook/{lesson['id']}/link", json={})).status_code == 401, "no further links"
    assert (await other.get("/api/search?q=mine")).status_code == 401


async def test_copying_the_link_again_keeps_the_old_one_and_renewing_ends_it(ada, browser, lesson):
    first, second = await _link(ada, lesson), await _link(ada, lesson)
    other = browser()
    assert (await other.get(first)).status_code == 303
    assert (await browser().get(second)).status_code == 303
    third = await _link(ada, lesson, renew=True)
    for old in (first, second):
        assert (await browser().get(old, headers={"accept": "text/html"})).status_code == 404
    assert (await other.get(f"/api/notebook/{lesson['id']}")).status_code == 401, "nor what was opened by it"
    assert (await browser().get(third)).status_code == 303
    assert (await browser().get(await _link(ada, lesson))).status_code == 303


@pytest.mark.parametrize("token", ["x", "a.b.c", "a.b.1.9999999999.0", "ü"])
async def test_a_token_that_is_not_ours_leads_nowhere(browser, token):
    answer = await browser().get(f"/n/{token}")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


async def test_a_members_cookie_is_no_link_and_a_link_no_members_cookie(ada, browser, lesson, node):
    assert (await browser().get(f"/n/{ada.cookies[member_cookie(lesson['id'])]}")).status_code == 404
    other = browser()
    token = (await _link(ada, lesson)).removeprefix("/n/")
    other.cookies.set(member_cookie(lesson["id"]), token)
    assert (await other.get(f"/api/notebook/{lesson['id']}")).status_code == 401
    assert node.seals.notebook(token) == Held(lesson["id"], ada.member, 1)


def test_a_link_ends_with_the_term():
    now = [1000.0]
    seals = Seals(b"s" * 32, "key", lambda: now[0])
    token = seals.notebook_token(Held("abc", "m1", 3))
    assert seals.notebook(token) == Held("abc", "m1", 3)
    now[0] += 201 * 86400
    assert seals.notebook(token) is None


async def test_no_log_line_holds_a_token(ada, browser, lesson, caplog):
    caplog.set_level("DEBUG")
    link = await _link(ada, lesson)
    await browser().get(link)
    await browser().get(link[:-1])
    ours = [record for record in caplog.records if record.name.startswith(("mingtang", "litestar", "uvicorn"))]
    assert not any(link[3:40] in record.getMessage() + str(record.__dict__) for record in ours)


async def test_asking_for_ever_is_held_back(ada, lesson, node):
    node.notebooks._now = lambda: 1000.0
    answers = [await ada.get(f"/api/notebook/{lesson['id']}") for _ in range(62)]
    assert [a.status_code for a in answers].count(429) == 2
    assert answers[-1].json()["code"] == "notebook.slow_down"


async def test_a_shared_computer_can_forget_its_lessons(ada, browser, lesson):
    await ada.get(await _link(ada, lesson))
    assert notebook_cookie(lesson["id"]) in ada.cookies
    answer = await ada.post("/api/notebook/forget", json={})
    assert answer.status_code == 204
    assert (await ada.get(f"/api/notebook/{lesson['id']}")).status_code == 401
    assert (await ada.get("/api/search?q=mine")).status_code == 401
    assert not [name for name in ada.cookies if name.startswith("mt-")]


async def test_after_the_end_the_code_tells_a_member_where_the_lesson_is_and_others_only_that_it_ended(
    ada, browser, lesson, node
):
    await node.hall.submit(
        lesson["id"], command(node.hall.kinds, "lesson.end"), node.seals.teacher_member(lesson["id"])
    )
    ended = await ada.get(f"/api/lessons/{lesson['code']}")
    told = {"code": "join.ended", "params": {"lesson": lesson["id"], "title": "Sets"}}
    assert (ended.status_code, ended.json()) == (410, told)
    assert (await browser().get(f"/api/lessons/{lesson['code']}")).json() == {"code": "join.ended", "params": {}}


async def test_nothing_can_be_written_when_the_lesson_has_ended(ada, lesson, node):
    await node.hall.submit(
        lesson["id"], command(node.hall.kinds, "lesson.end"), node.seals.teacher_member(lesson["id"])
    )
    wish = command(node.hall.kinds, "notes.write", page="p1", text="late")
    with pytest.raises(Refused, match=r"lesson\.ended"):
        await node.hall.submit(lesson["id"], wish, ada.member)
