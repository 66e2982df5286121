"""docs/build/api.md: every address the server answers at, from its routes and its own OpenAPI description."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from mingtang.settings import Settings
from mingtang.web.app import build
from mingtang.web.node import Node
from tools.generate.folders import sentence

HEAD = """\
# The HTTP API

*Made by `make docs` from the program's own routes; do not edit.* A running server describes itself at `/schema`
(OpenAPI). What happens in a lesson goes over [the live socket](protocol.md), not over these. Every error has the shape
`{code, params}`, where `code` is the key of a message in both languages. A property with `?` may be absent.
"""


class Route(NamedTuple):
    method: str
    path: str
    about: str
    takes: str
    gives: str


def text() -> str:
    found = routes()
    sections = [
        f"## {name}\n\n" + "".join(_entry(r) for r in found if _group(r.path) == name)
        for name in dict.fromkeys(_group(r.path) for r in found)
    ]
    return "\n".join([HEAD, *sections])


def routes() -> list[Route]:
    app = build(cast(Node, SimpleNamespace(settings=Settings(), remains=SimpleNamespace(also=[]))))
    schema = app.openapi_schema.to_schema()
    found = [_route(handler, path, schema) for handler, path in _handlers(app)]
    return sorted(found, key=lambda r: (_group(r.path), r.path, r.method))


def _handlers(app: Litestar) -> list[tuple[HTTPRouteHandler, str]]:
    own = [(h, r.path_format) for r in app.routes for h in getattr(r, "route_handlers", ())]
    named = [(h, path) for h, path in own if isinstance(h, HTTPRouteHandler) and not path.startswith("/schema")]
    return [(h, path) for h, path in named if "OPTIONS" not in h.http_methods]


def _route(handler: HTTPRouteHandler, path: str, schema: dict[str, Any]) -> Route:
    method = min(handler.http_methods)
    said = schema["paths"].get(path, {}).get(method.lower(), {})
    answers = [a for status, a in said.get("responses", {}).items() if status.startswith("2")]
    gives = _shape(answers[0], schema) if answers else ""
    return Route(method, path, sentence(handler.fn.__doc__), _shape(said.get("requestBody", {}), schema), gives)


def _shape(body: dict[str, Any], schema: dict[str, Any]) -> str:
    for content in body.get("content", {}).values():
        return _names(content.get("schema", {}), schema)
    return ""


def _names(shape: dict[str, Any], schema: dict[str, Any]) -> str:
    """`{id, name, seat?}` for an object; "" for what has no properties of its own."""
    if "oneOf" in shape:
        return next((said for one in shape["oneOf"] if (said := _names(one, schema))), "")
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    needed = shape.get("required", [])
    names = [name if name in needed else f"{name}?" for name in shape.get("properties", {})]
    return "{" + ", ".join(names) + "}" if names else ""


def _group(path: str) -> str:
    first = path.strip("/").split("/")
    if first[0] == "api":
        return {"teach": "The teacher", "walls": "Walls"}.get(first[1], "Lessons, for whoever has the code")
    return {"health": "Watching the server", "ready": "Watching the server"}.get(first[0], "Pages and files")


def _entry(route: Route) -> str:
    takes = f" Takes `{route.takes}`." if route.takes else ""
    gives = f" Gives `{route.gives}`." if route.gives else ""
    return f"- **`{route.method} {route.path}`** {route.about}{takes}{gives}\n"
