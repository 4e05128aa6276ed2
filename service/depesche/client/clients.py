"""The two clients: how a call is carried out, plainly and with `await`. What the calls are is in `calls`."""

from __future__ import annotations

import functools
import inspect
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.metadata import version
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import anyio
import httpx

from depesche.client import calls
from depesche.client.answers import ArticleOutcome, BriefSummary, Job, JobEvent
from depesche.client.events import EventStream
from depesche.client.exchange import Call, Outcome, Patience, Pause, exchange

P = ParamSpec("P")
T = TypeVar("T")

_LOCAL = "http://127.0.0.1:8000"
_TIMEOUT = httpx.Timeout(10.0, read=180.0)
"""The service gives a brief up to two minutes (serve.deadline_seconds)."""


def _plain(build: Callable[P, Call[T]]) -> Callable[Concatenate[Client, P], T]:
    """Return the method of the plain client for a call."""

    def method(self: Client, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.send(build(*args, **kwargs))

    _describe(method, build)
    return method


def _awaited(build: Callable[P, Call[T]]) -> Callable[Concatenate[AsyncClient, P], Awaitable[T]]:
    """Return the method of the asynchronous client for a call."""

    async def method(self: AsyncClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.send(build(*args, **kwargs))

    _describe(method, build)
    return method


def _describe(method: Any, build: Callable[..., Any]) -> None:
    """Give `method` what help pages show: name, text and signature of `build`, the latter behind `self`."""
    functools.update_wrapper(method, build)
    signature = inspect.signature(build)
    first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__signature__ = signature.replace(parameters=[first, *signature.parameters.values()])


def _settings(url: str | None, key: str | None, timeout: httpx.Timeout | float | None) -> dict[str, Any]:
    key = key or os.environ.get("DEPESCHE_API_KEY")
    headers = {"User-Agent": f"depesche-client/{version('depesche')}", "Accept": "application/json"}
    return {
        "base_url": url or os.environ.get("DEPESCHE_URL") or _LOCAL,
        "headers": headers | ({"Authorization": f"Bearer {key}"} if key else {}),
        "timeout": _TIMEOUT if timeout is None else timeout,
        "follow_redirects": False,  # a key must not travel to where a redirect leads
    }


class Client:
    """Calls the service. Close it, or use it as a context; it may be shared by threads.

    `key` is an API key; `timeout` holds for each try of a call, `patience` for how often it is tried.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        key: str | None = None,
        timeout: httpx.Timeout | float | None = None,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._http = httpx.Client(**_settings(url, key, timeout), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    brief = _plain(calls.brief)
    brief_file = _plain(calls.brief_file)
    brief_url = _plain(calls.brief_url)
    translate = _plain(calls.translate)
    detect = _plain(calls.detect)
    figures = _plain(calls.figures)
    quotes = _plain(calls.quotes)
    brief_page = _plain(calls.brief_page)
    get_brief = _plain(calls.get_brief)
    render_brief = _plain(calls.render_brief)
    delete_brief = _plain(calls.delete_brief)
    give_feedback = _plain(calls.give_feedback)
    feedback = _plain(calls.feedback)
    create_job = _plain(calls.create_job)
    create_job_file = _plain(calls.create_job_file)
    job = _plain(calls.job)
    job_page = _plain(calls.job_page)
    outcome_page = _plain(calls.outcome_page)
    cancel_job = _plain(calls.cancel_job)
    delete_job = _plain(calls.delete_job)
    models = _plain(calls.models)
    schema = _plain(calls.schema)
    is_live = _plain(calls.is_live)
    check_ready = _plain(calls.check_ready)

    def find_briefs(self, text: str | None = None, **search: Any) -> Iterator[BriefSummary]:
        """Yield all stored briefs that are found, page by page; the arguments are those of `brief_page`."""
        cursor = search.pop("cursor", None)
        while True:
            page = self.brief_page(text, cursor=cursor, **search)
            yield from page.items
            if (cursor := page.next) is None:
                return

    def job_outcomes(self, id: str) -> Iterator[ArticleOutcome]:  # noqa: A002
        """Yield the articles of a job that have ended by now, with their briefs, in the order in which they did."""
        after: int | None = 0
        while after is not None:
            page = self.outcome_page(id, after=after)
            yield from page.items
            after = page.next

    def job_events(self, id: str) -> Iterator[JobEvent]:  # noqa: A002
        """Yield what happens to a job until it ends, from its beginning; goes on where a line breaks."""
        stream = EventStream(id, self._patience)
        while not stream.has_ended():
            try:
                with self._http.stream(**stream.request()) as response:
                    if response.status_code == httpx.codes.OK:
                        for data in response.iter_bytes():
                            yield from stream.feed(data)
                    else:
                        response.read()
                if stream.has_ended():
                    return
                seconds = stream.answered(response)
            except httpx.TransportError as error:
                seconds = stream.broken(error)
            time.sleep(seconds)

    def wait_for_job(self, id: str) -> Job:  # noqa: A002
        """Return a job when it has ended."""
        for event in self.job_events(id):
            if event.kind == "end" and event.job is not None:
                return event.job
        return self.job(id)

    def send(self, call: Call[T]) -> T:
        """Carry out a call."""
        steps = exchange(call, self._patience)
        outcome: Outcome = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                value: T = end.value
                return value
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                outcome = None
                continue
            try:
                outcome = self._http.request(step.method, step.path, **_request(step))
            except httpx.TransportError as error:
                outcome = error


class AsyncClient:
    """Calls the service from asynchronous code. See `Client`: the same methods, with `await`."""

    def __init__(
        self,
        url: str | None = None,
        *,
        key: str | None = None,
        timeout: httpx.Timeout | float | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._http = httpx.AsyncClient(**_settings(url, key, timeout), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    brief = _awaited(calls.brief)
    brief_file = _awaited(calls.brief_file)
    brief_url = _awaited(calls.brief_url)
    translate = _awaited(calls.translate)
    detect = _awaited(calls.detect)
    figures = _awaited(calls.figures)
    quotes = _awaited(calls.quotes)
    brief_page = _awaited(calls.brief_page)
    get_brief = _awaited(calls.get_brief)
    render_brief = _awaited(calls.render_brief)
    delete_brief = _awaited(calls.delete_brief)
    give_feedback = _awaited(calls.give_feedback)
    feedback = _awaited(calls.feedback)
    create_job = _awaited(calls.create_job)
    create_job_file = _awaited(calls.create_job_file)
    job = _awaited(calls.job)
    job_page = _awaited(calls.job_page)
    outcome_page = _awaited(calls.outcome_page)
    cancel_job = _awaited(calls.cancel_job)
    delete_job = _awaited(calls.delete_job)
    models = _awaited(calls.models)
    schema = _awaited(calls.schema)
    is_live = _awaited(calls.is_live)
    check_ready = _awaited(calls.check_ready)

    async def find_briefs(self, text: str | None = None, **search: Any) -> AsyncIterator[BriefSummary]:
        """Yield all stored briefs that are found, page by page; the arguments are those of `brief_page`."""
        cursor = search.pop("cursor", None)
        while True:
            page = await self.brief_page(text, cursor=cursor, **search)
            for item in page.items:
                yield item
            if (cursor := page.next) is None:
                return

    async def job_outcomes(self, id: str) -> AsyncIterator[ArticleOutcome]:  # noqa: A002
        """Yield the articles of a job that have ended by now, with their briefs, in the order in which they did."""
        after: int | None = 0
        while after is not None:
            page = await self.outcome_page(id, after=after)
            for item in page.items:
                yield item
            after = page.next

    async def job_events(self, id: str) -> AsyncIterator[JobEvent]:  # noqa: A002
        """Yield what happens to a job until it ends, from its beginning; goes on where a line breaks."""
        stream = EventStream(id, self._patience)
        while not stream.has_ended():
            try:
                async with self._http.stream(**stream.request()) as response:
                    if response.status_code == httpx.codes.OK:
                        async for data in response.aiter_bytes():
                            for event in stream.feed(data):
                                yield event
                    else:
                        await response.aread()
                if stream.has_ended():
                    return
                seconds = stream.answered(response)
            except httpx.TransportError as error:
                seconds = stream.broken(error)
            await anyio.sleep(seconds)

    async def wait_for_job(self, id: str) -> Job:  # noqa: A002
        """Return a job when it has ended."""
        async for event in self.job_events(id):
            if event.kind == "end" and event.job is not None:
                return event.job
        return await self.job(id)

    async def send(self, call: Call[T]) -> T:
        """Carry out a call."""
        steps = exchange(call, self._patience)
        outcome: Outcome = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                value: T = end.value
                return value
            if isinstance(step, Pause):
                await anyio.sleep(step.seconds)
                outcome = None
                continue
            try:
                outcome = await self._http.request(step.method, step.path, **_request(step))
            except httpx.TransportError as error:
                outcome = error


def _request(call: Call[Any]) -> dict[str, Any]:
    return {"params": call.params or None, "content": call.content, "headers": call.headers}
