"""What goes into the ledger of a folder job and comes out of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from depesche.batch.inputs import Item

State = Literal["pending", "running", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An article that is now this process's to do, with what an earlier run knew of it.

    `content_sha256` and `config_sha256` are what the outputs that lie there were made of; None where that is of no
    use any more. `deaths` tells how often a process died with the article in flight.
    """

    item: Item
    content_sha256: str | None
    config_sha256: str | None
    outputs: Mapping[str, str]
    deaths: int
    near_of: str | None = None
    """An article of this job that says nearly the same."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article. Fields that are None are unknown, and stand as such in the ledger."""

    name: str
    state: State
    content_sha256: str | None = None
    config_sha256: str | None = None
    format: str | None = None
    error_code: str | None = None
    error_text: str | None = None
    language: str | None = None
    status: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Path, relative to the output folder, of each format that was written."""
    brief_id: str | None = None
    headline: str | None = None
    figures: int | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run wants of each article: the rule for which of the ledger's articles have to be done (again)."""

    config_sha256: str
    formats: tuple[str, ...]
    retry_failed: bool = False
    force: bool = False
    dedupe: bool = False


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """All failures of one code, with the first of them by name."""

    code: str
    count: int
    name: str
    text: str
