from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from depesche.batch.progress import (
    LOG_FIELDS,
    JobProgress,
    JsonJobProgress,
    LogJobProgress,
    SilentJobProgress,
    TerminalJobProgress,
    job_progress,
    say_outcomes,
)
from depesche.batch.tally import Finished, Tally
from depesche.batch.wording import say_rate, say_seconds, say_share

TEASER = Finished("wirtschaft/a.txt", "failed", None, "D102", "[D102] a.txt: only a teaser. Remedy: fetch the page")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def moment(self) -> datetime:
        return datetime(2026, 4, 16, 10, 0, tzinfo=UTC) + timedelta(seconds=self.seconds - 1000)


def brief(n: int, status: str = "verified") -> Finished:
    return Finished(f"{n}.txt", "done", status, seconds={"read": 0.01234567})


def test_pace_and_remaining_time_follow_a_steady_job() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(600, earlier=100)
    assert tally.snapshot().articles_per_minute is None
    assert tally.snapshot().eta_seconds is None
    for n in range(50):
        clock.seconds += 2
        tally.count(brief(n))
    now = tally.snapshot()
    assert now.finished == 150
    assert now.articles_per_minute == pytest.approx(30)
    assert now.eta_seconds == pytest.approx(900)


def test_the_pace_is_that_of_the_last_minutes() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(10_000)
    for n in range(600):  # ten slow minutes
        clock.seconds += 1
        tally.count(brief(n))
    for n in range(4000):  # then ten a second for longer than the window
        clock.seconds += 0.1
        tally.count(brief(n))
    now = tally.snapshot()
    assert now.articles_per_minute == pytest.approx(600, rel=0.02)
    assert now.overall_per_minute == pytest.approx(276)
    assert now.eta_seconds == pytest.approx(540, rel=0.02)


def test_a_standstill_slows_the_pace_and_lengthens_the_remaining_time() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(100)
    for n in range(10):
        clock.seconds += 1
        tally.count(brief(n))
    moving = tally.snapshot()
    clock.seconds += 90
    resting = tally.snapshot()
    clock.seconds += 36_000
    stuck = tally.snapshot()
    paces = [now.articles_per_minute for now in (moving, resting, stuck)]
    assert paces == [pytest.approx(60), pytest.approx(6), pytest.approx(600 / 36_100)]
    assert resting.eta_seconds == pytest.approx(900)


def test_quick_failures_promise_no_early_end() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(100)
    clock.seconds += 1
    tally.count(TEASER)
    assert tally.snapshot().articles_per_minute == 60
    assert tally.snapshot().eta_seconds is None
    clock.seconds += 19
    tally.count(brief(1))
    assert tally.snapshot().eta_seconds == pytest.approx(980)
    tally.begin(100)
    for _ in range(50):  # where everything fails, that is the pace
        clock.seconds += 1
        tally.count(TEASER)
    assert tally.snapshot().eta_seconds == pytest.approx(50)


def test_memory_of_the_tally_does_not_grow() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(None)
    for n in range(20_000):
        clock.seconds += 1
        tally.count(brief(n))
    assert len(tally._samples) < 100


def test_no_time_is_left_when_all_is_done_or_known_while_articles_are_being_counted() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin(None)
    clock.seconds += 1
    tally.count(brief(1))
    assert tally.snapshot().eta_seconds is None
    tally.found(1)
    assert tally.snapshot().eta_seconds == 0.0
    tally.begin(5, earlier=5)
    assert tally.snapshot().eta_seconds == 0.0


def test_shares_are_of_briefs_not_of_articles() -> None:
    tally = Tally(Clock())
    for article in (brief(1), brief(2), brief(3, "repaired"), brief(4, "flagged"), TEASER, Finished("b", "skipped")):
        tally.count(article)
    now = tally.snapshot()
    assert now.shares == {"verified": 0.5, "repaired": 0.25, "flagged": 0.25}
    assert (now.done, now.failed, now.skipped) == (4, 1, 1)


