"""An article by its URL: the bytes of the page and what to tell ingest about them."""

from __future__ import annotations

from typing import NamedTuple

import anyio

from depesche.article import ArticleFormat
from depesche.config import Config
from depesche.fetch.fetcher import Fetcher

ARTICLE_TYPES: dict[str, ArticleFormat] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "application/json": "json",
}


class FetchedArticle(NamedTuple):
    """The bytes of an article; `name` is the URL as given, `format` None where the answer names no type."""

    data: bytes
    name: str
    format: ArticleFormat | None


async def afetch_article(url: str, config: Config, fetcher: Fetcher | None = None) -> FetchedArticle:
    """Return the article at `url`. Raises `FetchError`."""
    answer = await (fetcher or Fetcher(config.fetch)).afetch(url, ARTICLE_TYPES)
    return FetchedArticle(answer.data, url, ARTICLE_TYPES.get(answer.media_type) if answer.media_type else None)


def fetch_article(url: str, config: Config, fetcher: Fetcher | None = None) -> FetchedArticle:
    """Return the article at `url`, for callers without an event loop. Raises `FetchError`."""
    return anyio.run(afetch_article, url, config, fetcher)
