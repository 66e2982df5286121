"""Which page may listen and sound, by its headers: in the room none can, whatever its scripts would like."""

from __future__ import annotations

from mingtang.stores import StoreFailed

FORBIDDEN = {"camera=()", "microphone=()", "display-capture=()"}
ALLOWED = {"camera=(self)", "microphone=(self)", "display-capture=(self)"}


async def _rules(client, path, **headers):
    """The status, what the page may make and whether it may play; in pieces, so that nothing is allowed by the way."""
    answer = await client.get(path, headers=headers)
    policy = {
        rule.partition(" ")[0]: rule.partition(" ")[2] for rule in answer.headers["content-security-policy"].split("; ")
    }
    allowed = set(answer.headers["permissions-policy"].split(", ")) - {"geolocation=()", "payment=()", "usb=()"}
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy.get("worker-src", "'self'") == "'self'"
    return allowed, policy.get("media-src")


async def test_in_the_room_and_before_the_door_a_page_may_neither_listen_nor_sound(browser, lesson):
    phone = browser()
    page = f"/j/{lesson['code']}"
    assert await _rules(phone, page) == (FORBIDDEN, None)
    assert (await phone.post(f"/api/lessons/{lesson['code']}/join", json={"name": "Mei", "seat": "room"})).is_success
    for path in (page, "/", "/teach", "/notebook/x", "/report/x"):
        assert await _rules(phone, path) == (FORBIDDEN, None), path


async def test_from_afar_at_the_wall_and_at_the_desk_a_page_may(browser, lesson):
    laptop = browser()
    page = f"/j/{lesson['code']}"
    assert (await laptop.post(f"/api/lessons/{lesson['code']}/join", json={"name": "Bo", "seat": "remote"})).is_success
    for path in (page, "/wall", f"/teach/{lesson['id']}"):
        assert await _rules(laptop, path) == (ALLOWED, "'self' blob:"), path
    assert await _rules(laptop, f"/replay/{lesson['id']}") == (FORBIDDEN, "'self' blob:")
    assert await _rules(laptop, "/j/222222") == (FORBIDDEN, None), "of this lesson only"


async def test_who_moves_into_the_room_gets_the_silent_page_however_well_his_browser_remembers(browser, lesson):
    phone, page = browser(), f"/j/{lesson['code']}"
    for seat, rules in (("remote", ALLOWED), ("room", FORBIDDEN), ("remote", ALLOWED)):
        kept = (await phone.get(page)).headers["etag"]
        assert (
            await phone.post(f"{page.replace('/j/', '/api/lessons/')}/join", json={"name": "M", "seat": seat})
        ).is_success
        answer = await phone.get(page, headers={"If-None-Match": kept})
        assert answer.status_code == 200
        assert rules <= set(answer.headers["permissions-policy"].split(", "))
        assert (await phone.get(page, headers={"If-None-Match": answer.headers["etag"]})).status_code == 304


async def test_a_server_that_cannot_look_sends_the_silent_page(browser, lesson, node, monkeypatch):
    phone = browser()
    assert (await phone.post(f"/api/lessons/{lesson['code']}/join", json={"name": "Bo", "seat": "remote"})).is_success

    async def away(lesson):
        raise StoreFailed("away")

    monkeypatch.setattr(node.hall, "look", away)
    assert await _rules(phone, f"/j/{lesson['code']}") == (FORBIDDEN, None)
