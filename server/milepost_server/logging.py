"""Logs: one JSON object a line on standard error, of allowed fields only.

A body, a header, a query or an address never enters a line: what is not in FIELDS is dropped, so a careless call cannot
leak. The message of a line is a fixed text; what varies stands in fields.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

LOGGER = "milepost"
FIELDS = frozenset(
    {
        "attempts", "behind", "close", "code", "events", "host", "kind", "method", "milliseconds", "port", "position",
        "projection", "request_id", "route", "sentence", "sockets", "status", "stream", "version",
    }
)  # fmt: skip
TRACE_LINES_MAX = 12

log = logging.getLogger(LOGGER)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object: time, level, message, then the allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line.update({name: value for name, value in record.__dict__.items() if name in FIELDS})
        if record.exc_info and record.exc_info[0] is not None:
            # Where, not what: an exception's words may quote the data that caused it.
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-TRACE_LINES_MAX:]
            line["trace"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Send this server's lines, and uvicorn's warnings, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.handlers = [handler]
    log.setLevel(level.upper())
    log.propagate = False
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "litestar"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name == "uvicorn" else []
        logger.propagate = name not in ("uvicorn", "litestar")
        logger.setLevel(logging.WARNING)
