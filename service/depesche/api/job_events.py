"""A job's server-sent events: `progress`, an `article` for each that ends, and `end`.

The id of an event is the number of the latest article, so that a client which comes back with `Last-Event-ID` misses
none and hears none twice, whichever process it asks. After `end`, whose id is `end`, it has nothing to come back for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from depesche.api.job_answers import article_event, job_answer
from depesche.api.job_services import JobServices
from depesche.api.services import Services
from depesche.errors import BadRequest, NotFound
from depesche.jobs import ENDED, JobView

END = "end"
_ARTICLES_AT_ONCE = 100
_LONGEST_SILENCE = 5.0
"""Seconds after which a job is looked at although there was no news of it."""


def begin_after(last_event_id: str | None) -> int | str:
    """Return the number of the article after which a client wants to go on, or `END`. Raises `BadRequest`."""
    if last_event_id is None or last_event_id == "":
        return 0
    if last_event_id == END:
        return END
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 10):
        raise BadRequest("no id that an event here had", place="Last-Event-ID", remedy="leave it out")
    return int(last_event_id)


async def job_events(
    services: Services, here: JobServices, job: str, client: str | None, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of a job from the article that follows number `after`, until it ends or the service does."""
    told: JobView | None = None
    async with here.news.listening(job) as listener:
        while not services.closing.is_set():
            try:
                view = await services.query(here.jobs.get, job, client=client)
            except NotFound:  # deleted meanwhile
                return
            async for event in _articles(services, here, job, after):
                after = int(event.id or after)
                yield event
            if told is None or _progress(view) != _progress(told):
                yield _event("progress", job_answer(view), None)
                told = view
            if view.state in ENDED and not view.counts.get("running") and after >= view.events:
                yield _event(END, job_answer(view), END)
                return
            await _news(services, listener.wait(_LONGEST_SILENCE))


async def _articles(services: Services, here: JobServices, job: str, after: int) -> AsyncIterator[ServerSentEvent]:
    following: int | None = after
    while following is not None:
        page = await services.query(here.jobs.outcomes, job, after=following, limit=_ARTICLES_AT_ONCE)
        for outcome in page.items:
            yield _event("article", article_event(outcome), str(outcome.number))
        following = page.next


async def _news(services: Services, news: Awaitable[None]) -> None:
    """Wait for news, or for the end of the service."""
    waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(news), asyncio.ensure_future(services.closing.wait())]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _progress(view: JobView) -> tuple[object, ...]:
    return view.state, view.events, dict(view.counts)


def _event(name: str, data: BaseModel, id: str | None) -> ServerSentEvent:  # noqa: A002 - the field's name
    return ServerSentEvent(data.model_dump_json(), event=name, id=id)
