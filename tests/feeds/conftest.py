"""A news site on loopback, a store, and briefs of its articles by the real pipeline (English, so without a model)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from depesche.config import Config, FetchConfig, IngestConfig, SummarizeConfig
from depesche.store import Store, open_store
from fetch.local_site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield store


@pytest.fixture
def config() -> Config:
    return Config(
        fetch=FetchConfig(enabled=True),
        summarize=SummarizeConfig(model="extractive"),
        ingest=IngestConfig(min_words=10),
    )
