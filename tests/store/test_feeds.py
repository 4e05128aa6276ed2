"""Feeds, how their polls went, and which of their entries were dealt with."""

from __future__ import annotations

import pytest

from depesche.errors import NameTaken
from depesche.store import Store
from store.generated import Clock

URL = "https://zeitung.example/feed.xml"


def test_a_feed_is_there_from_adding_to_removing(store: Store) -> None:
    feed = store.feeds.add(URL, "Zeitung")
    other = store.feeds.add("https://anzeiger.example/rss")
    assert store.feeds.list() == [feed, other]
    assert store.feeds.get(URL) == feed
    with pytest.raises(NameTaken):
        store.feeds.add(URL)
    assert store.feeds.remove(URL)
    assert not store.feeds.remove(URL)
    assert store.feeds.get(URL) is None


def test_a_failed_poll_keeps_what_the_server_said_before(store: Store, clock: Clock) -> None:
    store.feeds.add(URL)
    store.feeds.record_poll(URL, etag='"1"', modified="Tue, 17 Mar 2026 06:00:00 GMT")
    store.feeds.record_poll(URL, error="DA04")
    feed = store.feeds.get(URL)
    assert feed is not None
    assert (feed.etag, feed.modified, feed.error) == ('"1"', "Tue, 17 Mar 2026 06:00:00 GMT", "DA04")
    assert feed.polled == clock.now
    store.feeds.record_poll(URL)
    feed = store.feeds.get(URL)
    assert feed is not None
    assert (feed.etag, feed.modified, feed.error) == (None, None, None)


def test_an_entry_is_seen_once_it_is_marked(store: Store) -> None:
    store.feeds.add(URL)
    store.feeds.mark(URL, "1", error="D105")
    store.feeds.mark(URL, "1", brief_id="a")
    store.feeds.mark(URL, "Zwei ü", brief_id="b")
    assert store.feeds.seen(URL, ["1", "Zwei ü", "3", "3"]) == {"1", "Zwei ü"}
    assert store.feeds.seen(URL, (str(number) for number in range(2_000))) == {"1"}
    assert store.feeds.seen("https://other.example", ["1"]) == set()


def test_a_feed_that_is_removed_leaves_no_entries(store: Store) -> None:
    store.feeds.add(URL)
    store.feeds.mark(URL, "1", brief_id="a")
    store.feeds.remove(URL)
    store.feeds.mark(URL, "2", brief_id="b")
    store.feeds.add(URL)
    assert store.feeds.seen(URL, ["1", "2"]) == set()
