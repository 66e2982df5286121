"""The pages before the hour keep the strict policy; the preview alone may be framed, and only by a page of ours."""

from __future__ import annotations

import pytest

from mingtang.web.security import CONTENT_POLICY, HEADERS
from tests.web.conftest import Browsers

OPEN = {"/teach/plans/abc": "frame-src 'self'", "/teach/preview": "frame-ancestors 'self'", "/teach/bank": ""}


def directives(policy: str) -> set[str]:
    return set(policy.split("; "))


@pytest.mark.parametrize("path", OPEN)
async def test_one_directive_is_loosened_where_a_page_frames_or_is_framed(browser: Browsers, path: str) -> None:
    sent = await browser().get(path)
    assert sent.status_code == 200
    more = directives(sent.headers["content-security-policy"]) - directives(CONTENT_POLICY)
    assert more == ({OPEN[path]} if OPEN[path] else set())
    framed = path == "/teach/preview"
    assert sent.headers["x-frame-options"] == ("SAMEORIGIN" if framed else "DENY")
    loosened = {"Content-Security-Policy", "X-Frame-Options"}
    assert {k: sent.headers[k] for k in HEADERS if k not in loosened} == {
        k: v for k, v in HEADERS.items() if k not in loosened
    }
