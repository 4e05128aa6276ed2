"""Worker processes that may die: what they were at is tried again one by one, and the culprit alone fails.

When a worker dies, the pool of `concurrent.futures` is broken and cannot say on which task. A new pool is made and
every task that was in flight runs alone; one that takes its worker down again is the culprit.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A call for a worker; `label` says to the caller what the answer is about."""

    label: Any
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task returned or raised; `died` says that it took its process down when it ran alone."""

    label: Any
    value: Any = None
    error: BaseException | None = None
    died: bool = False


class Workers:
    """`count` worker processes, for one thread to use.

    `tell` is called, from any thread, with each future that is done; `settle` makes an answer of it. `mourn` is told
    when a worker has died.
    """

    def __init__(
        self,
        count: int,
        tell: Callable[[Future[Any]], None],
        initializer: Callable[..., None],
        arguments: tuple[Any, ...],
        mourn: Callable[[str], None],
    ) -> None:
        self._mourn = mourn
        self._count = count
        self._tell = tell
        self._initializer = initializer
        self._arguments = arguments
        self._executor = self._start()
        self._in_flight: dict[Future[Any], tuple[Task, ProcessPoolExecutor, bool]] = {}
        self._suspects: deque[Task] = deque()
        self._waiting: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        """Run `task` when a worker is free."""
        self._waiting.append(task)
        self._send()

    def settle(self, future: Future[Any]) -> Answer | None:
        """Return the answer that `future` brings; None where its task has to run once more."""
        task, executor, alone = self._in_flight.pop(future)
        error = future.exception()
        broken = isinstance(error, BrokenExecutor)
        if broken and executor is self._executor:
            self._renew()
        if broken and not alone:
            self._suspects.append(task)
        self._send()
        if broken and not alone:
            return None
        return Answer(task.label, None if error else future.result(), error, died=broken)

    def close(self) -> None:
        """Let the workers finish what they are at, and end them."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def kill(self) -> None:
        """End the workers at once."""
        for process in list((self._executor._processes or {}).values()):
            process.kill()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count,
            mp_context=multiprocessing.get_context("spawn"),  # threads and models of this process stay out of it
            initializer=_begin_worker,
            initargs=(self._initializer, self._arguments),
        )

    def _send(self) -> None:
        """Hand tasks to the pool: all that wait, or one suspect alone."""
        while self._suspects or self._waiting:
            alone = bool(self._suspects)
            if alone and self._in_flight:
                return
            task = (self._suspects or self._waiting).popleft()
            try:
                future = self._executor.submit(task.function, *task.arguments)
            except BrokenExecutor:  # it broke since, and its futures have not said so yet
                self._renew()
                future = self._executor.submit(task.function, *task.arguments)
            self._in_flight[future] = (task, self._executor, alone)
            future.add_done_callback(self._tell)

    def _renew(self) -> None:
        self._mourn("a worker process died; the articles that were in flight are tried again one by one")
        self._executor.shutdown(wait=False)
        self._executor = self._start()


def _begin_worker(initializer: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Prepare a worker: Ctrl-C is the parent's to hear, and without the parent there is nothing to live for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    initializer(*arguments)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
