"""A page without the bundle: for an address that does not exist, and for a server whose pages were not built."""

from __future__ import annotations

from html import escape

from litestar import Response

from mingtang.web.words import say


def bare_page(code: str, status: int) -> Response[bytes]:
    """Both languages, as nothing is known of who reads it."""
    en, zh = escape(say("en", code)), escape(say("zh", code))
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Mingtang</title><main><h1>Mingtang 明堂</h1><p>{en}</p>"
        f'<p lang="zh-Hans">{zh}</p><p><a href="/">Mingtang</a></p></main></html>'
    )
    return Response(page.encode(), status_code=status, media_type="text/html")
