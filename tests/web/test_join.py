"""Students come in by code, name and seat (protocol J1, J2)."""

from __future__ import annotations

import pytest

from mingtang.core.member import Role
from mingtang.settings import Settings
from mingtang.web import keyring
from mingtang.web.tokens import KEYRING, Seals, member_cookie


async def _join(browser, code, name="Ada", seat="room"):
    return await browser.post(f"/api/lessons/{code}/join", json={"name": name, "seat": seat})


async def test_a_code_tells_what_it_leads_to(browser, lesson):
    answer = await browser().get(f"/api/lessons/{lesson['code']}")
    found = answer.json()
    assert answer.status_code == 200
    assert (found["id"], found["title"], found["here"]) == (lesson["id"], "Sets", {"room": 0, "remote": 0})
    assert "member" not in found


async def test_a_code_may_be_typed_as_it_is_spoken(browser, lesson):
    spoken = f"{lesson['code'][:3]} {lesson['code'][3:]}"
    assert (await browser().get(f"/api/lessons/{spoken}")).json()["id"] == lesson["id"]


def test_codes_have_no_sign_that_can_be_misheard(lesson):
    assert len(lesson["code"]) == 6
    assert set(lesson["code"]) <= set("23456789")


async def test_joining_makes_a_member_of_the_log(browser, lesson, node):
    answer = await _join(browser(), lesson["code"], "Ada", "remote")
    joined = answer.json()
    assert answer.status_code == 200
    assert joined["lesson"] == lesson["id"]
    member = (await node.hall.look(lesson["id"])).people.get(joined["member"]["id"])
    assert (member.name, member.role, member.seat) == ("Ada", "student", "remote")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, lesson):
    answer = await _join(browser(), lesson["code"])
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(member_cookie(lesson["id"]))
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/", "max-age="))


async def test_joining_again_from_the_same_browser_is_the_same_member(browser, lesson, node):
    phone = browser()
    first = (await _join(phone, lesson["code"], "Ada", "room")).json()["member"]
    again = (await _join(phone, lesson["code"], "Ada L.", "remote")).json()["member"]
    assert again == {**first, "name": "Ada L.", "seat": "remote"}
    people = (await node.hall.look(lesson["id"])).people
    assert [m.name for m in people.students()] == ["Ada L."]
    found = (await phone.get(f"/api/lessons/{lesson['code']}")).json()
    assert found["member"] == {"name": "Ada L.", "seat": "remote"}


async def test_a_member_who_changes_for_ever_is_held_back_and_the_log_stays_small(browser, lesson, node):
    phone = browser()
    await _join(phone, lesson["code"])
    before = (await node.hall.look(lesson["id"])).seq
    answers = [await _join(phone, lesson["code"], "Ada", seat) for seat in ("remote", "room") * 35]
    assert [a.status_code for a in answers] == [200] * 60 + [429] * 10
    assert answers[-1].json()["code"] == "join.slow_down"
    assert (await node.hall.look(lesson["id"])).seq == before + 60
    assert (await _join(browser(), lesson["code"], "Ben")).status_code == 200, "others at the same address go on"


async def test_two_members_may_share_a_name(browser, lesson):
    ids = {(await _join(browser(), lesson["code"], "Ada")).json()["member"]["id"] for _ in range(2)}
    assert len(ids) == 2


async def test_an_unknown_code_is_told_in_words(browser):
    answer = await browser().get("/api/lessons/222222")
    assert (answer.status_code, answer.json()) == (404, {"code": "join.unknown", "params": {}})


async def test_an_ended_lesson_takes_nobody(browser, lesson, node):
    await node.hall.submit(lesson["id"], node.hall.kinds.commands["lesson.end"](), by="")
    answer = await _join(browser(), lesson["code"])
    assert (answer.status_code, answer.json()["code"]) == (410, "join.ended")


