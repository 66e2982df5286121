"""`mingtang new`: a lesson, from slides or without, on the server that runs on this data folder, or without one."""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mingtang.cli.terminal import language, out, text
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble

BOUNDARY = "mingtang-new-6f1e0c9a"
PIECE = 1 << 20


def run(given: argparse.Namespace, settings: Settings) -> int:
    file = Path(given.file) if given.file else None
    if file is not None and not file.is_file():
        raise Trouble("no-such-file", file=str(file))
    folder = Folder.of(settings)
    if folder.path.is_dir() and folder.is_locked():
        made = _ask_server(folder, file, given.title)
    else:
        made = _make_here(settings, folder, file, given.title)
    made["teacher"] = f"{made['url'].partition('/j/')[0]}/teach?key={folder.teacher_key()}"
    _tell(made, given.json)
    return 0


def _tell(made: dict[str, Any], as_json: bool) -> None:
    if as_json:
        out(json.dumps(made, ensure_ascii=False))
        return
    code = f"{made['code'][:3]} {made['code'][3:]}"
    for key, value in (("code", code), ("students", made["url"]), ("console", made["console"])):
        out(f"{text(f'new.{key}')}  {value}")
    out(f"{text('new.teacher')}  {made['teacher']}")


# On the running server


def _ask_server(folder: Folder, file: Path | None, title: str) -> dict[str, Any]:
    server = folder.server()
    if server is None:
        raise Trouble("server-unreachable", folder=str(folder.path))
    connection = http.client.HTTPConnection(str(server["host"]), int(server["port"]), timeout=300)
    head, tail = _form(file, title)
    size = len(head) + len(tail) + (file.stat().st_size if file else 0)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(size),
        "Authorization": f"Bearer {folder.teacher_key()}",
    }
    try:
        connection.request("POST", "/api/teach/lessons", body=_body(head, file, tail), headers=headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Trouble("server-unreachable", folder=str(folder.path)) from error
    if answer.status >= 400:
        raise Trouble(said.get("code", "web.failed"), **said.get("params", {}))
    return {"id": said["id"], "code": said["code"], **_links(server["url"], said["id"], said["code"])}


def _links(address: str, lesson: str, code: str) -> dict[str, str]:
    return {"url": f"{address}/j/{code}", "console": f"{address}/teach/{lesson}"}


def _form(file: Path | None, title: str) -> tuple[bytes, bytes]:
    fields = {"title": title, "lang": language()}
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    if file:
        name = file.name.replace('"', "'").replace("\r", "").replace("\n", "")
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="deck"; filename="{name}"\r\n\r\n')
    return "".join(parts).encode(), f"{'' if file is None else chr(13) + chr(10)}--{BOUNDARY}--\r\n".encode()


def _body(head: bytes, file: Path | None, tail: bytes) -> Iterator[bytes]:
    yield head
    if file:
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
    yield tail


# Without one


def _make_here(settings: Settings, folder: Folder, file: Path | None, title: str) -> dict[str, Any]:
    folder.prepare()
    with folder.locked():
        return asyncio.run(_make(settings, folder, file, title))


async def _make(settings: Settings, folder: Folder, file: Path | None, title: str) -> dict[str, Any]:
    from mingtang.web.decks.intake import NAMELESS, Upload, one_line
    from mingtang.web.errors import Fault
    from mingtang.web.node import open_node
    from mingtang.web.teach import begin_lesson
    from mingtang.web.tokens import new_id

    async with open_node(settings, folder, network.url_for(settings.host, settings.port)) as node:
        upload = Upload(folder.uploads, fields={"title": title})
        if file:
            upload.deck, upload.name = new_id(), one_line(file.name) or NAMELESS
            upload.sha256 = await asyncio.to_thread(_copy, file, upload.file, settings.max_upload_mb)
        try:
            opened = await node.reading.open(upload, language()) if file else None
            row = await begin_lesson(node, upload, opened, language())
        except Fault as fault:
            raise Trouble(fault.code, **fault.params) from fault
        await node.reading.settled()
        return {"id": row.id, "code": row.code, **_links(node.address, row.id, row.code)}


def _copy(file: Path, to: Path, most_mb: int) -> str:
    from hashlib import file_digest

    if file.stat().st_size > most_mb * 1_000_000:
        raise Trouble("deck.too_large", most=most_mb)
    to.parent.mkdir(mode=0o700)
    shutil.copyfile(file, to)
    with to.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
