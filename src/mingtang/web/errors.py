"""Every error leaves as `{code, params}`: the code is a message key in every language. Never a traceback."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from msgspec import Struct

from mingtang.catalog.book import CatalogAway
from mingtang.core.event import Refused
from mingtang.live.hall import UnknownLesson
from mingtang.stores import StoreFailed
from mingtang.web.bare import bare_page
from mingtang.web.reader import ReadingFailed

log = logging.getLogger(__name__)
AnyRequest = Request[Any, Any, Any]

REFUSED = {
    "store_failed": 503,
    "slow_down": 429,
    "lesson.ended": 410,
    "unknown_item": 404,
    "not_allowed": 403,
    "not_a_member": 403,
    "roster.removed": 403,
    "bad_shape": 400,
}
STATUS = {400: "bad_shape", 404: "web.not_found", 405: "web.wrong_method", 413: "too_large", 415: "web.wrong_type"}


class Problem(Struct):
    """What the body of every refused request looks like."""

    code: str
    params: dict[str, Any]


class Fault(Exception):  # noqa: N818
    """A handler's "no", with the HTTP status it leaves under."""

    def __init__(self, status: int, code: str, retry_after: int = 0, **params: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.params = status, code, params
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}


def answer(request: AnyRequest, fault: Fault) -> Response[Any]:
    wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    if wants_page and fault.status in (404, 500):
        return bare_page(fault.code, fault.status)
    problem = Problem(fault.code, fault.params)
    return Response(problem, status_code=fault.status, headers={**fault.headers, "Cache-Control": "no-store"})


def _fault(request: AnyRequest, fault: Fault) -> Response[Any]:
    return answer(request, fault)


def _refused(request: AnyRequest, refused: Refused) -> Response[Any]:
    return answer(request, Fault(REFUSED.get(refused.code, 409), refused.code, **refused.params))


def _unknown(request: AnyRequest, error: UnknownLesson) -> Response[Any]:
    return answer(request, Fault(404, "teach.unknown_lesson"))


def _store(request: AnyRequest, error: StoreFailed | CatalogAway) -> Response[Any]:
    log.error("%s", error)
    return answer(request, Fault(503, "store_failed"))


def _reading(request: AnyRequest, error: ReadingFailed) -> Response[Any]:
    return answer(request, Fault(503, "web.reading_failed"))


def _http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    code = STATUS.get(error.status_code, "bad_shape" if error.status_code < 500 else "web.failed")
    if error.status_code >= 500:
        log.exception("answering failed", exc_info=error)
    return answer(request, Fault(error.status_code, code))


def _anything(request: AnyRequest, error: Exception) -> Response[Any]:
    log.exception("answering failed", exc_info=error)
    return answer(request, Fault(500, "web.failed"))


handlers: ExceptionHandlersMap = {
    Fault: _fault,
    Refused: _refused,
    UnknownLesson: _unknown,
    StoreFailed: _store,
    CatalogAway: _store,
    ReadingFailed: _reading,
    HTTPException: _http,
    Exception: _anything,
}
