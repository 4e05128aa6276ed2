"""A process that opens stores at the very moment at which others do."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.synchronize import Barrier

from depesche.store import open_store


def open_all(urls: Sequence[str], together: Barrier) -> None:
    for url in urls:
        together.wait(120)
        with open_store(url) as store:
            store.check()
