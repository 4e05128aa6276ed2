"""The app: settings, models and store put together into what uvicorn runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from depesche.api import (
    routes_about,
    routes_briefs,
    routes_feed,
    routes_feedback,
    routes_health,
    routes_jobs,
    routes_stages,
)
from depesche.api.batcher import Batcher
from depesche.api.handlers import add_handlers
from depesche.api.job_services import job_services
from depesche.api.limits import RateLimiter
from depesche.api.metrics import Metrics
from depesche.api.middleware import Frame
from depesche.api.security import check_keys
from depesche.api.services import Services
from depesche.api.traces import trace
from depesche.api.tracing import Tracing, open_tracing
from depesche.api.warming import warm_up
from depesche.config import Config
from depesche.errors import DepescheError, UnexpectedFailure
from depesche.jobs.housekeeping import keep_house
from depesche.pipeline import Pipeline
from depesche.store import Store, open_store

_log = logging.getLogger(__name__)
_LAST_WORDS = 5.0
_TIDY = 600.0
"""Seconds between looks for what has expired."""
"""Seconds that the models' thread has for ending its last call, once nobody waits for it any more."""


def create_app(
    config: Config, *, store: Store | None = None, pipeline: Pipeline | None = None, tracing: Tracing | None = None
) -> FastAPI:
    """Return the service as an ASGI app. What is given is used and left open; what is not is made and closed again.

    Raises `StoreError` and `LibraryMissing`. That there is a key where one is needed is checked when the app starts.
    """
    app = FastAPI(
        title="Depesche",
        version=version("depesche"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    own = pipeline or Pipeline(config, listener=lambda stage, _: services.batcher.hear(stage))
    services = _services(config, store or open_store(config.store.url), own, tracing)
    app.state.services = services
    app.state.closes = [*([] if store else [services.store.close]), *([] if pipeline else [own.close])]
    add_handlers(app)
    if config.serve.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(config.serve.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-API-Key", "X-Request-Id"],
            expose_headers=["Retry-After", "Server-Timing", "X-Brief-Id", "X-Brief-Status", "X-Request-Id"],
        )
    app.add_middleware(Frame, services=services)  # added last: it is the outermost
    for routes in (
        routes_health,
        routes_briefs,
        routes_jobs,
        routes_feed,
        routes_feedback,
        routes_stages,
        routes_about,
    ):
        app.include_router(routes.router)
    from depesche.desk.routes import desk_router  # only now: the desk is made with parts of this package

    app.include_router(desk_router())
    return app


def _services(config: Config, store: Store, pipeline: Pipeline, tracing: Tracing | None) -> Services:
    serve, metrics = config.serve, Metrics()
    batcher = Batcher(
        pipeline,
        queue_size=serve.queue_size,
        batch_articles=serve.batch_articles,
        wait=serve.batch_wait_ms / 1000,
        deadline=serve.deadline_seconds,
        listener=metrics,
    )
    metrics.watch(batcher)
    services = Services(
        config=config,
        pipeline=pipeline,
        batcher=batcher,
        metrics=metrics,
        tracing=tracing or open_tracing(enabled=serve.tracing),
        limiter=RateLimiter(serve.rate_per_minute, serve.rate_burst),
        store=store,
    )
    services.jobs = job_services(services)
    return services


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    await services.query(check_keys, services.config.serve, services.store)
    services.batcher.start()
    warming = asyncio.create_task(_get_ready(services))
    tidying = asyncio.create_task(_keep_house(services)) if services.jobs.worker is None else None
    try:
        yield
    finally:
        services.close()
        warming.cancel()
        if tidying is not None:
            tidying.cancel()
        await asyncio.to_thread(_end_work, services)
        await asyncio.to_thread(services.tracing.close)
        for close in app.state.closes:
            close()


def _end_work(services: Services) -> None:
    """End what works in threads. Articles of jobs that the models are at have as long as requests had."""
    worker, grace = services.jobs.worker, services.config.serve.grace_seconds
    services.batcher.close(grace if worker is not None and worker.busy else _LAST_WORDS)
    if worker is not None:
        worker.stop(_LAST_WORDS)


async def _keep_house(services: Services) -> None:
    """Do now and then what the worker of jobs does where there is one."""
    while True:
        try:
            await services.query(keep_house, services.store, services.config.store)
        except DepescheError as error:
            _log.warning("what has expired could not be deleted: %s", error)
        await asyncio.sleep(_TIDY)


async def _get_ready(services: Services) -> None:
    try:
        await asyncio.to_thread(warm_up, services.config, services.pipeline, services.batcher)
    except DepescheError as error:
        _log.error("the service cannot get ready: %s", error)
        services.failed(error)
    except Exception as error:  # noqa: BLE001 - nobody waits for this task: it has to tell by itself
        _log.error("the service cannot get ready: %s", trace(error))
        services.failed(UnexpectedFailure("the warm-up failed", remedy="report it: this is a bug"))
    else:
        services.ready()
