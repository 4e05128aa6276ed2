"""How far a folder job has come and how fast it goes: the numbers behind bar, log lines and JSON lines."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

FinalState = Literal["done", "failed", "skipped"]
STATUSES = ("verified", "repaired", "flagged")

_WINDOW_SECONDS = 300.0
_SAMPLES = 60
# Articles that fail do so at once. Until a brief is there, or so many articles, their pace promises too much.
_TELLING = 50


@dataclass(frozen=True, slots=True)
class Finished:
    """One article that reached its final state in this run."""

    name: str
    state: FinalState
    status: str | None = None
    """verified, repaired or flagged; None without a brief."""
    error_code: str | None = None
    error_text: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The job at one moment. Counts are of this run, except `total` and `earlier`."""

    total: int | None
    earlier: int
    done: int
    failed: int
    skipped: int
    by_status: Mapping[str, int]
    elapsed_seconds: float
    articles_per_minute: float | None
    """Of the last five minutes."""
    overall_per_minute: float | None
    eta_seconds: float | None
    model_done: int | None = None
    """Of the sentences (or summaries) that the model has now, those that it has done; None while it has none."""
    model_total: int | None = None

    @property
    def finished(self) -> int:
        """Articles finished by this run and earlier ones."""
        return self.earlier + self.done + self.failed + self.skipped

    @property
    def shares(self) -> dict[str, float]:
        """Share of the briefs of this run by verification status; empty before the first brief."""
        briefs = sum(self.by_status.values())
        return {status: count / briefs for status, count in self.by_status.items()} if briefs else {}


class Tally:
    """Counts articles and tells the pace. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.begin(None)

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Start from nothing, with `earlier` of `total` articles finished by earlier runs."""
        with self._lock:
            self._total, self._earlier = total, earlier
            self._states: Counter[str] = Counter()
            self._statuses: Counter[str] = Counter()
            self._model: tuple[int, int] | None = None
            self._began = self._clock()
            self._samples: deque[tuple[float, int]] = deque([(self._began, 0)])

    def found(self, total: int) -> None:
        """Learn the number of articles."""
        with self._lock:
            self._total = total

    def count(self, article: Finished) -> None:
        """Count a finished article."""
        with self._lock:
            self._states[article.state] += 1
            if article.state == "done" and article.status is not None:
                self._statuses[article.status] += 1
            self._sample()

    def asked(self, done: int, total: int) -> None:
        """Learn how far the model is with what it has been asked; with all of it done it has nothing."""
        with self._lock:
            self._model = (done, total) if done < total else None

    def snapshot(self) -> Snapshot:
        """Return the job as it stands."""
        with self._lock:
            now = self._clock()
            elapsed = now - self._began
            finished = self._states.total()
            pace = self._pace(now, finished)
            overall = finished / elapsed if finished and elapsed > 0 else None
            left = None if self._total is None else max(self._total - self._earlier - finished, 0)
            eta = None
            if left == 0:
                eta = 0.0
            elif left is not None and pace and (self._states["done"] or finished >= _TELLING):
                eta = left / pace
            return Snapshot(
                total=self._total,
                earlier=self._earlier,
                done=self._states["done"],
                failed=self._states["failed"],
                skipped=self._states["skipped"],
                by_status={status: self._statuses[status] for status in STATUSES},
                elapsed_seconds=elapsed,
                articles_per_minute=pace and 60 * pace,
                overall_per_minute=overall and 60 * overall,
                eta_seconds=eta,
                model_done=self._model[0] if self._model else None,
                model_total=self._model[1] if self._model else None,
            )

    def _sample(self) -> None:
        """Remember how many were finished when; samples lie so far apart that `_SAMPLES` fill the window."""
        now, finished = self._clock(), self._states.total()
        if now - self._samples[-1][0] >= _WINDOW_SECONDS / _SAMPLES:
            self._samples.append((now, finished))
        # The newest sample that is older than the window stays: it is where the window begins.
        while len(self._samples) > 1 and now - self._samples[1][0] > _WINDOW_SECONDS:
            self._samples.popleft()

    def _pace(self, now: float, finished: int) -> float | None:
        """Return articles a second since the oldest sample; a standstill makes it fall. None before the first."""
        since, before = self._samples[0]
        if not finished or now <= since:
            return None
        if finished == before:  # nothing for a whole window: the pace of the whole run is the best guess left
            return finished / (now - self._began)
        return (finished - before) / (now - since)
