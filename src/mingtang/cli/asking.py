"""A question to the server that runs on a data folder, with the teacher's right."""

from __future__ import annotations

import http.client
import json
from typing import Any, BinaryIO

from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble

WAIT_S = 600


def ask_server(folder: Folder, method: str, path: str, body: bytes | BinaryIO = b"", size: int | None = None) -> Any:
    """The answer's JSON. Raises Trouble with the server's own reason when it refuses."""
    server = folder.server()
    if server is None:
        raise Trouble("server-unreachable", folder=str(folder.path))
    connection = http.client.HTTPConnection(str(server["host"]), int(server["port"]), timeout=WAIT_S)
    headers = {"Authorization": f"Bearer {folder.teacher_key()}", "Content-Type": "application/json"}
    if size is not None:
        headers |= {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Trouble("server-unreachable", folder=str(folder.path)) from error
    if answer.status >= 400:
        raise Trouble(said.get("code", "web.failed"), **said.get("params", {}))
    return said
