"""Pauses between the batches of a model: where its caller may tell how far it is, do something else, or give up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Pause = Callable[[int, int], None]
"""Called with how many requests are done, and of how many. It may ask the same engine, and may raise to give up."""

_pause: ContextVar[Pause | None] = ContextVar("pause", default=None)


class _Paused(threading.local):
    """How many seconds a thread has spent in pauses."""

    seconds = 0.0


_paused = _Paused()


@contextmanager
def pausing(pause: Pause) -> Iterator[None]:
    """Call `pause` between the batches of whatever engines this thread asks within the block."""
    token = _pause.set(pause)
    try:
        yield
    finally:
        _pause.reset(token)


def between_batches(done: int, total: int) -> None:
    """Let the caller have its pause; engines call this after each batch."""
    pause = _pause.get()
    if pause is None:
        return
    before, begin = _paused.seconds, time.perf_counter()
    try:
        pause(done, total)
    finally:
        _paused.seconds = before + time.perf_counter() - begin  # pauses within this one are part of it


def working_seconds() -> float:
    """Return a clock of this thread's that stands still in pauses; only differences mean anything."""
    return time.perf_counter() - _paused.seconds
