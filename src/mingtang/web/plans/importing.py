"""A plan made of one file: slides, a text, a folder as a zip, questions. What was not carried over is told by name."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from litestar import post
from litestar.di import NamedDependency
from msgspec import Struct

from mingtang.plans.exchange.foreign import BadFile, Note
from mingtang.plans.exchange.letters import decode
from mingtang.plans.model import PlanStep
from mingtang.web import who
from mingtang.web.decks.intake import Upload, one_line, receive
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.decks import take
from mingtang.web.plans.folders import unfold
from mingtang.web.plans.shown import show
from mingtang.web.plans.texts import MOST_TEXT, drafted
from mingtang.web.questions import intake
from mingtang.web.teach import UploadOperation, title_of
from mingtang.web.tokens import new_id
from mingtang.web.words import language_of

TEXTS, FOLDERS = (".md", ".markdown"), (".zip",)
QUESTIONS = (".txt", ".gift", ".aiken", ".xml")
SLIDES = (".pdf", ".pptx", ".ppt", ".odp", ".png", ".jpg", ".jpeg", ".webp")


class ImportedPlan(Struct):
    """`plan` is the new plan's id; `report` names what was not carried over."""

    plan: str
    report: list[Note]


@post("/api/teach/plans/import", operation_class=UploadOperation, request_max_body_size=None, tags=["plans"])
async def import_plan(request: AnyRequest, node: NamedDependency[Node]) -> ImportedPlan:
    """The form's `file` becomes a plan: slides (PDF, PPTX, PPT, ODP, a picture), plan.md, the zip of a plan's folder,
    or questions (GIFT, Aiken, Moodle XML). What cannot be read makes no plan."""
    who.require_teacher(request, node)
    upload = await receive(request, node.folder.uploads, node.settings.max_upload_mb)
    if not upload.deck:
        raise Fault(400, "teach.no_file")
    ending = Path(upload.name).suffix.casefold()
    if ending not in (*TEXTS, *FOLDERS, *QUESTIONS):
        return await _slides(node, upload)
    try:
        if ending in FOLDERS:
            return await _folder(node, upload)
        if ending in QUESTIONS:
            return await _questions(node, upload)
        return await _text(node, upload)
    finally:
        upload.discard()


async def _begin(node: Node, upload: Upload, steps: Sequence[PlanStep] = ()) -> str:
    """A plan with the title of the form, else of the file."""
    fields = upload.fields
    title = fields.get("title", "") or title_of(upload.name)
    draft = keeping.draft(node, title, fields.get("course", ""), language_of(fields.get("lang", "")), steps)
    return (await keeping.begin(node, draft)).plan


async def _slides(node: Node, upload: Upload) -> ImportedPlan:
    opened = await node.reading.open(upload, language_of(upload.fields.get("lang", "")))
    try:
        plan = await _begin(node, upload)
    except BaseException:
        await node.reading.give_up(opened)
        raise
    await take(node, plan, opened)
    return ImportedPlan(plan, [])


async def _questions(node: Node, upload: Upload) -> ImportedPlan:
    file = await intake.read(upload.file)
    return ImportedPlan(await _begin(node, upload, intake.steps(file)), file.notes)


async def _text(node: Node, upload: Upload) -> ImportedPlan:
    text = read_text(upload.file)
    plan = await _begin(node, upload)
    return ImportedPlan(plan, await _write(node, plan, text, bool(upload.fields.get("title"))))


async def _folder(node: Node, upload: Upload) -> ImportedPlan:
    """A file in it that cannot be read is named, and does not stop the others."""
    unfolded = await unfold(node, upload.file)
    text = read_text(unfolded.text) if unfolded.text else ""
    slides = {name: file for name, file in unfolded.files.items() if Path(name).suffix.casefold() in SLIDES}
    if not text and not slides:
        raise Fault(422, "plan.folder_empty")
    plan = await _begin(node, upload)
    report = [Note(name, "file", "plan.file_unknown", {"name": name}) for name in unfolded.files if name not in slides]
    for name, file in slides.items():
        report += await _file(node, plan, name, file, with_steps=not text)
    if text:
        report += await _write(node, plan, text, bool(upload.fields.get("title")))
    return ImportedPlan(plan, report)


async def _file(node: Node, plan: str, name: str, file: Path, with_steps: bool) -> list[Note]:
    upload = await asyncio.to_thread(_uploaded, node.folder.uploads, name, file)
    row = await keeping.find(node, plan)
    try:
        await take(node, plan, await node.reading.open(upload, row.language), steps=with_steps)
    except Fault as fault:
        return [Note(name, "file", fault.code, fault.params)]
    return []


def _uploaded(folder: Path, name: str, file: Path) -> Upload:
    """As if it had come by itself."""
    upload = Upload(folder, deck=new_id(), name=one_line(name), size=file.stat().st_size)
    upload.file.parent.mkdir(mode=0o700)
    os.rename(file, upload.file)
    with upload.file.open("rb") as data:
        upload.sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    return upload


def read_text(file: Path) -> str:
    """In whatever encoding it is. Raises Fault."""
    try:
        data = file.read_bytes()
        return decode(data) if data.strip() else ""
    except BadFile as bad:
        raise Fault(422, bad.code, **bad.params) from bad


async def _write(node: Node, plan: str, text: str, titled: bool) -> list[Note]:
    """The text's mistakes, by line; the form's title goes before the text's."""
    if len(text) > MOST_TEXT:
        raise Fault(413, "plan.text_too_long", most=MOST_TEXT)
    now = await keeping.version_of(node, plan)
    draft = await drafted(node, now, text)
    if titled:
        draft.title = now.title
    written = await keeping.write(node, plan, now.version, draft)
    return [Note(str(one.line), "line", one.code, one.params) for one in (await show(node, written)).problems]
