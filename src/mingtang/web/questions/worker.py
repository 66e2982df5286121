"""The process that reads a file of questions, expendable: says in JSON the questions, or why there are none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from mingtang.plans.exchange.foreign import BadFile, File
from mingtang.plans.exchange.reading import MOST_BYTES, read


class Said(Struct, omit_defaults=True):
    """`code` is "" when the file was read."""

    file: File | None = None
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    with Path(sys.argv[1]).open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    try:
        said = Said(read(data))
    except BadFile as bad:
        said = Said(code=bad.code, params=bad.params)
    sys.stdout.buffer.write(msgspec.json.encode(said))


if __name__ == "__main__":
    main()
