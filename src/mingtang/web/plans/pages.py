"""Where plans are written and questions looked for, and the page that shows a step as others will see it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from mingtang.web.errors import AnyRequest
from mingtang.web.pages import built_page
from mingtang.web.security import CONTENT_POLICY
from mingtang.web.static import Bundle


@get("/teach/plans/{plan:str}", include_in_schema=False)
async def plan_page(request: AnyRequest, bundle: NamedDependency[Bundle], plan: FromPath[str]) -> Response[Any]:
    """Where a plan is written. It frames the preview, and nothing else."""
    return _framing(built_page(request, bundle, "plan.html"), "frame-src 'self'")


@get("/teach/preview", include_in_schema=False)
async def preview_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """A step of a plan as students and the wall will see it. Only a page of ours may frame it; it knows nothing but
    what that page tells it."""
    sent = _framing(built_page(request, bundle, "preview.html"), "frame-ancestors 'self'")
    sent.headers["X-Frame-Options"] = "SAMEORIGIN"
    return sent


def _framing(response: Response[Any], allowed: str) -> Response[Any]:
    """The one policy, loosened by one directive."""
    directive = allowed.partition(" ")[0]
    kept = [part for part in CONTENT_POLICY.split("; ") if part.partition(" ")[0] != directive]
    response.headers["Content-Security-Policy"] = "; ".join([*kept, allowed])
    return response


@get("/teach/bank", include_in_schema=False)
async def bank_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """Every question of every plan."""
    return built_page(request, bundle, "bank.html")
