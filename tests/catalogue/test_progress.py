from __future__ import annotations

import io

import pytest
from rich.console import Console

from depesche.catalogue.progress import PlainProgress, SilentProgress, TerminalProgress, human_bytes


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (98_362_432, "98.4 MB"),
        (1_117_320_768, "1.12 GB"),
        (-1500, "-1.5 kB"),
    ],
)
def test_sizes_are_given_in_decimal_units(count: int, text: str) -> None:
    assert human_bytes(count) == text


def test_without_a_terminal_a_line_comes_every_five_seconds() -> None:
    now = 100.0
    stream = io.StringIO()
    progress = PlainProgress(stream, clock=lambda: now)
    progress.begin("tiny", 1_000_000, 200_000)
    for second in range(1, 11):
        now = 100.0 + second
        progress.advance(50_000)
    assert stream.getvalue().splitlines() == [
        "tiny: 45 % of 1 MB, 50 kB/s, about 11 s left",
        "tiny: 70 % of 1 MB, 50 kB/s, about 6 s left",
    ]


def test_on_a_terminal_there_is_a_bar_with_size_and_speed() -> None:
    stream = io.StringIO()
    progress = TerminalProgress(Console(file=stream, force_terminal=True, width=100))
    progress.say("tiny: 1 MB from a [bold]source[/bold]")
    progress.begin("tiny", 1_000_000)
    progress.advance(1_000_000)
    progress.end()
    progress.end()
    assert "[bold]source[/bold]" in stream.getvalue()
    assert "1.0/1.0 MB" in stream.getvalue()


def test_silence_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    progress = SilentProgress()
    progress.say("x")
    progress.begin("x", 1)
    progress.advance(1)
    progress.end()
    assert capfd.readouterr() == ("", "")
