"""Articles and feeds for the tests: English, so that the real pipeline needs no model for them."""

from __future__ import annotations

from email.utils import formatdate
from html import escape


def article(town: str) -> str:
    """Return a page with an article of some sentences, a figure and a quotation."""
    return (
        f'<!doctype html><html lang="en"><head><title>{town} opens a bridge</title></head><body><article>'
        f"<h1>{town} opens a bridge</h1>"
        f"<p>The town of {town} opened a new bridge over the river on Monday after three years of work.</p>"
        '<p>It cost 4.5 million euros, 12 percent more than planned, the mayor said. "We are glad that it is done," '
        "she told reporters at the opening.</p>"
        "<p>Some 8,000 cars are expected to cross it on a working day. The old bridge will be taken down in May.</p>"
        "</article></body></html>"
    )


def item(link: str, title: str = "A bridge", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>{more}</item>"


def rss(*items: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Bridges</title>'
        f"<lastBuildDate>{formatdate(0)}</lastBuildDate>{''.join(items)}</channel></rss>"
    ).encode()


def whole(html: str) -> str:
    return f"<content:encoded>{escape(html)}</content:encoded>"
