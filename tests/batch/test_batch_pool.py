"""Worker processes that die: the culprit alone fails."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from depesche.batch.pool import Answer, Task, Workers


def prepare() -> None:
    pass


def work(what: str) -> str:
    if what == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "wrong":
        raise ValueError(what)
    return what.upper()


def never() -> None:
    signal.pause()


Events = queue.SimpleQueue[Future[Any]]


@pytest.fixture
def events() -> Events:
    return queue.SimpleQueue()


@pytest.fixture
def deaths() -> list[str]:
    return []


@pytest.fixture
def workers(events: Events, deaths: list[str]) -> Iterator[Workers]:
    workers = Workers(2, events.put, prepare, (), deaths.append)
    yield workers
    workers.close()


def answers(workers: Workers, events: Events, count: int) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    while len(found) < count:
        if answer := workers.settle(events.get(timeout=120)):
            assert answer.label not in found
            found[answer.label] = answer
    return found


def test_a_task_that_kills_its_worker_fails_alone(workers: Workers, events: Events, deaths: list[str]) -> None:
    names = ["a", "b", "poison", "c", "wrong", "d", "e"]
    for name in names:
        workers.submit(Task(name, work, (name,)))
    found = answers(workers, events, len(names))
    assert [name for name in names if found[name].died] == ["poison"]
    assert isinstance(found["wrong"].error, ValueError)
    assert [found[name].value for name in "abcde"] == list("ABCDE")
    workers.submit(Task("later", work, ("later",)))
    assert answers(workers, events, 1)["later"].value == "LATER"
    assert len(deaths) == 2  # once among others, once alone


def test_kill_ends_workers_that_never_would(events: Events, deaths: list[str]) -> None:
    workers = Workers(1, events.put, prepare, (), deaths.append)
    workers.submit(Task("a", work, ("a",)))
    assert answers(workers, events, 1)["a"].value == "A"
    workers.submit(Task("never", never, ()))
    workers.kill()
    assert events.get(timeout=120).exception() is not None
    workers.close()
