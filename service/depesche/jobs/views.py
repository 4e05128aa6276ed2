"""What goes into a job and what can be asked of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from depesche.article import ArticleFormat
from depesche.brief import Brief
from depesche.errors import DepescheError

JobState = Literal["queued", "running", "done", "cancelled"]
ENDED: tuple[JobState, ...] = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class JobArticle:
    """An article of a job to be. Its name is unique in the job."""

    name: str
    data: bytes
    format: ArticleFormat | None = None


@dataclass(frozen=True, slots=True)
class BadArticle:
    """An article that could not even be taken in; it is in the job as a failed one."""

    name: str
    error: DepescheError


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it stands. `skipped` among the counts are articles that a cancelled job no longer did."""

    id: str
    state: JobState
    client: str
    label: str | None
    created: datetime
    started: datetime | None
    ended: datetime | None
    articles: int
    events: int
    """How many articles have had their outcome, which is also the number of the latest outcome."""
    counts: Mapping[str, int]
    statuses: Mapping[str, int]
    """How many briefs are verified, repaired and flagged."""
    seconds_left: float | None
    """At the pace so far; None where there is none, or nothing left to do."""


class Progress(NamedTuple):
    """What changes of a job when there is news of it."""

    state: str
    events: int
    started: bool


@dataclass(frozen=True, slots=True)
class JobList:
    """Jobs, the newest first, and the cursor of the page after them, or None at the end."""

    items: tuple[JobView, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """How an article ended: the `number`-th of its job to end. `error` stands where there is no brief."""

    number: int
    name: str
    state: Literal["done", "failed"]
    status: str | None = None
    brief_id: str | None = None
    headline: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: DepescheError | None = None
    brief: Brief | None = None
    """Filled in where briefs are asked for, not only outcomes."""


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Outcomes in the order in which they came about; `next` is the number to go on after, None at the end so far."""

    items: tuple[ArticleOutcome, ...]
    next: int | None
