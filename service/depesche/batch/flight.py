"""Which articles of a folder job are in flight, and which of them wait for another of the same content."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from depesche.batch.entries import Claim
from depesche.batch.stages import Readings
from depesche.errors import DepescheError
from depesche.pipeline import Drafted

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
