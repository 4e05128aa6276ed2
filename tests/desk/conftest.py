"""The desk over a store of its own, asked without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from batch.written_briefs import brief as written_brief
from depesche.api import create_app
from depesche.api.services import State
from depesche.brief import Brief
from depesche.config import Config, load_config
from depesche.store import Store, open_store
from desk.browsing import ARGUMENTS, CHROMIUM, PATIENCE_OF_PAGES, Watched, served

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def desk_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'desk.sqlite'}") as opened:
        yield opened


@pytest.fixture
def config() -> Config:
    return load_config(summarize={"model": "extractive"})


@pytest.fixture
def app(config: Config, desk_store: Store) -> FastAPI:
    app = create_app(config, store=desk_store)
    # As after a warm-up, which these tests need no model for.
    app.state.services.state = State.READY
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


@pytest.fixture
def kept(desk_store: Store) -> Callable[..., Brief]:
    """Store the written brief, with changes, and return it."""

    def keep(**changes: object) -> Brief:
        brief = written_brief().model_copy(update=changes)
        desk_store.briefs.add(brief)
        return brief

    return keep


@pytest.fixture(scope="session")
def desk_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service without keys."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium; for one module at a time, because Playwright keeps an event loop in this thread meanwhile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def desk(browser: Any, desk_address: str) -> Iterator[Watched]:
    """A page of its own, wide and light; in the end there was no error on it and no request to anybody else."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_OF_PAGES)
    watched = Watched(context.new_page(), desk_address)
    watched.watch()
    yield watched
    context.close()
    assert watched.errors == []
    assert watched.outside == []
