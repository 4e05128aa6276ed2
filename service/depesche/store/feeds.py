"""Feeds that articles are taken from: where they are, how the last poll went, which entries were dealt with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from depesche.errors import NameTaken
from depesche.store.database import Database
from depesche.store.schema import feed_entries, feeds

_ENTRIES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `etag` and `modified` are what its server said last, for a conditional GET."""

    url: str
    title: str | None
    added: datetime
    etag: str | None = None
    modified: str | None = None
    polled: datetime | None = None
    error: str | None = None


class Feeds:
    """The feeds of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, url: str, title: str | None = None) -> Feed:
        """Enter a feed. Raises `NameTaken` where it is there already."""
        feed = Feed(url, title, self._database.now())
        statement = self._database.insert(feeds).values(url=url, title=title, added=feed.added)
        with self._database.transaction() as connection:
            if connection.execute(statement.on_conflict_do_nothing().returning(feeds.c.url)).first() is None:
                raise NameTaken("this feed is there already", place=url, remedy="see depesche feeds list")
        return feed

    def list(self) -> list[Feed]:
        """Return all feeds, in the order in which they were added."""
        with self._database.transaction(write=False) as connection:
            rows = connection.execute(select(feeds).order_by(feeds.c.added, feeds.c.url)).all()
        return [Feed(**row._mapping) for row in rows]

    def get(self, url: str) -> Feed | None:
        """Return a feed, or None."""
        with self._database.transaction(write=False) as connection:
            row = connection.execute(select(feeds).where(feeds.c.url == url)).first()
        return None if row is None else Feed(**row._mapping)

    def remove(self, url: str) -> bool:
        """Forget a feed and its entries, not their briefs; say whether it was there."""
        with self._database.transaction() as connection:
            return connection.execute(delete(feeds).where(feeds.c.url == url)).rowcount > 0

    def record_poll(
        self, url: str, *, etag: str | None = None, modified: str | None = None, error: str | None = None
    ) -> None:
        """Enter how a poll went. After one that failed, the next goes on from the last that did not."""
        values = {"polled": self._database.now(), "error": error}
        if error is None:
            values |= {"etag": etag, "modified": modified}
        with self._database.transaction() as connection:
            connection.execute(update(feeds).where(feeds.c.url == url).values(values))

    def seen(self, url: str, entry_ids: Iterable[str]) -> set[str]:
        """Return those of the entries that were dealt with."""
        wanted = list(dict.fromkeys(entry_ids))
        found: set[str] = set()
        with self._database.transaction(write=False) as connection:
            for begin in range(0, len(wanted), _ENTRIES_AT_ONCE):
                part = wanted[begin : begin + _ENTRIES_AT_ONCE]
                found.update(
                    connection.scalars(
                        select(feed_entries.c.entry).where(feed_entries.c.feed == url, feed_entries.c.entry.in_(part))
                    )
                )
        return found

    def mark(self, url: str, entry_id: str, *, brief_id: str | None = None, error: str | None = None) -> None:
        """Enter what became of an entry: a brief, or an error; nothing where the feed was removed meanwhile."""
        values = {"brief_id": brief_id, "error": error, "marked": self._database.now()}
        statement = self._database.insert(feed_entries).values(feed=url, entry=entry_id, **values)
        still_there = select(feeds.c.url).where(feeds.c.url == url).with_for_update(read=True)
        with self._database.transaction() as connection:
            if connection.execute(still_there).first() is None:
                return
            connection.execute(
                statement.on_conflict_do_update(index_elements=[feed_entries.c.feed, feed_entries.c.entry], set_=values)
            )
