"""docs/run/settings.md: the table of `mingtang.settings`."""

from __future__ import annotations

from mingtang.settings import Entry, table

HEAD = """\
# Settings

*Made by `make docs` from `src/mingtang/settings.py`; do not edit.* A flag goes before the environment, the environment
before what is built in. `make run PORT=8123` is the same as `MINGTANG_PORT=8123 make run`. Nothing is read from a file.

| environment | flag | takes | if not set | meaning |
|---|---|---|---|---|
"""


def text() -> str:
    return HEAD + "".join(_row(entry) for entry in table())


def _row(entry: Entry) -> str:
    flag, default = (f"`{said}`" if said else "" for said in (entry.flag, entry.default))
    return f"| `{entry.env}` | {flag} | {entry.type} | {default} | {entry.meaning} |\n"
