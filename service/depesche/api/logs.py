"""Logs: one line an event, as text or JSON, each with the id of its request.

Nothing of an article is logged, nor of a key: what is logged is named field by field, and of an exception its type
and frames, because messages may quote. Paths are logged as the route's template; names of articles only at debug.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from depesche.api.traces import trace

request_id_now: ContextVar[str | None] = ContextVar("request_id_now", default=None)
"""The id of the request that is being answered, also in the threads that work for it."""
_FIELDS = "fields"


def fields(**values: Any) -> dict[str, Any]:
    """Return `extra` for a log call: fields of their own in JSON, `name=value` at the end of a line of text."""
    return {_FIELDS: values}


class JsonFormatter(logging.Formatter):
    """An object a line: time (UTC), level, logger, message, request_id, and the fields of the call."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(_entry(record), ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """A line for people, with the same content."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = _entry(record)
        head = f"{entry.pop('time')} {entry.pop('level'):7} {entry.pop('logger')} {entry.pop('message')}"
        rest = " ".join(f"{name}={value}" for name, value in entry.items())
        return f"{head} {rest}".rstrip().replace("\n", " ").replace("\r", " ")


def _entry(record: logging.LogRecord) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    if (request_id := request_id_now.get()) is not None:
        entry["request_id"] = request_id
    entry |= getattr(record, _FIELDS, {})
    if record.exc_info and record.exc_info[1] is not None:
        entry["failure"] = trace(record.exc_info[1])
    return entry


def set_up_logs(form: Literal["auto", "json", "text"], *, debug: bool = False) -> None:
    """Send the logs of this process to standard error; `auto` is text on a terminal, else JSON."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextFormatter() if as_text else JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("depesche").setLevel(logging.DEBUG if debug else logging.INFO)
    for noisy in ("httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
