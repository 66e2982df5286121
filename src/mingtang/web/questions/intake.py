"""An uploaded file of questions, read in a confined process: all of it or nothing."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import msgspec

from mingtang.plans.exchange.foreign import File
from mingtang.plans.model import PlanStep
from mingtang.web.confined import Bounds, run
from mingtang.web.errors import Fault
from mingtang.web.questions.worker import Said
from mingtang.web.tokens import new_id

log = logging.getLogger(__name__)
BOUNDS = Bounds(memory_mb=1024, seconds=30)
COMMAND = (sys.executable, "-P", "-m", "mingtang.web.questions.worker")


async def read(file: Path) -> File:
    """Raises Fault with a sentence for what cannot be read."""
    ended = await run((*COMMAND, file.name), file.parent, BOUNDS)
    if ended.late or ended.status:
        log.warning("reading questions failed", extra={"data": {"status": ended.status, "said": ended.said}})
        raise Fault(422, "import.too_hard")
    said = msgspec.json.decode(ended.out, type=Said)
    if said.file is None:
        raise Fault(422, said.code, **said.params)
    return said.file


def steps(file: File) -> list[PlanStep]:
    """Each with an id of its own, in the order of the file."""
    made = []
    for one in file.taken:
        if question := one.poll or one.peer:
            kind = "poll" if one.poll else "peer"
            made.append(PlanStep(id=new_id(), kind=kind, question=msgspec.to_builtins(question)))
        else:
            made.append(PlanStep(id=new_id(), kind="note", text=one.text))
    return made
