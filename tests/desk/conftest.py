"""The desk over a store of its own, asked without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from batch.written_briefs import brief as written_brief
from depesche.api import create_app
from depesche.api.services import State
from depesche.brief import Brief
from depesche.config import Config, load_config
from depesche.store import Store, open_store

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
