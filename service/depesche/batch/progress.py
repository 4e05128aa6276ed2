"""What a user sees while a folder job runs: a bar on a terminal, log lines without one, JSON lines for machines.

Everything goes to standard error. The job calls `begin` once, `finished` for each article, `tick` now and then while
nothing finishes, and `end`. Every call is safe from any thread.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, TextIO

from rich.console import Console, RenderableType
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from depesche.batch.tally import STATUSES, Finished, Snapshot, Tally
from depesche.batch.visible import one_line, visible
from depesche.batch.wording import say_rate, say_seconds, say_share

Level = Literal["info", "warning", "error"]

_FAILURES_SHOWN = 20
_ERROR_CHARACTERS = 300

LOG_FIELDS: Mapping[str, str] = {
    "time": "when, ISO 8601 in UTC with milliseconds",
    "event": "begin, article, progress, message or end",
    "name": "article: its name inside the job",
    "state": "article: done, failed or skipped",
    "status": "article: verified, repaired or flagged; null where there is no brief",
    "error_code": "article: the code of the error, D101 …; null where there is none",
    "error": "article: the error in words; null where there is none",
    "seconds": "article: object of seconds by stage",
    "level": "message: info, warning or error",
    "text": "message: what there is to say",
    "total": "begin, progress, end: articles in the job; null while they are still being counted",
    "earlier": "begin, progress, end: articles of them that earlier runs finished",
    "done": "progress, end: briefs written in this run",
    "failed": "progress, end: articles failed in this run",
    "skipped": "progress, end: articles skipped in this run",
    "verified": "progress, end: briefs of this run in which nothing had to be mended",
    "repaired": "progress, end: briefs of this run in which something was mended",
    "flagged": "progress, end: briefs of this run that a person should read",
    "articles_per_minute": "progress: speed of the last minutes, end: of the whole run; null before the first article",
    "eta_seconds": "progress: seconds left at this speed; null where it cannot be told",
    "model_done": "progress: of the sentences that the model has now, those it has done; null while it has none",
    "model_total": "progress: how many sentences the model has now; null while it has none",
    "elapsed_seconds": "progress, end: seconds since the run began",
    "stopped": "end: true when the run stopped before all articles were finished",
}
"""Every field that a line of `--log-json` can have."""


class JobProgress(Protocol):
    """Told what happens while a job runs."""

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Start: `total` articles in the job (None while unknown), `earlier` of them finished by earlier runs."""

    def found(self, total: int) -> None:
        """Learn that there are now `total` articles in the job."""

    def finished(self, article: Finished) -> None:
        """Count an article."""

    def asked(self, done: int, total: int) -> None:
        """Learn that the model has done so many of the sentences that it was given together."""

    def tick(self) -> None:
        """Take the chance to show that time goes by."""

    def say(self, text: str, level: Level = "info") -> None:
        """Show one line."""

    def end(self, *, stopped: bool = False) -> None:
        """Stop counting; calling it twice or without `begin` is fine."""


def job_progress(*, log_json: bool = False, quiet: bool = False) -> JobProgress:
    """Return what fits standard error: JSON lines if asked for, a bar on a terminal, else log lines."""
    if quiet:
        return SilentJobProgress()
    if log_json:
        return JsonJobProgress(sys.stderr)
    console = Console(stderr=True)
    return TerminalJobProgress(console) if console.is_terminal else LogJobProgress(sys.stderr)


