"""What a video is to be made of, and how far it is: files in the folder where it is made, for whoever asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from mingtang.core.event import Row

JOB, ROWS, STATE, CANCEL, LOCK, OUT = "job.json", "rows.bin", "state.json", "cancel", "lock", "video"


class Job(Struct):
    """`media` and `assets` are folders; `words` name steps that have no title, by their kind; `key` stands for all that
    the video is made of, of the log as far as `seq`."""

    lesson: str
    form: str
    media: str
    assets: str
    words: dict[str, str] = field(default_factory=dict)
    key: str = ""
    seq: int = 0


class State(Struct, omit_defaults=True):
    """How far it is: `share` from 0 to 1. `absent` are pages whose pictures were not there."""

    state: str
    share: float = 0.0
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    ms: int = 0
    bytes: int = 0
    absent: int = 0


def put_job(folder: Path, job: Job, rows: Sequence[Row]) -> None:
    """The folder must be there."""
    (folder / ROWS).write_bytes(msgspec.msgpack.encode(rows))
    (folder / JOB).write_bytes(msgspec.json.encode(job))


def state_of(folder: Path) -> State:
    try:
        return msgspec.json.decode((folder / STATE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return State("none")


def tell(folder: Path, state: State) -> None:
    draft = folder / f".{STATE}.{os.getpid()}"
    draft.write_bytes(msgspec.json.encode(state))
    os.replace(draft, folder / STATE)
