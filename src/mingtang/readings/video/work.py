"""The program that makes one video: python -m mingtang.readings.video.work FOLDER. It is started limited and apart from
the server, and tells how far it is in the folder."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

import msgspec

from mingtang.core.upcast import Unreadable
from mingtang.readings.video.job import State, tell
from mingtang.readings.video.making import Making, Stopped, clear

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run(folder: Path) -> State:
    try:
        making = Making(folder)
        state = making.make()
        clear(folder, making.form)
    except Stopped as stopped:
        state = State("cancelled" if stopped.code == "video.cancelled" else "failed", 0.0, stopped.code, stopped.params)
    except (msgspec.MsgspecError, Unreadable) as error:
        state = State("failed", code="video.log_unusable", params={"reason": str(error)[:300]})
    except OSError as error:  # also what FFmpeg says
        state = failed(error)
    tell(folder, state)
    return state


def failed(error: OSError) -> State:
    params: dict[str, Any] = {}
    if error.errno in FULL:
        return State("failed", code="video.disk_full", params=params)
    return State("failed", code="video.failed", params={"reason": str(error.strerror or error)[:300]})


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1])).state == "ready" else 1)