class SilentJobProgress:
    """Says nothing."""

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Show nothing."""

    def found(self, total: int) -> None:
        """Show nothing."""

    def finished(self, article: Finished) -> None:
        """Show nothing."""

    def asked(self, done: int, total: int) -> None:
        """Show nothing."""

    def tick(self) -> None:
        """Show nothing."""

    def say(self, text: str, level: Level = "info") -> None:
        """Show nothing."""

    def end(self, *, stopped: bool = False) -> None:
        """Show nothing."""


class TerminalJobProgress:
    """A bar with articles, speed and remaining time; under it failures and verification; failures scroll by above."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._tally = Tally(clock)
        self._failures = _Failures()
        self._bar: _Bar | None = None

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Draw the bar."""
        self.end()
        self._tally.begin(total, earlier)
        self._bar = _Bar(self._tally, self._console)
        self._bar.start()

    def found(self, total: int) -> None:
        """Give the bar its length."""
        self._tally.found(total)

    def finished(self, article: Finished) -> None:
        """Count an article; the bar redraws itself four times a second."""
        self._tally.count(article)
        for line in self._failures.lines(article):
            self.say(line, "error")

    def asked(self, done: int, total: int) -> None:
        """Keep how far the model is; the bar redraws itself."""
        self._tally.asked(done, total)

    def tick(self) -> None:
        """Show nothing new: the bar redraws itself."""

    def say(self, text: str, level: Level = "info") -> None:
        """Show one line above the bar."""
        style = {"info": "", "warning": "yellow", "error": "red"}[level]
        self._console.print(Text(visible(text), style=style), soft_wrap=True)

    def end(self, *, stopped: bool = False) -> None:  # noqa: ARG002 - the summary says so
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


class _Bar(RichProgress):
    """A bar that reads the tally whenever it is drawn, so that pace and remaining time live between articles."""

    def __init__(self, tally: Tally, console: Console) -> None:
        self._tally = tally
        self._articles: TaskID | None = None
        super().__init__(
            TextColumn("{task.fields[articles]}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[pace]}", markup=False),
            console=console,
            refresh_per_second=4,
            expand=True,
        )
        self._articles = self.add_task("", total=None, articles="", pace="")

    def get_renderables(self) -> Iterable[RenderableType]:
        """Draw the bar and the line under it."""
        if self._articles is None:  # rich draws once before the task is there
            return
        now = self._tally.snapshot()
        self.tasks[0].total, self.tasks[0].completed = now.total, now.finished
        self.tasks[0].fields.update(articles=say_articles(now), pace=say_pace(now))
        yield self.make_tasks_table(self.tasks)
        yield Text(say_outcomes(now), style="dim", no_wrap=True, overflow="ellipsis")


class LogJobProgress:
    """Plain lines for logs and pipes: one every ten seconds at first, one a minute in a long job, and the failures."""

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._stream = stream
        self._now = now
        self._tally = Tally(clock)
        self._every = _Interval(clock)
        self._failures = _Failures()
        self._lock = threading.Lock()
        self._running = False

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Write how much there is to do."""
        self._tally.begin(total, earlier)
        self._every.restart()
        self._running = True
        if total is not None:
            before = f", {earlier:,} of them finished before" if earlier else ""
            self.say(f"{total:,} articles{before}")

    def found(self, total: int) -> None:
        """Learn the number of articles."""
        self._tally.found(total)

    def finished(self, article: Finished) -> None:
        """Count, and write a line when the last one is old enough."""
        self._tally.count(article)
        for line in self._failures.lines(article):
            self.say(line, "error")
        self.tick()

    def asked(self, done: int, total: int) -> None:
        """Keep how far the model is for the next line."""
        self._tally.asked(done, total)

    def tick(self) -> None:
        """Write a line when the last one is old enough."""
        if self._running and self._every.is_over():
            self.say(_log_line(self._tally.snapshot()))

    def say(self, text: str, level: Level = "info") -> None:
        """Write one line."""
        mark = "" if level == "info" else f"{level}: "
        with self._lock:
            self._stream.write(f"{self._now():%Y-%m-%d %H:%M:%S} {mark}{visible(text)}\n")
            self._stream.flush()

    def end(self, *, stopped: bool = False) -> None:
        """Write the last line."""
        if self._running:
            self._running = False
            self.say(("stopped: " if stopped else "finished: ") + _log_line(self._tally.snapshot(), at_end=True))


