"""An app in this process, and a real server in a process of its own, both with the bundled translator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from depesche.api import create_app
from depesche.config import Config, load_config
from depesche.engines.cache import GenerationCache
from depesche.pipeline import Pipeline
from depesche.store import Store, open_store

ENGLISH = (
    "Council approves the budget\n\nThe council of Rosenau approved the budget for the coming year on Tuesday. It "
    "provides for spending of about 1.5 million euros, which is 4 percent more than a year ago. “We invest in our "
    "schools above all,” mayor Jana Petersen said after the meeting. The property tax stays as it is.\n"
)
"""Needs no model: an English article is not translated."""
GERMAN = (
    "Stadtrat billigt den Haushalt\n\nDer Stadtrat von Rosenau hat am Dienstag den Haushalt gebilligt. Er sieht "
    "Ausgaben von rund 1,5 Millionen Euro vor, das sind 4 Prozent mehr als im Vorjahr. Die Grundsteuer bleibt. Am "
    "Freitag tagt er wieder.\n"
)
TEXT = {"content-type": "text/plain"}
EXAMPLES = Path(__file__).parents[2] / "examples"
Connected = Callable[..., Any]


def configured(tmp_path: Path, **serve: Any) -> Config:
    """Return settings of a service whose store lies in `tmp_path`."""
    return load_config(
        serve={"rate_per_minute": 0, "batch_wait_ms": 5, **serve},
        store={"url": f"sqlite:///{tmp_path / 'store.sqlite'}"},
        summarize={"model": "extractive"},
        engine={"threads": 1},
    )


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """One pipeline for all tests: its translator is loaded once, and asked once for a sentence."""
    config = load_config(summarize={"model": "extractive"}, engine={"threads": 1})
    cache = GenerationCache(tmp_path_factory.mktemp("cache") / "answers.sqlite", max_bytes=1_000_000)
    with closing(cache), Pipeline(config, cache=cache) as shared:
        yield shared


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


@pytest.fixture
def each_store(store_url: str) -> Iterator[Store]:
    """A store on SQLite and on PostgreSQL in turn, for modules whose `store` it is."""
    with open_store(store_url) as opened:
        yield opened


@asynccontextmanager
async def client_of(app: FastAPI, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Start `app` in this process and wait until it is ready."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            while app.state.services.state == "loading":
                await asyncio.sleep(0.01)
            yield client


@pytest.fixture
def run(tmp_path: Path, store: Store, pipeline: Pipeline) -> Connected:
    """Run a test's coroutine with a client of a started app: `run(check, queue_size=2)`."""

    def run_with_client(check: Callable[[httpx.AsyncClient], Awaitable[Any]], **serve: Any) -> Any:
        app = create_app(configured(tmp_path, **serve), store=store, pipeline=pipeline)

        async def go() -> Any:
            async with client_of(app) as client:
                client.app = app  # type: ignore[attr-defined]
                return await check(client)

        return asyncio.run(go())

    return run_with_client
