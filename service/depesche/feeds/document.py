"""A feed as far as we use it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `id` is what the feed calls it, or its link, or a hash of what it says.

    `html` is the longest text that the entry itself has: the article, or a teaser. `published` is ISO 8601 in UTC.
    """

    id: str
    link: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The entries of a feed, in its order, each id once."""

    title: str | None
    entries: tuple[Entry, ...]