class JsonJobProgress:
    """One JSON object a line, with the fields of `LOG_FIELDS`: every article, and the counts at intervals."""

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._stream = stream
        self._now = now
        self._tally = Tally(clock)
        self._every = _Interval(clock)
        self._lock = threading.Lock()
        self._running = False

    def begin(self, total: int | None, earlier: int = 0) -> None:
        """Write the event `begin`."""
        self._tally.begin(total, earlier)
        self._every.restart()
        self._running = True
        self._write("begin", total=total, earlier=earlier)

    def found(self, total: int) -> None:
        """Learn the number of articles."""
        self._tally.found(total)

    def finished(self, article: Finished) -> None:
        """Write the event `article`, and `progress` when the last one is old enough."""
        self._tally.count(article)
        self._write(
            "article",
            name=article.name,
            state=article.state,
            status=article.status,
            error_code=article.error_code,
            error=article.error_text,
            seconds={stage: round(seconds, 4) for stage, seconds in article.seconds.items()},
        )
        self.tick()

    def asked(self, done: int, total: int) -> None:
        """Keep how far the model is for the next event."""
        self._tally.asked(done, total)

    def tick(self) -> None:
        """Write the event `progress` when the last one is old enough."""
        if self._running and self._every.is_over():
            now = self._tally.snapshot()
            model = {"model_done": now.model_done, "model_total": now.model_total}
            eta = _rounded(now.eta_seconds)
            self._write("progress", **_counts(now, now.articles_per_minute), **model, eta_seconds=eta)

    def say(self, text: str, level: Level = "info") -> None:
        """Write the event `message`."""
        self._write("message", level=level, text=text)

    def end(self, *, stopped: bool = False) -> None:
        """Write the event `end`."""
        if self._running:
            self._running = False
            now = self._tally.snapshot()
            self._write("end", **_counts(now, now.overall_per_minute), stopped=stopped)

    def _write(self, event: str, **values: Any) -> None:
        moment = self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        # ASCII: a line holds whatever a file's name or an encoding of standard error does to it.
        line = json.dumps({"time": moment, "event": event, **values})
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()


class _Interval:
    """Says when the next line is due: after 10 seconds at first, later after a twentieth of the run, 60 s at most."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.restart()

    def restart(self) -> None:
        self._began = self._last = self._clock()

    def is_over(self) -> bool:
        with self._lock:
            now = self._clock()
            over = now - self._last >= min(max((now - self._began) / 20, 10.0), 60.0)
            if over:
                self._last = now
            return over


class _Failures:
    """The first failures in words; after that one line says where the others are."""

    def __init__(self) -> None:
        self._shown = 0

    def lines(self, article: Finished) -> Iterable[str]:
        if article.state != "failed" or self._shown > _FAILURES_SHOWN:
            return
        self._shown += 1
        if self._shown > _FAILURES_SHOWN:
            yield "further failures are counted only; depesche batch errors OUT lists them all"
            return
        error = one_line(article.error_text or "", _ERROR_CHARACTERS)
        code = article.error_code or "error"
        yield f"{visible(article.name)}: {error if error.startswith(f'[{code}]') else f'[{code}] {error}'.rstrip()}"


def say_articles(now: Snapshot) -> str:
    """Return how many articles are finished: `412 of 600 articles`."""
    return f"{now.finished:,} articles" if now.total is None else f"{now.finished:,} of {now.total:,} articles"


def say_pace(now: Snapshot) -> str:
    """Return speed and remaining time: `12.3 a minute, 15 min left`."""
    if now.articles_per_minute is None:
        return say_seconds(now.elapsed_seconds)
    left = f", {say_seconds(now.eta_seconds)} left" if now.eta_seconds else ""
    return f"{say_rate(now.articles_per_minute)} a minute{left}"


def say_outcomes(now: Snapshot) -> str:
    """Return failures, verification, and how far the model is with what it has now.

    `3 failed · 91 % verified, 6 % repaired, 3 % flagged · model: 120 of 310 sentences`
    """
    parts = [f"{now.failed:,} failed"]
    if now.skipped:
        parts.append(f"{now.skipped:,} skipped")
    if now.shares:
        parts.append(", ".join(f"{say_share(share)} {status}" for status, share in now.shares.items()))
    if now.model_total is not None:
        parts.append(f"model: {now.model_done:,} of {now.model_total:,} sentences")
    return " · ".join(parts)


def _log_line(now: Snapshot, *, at_end: bool = False) -> str:
    if not at_end:
        return f"{say_articles(now)}, {say_pace(now)}; {say_outcomes(now)}"
    pace = "" if now.overall_per_minute is None else f", {say_rate(now.overall_per_minute)} a minute"
    return f"{say_articles(now)} in {say_seconds(now.elapsed_seconds)}{pace}; {say_outcomes(now)}"


def _counts(now: Snapshot, pace: float | None) -> dict[str, Any]:
    return {
        "total": now.total,
        "earlier": now.earlier,
        "done": now.done,
        "failed": now.failed,
        "skipped": now.skipped,
        **{status: now.by_status[status] for status in STATUSES},
        "articles_per_minute": _rounded(pace),
        "elapsed_seconds": _rounded(now.elapsed_seconds),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
