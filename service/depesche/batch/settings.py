"""What a folder job is asked to do, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from depesche.batch.entries import State
from depesche.batch.summary import Report
from depesche.errors import DepescheError

OutputFormat = Literal["json", "md", "html", "jsonl", "parquet"]
TREE_FORMATS: tuple[OutputFormat, ...] = ("json", "md", "html")
"""Formats with a file for each article; the others are one file for all."""
Likeness = Literal["off", "link", "skip"]
"""What is done about articles that say nearly the same as another: nothing, a link in the brief, or no brief."""
STORE = "store"
"""The JSON of each brief, kept out of sight because only a file of all briefs was asked for."""


@dataclass(frozen=True, slots=True)
class JobSettings:
    """What a run is asked to do, apart from the configuration."""

    formats: tuple[OutputFormat, ...] = ("json",)
    retry_failed: bool = False
    force: bool = False
    likeness: Likeness = "link"
    cache_bytes: int = 1_000_000_000
    """Most bytes of answers of the models to keep in the output folder; 0 keeps none."""
    quarantine: Path | None = None
    workers: int | None = None
    """Worker processes; by default one fewer than the cores at hand, and at least one."""
    watch: bool = False
    """Go on as articles arrive, until interrupted."""
    settle: float = 2.0
    """Seconds for which a file must stand still before it counts as complete, when watching."""
    articles_a_batch: int | None = None
    """Articles that go through the models together; by default 16, and 4 where a model writes the briefs.

    As many are lost when the process is killed, and waited for at an interrupt.
    """
    command: tuple[str, ...] = ()
    """What was typed, for the record."""

    def written_folders(self, out: Path | None) -> tuple[Path, ...]:
        """Return the folders that a job writes to, `out` among them if it is one; what lies there is no article."""
        return tuple(folder for folder in (out, self.quarantine) if folder is not None)


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a run ended. `counts` and `statuses` are of all articles in the ledger, `here` is what this run did."""

    total: int
    here: Mapping[str, int]
    counts: Mapping[State, int]
    statuses: Mapping[str, int]
    stopped: bool
    report: Report | None = None
    error: DepescheError | None = None
    """What stopped the run, where it was not the user."""

    @property
    def exit_code(self) -> int:
        """Return 0 when all is done, 8 when it is done with failures, 9 when the run stopped early."""
        if self.stopped:
            return 9
        return 8 if self.counts.get("failed") else 0


def written_formats(formats: Sequence[OutputFormat]) -> tuple[str, ...]:
    """Return the formats that are written article by article: files of many are made from JSON, if need be stored."""
    chosen: tuple[str, ...] = tuple(name for name in TREE_FORMATS if name in formats)
    from_json = set(formats) - set(TREE_FORMATS)
    return (*chosen, STORE) if from_json and "json" not in chosen else chosen
