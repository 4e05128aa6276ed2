"""Ctrl-C in a folder job: once to finish what is in flight, twice to stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def two_interrupts(once: Callable[[], None], twice: Callable[[], None]) -> Iterator[None]:
    """Call `once` at the first SIGINT or SIGTERM and `twice` at the next. Outside the main thread, do nothing.

    Both run as signal handlers, between two steps of whatever the main thread is at.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = 0

    def hear(_: int, __: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard == 1:
            once()
        else:
            twice()

    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
