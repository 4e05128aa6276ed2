"""A store of each kind, and jobs in it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from benchmarks.batch_articles import english_article

from depesche.jobs import JobArticle, Jobs
from depesche.store import Store, open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, on SQLite and on PostgreSQL in turn."""
    with open_store(store_url) as store:
        yield store


@pytest.fixture
def jobs(store: Store) -> Jobs:
    return Jobs(store)


def english(*seeds: int) -> list[JobArticle]:
    """Return articles that need no model, named by their numbers."""
    return [JobArticle(f"{seed:03d}.txt", english_article(seed).encode(), "text") for seed in seeds]


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Return when something holds that another thread or process brings about; fail where it does not in time."""
    tick = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        tick.wait(0.05)
    raise AssertionError("it did not come about")
