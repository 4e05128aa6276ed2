"""A real server on a free port of loopback, in a thread of this process; English articles need no model."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from depesche.api import create_app
from depesche.api.server import Server
from depesche.client import Client, Patience
from depesche.config import Config, load_config
from depesche.pipeline import Pipeline

ARTICLE = (
    "Council approves the budget\n\nThe council of Rosenau approved the budget for the coming year on Tuesday. It "
    "provides for spending of about 1.5 million euros, which is 4 percent more than a year ago. “We invest in our "
    "schools above all,” mayor Jana Petersen said after the meeting. The property tax stays as it is.\n"
)


@pytest.fixture(scope="session")
def pipeline() -> Iterator[Pipeline]:
    with Pipeline(load_config(summarize={"model": "extractive"}, engine={"threads": 1})) as shared:
        yield shared


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Config]:
    """Return settings of a service with a store of its own."""

    def settings_for(**serve: Any) -> Config:
        folder = tmp_path_factory.mktemp("store")
        return load_config(
            serve={"rate_per_minute": 0, "batch_wait_ms": 5, **serve},
            store={"url": f"sqlite:///{folder / 'store.sqlite'}"},
            summarize={"model": "extractive"},
            engine={"threads": 1},
        )

    return settings_for


class Running:
    """A server that runs until the end of the test; `app` for what a test has to prepare, `url` for clients."""

    def __init__(self, config: Config, pipeline: Pipeline) -> None:
        self.app: FastAPI = create_app(config, pipeline=pipeline)
        self._server = Server(self.app, config.serve)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        with Client(self.url, patience=Patience(attempts=100, first=0.1, longest=10)) as client:
            client.check_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()


@pytest.fixture(scope="session")
def running(settings: Callable[..., Config], pipeline: Pipeline) -> Iterator[Running]:
    with Running(settings(), pipeline) as server:
        yield server


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    """A client of a service whose store is empty again after the test."""
    with Client(running.url) as client:
        yield client
        for stored in list(client.find_briefs()):
            client.delete_brief(stored.id)


@pytest.fixture
def article_file(tmp_path: Path) -> Path:
    path = tmp_path / "council.txt"
    path.write_text(ARTICLE)
    return path
