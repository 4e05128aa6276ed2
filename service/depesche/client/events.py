"""A job's server-sent events, whatever brings the bytes: read, and gone on with after a line that broke.

The format is that of the HTML standard, section 9.2; the service ends its lines with CR and LF, and its data is JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

import httpx
from pydantic import TypeAdapter

from depesche.client.answers import EndedArticle, Job, JobEvent
from depesche.client.calls import events_path
from depesche.client.exchange import Patience, is_passing, unreachable
from depesche.client.failures import failure_of, retry_after

_ARTICLE = TypeAdapter(EndedArticle)
_JOB = TypeAdapter(Job)
_SILENCE = 60.0
"""Seconds without a byte after which the line counts as broken; the service says something every 15."""


class EventStream:
    """The events of one job over as many connections as it takes."""

    def __init__(self, job: str, patience: Patience) -> None:
        self._ended = False
        self._path = events_path(job)
        self._patience = patience
        self._failures = 0
        self._last_id: str | None = None
        self._rest = b""
        self._fields: dict[str, str] = {}

    def has_ended(self) -> bool:
        """Say whether no more events will come."""
        return self._ended

    def request(self) -> dict[str, Any]:
        """Return the request of the next connection."""
        self._rest, self._fields = b"", {}
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self._last_id} if self._last_id else {})
        return {"method": "GET", "url": self._path, "headers": headers, "timeout": httpx.Timeout(10, read=_SILENCE)}

    def feed(self, data: bytes) -> Iterator[JobEvent]:
        """Yield the events that are complete with `data`."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            name, _, value = line.removesuffix(b"\r").decode().partition(":")
            if name:
                self._fields[name] = value.removeprefix(" ")
            elif not value and (fields := self._fields):
                self._fields = {}
                if "data" in fields:
                    yield self._event(fields)

    def answered(self, response: httpx.Response) -> float:
        """Return how long to wait after a connection that ended, or was refused with `response`; its body is read.

        Raises the `DepescheError` of an answer that will not change.
        """
        if response.status_code == httpx.codes.NO_CONTENT:
            self._ended = True
            return 0
        if response.is_success:  # the service shuts down, and another will be there
            return self._pause(None)
        error = failure_of(response)
        if not is_passing(error, repeatable=True):
            raise error
        return self._pause(error, retry_after(response))

    def broken(self, error: httpx.TransportError) -> float:
        """Return how long to wait after a line that broke. Raises `Unreachable` when patience is at its end."""
        return self._pause(unreachable(error, "GET", self._path))

    def _pause(self, error: Exception | None, asked: float | None = None) -> float:
        self._failures += 1
        if self._failures >= self._patience.attempts:
            raise error or unreachable(None, "GET", self._path)
        return min(asked or self._patience.pause(self._failures), self._patience.longest)

    def _event(self, fields: Mapping[str, str]) -> JobEvent:
        self._failures = 0
        self._last_id = fields.get("id", self._last_id)
        kind = cast(Literal["article", "progress", "end"], fields.get("event"))
        self._ended = kind == "end"
        if kind == "article":
            return JobEvent(kind, article=_ARTICLE.validate_json(fields["data"]))
        return JobEvent(kind, job=_JOB.validate_json(fields["data"]))
