"""Who comes by plain http to what wants https is led there. With a given certificate that is everybody; with the own
authority, which most phones do not know, it is the staff alone: students in the room need nothing more than http."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.types import ASGIApp, Receive, Scope, Send

from mingtang.web.network import is_loopback

STAFF = ("/teach", "/assist/", "/report/")
# The page that explains https, all it is made of, and what a balancer asks.
OPEN = ("/https", "/api/https", "/static/", "/health", "/ready")


class Leading:
    """`address` is the server's by https; `everybody`, or the staff's pages alone."""

    def __init__(self, app: ASGIApp, address: str, everybody: bool) -> None:
        self._app, self._everybody = app, everybody
        self._netloc, self._port = urlsplit(address).netloc, urlsplit(address).port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http" or scope["scheme"] != "http":
            return await self._app(scope, receive, send)
        if scope.get("method") not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        where = self._where(host, scope["path"])
        if where is None:
            return await self._app(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        raw = scope["raw_path"].decode("latin-1") if scope.get("raw_path") else scope["path"]
        await _lead(send, where + raw + (f"?{query}" if query else ""))

    def _where(self, host: str, path: str) -> str | None:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return None
        if is_loopback(name) or path.startswith(OPEN):
            return None
        if self._everybody:
            return f"https://{self._netloc}"
        port = f":{self._port}" if self._port else ""
        return f"https://{f'[{name}]' if ':' in name else name}{port}" if path.startswith(STAFF) else None


async def _lead(send: Send, where: str) -> None:
    """For now only: a browser that keeps it for ever could never come back to plain http."""
    headers = [(b"location", where.encode("latin-1")), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
