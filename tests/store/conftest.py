"""A store of each kind, with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from depesche.store import Store, open_store
from store.generated import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    """An empty store, on SQLite and on PostgreSQL in turn."""
    with open_store(store_url, clock=clock) as store:
        yield store
