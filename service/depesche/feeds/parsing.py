"""Bytes to entries by feedparser, in a process of its own: `python -m depesche.feeds.parsing`, see `reading`.

feedparser takes what real feeds are, broken markup and dates included, and pays for it with time: five megabytes of
"&" take it a minute, as many of open tags more than seven. So it runs where it can be ended, and where what it takes
of memory is taken from nobody. It opens no external entity, and expat gives up on entities that multiply.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import time
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from depesche.feeds.document import Entry, FeedDocument

MOST_ENTRIES = 500
_LONGEST_TEXT = 1_000_000
_LARGEST_FEED = 20_000_000
"""Characters of all entries together, which entities may have multiplied; what comes after is passed over."""
_LONGEST_LINE = 1_000
_LONGEST_ID = 500
_MEMORY = 1 << 30
_PROCESSOR_SECONDS = 20


def parse_feed(data: bytes, headers: Mapping[str, str]) -> FeedDocument | None:
    """Return the feed in `data`, or None if there is none.

    `headers` are those of the HTTP answer: `content-type` may name the encoding, and relative links are relative to
    `content-location`.
    """
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a library that we do not steer
        # Never the bytes themselves: feedparser would take them for a file name or a URL and open that.
        parsed = feedparser.parse(io.BytesIO(data), response_headers=dict(headers))
    if not parsed.get("version"):
        return None
    entries: dict[str, Entry] = {}
    characters = 0
    for raw in parsed.get("entries", ())[:MOST_ENTRIES]:
        entry = _entry(raw)
        characters += len(entry.html or "")
        if characters > _LARGEST_FEED:
            break
        entries.setdefault(entry.id, entry)
    return FeedDocument(_line(parsed.get("feed", {}), "title"), tuple(entries.values()))


def _entry(raw: Mapping[str, Any]) -> Entry:
    texts = [part.get("value") or "" for part in raw.get("content") or ()] + [raw.get("summary") or ""]
    html = max(texts, key=len)[:_LONGEST_TEXT] or None
    link = raw.get("link") or None
    title, published = _line(raw, "title"), _published(raw)
    name = raw.get("id") or link or _sha256("\n".join(map(str, (title, published, html))))
    return Entry(
        id=name if len(name) <= _LONGEST_ID else _sha256(name),
        link=link,
        title=title,
        author=_line(raw, "author"),
        published=published,
        html=html,
    )


def _line(raw: Mapping[str, Any], field: str) -> str | None:
    """Return a field as one line of plain text; where the feed has it as HTML, without tags and entities."""
    text = str(raw.get(field) or "")
    if "html" in (raw.get(f"{field}_detail") or {}).get("type", ""):
        text = Markup(text).striptags()  # noqa: S704 - taken apart here, not shown
    return " ".join(text.split())[:_LONGEST_LINE] or None


def _published(raw: Mapping[str, Any]) -> str | None:
    moment: time.struct_time | None = raw.get("published_parsed") or raw.get("updated_parsed")
    try:
        return datetime(*moment[:6], tzinfo=UTC).isoformat() if moment else None
    except (ValueError, OverflowError):
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _limit() -> None:
    """Take no more memory and processor time than a feed needs, where the system can be told so."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


def main() -> None:
    """Read headers (a line of JSON) and a feed from standard input; write the feed as JSON, or `null` for none."""
    _limit()
    headers = json.loads(sys.stdin.buffer.readline())
    document = parse_feed(sys.stdin.buffer.read(), headers)
    json.dump(document and asdict(document), sys.stdout)


if __name__ == "__main__":
    main()
