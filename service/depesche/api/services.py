"""What the routes work with: settings, models, store, batcher, and threads for what would hold up the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import HTTPConnection

from depesche.api.batcher import Batcher
from depesche.api.limits import RateLimiter
from depesche.api.metrics import Metrics
from depesche.api.tracing import Tracing
from depesche.config import Config
from depesche.errors import DepescheError, NotReady
from depesche.pipeline import Pipeline

if TYPE_CHECKING:
    from depesche.api.job_services import JobServices
    from depesche.fetch import Fetcher
    from depesche.store import Store

P = ParamSpec("P")
R = TypeVar("R")
_FAILURES_A_MINUTE = 30
_FETCHES = 8
"""Pages that are fetched at a time."""
_QUERIES = 8
"""Database queries at a time; SQLite writes one after the other anyway."""


class State(StrEnum):
    """Where the process is in its life."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    CLOSING = "closing"


@dataclass(slots=True)
class Services:
    """Everything a route may need; one for each app, in `app.state.services`."""

    config: Config
    pipeline: Pipeline
    batcher: Batcher
    metrics: Metrics
    tracing: Tracing
    limiter: RateLimiter
    store: Store
    jobs: JobServices = field(init=False)
    fetcher: Fetcher | None = None
    """Where tests have one of their own; None: one of the settings."""
    state: State = State.LOADING
    failure: DepescheError | None = None
    on_failure: Callable[[], None] | None = None
    """Called when the models cannot be loaded, which does not get better by itself."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the service shuts down: what never ends by itself, an event stream, ends then."""
    failures: RateLimiter = field(default_factory=lambda: RateLimiter(_FAILURES_A_MINUTE, _FAILURES_A_MINUTE))
    """Wrong keys by address: who tries many is not heard for a while."""
    fetching: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_FETCHES))
    _computing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(os.cpu_count() or 1))
    _querying: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_QUERIES))

    async def compute(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what takes processor time (reading, verifying, rendering) in a thread; at most one a core at a time.

        Cancelling returns at once; the thread ends its work unheard.
        """
        return await anyio.to_thread.run_sync(
            lambda: function(*args, **kwargs), limiter=self._computing, abandon_on_cancel=True
        )

    async def query(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a call of the store in a thread, to its end even where the request is cancelled."""
        return await anyio.to_thread.run_sync(lambda: function(*args, **kwargs), limiter=self._querying)

    def check_ready(self) -> None:
        """Raise `NotReady`, or the error that keeps the service from getting ready."""
        if self.failure is not None:
            raise self.failure
        if self.state is not State.READY:
            raise NotReady(f"the service is {self.state}", remedy="come again when /readyz says 200")

    def ready(self) -> None:
        """Say that the models are warm."""
        if self.state is State.LOADING:
            self.state = State.READY
            self.metrics.models_loaded(loaded=True)
            if self.jobs.worker is not None:
                self.jobs.worker.start()

    def failed(self, error: DepescheError) -> None:
        """Say that the models cannot be had or run."""
        self.failure, self.state = error, State.FAILED
        if self.on_failure is not None:
            self.on_failure()

    def close(self) -> None:
        """Say that the service shuts down: not ready from now on."""
        self.state = State.CLOSING
        self.closing.set()
        if self.jobs.worker is not None:
            self.jobs.worker.stop_soon()


def get_services(connection: HTTPConnection) -> Services:
    """Return the services of the app that a request came to; a dependency of routes."""
    return cast(Services, connection.app.state.services)
