"""The process that opens a lesson file: limited in memory, time and files, told all it needs in one argument. It says
one JSON line: `{"ok": …}` or `{"fail", "params"}`. What it unpacks lies below its working folder."""

from __future__ import annotations

import errno
import json
import resource
import sys
from pathlib import Path
from typing import Any

from mingtang.readings.lessonfile.layout import BadFile


def main() -> None:
    job = json.loads(sys.argv[1])
    _limit(job)
    try:
        from mingtang.readings.lessonfile.opening import unpack

        manifest = unpack(Path(job["file"]), Path(job["into"]), job["most_mb"] * 1_000_000)
        said: dict[str, Any] = {"ok": manifest.lesson.id}
    except BadFile as bad:
        said = {"fail": bad.code, "params": bad.params}
    except MemoryError:
        said = {"fail": "file.too_big", "params": {"most": job["most_mb"]}}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        said = {"fail": "file.disk_full" if full else "file.damaged", "params": {} if full else {"reason": str(error)}}
    sys.stdout.write(json.dumps(said) + "\n")


def _limit(job: dict[str, Any]) -> None:
    for what, most in (
        (resource.RLIMIT_AS, job["memory_mb"] * 1024 * 1024),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_FSIZE, job["most_mb"] * 1_000_000),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
