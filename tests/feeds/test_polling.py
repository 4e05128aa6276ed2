"""Polling: only what is new, each entry once, one bad entry or feed stops nothing, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pytest

from depesche.article import Article
from depesche.brief import Brief
from depesche.config import Config, FetchConfig
from depesche.errors import DepescheError, EngineUnavailable, FetchDisabled
from depesche.feeds.polling import Handled, Polled, Poller
from depesche.fetch import Fetcher
from depesche.pipeline import Pipeline
from depesche.store import BriefQuery, Store
from feeds.news import article, item, rss, whole
from fetch.local_site import Page, Site, fetcher_for


class World:
    """A feed with its site, store and poller."""

    def __init__(self, site: Site, store: Store, config: Config) -> None:
        self.site, self.store, self.config = site, store, config
        self.pipeline = Pipeline(config)
        self.url = site.url("/feed.xml")
        store.feeds.add(self.url, "Bridges")

    def feed(self, *items: str, etag: str | None = None) -> None:
        def answer(headers: Mapping[str, str]) -> Page:
            if etag and headers.get("if-none-match") == etag:
                return Page(status=304)
            return Page(rss(*items), "application/rss+xml", headers={"ETag": etag} if etag else {})

        self.site.pages["/feed.xml"] = answer

    def page(self, path: str, town: str) -> str:
        self.site.pages[path] = Page(article(town).encode())
        return item(self.site.url(path))

    def poll(self, *, limit: int | None = None, run: object = None) -> Polled:
        feed = self.store.feeds.get(self.url)
        assert feed
        fetcher = fetcher_for(self.site)
        chosen = run or self.pipeline.run
        return Poller(self.store, fetcher, self.config, chosen, limit=limit).poll(feed)  # type: ignore[arg-type]

    def headlines(self) -> list[str]:
        """Return what is stored, newest first."""
        return [one.headline for one in self.store.briefs.search(BriefQuery()).items]


@pytest.fixture
def world(site: Site, store: Store, config: Config) -> Iterator[World]:
    world = World(site, store, config)
    yield world
    world.pipeline.close()


def test_new_entries_become_briefs_and_are_not_done_again(world: World) -> None:
    world.feed(world.page("/b", "Celle"), world.page("/a", "Uelzen"))
    first = world.poll()
    assert (first.stored, first.failed, first.error) == (2, 0, None)
    assert ["Celle" in one for one in world.headlines()] == [True, False], "the newest entry is the newest brief"
    world.feed(world.page("/c", "Soltau"), world.page("/b", "Celle"), world.page("/a", "Uelzen"))
    world.site.asked.clear()
    second = world.poll()
    assert second.stored == 1
    assert [path for path, _ in world.site.asked] == ["/feed.xml", "/c"]


def test_the_brief_is_that_of_the_page(world: World) -> None:
    world.feed(world.page("/a", "Uelzen"))
    [handled] = world.poll().handled
    assert handled.brief
    assert handled.brief.article.name == world.site.url("/a")
    assert handled.brief.article.title == "Uelzen opens a bridge"
    stored = world.store.briefs.get(handled.brief.id)
    assert stored
    assert stored.brief == handled.brief


def test_a_feed_that_did_not_change_is_not_sent_again(world: World) -> None:
    world.feed(world.page("/a", "Uelzen"), etag='"1"')
    assert not world.poll().unchanged
    assert world.poll().unchanged
    assert world.site.asked[-1][1]["if-none-match"] == '"1"'


def test_an_entry_with_the_whole_text_needs_no_page(world: World) -> None:
    text = article("Uelzen") + "<p>" + "The bridge has two lanes and a path for bicycles. " * 20 + "</p>"
    world.feed(item(world.site.url("/nowhere"), "Uelzen opens a bridge", whole(text)))
    [handled] = world.poll().handled
    assert handled.brief, handled.error
    assert [path for path, _ in world.site.asked] == ["/feed.xml"]
    assert handled.brief.article.url == world.site.url("/nowhere")


def test_one_bad_entry_stops_no_other(world: World) -> None:
    world.site.pages["/bild"] = Page(b"\x89PNG", "image/png")
    world.site.pages["/leer"] = Page(b"<p></p>")
    world.feed(
        item(world.site.url("/bild")),
        item(world.site.url("/leer")),
        item("http://169.254.169.254/latest/meta-data/"),
        item("http://127.0.0.1:8000/"),
        item("file:///etc/passwd"),
        item("javascript:alert(1)"),
        "<item><title>nothing at all</title></item>",
        world.page("/gut", "Uelzen"),
    )
    polled = world.poll()
    assert (polled.stored, polled.failed) == (1, 7)
    assert {one.error.code for one in polled.handled if one.error} >= {"D101", "D105", "DA02", "DA04"}
    assert world.poll().handled == [], "each of them is marked"


def test_what_failed_for_a_passing_reason_is_tried_again_though_the_feed_did_not_change(world: World) -> None:
    good = world.page("/a", "Uelzen")
    world.site.pages["/b"] = Page(b"", status=503)
    world.feed(item(world.site.url("/b")), good, etag='"1"')
    first = world.poll()
    assert [(one.brief is not None, one.again) for one in first.handled] == [(True, False), (False, True)]
    world.page("/b", "Celle")
    second = world.poll()
    assert (second.stored, second.failed) == (1, 0)
    assert world.poll().unchanged


def test_a_limit_takes_the_newest_and_leaves_the_rest_for_later(world: World) -> None:
    world.feed(*(world.page(f"/{town}", town) for town in ("Celle", "Uelzen", "Soltau")), etag='"1"')
    first = world.poll(limit=1)
    assert (first.stored, first.left) == (1, 2)
    assert "Celle" in world.headlines()[0]
    assert (world.poll(limit=5).stored, len(world.headlines())) == (2, 3)


def test_an_entry_is_marked_only_after_its_brief_is_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.feed(world.page("/a", "Uelzen"), etag='"1"')

    class Killed(BaseException): ...

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(type(world.store.briefs), "add", die)
        with pytest.raises(Killed):
            world.poll()
    assert world.poll().stored == 1


def test_a_bug_in_one_article_stops_no_other(world: World) -> None:
    def buggy(articles: Iterable[Article]) -> Iterator[Brief | DepescheError]:
        articles = list(articles)
        if any("Celle" in one.text for one in articles):
            raise ZeroDivisionError("a bug")
        return world.pipeline.run(articles)

    world.feed(world.page("/b", "Celle"), world.page("/a", "Uelzen"))
    polled = world.poll(run=buggy)
    assert [one.error.code if one.error else None for one in polled.handled] == [None, "D708"]


def test_a_model_that_cannot_be_had_stops_the_poll_and_marks_nothing(world: World) -> None:
    def no_model(articles: Iterable[Article]) -> Iterator[Brief | DepescheError]:
        raise EngineUnavailable("not installed")

    world.feed(world.page("/a", "Uelzen"))
    with pytest.raises(EngineUnavailable):
        world.poll(run=no_model)
    assert world.poll().stored == 1


@pytest.mark.parametrize(
    "page",
    [Page(b"", status=500), Page(b"<html></html>", "text/html"), Page(b"x", "image/png"), Page(b"x" * 10, "text/xml")],
)
def test_a_bad_feed_says_so_and_keeps_what_it_knew(world: World, page: Page) -> None:
    world.feed(world.page("/a", "Uelzen"), etag='"1"')
    world.poll()
    world.site.pages["/feed.xml"] = page
    polled = world.poll()
    assert polled.error
    feed = world.store.feeds.get(world.url)
    assert feed
    assert feed.error == str(polled.error)
    assert feed.etag == '"1"'
    world.feed(world.page("/a", "Uelzen"), etag='"1"')
    assert world.poll().unchanged
    assert world.store.feeds.get(world.url).error is None  # type: ignore[union-attr]


def test_polling_is_off_with_fetching(world: World) -> None:
    feed = world.store.feeds.get(world.url)
    assert feed
    poller = Poller(world.store, Fetcher(FetchConfig()), world.config, world.pipeline.run)
    with pytest.raises(FetchDisabled):
        poller.poll(feed)


def test_a_listener_hears_of_each_entry(world: World) -> None:
    heard: list[Handled] = []
    world.feed(world.page("/a", "Uelzen"))
    feed = world.store.feeds.get(world.url)
    assert feed
    fetcher = fetcher_for(world.site)
    polled = Poller(world.store, fetcher, world.config, world.pipeline.run, listener=heard.append).poll(feed)
    assert heard == polled.handled
