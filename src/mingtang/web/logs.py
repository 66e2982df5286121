"""What the server notes: one JSON object a line on stderr, with the request and the lesson it is about."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

request_id: ContextVar[str] = ContextVar("request_id", default="")
lesson_id: ContextVar[str] = ContextVar("lesson_id", default="")


class JsonLines(logging.Formatter):
    """`extra={"data": {...}}` adds fields of its own. Nothing of what people write or are called belongs in them."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        for name, value in (("request", request_id.get()), ("lesson", lesson_id.get())):
            if value:
                line[name] = value
        line.update(getattr(record, "data", {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: str, stream: TextIO = sys.stderr) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel("WARNING")
    logging.getLogger("uvicorn").setLevel("WARNING")
    logging.getLogger("PIL").setLevel("WARNING")
