"""The report of a lesson over HTTP: as JSON, and its tables for spreadsheets. Counted in a process of its own."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from mingtang.core.event import is_id
from mingtang.readings.report import lane
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.words import catalogue, language_of

LANE = "report"
HERE = Path(__file__).parent


@get("/api/teach/lessons/{lesson:str}/report", tags=["teach"])
async def report(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[bytes]:
    """Every figure of a lesson so far, the same bytes as `mingtang report LESSON --json` prints."""
    await _allowed(request, node, lesson)
    packed = await node.reader.ask(LANE, lane.report, lesson)
    if not packed:
        raise Fault(404, "teach.unknown_lesson")
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if who.is_teacher(request, node):
        headers["Mingtang-Teacher"] = "yes"  # the page offers what only the teacher may do
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
    return Response(await asyncio.to_thread(gzip.decompress, packed), media_type="application/json", headers=headers)


@get("/api/teach/lessons/{lesson:str}/report/{file:str}", tags=["teach"])
async def report_table(
    request: AnyRequest,
    node: NamedDependency[Node],
    lesson: FromPath[str],
    file: FromPath[str],
    lang: FromQuery[str] = "",
) -> Response[bytes]:
    """One of the report's tables for a spreadsheet: attendance.csv, people.csv, questions.csv, answers.csv, moves.csv,
    pages.csv, asked.csv, hands.csv, seats.csv, active.csv or events.csv; `lang` is of its heads, else the lesson's."""
    await _allowed(request, node, lesson)
    row = await node.catalog.lesson(lesson)
    name = file.removesuffix(".csv")
    found = await node.reader.ask(LANE, lane.table_of, lesson, name) if row and name != file else None
    if row is None or found is None:
        raise Fault(404, "web.not_found" if row else "teach.unknown_lesson")
    text, words = io.StringIO(), catalogue(language_of(lang or row.language), HERE)
    csv.writer(text).writerows([[words[column] for column in found.columns], *found.rows])
    saved = f'attachment; filename="{name}-{row.code}.csv"'
    headers = {"Content-Disposition": saved, "Cache-Control": "no-store"}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


async def _allowed(request: AnyRequest, node: Node, lesson: str) -> None:
    if not is_id(lesson):
        raise Fault(404, "teach.unknown_lesson")
    await who.require_staff(request, node, lesson)
