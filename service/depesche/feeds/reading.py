"""Bytes to a feed, in bounded time and memory whatever the bytes are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import depesche
from depesche.errors import NotAFeed
from depesche.feeds.document import Entry, FeedDocument
from depesche.fetch import Answer

FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "text/html",  # what careless servers say of their feeds
    "text/plain",
)
_SECONDS = 120
"""By the clock, for where processor time cannot be limited (see `parsing`); generous, because machines may be busy."""
_REMEDY = "give the address of an RSS or Atom feed; the news page itself often names it"


def read_feed(answer: Answer, *, seconds: float = _SECONDS) -> FeedDocument:
    """Return the feed that was fetched. Raises `NotAFeed`, also where it cannot be read within `seconds`."""
    headers = {"content-type": answer.headers.get("content-type", ""), "content-location": answer.url}
    # The child shall find this very program, wherever it was imported from.
    path = os.pathsep.join([str(Path(depesche.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "depesche.feeds.parsing"],
            input=json.dumps(headers).encode() + b"\n" + answer.data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)},
        )
    except subprocess.TimeoutExpired as error:
        raise NotAFeed(f"cannot be read within {seconds:g} s", place=answer.url, remedy=_REMEDY) from error
    if done.returncode:
        raise NotAFeed("cannot be read: too large or too strange", place=answer.url, remedy=_REMEDY)
    record: dict[str, Any] | None = json.loads(done.stdout)
    if record is None:
        raise NotAFeed("neither RSS nor Atom", place=answer.url, remedy=_REMEDY)
    return FeedDocument(record["title"], tuple(Entry(**entry) for entry in record["entries"]))
