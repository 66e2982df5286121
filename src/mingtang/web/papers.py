"""What can be taken out of a lesson over HTTP: its whole state for reading, attendance as a table, the code to scan."""

from __future__ import annotations

import csv
import io
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from mingtang.activities.attendance import export
from mingtang.core.member import Role
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.join import find
from mingtang.web.node import Node
from mingtang.web.words import say


class Snapshot(Struct):
    """Every part the teacher has, true at log position `seq`."""

    parts: dict[str, Any]
    seq: int
    at: int


@get("/api/teach/lessons/{lesson:str}/snapshot", tags=["teach"])
async def snapshot(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[Snapshot]:
    """The lesson as it stands, for reading after its end."""
    await who.require_staff(request, node, lesson)
    found = await node.hall.look(lesson)
    said = Snapshot(found.views(Role.teacher), found.seq, found.at)
    return Response(said, headers={"Cache-Control": "no-store"})


@get("/api/teach/lessons/{lesson:str}/attendance.csv", tags=["teach"])
async def attendance(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[bytes]:
    """One line a student, for a spreadsheet."""
    await who.require_staff(request, node, lesson)
    row = await node.catalog.lesson(lesson)
    if row is None:
        raise Fault(404, "teach.unknown_lesson")
    found = await node.hall.look(lesson)
    head = say(row.language, "teach.csv_head").split("|")
    lines = export.rows(found.states["attendance"], found.people, node.hall.clock(), head=head)
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    name = {"Content-Disposition": f'attachment; filename="attendance-{row.code}.csv"', "Cache-Control": "no-store"}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=name)


@get("/api/teach/lessons/{lesson:str}/qr.svg", tags=["teach"])
async def teachers_qr(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[bytes]:
    """The way in for students, to be scanned."""
    await who.require_staff(request, node, lesson)
    row = await node.catalog.lesson(lesson)
    if row is None:
        raise Fault(404, "teach.unknown_lesson")
    return _qr(f"{who.address(request, node)}/j/{row.code}")


@get("/api/lessons/{code:str}/qr.svg", tags=["join"])
async def qr(request: AnyRequest, node: NamedDependency[Node], code: FromPath[str]) -> Response[bytes]:
    """The way in for students, to be scanned."""
    row, _ = await find(request, node, code)
    return _qr(f"{who.address(request, node)}/j/{row.code}")


def _qr(url: str) -> Response[bytes]:
    cached = {"Cache-Control": "private, max-age=3600"}
    return Response(qr_svg(url), media_type="image/svg+xml", headers=cached)


def qr_svg(url: str) -> bytes:
    """An address to be scanned, as SVG markup without size."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=2, scale=8, omitsize=True, light="white", svgclass=None, lineclass=None
    )
    return out.getvalue()
