"""Working together or alone: an article that a process may have died of is worked on with nothing else in flight."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Solitude:
    """A lock that many hold together, or one alone; who wants to be alone goes first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._together = 0
        self._hermits = 0
        self._alone = False

    @property
    def occupied(self) -> bool:
        """Say whether anybody holds the lock."""
        return bool(self._together) or self._alone

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hold the lock with others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._hermits)
            self._together += 1
        try:
            yield
        finally:
            with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock alone."""
        with self._changed:
            self._hermits += 1
            self._changed.wait_for(lambda: not self._together and not self._alone)
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._hermits -= 1
                self._changed.notify_all()
