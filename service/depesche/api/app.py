"""The app: settings, models and store put together into what uvicorn runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from depesche.api import routes_briefs, routes_health
from depesche.api.batcher import Batcher
from depesche.api.handlers import add_handlers
from depesche.api.middleware import Frame
from depesche.api.services import Services, State
from depesche.api.warming import warm_up
from depesche.config import Config
from depesche.errors import DepescheError
from depesche.pipeline import Pipeline

_log = logging.getLogger(__name__)


def create_app(config: Config, *, store: Any = None, pipeline: Pipeline | None = None) -> FastAPI:
    """Return the service as an ASGI app. What is given is used and left open; what is not is made and closed again."""
    app = FastAPI(title="Depesche", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan)
    own = pipeline or Pipeline(config)
    serve = config.serve
    batcher = Batcher(
        own, queue_size=serve.queue_size, batch_articles=serve.batch_articles, wait=serve.batch_wait_ms / 1000
    )
    app.state.services = Services(config, own, batcher, store)
    app.state.owns_pipeline = pipeline is None
    add_handlers(app)
    app.add_middleware(Frame, config=serve)
    for routes in (routes_health, routes_briefs):
        app.include_router(routes.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    services.batcher.start()
    warming = asyncio.create_task(_get_ready(services))
    try:
        yield
    finally:
        services.close()
        warming.cancel()
        await asyncio.to_thread(services.batcher.close, services.config.serve.grace_seconds)
        if app.state.owns_pipeline:
            services.pipeline.close()


async def _get_ready(services: Services) -> None:
    try:
        await asyncio.to_thread(warm_up, services.config, services.pipeline, services.batcher)
    except DepescheError as error:
        services.failure, services.state = error, State.FAILED
        _log.error("the service cannot get ready: %s", error)
        return
    if services.state is State.LOADING:
        services.state = State.READY
