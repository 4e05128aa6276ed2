"""Probes: alive at once, ready only when everything that a request needs is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.conftest import ENGLISH, TEXT, configured
from depesche.api import create_app
from depesche.errors import ModelNotInstalled, StoreUnavailable
from depesche.pipeline import Pipeline
from depesche.store import Store


@asynccontextmanager
async def started(tmp_path: Path, store: Store, pipeline: Pipeline) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """Start an app, and do not wait until it is ready."""
    app = create_app(configured(tmp_path), store=store, pipeline=pipeline)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client, app.state.services


async def until(client: httpx.AsyncClient, status: int) -> httpx.Response:
    async with asyncio.timeout(30):
        while (answer := await client.get("/readyz")).status_code != status:
            await asyncio.sleep(0.01)
    return answer


def test_it_is_alive_while_it_loads_and_ready_afterwards(
    tmp_path: Path, store: Store, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = threading.Event()
    monkeypatch.setattr("depesche.api.app.warm_up", lambda *_: loaded.wait(30))

    async def go() -> None:
        async with started(tmp_path, store, pipeline) as (client, services):
            assert (await client.get("/livez")).status_code == 200
            loading = await client.get("/readyz")
            assert (loading.status_code, loading.json()["code"]) == (503, "D810")
            refused = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            loaded.set()
            await until(client, 200)
            services.close()
            assert (await client.get("/readyz")).json()["code"] == "D810"
            assert (await client.get("/livez")).status_code == 200

    asyncio.run(go())


def test_a_model_that_cannot_be_had_is_told_and_ends_the_service(
    tmp_path: Path, store: Store, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, told = threading.Event(), threading.Event()

    def fail(*_: object) -> None:
        begin.wait(30)
        raise ModelNotInstalled("not here", place="model x")

    monkeypatch.setattr("depesche.api.app.warm_up", fail)

    async def go() -> None:
        async with started(tmp_path, store, pipeline) as (client, services):
            services.on_failure = told.set
            begin.set()
            async with asyncio.timeout(30):
                while not told.is_set():
                    await asyncio.sleep(0.01)
            assert (await client.get("/readyz")).json()["code"] == "D302"

    asyncio.run(go())


def test_it_is_not_ready_without_its_database_or_its_models(
    tmp_path: Path, store: Store, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailable("away")

    async def go() -> None:
        async with started(tmp_path, store, pipeline) as (client, services):
            await until(client, 200)
            with monkeypatch.context() as patch:
                patch.setattr(store, "check", away)
                assert (await client.get("/readyz")).json()["code"] == "D901"
            assert (await client.get("/readyz")).status_code == 200
            await asyncio.to_thread(services.batcher.close, 30)
            assert (await client.get("/readyz")).json()["code"] == "D810"

    monkeypatch.setattr("depesche.api.app.warm_up", lambda *_: None)
    asyncio.run(go())
