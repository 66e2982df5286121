"""TypeScript types of a lesson's report, as the server sends it."""

from __future__ import annotations

from mingtang.readings.report import Report
from tools.generate.typescript import Names, interface

HEAD = """\
// Made by `make docs` from the report's model.py. Do not edit.
"""


def text() -> str:
    names = Names()
    names.add(Report)
    declared = "\n".join([HEAD, *(interface(one, names) for one in names.all())])
    return declared.replace(" | null\n", "\n")  # what has no value is absent in the JSON, never null