async def test_one_who_was_sent_out_is_told_so(browser, lesson, node):
    phone = browser()
    member = (await _join(phone, lesson["code"])).json()["member"]["id"]
    await node.hall.submit(lesson["id"], node.hall.kinds.commands["roster.remove"](id=member), by="")
    answer = await _join(phone, lesson["code"])
    assert (answer.status_code, answer.json()["code"]) == (403, "join.removed")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("👩🏽‍🎓🎉", "👩🏽‍🎓🎉"),
        ("فاطمة", "فاطمة"),
        ("\u202eevil", "evil"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("王小明\n老师", "王小明 老师"),
        ("x" * 60, "x" * 60),
    ],
    ids=["spaces", "emoji", "right to left", "direction mark", "html", "line break", "longest"],
)
async def test_a_name_is_kept_as_one_line_of_text(browser, lesson, node, name, kept):
    member = (await _join(browser(), lesson["code"], name)).json()["member"]
    assert member["name"] == kept
    assert (await node.hall.look(lesson["id"])).people.name(member["id"]) == kept


@pytest.mark.parametrize(("name", "code"), [("x" * 10_000, "join.name_long"), ("\u202e \n", "join.no_name")])
async def test_a_name_that_cannot_be_one_is_refused_in_words(browser, lesson, node, name, code):
    answer = await _join(browser(), lesson["code"], name)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not list((await node.hall.look(lesson["id"])).people.students())


async def test_a_name_of_a_hundred_thousand_characters_is_not_even_read(browser, lesson):
    answer = await _join(browser(), lesson["code"], "x" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name": 7}', b'{"name": "A", "seat": "moon"}', b"\xff\xfe"])
async def test_nonsense_is_a_bad_shape_and_makes_nobody(browser, lesson, node, body):
    headers = {"Content-Type": "application/json"}
    answer = await browser().post(f"/api/lessons/{lesson['code']}/join", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_shape")
    assert not list((await node.hall.look(lesson["id"])).people.students())


async def test_wrong_codes_tried_by_the_thousand_are_held_back(browser, lesson, node):
    guesser = browser("203.0.113.9")
    answers = [await guesser.get("/api/lessons/999999") for _ in range(node.settings.wrong_codes + 1)]
    assert [a.status_code for a in answers[-2:]] == [404, 429]
    assert answers[-1].json()["code"] == "join.slow_down"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    right = await guesser.get(f"/api/lessons/{lesson['code']}")
    assert right.status_code == 429, "the right code would be told apart from wrong ones"
    assert (await browser("203.0.113.10").get(f"/api/lessons/{lesson['code']}")).status_code == 200


async def test_members_behind_a_guessers_address_are_not_held_back(browser, lesson, node):
    student, guesser = browser("203.0.113.9"), browser("203.0.113.9")
    await _join(student, lesson["code"])
    for _ in range(node.settings.wrong_codes + 1):
        await guesser.get("/api/lessons/999999")
    assert (await _join(student, lesson["code"], "Ada L.")).status_code == 200


class TestFull:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), max_members=2)

    async def test_a_full_lesson_says_so_and_keeps_those_it_has(self, browser, lesson):
        first = browser()
        assert (await _join(first, lesson["code"])).status_code == 200
        answer = await _join(browser(), lesson["code"])
        assert (answer.status_code, answer.json()) == (409, {"code": "join.full", "params": {"most": 2}})
        assert (await browser().get(f"/api/lessons/{lesson['code']}")).json()["code"] == "join.full"
        assert (await _join(first, lesson["code"], "Ada L.")).status_code == 200


class TestManyJoining:
    @pytest.fixture
    def settings(self, tmp_path, bundle):
        return Settings(data=tmp_path / "data", static=str(bundle), joins=3)

    async def test_one_address_cannot_fill_a_lesson_at_once(self, browser, lesson):
        answers = [await _join(browser("203.0.113.9"), lesson["code"]) for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]


