"""The article as ingest leaves it: canonical text to which every offset in the system refers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from depesche.span import Span

ArticleFormat = Literal["text", "markdown", "html", "json", "jsonl"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: what the provenance of its brief quotes.

    `name` is the path or URL as the user gave it, or "-" for standard input; it is shown, never opened again.
    `sha256` is that of the bytes as read, before decoding.
    """

    name: str
    format: ArticleFormat
    encoding: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    r"""One news article in canonical form.

    `text` is NFC, has `\n` line ends, `\n\n` between paragraphs and no other line break inside a paragraph.
    It begins with the title (when there is one), then the teaser (when there is one that the body does not
    repeat), then the body, so that a figure in a headline has an offset like any other.
    `title_span` and `teaser_span` say where these two stand in `text`; `title` and `teaser` are their text.
    `published` is an ISO 8601 date or date-time as the source gives it.
    """

    text: str
    origin: Origin
    title: str | None = None
    teaser: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    title_span: Span | None = None
    teaser_span: Span | None = None
    language_hint: str | None = field(default=None)
    """Language the source itself declares (`lang` attribute, JSON field); a hint, never a verdict."""
