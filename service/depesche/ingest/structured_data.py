"""What a page says of itself in JSON-LD (schema.org) and meta tags: read by the HTML reader, trusted for facts only.

Headline, author, dates and `isAccessibleForFree` are taken from the first object of an article type. Broken or
deeply nested JSON-LD is passed over: it is a convenience of the page, and the words stand in its body.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from depesche.ingest.canonical import iso_date

_ARTICLE_TYPES = frozenset({"Article", "BlogPosting", "LiveBlogPosting", "NewsArticle", "Report"})
_MORE_SPECIFIC = "NewsArticle"  # ReportageNewsArticle, OpinionNewsArticle and the like
_DATE_TAGS = ("article:published_time", "article:published", "date", "dcterms.date")
_MOST_OBJECTS = 2000


@dataclass(frozen=True, slots=True)
class StructuredData:
    """The fields of a page's article object; None where it has none."""

    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    published: str | None = None
    accessible: bool | None = None


def read_structured_data(tree: HtmlElement) -> StructuredData:
    """Return what the page's JSON-LD says of its article, falling back to meta tags for the date."""
    article: dict[str, Any] = next(_articles(tree), {})
    return StructuredData(
        headline=_text(article.get("headline")),
        description=_text(article.get("description")),
        byline=_names(article.get("author")),
        published=iso_date(_text(article.get("datePublished"))) or iso_date(meta(tree, *_DATE_TAGS)),
        accessible=_accessible(article),
    )


def meta(tree: HtmlElement, *names: str) -> str | None:
    """Return the content of the first meta tag with one of these names or properties."""
    for name in names:
        for content in tree.xpath("//meta[@property=$name or @name=$name]/@content", name=name):
            if content.strip():
                return str(content.strip())
    return None


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for found in _objects(data):
            types = found.get("@type")
            if any(map(_is_article_type, _listed(types))):
                yield found


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON value, outer before inner, without recursion."""
    queue = [data]
    for _ in range(_MOST_OBJECTS):
        if not queue:
            return
        value = queue.pop(0)
        if isinstance(value, dict):
            yield value
            queue += value.values()
        elif isinstance(value, list):
            queue += value


def _is_article_type(name: Any) -> bool:
    return isinstance(name, str) and (name in _ARTICLE_TYPES or name.endswith(_MORE_SPECIFIC))


def _text(value: Any) -> str | None:
    """Return a string with its entities resolved: many pages escape their JSON as if it were HTML."""
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _names(value: Any) -> str | None:
    """Return the names of one or more authors, joined by commas."""
    people = _listed(value)
    names = [_text(person.get("name")) if isinstance(person, dict) else _text(person) for person in people]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _accessible(article: dict[str, Any]) -> bool | None:
    """Return whether the article is free: False when it or a part of it says that it is not."""
    parts = [part for part in _listed(article.get("hasPart")) if isinstance(part, dict)]
    said = [_truth(thing.get("isAccessibleForFree")) for thing in (article, *parts)]
    return False if False in said else (True if True in said else None)


def _truth(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
