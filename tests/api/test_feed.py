"""The Atom feed: valid by the rules of RFC 4287, read by a feed reader, sent again only when it changed."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest

from api.conftest import ENGLISH, TEXT, Connected
from depesche.store import Store
from store.generated import a_brief

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def store(each_store: Store) -> Store:
    return each_store


def must_be_valid(document: bytes) -> ET.Element:
    """Check what RFC 4287 asks of feeds (section 4.1.1) and entries (4.1.2); return the feed."""
    feed = ET.fromstring(document)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [found] = element.findall(f"{ATOM}{name}")
            assert found.text
        updated = element.findtext(f"{ATOM}updated", "")
        assert datetime.fromisoformat(updated).tzinfo
        assert element.findtext(f"{ATOM}id", "").startswith("urn:depesche:")
        links = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links)), "no two alternates of one type"
        assert all(one.get("href", "").startswith("http://") for one in element.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert "self" in {one.get("rel") for one in feed.findall(f"{ATOM}link")}
    ids = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


def test_an_empty_feed_is_valid_too(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.get("/v1/feed.atom")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        must_be_valid(answer.content)

    run(check)


def test_a_feed_reader_finds_the_newest_briefs_and_their_links_lead_there(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for town in ("Rosenau", "Langenau"):
            await client.post("/v1/briefs", content=ENGLISH.replace("Rosenau", town).encode(), headers=TEXT)
        answer = await client.get("/v1/feed.atom")
        must_be_valid(answer.content)
        feed = feedparser.parse(answer.content)
        assert (feed.bozo, feed.version) == (False, "atom10")
        assert len(feed.entries) == 2
        assert "Langenau" in feed.entries[0].summary
        page = await client.get(feed.entries[0].link)
        assert page.headers["content-type"].startswith("text/html")

    run(check)


@pytest.mark.parametrize("text", ["<script>alert(1)</script> & ]]>", "Um\u0000lau\u009bt \uffff \u202e", "„Grüße“ 🚢"])
def test_whatever_a_brief_says_the_feed_is_valid(run: Connected, store: Store, text: str) -> None:
    store.briefs.add(a_brief("a" * 32, headline=f"News {text}"))

    async def check(client: httpx.AsyncClient) -> None:
        feed = must_be_valid((await client.get("/v1/feed.atom")).content)
        title = feed.findtext(f"{ATOM}entry/{ATOM}title", "")
        assert title.startswith("News ")
        assert not {"\x00", "\x9b", "\uffff", "\u202e"} & set(title)

    run(check)


def test_filters_and_their_limits(run: Connected, store: Store) -> None:
    store.briefs.add(a_brief("a" * 32, headline="One"))

    async def check(client: httpx.AsyncClient) -> None:
        both = [(await client.get("/v1/feed.atom", params={"language": one})).content for one in ("de", "fr")]
        counts = sorted(len(must_be_valid(one).findall(f"{ATOM}entry")) for one in both)
        assert counts == [0, 1]
        for wrong in ({"status": "x"}, {"language": "../"}, {"limit": "0"}, {"limit": "201"}):
            assert (await client.get("/v1/feed.atom", params=wrong)).status_code == 422

    run(check)


def test_a_feed_that_did_not_change_is_not_sent_again(run: Connected, store: Store) -> None:
    store.briefs.add(a_brief("a" * 32, headline="One"))

    async def check(client: httpx.AsyncClient) -> None:
        first = await client.get("/v1/feed.atom")
        tag, date = first.headers["etag"], first.headers["last-modified"]
        for condition in ({"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": date}):
            again = await client.get("/v1/feed.atom", headers=condition)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        for condition in (
            {"If-None-Match": '"x"'},
            {"If-None-Match": '"x"', "If-Modified-Since": date},
            {"If-Modified-Since": "gestern"},
            {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        ):
            assert (await client.get("/v1/feed.atom", headers=condition)).status_code == 200
        store.briefs.add(a_brief("b" * 32, headline="Two"))
        assert (await client.get("/v1/feed.atom", headers={"If-None-Match": tag})).status_code == 200

    run(check)
