"""News of jobs for those who listen: one look at the database for all of them together, so often as is worth it.

The database is asked, and not the worker beside us, because any process may be working on the job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from depesche.errors import StoreError
from depesche.jobs.views import Progress

_log = logging.getLogger(__name__)
Look = Callable[[Sequence[str]], Awaitable[Mapping[str, Progress]]]


@dataclass(slots=True, eq=False)
class Listener:
    """Someone who listens to news of one job."""

    job: str
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> None:
        """Return when there is news since the last time, or after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()

    def tell(self) -> None:
        """Say that there is news."""
        self._news.set()


class JobNews:
    """Looks every `seconds` at the jobs that somebody listens to; at nothing while nobody does."""

    def __init__(self, look: Look, seconds: float = 0.5) -> None:
        self._look = look
        self._seconds = seconds
        self._listeners: set[Listener] = set()
        self._known: dict[str, Progress] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """Return how many listen."""
        return len(self._listeners)

    @asynccontextmanager
    async def listening(self, job: str) -> AsyncIterator[Listener]:
        """Listen to news of a job."""
        listener = Listener(job)
        self._listeners.add(listener)
        if self._task is None:
            self._task = asyncio.create_task(self._watch())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None
                self._known.clear()

    async def _watch(self) -> None:
        away = False
        while True:
            await asyncio.sleep(self._seconds)
            try:
                found = await self._look(sorted({listener.job for listener in self._listeners}))
            except StoreError as error:
                if not away:
                    _log.warning("no news of jobs: %s", error)
                away = True
                continue
            away = False
            for listener in list(self._listeners):
                if found.get(listener.job) != self._known.get(listener.job):
                    listener.tell()
            self._known = dict(found)
