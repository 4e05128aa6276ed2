"""A process that works on jobs, as the service does, without HTTP: `python workplace.py DATABASE_URL`, until SIGTERM.

The tests use its parts in their own process.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from depesche.config import Config, SummarizeConfig
from depesche.errors import DepescheError
from depesche.jobs import JobWorker
from depesche.pipeline import Drafted, Pipeline
from depesche.source import Source
from depesche.store import Store, open_store

CONFIG = Config(summarize=SummarizeConfig(model="extractive"))


class PipelineDrafter:
    """The pipeline itself in place of the service's queue for it."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()

    def draft_blocking(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        with self._lock:
            return self._pipeline.draft(sources)


@contextmanager
def working(store: Store, config: Config = CONFIG) -> Iterator[JobWorker]:
    """Work on the jobs of a store in this process."""
    with Pipeline(config) as pipeline:
        worker = JobWorker(store, config, PipelineDrafter(pipeline), pipeline.imprint)
        worker.start()
        try:
            yield worker
        finally:
            assert worker.stop(60)


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with open_store(sys.argv[1]) as store, working(store):
        stop.wait()


if __name__ == "__main__":
    main()
