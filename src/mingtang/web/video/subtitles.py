"""The captions of a lesson as a file beside its video, for its staff."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from mingtang.core.event import is_id
from mingtang.readings.video.subtitles import subtitles
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.video.studio import LANE


@get("/api/teach/lessons/{lesson:str}/captions.vtt", tags=["teach"])
async def captions_file(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[str]:
    """What was said in writing, as WebVTT on the clock of the lesson's video; without a line where nothing was."""
    if not is_id(lesson):
        raise Fault(404, "teach.unknown_lesson")
    await who.require_staff(request, node, lesson)
    text: str | None = await node.reader.ask(LANE, subtitles, lesson, node.reels.folder)
    if text is None:
        raise Fault(404, "teach.unknown_lesson")
    row = await node.catalog.lesson(lesson)
    saved = f'attachment; filename="lesson-{row.code if row else lesson}.vtt"'
    return Response(text, media_type="text/vtt", headers={"Content-Disposition": saved, "Cache-Control": "no-store"})
