"""The articles of a folder job that are in flight, and what becomes of those that a process or a model dies with."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from depesche.batch.entries import Claim
from depesche.batch.inputs import Item
from depesche.batch.stages import Readings, unexpected
from depesche.errors import DepescheError, ModelError, WorkerDied
from depesche.pipeline import Drafted, Pipeline
from depesche.source import Source

Key = tuple[str, str]
"""What articles must share to get the same brief: the sha256 of their bytes, and their format."""


@dataclass(slots=True)
class Flight:
    """The articles in flight: where each of them is."""

    names: dict[str, Claim] = field(default_factory=dict)
    reading: int = 0
    ready: deque[Readings] = field(default_factory=deque)
    batch: list[Readings] = field(default_factory=list)
    drafting: Future[list[Drafted | DepescheError]] | None = None
    keys: dict[str, Key] = field(default_factory=dict)
    """Content and format of the articles that are with the model or after it, by name."""
    twins: dict[Key, list[Readings]] = field(default_factory=dict)
    """Articles that wait for the brief of another of the same content; without any, the list is empty."""

    def land(self, name: str) -> list[Readings]:
        """Take an article out; return the twins that waited for it."""
        self.names.pop(name, None)
        key = self.keys.pop(name, None)
        return self.twins.pop(key, []) if key else []


def draft_each(pipeline: Pipeline, sources: Sequence[Source]) -> list[Drafted | DepescheError]:
    """Run the model stages; an article on which they fail for whatever reason fails alone.

    Raises the `ModelError` of a model that cannot be had.
    """
    try:
        return pipeline.draft(sources)
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article is its own affair
        if len(sources) == 1:
            return [unexpected(error, sources[0].article.origin.name)]
        return [outcome for source in sources for outcome in draft_each(pipeline, [source])]


def key_of(reading: Readings) -> Key:
    """Return what two articles must share to get the same brief."""
    return reading.content_sha256 or "", reading.source.article.origin.format if reading.source else ""


def convicted(claim: Claim) -> WorkerDied:
    """Return the error of an article with which this whole process died again and again."""
    return WorkerDied(
        f"the whole process died {claim.deaths} times while it was in flight, the last times alone",
        place=claim.item.name,
        remedy="see what ends the process (memory, a model's library); then --retry-failed",
    )


def died(item: Item) -> WorkerDied:
    """Return the error of an article that took its worker process down, alone."""
    return WorkerDied(
        "the process that worked on it died",
        place=item.name,
        remedy="if memory ran short, use fewer --workers; then --retry-failed",
    )
