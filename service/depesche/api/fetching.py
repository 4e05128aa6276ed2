"""A body that names an article instead of being one: `{"url": "https://…"}`, fetched under our guards."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict, Field

from depesche.api.briefing import Submitted
from depesche.api.services import Services
from depesche.fetch.article import FetchedArticle, afetch_article


class ArticleUrl(BaseModel):
    """Where the service is to fetch an article; refused unless the setting `fetch.enabled` is on."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="Public http or https address of the article.")


async def fetched(services: Services, submitted: Submitted) -> Submitted:
    """Return the page that `submitted` names, or `submitted` itself if it is an article. Raises `FetchError`."""
    url = _url_of(submitted)
    if url is None:
        return submitted
    page = await fetch_page(services, url)
    return Submitted(page.data, submitted.name if submitted.name != "-" else url, page.format)


async def fetch_page(services: Services, url: str) -> FetchedArticle:
    """Return the page at `url`; not many are fetched at a time, whoever asks. Raises `FetchError`."""
    async with services.fetching:
        return await afetch_article(url, services.config, services.fetcher)


def _url_of(submitted: Submitted) -> str | None:
    """Return the URL in a JSON object that has nothing else; an article's record has `text` or `html` beside it."""
    if submitted.format != "json":
        return None
    try:
        value = json.loads(submitted.data)
    except (ValueError, RecursionError):
        return None  # ingest says what is wrong with it
    url = value.get("url") if isinstance(value, dict) and value.keys() == {"url"} else None
    return url if isinstance(url, str) else None
