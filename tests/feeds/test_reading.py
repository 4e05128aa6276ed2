"""Feeds as they are in the wild, and as an attacker writes them: bytes to entries."""

from __future__ import annotations

import pytest

from depesche.errors import NotAFeed
from depesche.feeds.document import FeedDocument
from depesche.feeds.reading import read_feed
from depesche.fetch import Answer

URL = "https://zeitung.example/feeds/politik.xml"


def read(data: str | bytes, media_type: str = "application/xml") -> FeedDocument:
    data = data.encode() if isinstance(data, str) else data
    return read_feed(Answer(URL, 200, media_type.partition(";")[0], data, {"content-type": media_type}))


def rss(items: str, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>Politik</title>{items}</channel></rss>'


def test_rss() -> None:
    document = read(
        rss(
            "<item><title>Haushalt &amp; Kita</title><link>/haushalt</link><guid>urn:1</guid>"
            "<pubDate>Thu, 26 Nov 2026 08:00:00 +0100</pubDate><author>Jana Petersen</author>"
            "<description>Der Stadtrat hat …</description></item>"
        )
    )
    [entry] = document.entries
    assert document.title == "Politik"
    assert (entry.id, entry.link, entry.title) == ("urn:1", "https://zeitung.example/haushalt", "Haushalt & Kita")
    assert (entry.published, entry.author) == ("2026-11-26T07:00:00+00:00", "Jana Petersen")
    assert entry.html == "Der Stadtrat hat …"


def test_atom_with_the_whole_text() -> None:
    [entry] = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Politik</title><entry><id>tag:1</id>'
        '<title type="html">Die &lt;b&gt;Wahl&lt;/b&gt;</title><link href="wahl.html"/>'
        "<updated>2026-11-26T07:00:00Z</updated>"
        '<summary>Kurz.</summary><content type="html">&lt;p&gt;Der lange Text.&lt;/p&gt;</content></entry></feed>'
    ).entries
    assert entry.html == "<p>Der lange Text.</p>"
    assert entry.title == "Die Wahl"
    assert entry.link == "https://zeitung.example/feeds/wahl.html"


def test_the_encoding_of_the_http_header_counts() -> None:
    data = rss("<item><title>Größe</title></item>").replace('<?xml version="1.0"?>', "").encode("iso-8859-1")
    assert read(data, "text/xml; charset=iso-8859-1").entries[0].title == "Größe"


def test_entries_without_an_id_are_told_apart_and_the_same_one_is_there_once() -> None:
    first, second = read(
        rss("<item><title>A</title></item><item><title>B</title></item><item><title>A</title></item>")
    ).entries
    assert first.id != second.id
    assert first.id == read(rss("<item><title>A</title></item>")).entries[0].id
    assert len(read(rss(f"<item><guid>{'x' * 5000}</guid></item>")).entries[0].id) <= 500


def test_a_feed_that_is_not_well_formed_is_read_all_the_same() -> None:
    assert [entry.title for entry in read(rss("<item><title>A & B</title></item><item><title>C</title>")).entries] == [
        "A & B",
        "C",
    ]


@pytest.mark.parametrize(
    "date", ["", "gestern", "99999-01-01", "Thu, 99 Nov 2026 08:00:00 +0100", "0000-00-00T00:00:00Z", "1" * 5000]
)
def test_an_odd_date_is_no_date_and_harms_nothing(date: str) -> None:
    [entry] = read(rss(f"<item><title>A</title><pubDate>{date}</pubDate></item>")).entries
    assert entry.title == "A"


@pytest.mark.parametrize("data", ["", "Kein Feed", "<html><body><p>Startseite</p></body></html>", "{}", "/etc/passwd"])
def test_what_is_no_feed_is_refused(data: str) -> None:
    with pytest.raises(NotAFeed):
        read(data)


@pytest.mark.parametrize("name", [__file__, "https://zeitung.example/feed.xml", "http://127.0.0.1:9/"])
def test_bytes_are_never_taken_for_a_name_to_open(name: str) -> None:
    with pytest.raises(NotAFeed):
        read(name)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>',
        f'<!DOCTYPE r [<!ENTITY l9 "{"A" * 100_000}">]>',
    ],
    ids=["billion laughs", "quadratic"],
)
def test_entities_that_multiply_are_harmless(doctype: str) -> None:
    """Refused, read without them, or cut off at a length; in no case is there much of it."""
    try:
        document = read(
            rss(f"<item><title>{'&l9;' * 20}</title><description>{'&l9;' * 20}</description></item>", doctype)
        )
    except NotAFeed:
        return
    for entry in document.entries:
        assert len(entry.title or "") + len(entry.html or "") <= 1_001_000


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE r PUBLIC "x" "http://127.0.0.1:9/x.dtd" [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>',
    ],
)
def test_external_entities_are_not_opened(doctype: str) -> None:
    [entry] = read(rss("<item><title>A&x;B</title></item>", doctype)).entries
    assert "root" not in (entry.title or "")


@pytest.mark.slow
def test_a_feed_that_takes_for_ever_is_given_up() -> None:
    with pytest.raises(NotAFeed):
        read(rss(f"<item><title>{'&' * 4_900_000}</title></item>"))


def test_by_the_clock_too() -> None:
    answer = Answer(URL, 200, None, rss("<item><title>A</title></item>").encode(), {})
    with pytest.raises(NotAFeed, match="within"):
        read_feed(answer, seconds=0.001)