async def test_a_cookie_of_another_lesson_opens_nothing(browser, teacher, lesson):
    other = (await teacher.post("/api/teach/lessons", files={"title": (None, "Other")})).json()
    phone = browser()
    await _join(phone, lesson["code"])
    phone.cookies.set(member_cookie(other["id"]), phone.cookies[member_cookie(lesson["id"])])
    assert "member" not in (await phone.get(f"/api/lessons/{other['code']}")).json()


async def test_an_assistant_who_joins_as_a_student_stays_assistant(browser, lesson, node):
    phone = browser()
    member = (await _join(phone, lesson["code"])).json()["member"]["id"]
    promote = node.hall.kinds.commands["roster.promote"](id=member, role=Role.assistant)
    await node.hall.submit(lesson["id"], promote, by="")
    assert (await _join(phone, lesson["code"])).json()["member"]["role"] == "assistant"


async def test_a_ticket_is_for_members_only(browser, lesson, node):
    phone = browser()
    assert (await phone.post(f"/api/lessons/{lesson['code']}/ticket")).status_code == 401
    member = (await _join(phone, lesson["code"])).json()["member"]["id"]
    ticket = (await phone.post(f"/api/lessons/{lesson['code']}/ticket")).json()["ticket"]
    assert node.seals.ticket(ticket, lesson["id"]) == member


# The keyring: a term's memberships in one cookie


async def test_the_keyring_opens_a_lesson_whose_own_cookie_is_gone(browser, teacher, lesson):
    other = (await teacher.post("/api/teach/lessons", files={"title": (None, "Maps")})).json()
    phone = browser()
    first = (await _join(phone, lesson["code"])).json()["member"]["id"]
    second = (await _join(phone, other["code"])).json()["member"]["id"]
    for one in (lesson, other):
        phone.cookies.delete(member_cookie(one["id"]))
    assert {(await _join(phone, one["code"])).json()["member"]["id"] for one in (lesson, other)} == {first, second}


async def test_the_keyring_is_out_of_reach_of_scripts_and_other_sites(browser, lesson):
    answer = await _join(browser(), lesson["code"])
    cookie = answer.headers.get_list("set-cookie")[1].lower()
    assert cookie.startswith(KEYRING)
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/", "max-age=17280000"))


def _hex(number: int) -> str:
    return f"{number:016x}"


def test_a_term_of_lessons_fits_into_one_cookie_and_the_newest_stay():
    seals = Seals(b"s" * 32, "key")
    members = {_hex(n): _hex(9000 + n) for n in range(400)}
    cookies = {KEYRING: seals.keyring(members)}
    assert len(f"{KEYRING}={cookies[KEYRING]}") < 4096
    assert seals.memberships(cookies) == {_hex(n): _hex(9000 + n) for n in range(400 - keyring.MOST, 400)}
    assert seals.member(cookies, _hex(399)) == _hex(9399)
    assert seals.member(cookies, _hex(0)) is None


@pytest.mark.parametrize("spoilt", ["", "x", "AAAA.1.2", "ü.9.é"])
def test_a_keyring_that_is_not_ours_opens_nothing(spoilt):
    seals, other = Seals(b"s" * 32, "key"), Seals(b"o" * 32, "key")
    for text in (spoilt, other.keyring({_hex(1): _hex(2)}), seals.keyring({_hex(1): _hex(2)}) + "0"):
        assert seals.memberships({KEYRING: text}) == {}
    assert keyring.unpacked("%%%") == {}


def test_memberships_are_those_of_the_keyring_and_of_the_lessons_own_cookies():
    seals = Seals(b"s" * 32, "key")
    own = seals.seal("member", "abc", "m1", seconds=60)
    cookies = {KEYRING: seals.keyring({_hex(1): _hex(2)}), member_cookie("abc"): own, member_cookie("other"): own}
    assert seals.memberships(cookies) == {_hex(1): _hex(2), "abc": "m1"}
