"""The unpacking process seen from the server: started, waited for, and ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from pathlib import Path

from mingtang.web.errors import Fault

log = logging.getLogger(__name__)
SOURCES = Path(__file__).parents[3]
SECONDS, MEMORY_MB = 120, 2048
STATUS = {"file.too_big": 413, "file.disk_full": 507}
COMMAND = (sys.executable, "-P", "-m", "mingtang.web.keeping.unpacking")


async def unpacked(file: Path, into: Path, most_mb: int) -> None:
    """The file's content below the new folder `into`, all of it checked. Raises Fault."""
    job = _job(file, into, most_mb)
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        json.dumps(job),
        cwd=into,
        env={"PYTHONPATH": str(SOURCES), "PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS * 2):
            said, complained = await process.communicate()
    except TimeoutError:
        raise Fault(422, "file.too_slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    _judge(process.returncode or 0, said, complained)


def _job(file: Path, into: Path, most_mb: int) -> dict[str, object]:
    into.mkdir(mode=0o700)
    paths = {"file": str(file.absolute()), "into": str(into.absolute())}
    return {**paths, "most_mb": most_mb, "memory_mb": MEMORY_MB, "seconds": SECONDS}


def _judge(status: int, said: bytes, complained: bytes) -> None:
    try:
        answer = json.loads(said)
    except ValueError:
        log.warning(
            "unpacking ended", extra={"data": {"status": status, "said": complained[-2000:].decode("utf-8", "replace")}}
        )
        raise Fault(422, "file.too_slow" if status < 0 else "file.damaged", reason=str(status)) from None
    if "fail" in answer:
        raise Fault(STATUS.get(answer["fail"], 422), answer["fail"], **answer["params"])
