"""One poll of a feed: what is new in it becomes stored briefs.

An entry is marked only after its brief is stored, so a poll that is killed loses nothing and doubles nothing: the
next one takes up what is not marked. An entry that can never become a brief is marked with its error; one that failed
for a passing reason stays new. While an entry stays new, the feed's ETag is not kept either, or the server would say
"not modified" and the entry would never come up again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from depesche.article import Article
from depesche.batch.stages import unexpected
from depesche.brief import Brief
from depesche.config import Config
from depesche.errors import DepescheError, FetchDisabled, FetchFailed, NotAnArticle
from depesche.feeds.document import Entry, FeedDocument
from depesche.feeds.reading import FEED_TYPES, read_feed
from depesche.fetch import Fetcher, fetch_article
from depesche.ingest import ingest_bytes

if TYPE_CHECKING:
    from depesche.store import Feed, Store

Run = Callable[[Iterable[Article]], Iterator[Brief | DepescheError]]
"""Articles to briefs, in order: `Pipeline.run`."""

_CLIENT = "feeds"
_ARTICLES_AT_ONCE = 8
_FULL_TEXT_WORDS = 150
"""An entry with as many words has the article in it; a shorter one may be a teaser, and its page is fetched."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a new entry: a brief, or an error; `again` says that the next poll will try once more."""

    feed: str
    entry: Entry
    brief: Brief | None = None
    error: DepescheError | None = None
    again: bool = False


@dataclass(slots=True)
class Polled:
    """How a poll went; `left` counts new entries that were not taken up because of the limit."""

    url: str
    unchanged: bool = False
    error: DepescheError | None = None
    left: int = 0
    handled: list[Handled] = field(default_factory=list)

    @property
    def stored(self) -> int:
        """Return how many briefs were stored."""
        return sum(one.brief is not None for one in self.handled)

    @property
    def failed(self) -> int:
        """Return how many entries became no brief."""
        return len(self.handled) - self.stored


class Poller:
    """Polls feeds into a store. `listener` is told of each entry as soon as it is dealt with."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        config: Config,
        run: Run,
        *,
        limit: int | None = None,
        listener: Callable[[Handled], None] | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._config = config
        self._run = run
        self._limit = limit
        self._listener = listener

    def poll(self, feed: Feed) -> Polled:
        """Brief what is new in `feed`, oldest first; errors of the feed and of its entries are in the result.

        Raises `FetchDisabled`, `StoreError`, and the `ModelError` of a model that cannot be had: no other feed would
        fare better.
        """
        polled = Polled(feed.url)
        try:
            answer = self._fetcher.fetch(feed.url, FEED_TYPES, _conditions(feed))
            document = None if answer.status == 304 else read_feed(answer)
        except FetchDisabled:
            raise
        except DepescheError as error:
            polled.error = error
            self._store.feeds.record_poll(feed.url, error=str(error))
            return polled
        if document is None:
            polled.unchanged = True
            self._store.feeds.record_poll(feed.url, etag=feed.etag, modified=feed.modified)
            return polled
        new = self._new(feed, document)
        taken = new[-self._limit :] if self._limit else new
        polled.left = len(new) - len(taken)
        for handled in self._handle(feed, taken):
            polled.handled.append(handled)
            if self._listener:
                self._listener(handled)
        complete = not polled.left and not any(one.again for one in polled.handled)
        etag, modified = (answer.headers.get("etag"), answer.headers.get("last-modified")) if complete else (None, None)
        self._store.feeds.record_poll(feed.url, etag=etag, modified=modified)
        return polled

    def _new(self, feed: Feed, document: FeedDocument) -> list[Entry]:
        """Return the entries that were not dealt with, oldest first; feeds have the newest first."""
        seen = self._store.feeds.seen(feed.url, (entry.id for entry in document.entries))
        return [entry for entry in reversed(document.entries) if entry.id not in seen]

    def _handle(self, feed: Feed, entries: Iterable[Entry]) -> Iterator[Handled]:
        remaining = iter(entries)
        while some := list(islice(remaining, _ARTICLES_AT_ONCE)):
            articles = {entry.id: self._article(entry) for entry in some}
            good = [article for article in articles.values() if isinstance(article, Article)]
            briefs = iter(self._briefs(good))
            for entry in some:
                outcome = articles[entry.id]
                yield self._keep(feed, entry, next(briefs) if isinstance(outcome, Article) else outcome)

    def _keep(self, feed: Feed, entry: Entry, outcome: Brief | DepescheError) -> Handled:
        if isinstance(outcome, Brief):
            self._store.briefs.add(outcome, client=_CLIENT)
            self._store.feeds.mark(feed.url, entry.id, brief_id=outcome.id)
            return Handled(feed.url, entry, brief=outcome)
        again = isinstance(outcome, FetchFailed) and outcome.passing
        if not again:
            self._store.feeds.mark(feed.url, entry.id, error=str(outcome))
        return Handled(feed.url, entry, error=outcome, again=again)

    def _article(self, entry: Entry) -> Article | DepescheError:
        try:
            return self._ingest(entry)
        except DepescheError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one entry is its own affair
            return unexpected(error, entry.link or entry.id)

    def _ingest(self, entry: Entry) -> Article:
        """Return the entry's own full text if it has it, else the page that it links to."""
        text = entry.html or ""
        if entry.link and len(text.split()) < _FULL_TEXT_WORDS:
            data, name, kind = fetch_article(entry.link, self._config, self._fetcher)
            return ingest_bytes(data, name=name, format=kind, config=self._config.ingest)
        if not text:
            raise NotAnArticle("an entry without text and without a link", place=entry.id)
        record = {
            "title": entry.title,
            "byline": entry.author,
            "published": entry.published,
            "url": entry.link,
            "html": text,
        }
        data = json.dumps({name: value for name, value in record.items() if value}, ensure_ascii=False).encode()
        return ingest_bytes(data, name=entry.link or entry.id, format="json", config=self._config.ingest)

    def _briefs(self, articles: Sequence[Article]) -> list[Brief | DepescheError]:
        """Return the briefs of some articles; where the program itself fails, one by one to find the culprit."""
        try:
            return list(self._run(articles))
        except DepescheError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            if len(articles) == 1:
                return [unexpected(error, articles[0].origin.name)]
            return [outcome for article in articles for outcome in self._briefs([article])]


def _conditions(feed: Feed) -> dict[str, str]:
    headers = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    return {name: value for name, value in headers.items() if value}