def test_articles_counted_from_many_threads_are_all_counted() -> None:
    tally = Tally()
    tally.begin(4000)
    threads = [threading.Thread(target=lambda: [tally.count(brief(n)) for n in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.snapshot().finished == 4000


def log(clock: Clock) -> tuple[LogJobProgress, io.StringIO]:
    stream = io.StringIO()
    return LogJobProgress(stream, clock, clock.moment), stream


def test_without_a_terminal_lines_come_at_intervals_and_failures_at_once() -> None:
    clock = Clock()
    progress, stream = log(clock)
    progress.begin(60, earlier=12)
    for n in range(12):
        clock.seconds += 2
        progress.finished(TEASER if n == 3 else brief(n, "flagged" if n == 7 else "verified"))
    clock.seconds += 1
    progress.end(stopped=True)
    assert stream.getvalue().splitlines() == [
        "2026-04-16 10:00:00 60 articles, 12 of them finished before",
        "2026-04-16 10:00:08 error: wirtschaft/a.txt: [D102] a.txt: only a teaser. Remedy: fetch the page",
        "2026-04-16 10:00:10 17 of 60 articles, 30.0 a minute, 1 min 26 s left; "
        "1 failed · 100 % verified, 0 % repaired, 0 % flagged",
        "2026-04-16 10:00:20 22 of 60 articles, 30.0 a minute, 1 min 16 s left; "
        "1 failed · 89 % verified, 0 % repaired, 11 % flagged",
        "2026-04-16 10:00:25 stopped: 24 of 60 articles in 25 s, 28.8 a minute; "
        "1 failed · 91 % verified, 0 % repaired, 9 % flagged",
    ]


def test_a_tick_shows_a_job_that_stands_still_and_a_long_job_says_less() -> None:
    clock = Clock()
    progress, stream = log(clock)
    progress.begin(2)
    for _ in range(7200):
        clock.seconds += 1
        progress.tick()
    lines = stream.getvalue().splitlines()
    assert lines[1] == "2026-04-16 10:00:10 0 of 2 articles, 10 s; 0 failed"
    assert lines[-1] == "2026-04-16 12:00:00 0 of 2 articles, 2 h; 0 failed" or lines[-1].startswith("2026-04-16 11:59")
    assert 7200 / 60 < len(lines) < 7200 / 30


def test_only_the_first_failures_are_told_one_by_one() -> None:
    progress, stream = log(Clock())
    progress.begin(100)
    for _ in range(100):
        progress.finished(TEASER)
    progress.end()
    lines = stream.getvalue().splitlines()
    assert sum("teaser" in line for line in lines) == 20
    assert sum("depesche batch errors OUT" in line for line in lines) == 1
    assert "100 failed" in lines[-1]


def test_hostile_names_make_neither_new_lines_nor_steer_the_terminal() -> None:
    progress, stream = log(Clock())
    progress.begin(1)
    progress.finished(Finished("a\n2026 all done\x1b[2J\u202e.txt", "failed", None, "D101", "[D101] x\ny"))
    assert stream.getvalue().splitlines()[1:] == [
        r"2026-04-16 10:00:00 error: a\x0a2026 all done\x1b[2J\u202e.txt: [D101] x y"
    ]


def json_lines(act: Callable[[JobProgress, Clock], None]) -> list[dict[str, Any]]:
    clock, stream = Clock(), io.StringIO()
    act(JsonJobProgress(stream, clock, clock.moment), clock)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_parse_and_have_the_documented_fields_only() -> None:
    def act(progress: JobProgress, clock: Clock) -> None:
        progress.begin(None)
        progress.found(3)
        progress.say("models\nloaded", "warning")
        clock.seconds += 30
        progress.finished(brief(1, "repaired"))
        progress.finished(Finished('"\n\u2028\ud800', "failed", None, "D107", "no JSON: \x00"))
        progress.end(stopped=True)
        progress.end()

    lines = json_lines(act)
    assert [line["event"] for line in lines] == ["begin", "message", "article", "progress", "article", "end"]
    assert {name for line in lines for name in line} == set(LOG_FIELDS)
    assert all(line["time"].startswith("2026-04-16T10:00:") and line["time"].endswith("Z") for line in lines)
    assert lines[2] == {
        "time": "2026-04-16T10:00:30.000Z",
        "event": "article",
        "name": "1.txt",
        "state": "done",
        "status": "repaired",
        "error_code": None,
        "error": None,
        "seconds": {"read": 0.0123},
    }
    assert (lines[3]["total"], lines[3]["articles_per_minute"], lines[3]["eta_seconds"]) == (3, 2.0, 60.0)
    assert lines[4]["name"] == '"\n\u2028\ud800'
    assert (lines[5]["done"], lines[5]["failed"], lines[5]["repaired"], lines[5]["stopped"]) == (1, 1, 1, True)


def test_json_tells_every_article_however_many_fail() -> None:
    def act(progress: JobProgress, clock: Clock) -> None:
        progress.begin(50)
        for _ in range(50):
            progress.finished(TEASER)

    assert sum(line["event"] == "article" for line in json_lines(act)) == 50


@pytest.mark.parametrize("width", [40, 100])
def test_on_a_terminal_there_is_a_bar_with_what_there_is_to_know(width: int) -> None:
    clock, stream = Clock(), io.StringIO()
    progress = TerminalJobProgress(Console(file=stream, force_terminal=True, width=width), clock)
    progress.begin(4, earlier=1)
    clock.seconds += 60
    progress.finished(brief(1))
    progress.finished(Finished("[red]\x1b[2J.txt", "failed", None, "D101", "[D101] empty"))
    progress.say("[bold]as it is[/bold]")
    progress.end()
    progress.end()
    text = stream.getvalue()
    assert r"[red]\x1b[2J.txt: [D101] empty" in text
    assert "[bold]as it is[/bold]" in text
    assert "3 of 4 articles" in text
    assert "2.00 a minute, 30 s left" in text
    assert "1 failed" in text
    assert ("100 % verified, 0 % repaired, 0 % flagged" in text) == (width == 100)


def test_silence_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    progress = job_progress(quiet=True)
    assert isinstance(progress, SilentJobProgress)
    progress.begin(1)
    progress.found(2)
    progress.finished(TEASER)
    progress.say("x", "error")
    progress.tick()
    progress.end()
    assert capfd.readouterr() == ("", "")


def test_what_is_shown_fits_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(job_progress(), LogJobProgress)
    assert isinstance(job_progress(log_json=True), JsonJobProgress)
    job_progress(log_json=True).say("seen")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["text"] == "seen"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (250, "4 min 10 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (100 * 86400 + 7300, "100 d 2 h"),
    ],
)
def test_durations_are_given_in_their_two_greatest_units(seconds: float, text: str) -> None:
    assert say_seconds(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.001, "<1 %"), (0.914, "91 %"), (0.999, ">99 %"), (1, "100 %")]
)
def test_a_share_is_none_or_all_only_when_it_is(share: float, text: str) -> None:
    assert say_share(share) == text


@pytest.mark.parametrize(("rate", "text"), [(0.423, "0.42"), (12.34, "12.3"), (1234.5, "1,234")])
def test_speeds_have_the_digits_that_mean_something(rate: float, text: str) -> None:
    assert say_rate(rate) == text


def test_how_far_the_model_is_shows_as_long_as_it_has_something() -> None:
    tally = Tally()
    tally.asked(120, 1_310)
    assert say_outcomes(tally.snapshot()).endswith(" · model: 120 of 1,310 sentences")
    tally.asked(1_310, 1_310)
    assert "model" not in say_outcomes(tally.snapshot())
