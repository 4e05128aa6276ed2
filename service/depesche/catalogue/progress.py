"""What a user sees while a model is fetched: a bar on a terminal, a plain line every few seconds without one.

Everything goes to standard error: standard output belongs to the brief.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as RichProgress

_SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """Told what happens while a model is fetched; byte counts are those of the transfer."""

    def say(self, text: str) -> None:
        """Show one line."""

    def begin(self, label: str, total: int, done: int = 0) -> None:
        """Start to count to `total`; `done` bytes were there already."""

    def advance(self, count: int) -> None:
        """Count `count` more bytes (negative when a transfer starts again)."""

    def end(self) -> None:
        """Stop counting; calling it without `begin` is fine."""


class SilentProgress:
    """Says nothing."""

    def say(self, text: str) -> None:
        """Show nothing."""

    def begin(self, label: str, total: int, done: int = 0) -> None:
        """Show nothing."""

    def advance(self, count: int) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Show nothing."""


class TerminalProgress:
    """A bar with size, speed and remaining time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def say(self, text: str) -> None:
        """Show one line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def begin(self, label: str, total: int, done: int = 0) -> None:
        """Draw the bar. The speed counts from here, so bytes that were there already don't flatter it."""
        self.end()
        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._task = self._bar.add_task(label, total=total, completed=done)
        self._bar.start()

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    def end(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


class PlainProgress:
    """One line every few seconds, for logs and pipes."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._label = ""
        self._total = self._done = self._first = 0
        self._started = self._shown = 0.0

    def say(self, text: str) -> None:
        """Write one line."""
        self._stream.write(text + "\n")
        self._stream.flush()

    def begin(self, label: str, total: int, done: int = 0) -> None:
        """Start counting."""
        self._label, self._total, self._done, self._first = label, total, done, done
        self._started = self._shown = self._clock()

    def advance(self, count: int) -> None:
        """Count, and write a line when the last one is old enough."""
        self._done += count
        now = self._clock()
        if now - self._shown >= _SECONDS_BETWEEN_LINES:
            self._shown = now
            self.say(self._line(now - self._started))

    def end(self) -> None:
        """Stop counting."""
        self._label = ""

    def _line(self, seconds: float) -> str:
        speed = (self._done - self._first) / seconds if seconds else 0.0
        share = 100 * self._done // self._total if self._total else 100
        line = f"{self._label}: {share} % of {human_bytes(self._total)}, {human_bytes(int(speed))}/s"
        if speed > 0:
            line += f", about {round(max(self._total - self._done, 0) / speed)} s left"
        return line


def stderr_progress() -> Progress:
    """Return a bar when standard error is a terminal, else plain lines."""
    console = Console(stderr=True)
    return TerminalProgress(console) if console.is_terminal else PlainProgress(sys.stderr)


def human_bytes(count: int) -> str:
    """Return `count` in decimal units as downloads are given: 1117320768 → "1.12 GB"."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if abs(count) >= size:
            return f"{count / size:.3g} {unit}" if abs(count) < 1000 * size else f"{count / size:.0f} {unit}"
    return f"{count} B"
