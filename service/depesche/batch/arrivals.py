"""`--watch` in a folder job: a thread that listens for articles, and the queue from which the job takes them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from depesche.batch.inputs import Item
from depesche.batch.registering import with_stats
from depesche.batch.watch import watch_items
from depesche.errors import DepescheError

_MOST_WAITING = 1000


class ArrivalQueue:
    """Articles that have arrived; `wake` is called, from the thread, when there is something to take."""

    def __init__(
        self, arguments: Sequence[str | Path], ours: Sequence[Path], wake: Callable[[], None], settle: float
    ) -> None:
        self._arguments = arguments
        self._ours = ours
        self._wake = wake
        self._settle = settle
        self._items: queue.Queue[tuple[Item, str]] = queue.Queue(_MOST_WAITING)
        self._stop = threading.Event()
        self._error: DepescheError | None = None
        self._thread = threading.Thread(target=self._listen, name="watch", daemon=True)
        self._thread.start()

    def take(self) -> list[tuple[Item, str]]:
        """Return what has arrived since the last call. Raises what ended the listening."""
        found: list[tuple[Item, str]] = []
        while len(found) < _MOST_WAITING:
            try:
                found.append(self._items.get_nowait())
            except queue.Empty:
                break
        if not found and self._error is not None:
            raise self._error
        return found

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()

    def _listen(self) -> None:
        try:
            items = watch_items(self._arguments, stop=self._stop, settle=self._settle)
            for entry in with_stats(items, self._ours, at_once=False):
                while not self._stop.is_set():
                    try:
                        self._items.put(entry, timeout=0.5)
                    except queue.Full:
                        continue
                    self._wake()
                    break
        except DepescheError as error:
            self._error = error
            self._wake()
