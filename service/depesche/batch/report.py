"""The end of a folder job: what came of every article, in the terminal and as one self-contained HTML page.

`build_report` takes the rows of a ledger one by one and keeps counts, sketches and the first few only, so that a
million rows need no more memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

FLAGGED_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What the ledger knows of one article, in plain values."""

    name: str
    state: str
    """pending, running, done, failed or skipped."""
    error_code: str | None = None
    error_text: str | None = None
    """`str(error)` or the message alone; why, for an article that was skipped."""
    language: str | None = None
    status: str | None = None
    """verified, repaired or flagged; None without a brief."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage, in the order of the stages."""
    output: str | None = None
    """The brief's file, a POSIX path relative to the output folder."""
    headline: str | None = None
    figures: int | None = None
    finished_at: float | None = None
    """Seconds since the epoch."""
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What there is to know of the run that ends here. Times are seconds since the epoch."""

    begin: float
    end: float
    out: str
    """The output folder as the user named it."""
    arguments: tuple[str, ...] = ()
    """What was typed after `depesche batch`, `--out` and all."""
    models: tuple[str, ...] = ()
    config_sha256: str = ""
    cache_hits: int = 0
    cache_misses: int = 0
    workers: int = 1
    stopped: bool = False
    """Whether the run stopped before all articles were finished."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows."""


def build_report(rows: Iterable[ReportRow], run: RunFacts, *, flagged_limit: int = FLAGGED_LIMIT) -> Report:
    """Return the report on all articles of an output folder after the run `run`; at most `flagged_limit` are listed."""
    raise NotImplementedError


def write_report(report: Report, path: Path) -> None:
    """Write the HTML page to `path` (OUT/report.html, links are relative to it) at one stroke. Raises `OutputError`."""
    raise NotImplementedError


def print_report(report: Report, console: Console) -> None:
    """Print the short form of the report."""
    raise NotImplementedError
