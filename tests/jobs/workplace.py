"""A process that works on jobs, as the service does, without HTTP, until SIGTERM:

python workplace.py DATABASE_URL [ARTICLES]

With a number of articles its models make those, and the next ones not before SIGTERM. The tests use its parts in their
own process.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

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


class HaltingDrafter(PipelineDrafter):
    """Drafts so many articles, or the few more that come with the last of them, and the others when `stop` is set."""

    def __init__(self, pipeline: Pipeline, articles: int, stop: threading.Event) -> None:
        super().__init__(pipeline)
        self._left = articles
        self._counting = threading.Lock()
        self._stop = stop

    def draft_blocking(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        with self._counting:
            halts = self._left <= 0
            self._left -= len(sources)
        if halts:
            self._stop.wait()
        return super().draft_blocking(sources, client)


@contextmanager
def working(
    store: Store, config: Config = CONFIG, drafter: Callable[[Pipeline], PipelineDrafter] = PipelineDrafter
) -> Iterator[JobWorker]:
    """Work on the jobs of a store in this process."""
    with Pipeline(config) as pipeline:
        worker = JobWorker(store, config, drafter(pipeline), pipeline.imprint)
        worker.start()
        try:
            yield worker
        finally:
            assert worker.stop(60)


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    url, *articles = sys.argv[1:]
    drafter: Callable[[Pipeline], PipelineDrafter] = PipelineDrafter
    if articles:
        drafter = partial(HaltingDrafter, articles=int(articles[0]), stop=stop)
    with open_store(url) as store, working(store, drafter=drafter):
        stop.wait()


if __name__ == "__main__":
    main()
