"""`depesche batch`: what it takes, what it says, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.batch_articles import write_articles

from depesche.batch.settings import JobResult
from depesche.cli import main
from depesche.errors import EngineUnavailable


def batch(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "depesche", "batch", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three articles, one of them bad, and what a job with JSON lines for a log made of it."""
    folder = tmp_path_factory.mktemp("batch")
    write_articles(folder / "articles", 2)
    (folder / "articles" / "short.txt").write_text("Too short.", "utf-8")
    done = batch("--model-summarize", "extractive", "--log-json", folder / "articles", "--out", folder / "briefs")
    assert done.returncode == 8, done.stderr
    (folder / "log").write_text(done.stderr, "utf-8")
    return folder


def test_the_log_is_json_lines_from_begin_to_end(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "log").read_text("utf-8").splitlines()]
    assert (lines[0]["event"], lines[-1]["event"]) == ("begin", "end")
    assert (lines[-1]["done"], lines[-1]["failed"]) == (2, 1)


def test_status_and_errors_say_how_it_stands(folder: Path) -> None:
    assert "2 of 3 articles have their brief, 1 failed" in batch("status", folder / "briefs").stdout
    record = json.loads(batch("status", folder / "briefs", "--json").stdout)
    assert record["articles"] == {"done": 2, "failed": 1}
    assert record["at_work"] == []
    assert "D105" in batch("errors", folder / "briefs").stdout
    (error,) = map(json.loads, batch("errors", folder / "briefs", "--json").stdout.splitlines())
    assert (error["name"], error["code"], error["attempts"]) == ("short.txt", "D105", 1)


def test_a_run_with_nothing_to_do_says_so_and_tells_of_the_failures(folder: Path) -> None:
    done = batch("run", folder / "articles", "--out", folder / "briefs", "--model-summarize", "extractive")
    assert done.returncode == 8
    assert "3 of them finished before" in done.stderr
    assert "depesche batch errors" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("articles",), 2, "--out"),
        (("no-such-folder", "--out", "new"), 9, "D701"),
        (("no-such-folder", "--out", "new", "--model-translate", "no-such-model"), 9, "D701"),
        (("articles", "--out", "."), 9, "D701"),
        (("articles", "--out", "new", "--model-translate", "no-such-model"), 4, "D301"),
        (("status", "articles"), 9, "D703"),
        (("articles", "--out", "new", "--workers", "0"), 2, "--workers"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], exit_code: int, says: str
) -> None:
    monkeypatch.chdir(folder)
    done = batch(*arguments)
    assert done.returncode == exit_code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    if says == "D701":
        assert not (folder / "new").exists()


@pytest.mark.parametrize(("more", "way_on"), [((), "again to go on"), (("--force",), "again without --force to go on")])
def test_a_model_that_fails_midway_is_a_run_that_stopped_early(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], way_on: str
) -> None:
    stopped = JobResult(2, {}, {"pending": 2}, {}, stopped=True, error=EngineUnavailable("weights cut short"))
    monkeypatch.setattr("depesche.batch.job.run_job", lambda *_: stopped)
    monkeypatch.setattr(sys, "argv", ["depesche", "batch", "articles", "--out", "briefs", *more])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 9
    assert "[D306] weights cut short" in said
    assert way_on in said


def test_nothing_to_do_at_all_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    done = batch(tmp_path / "articles", "--out", tmp_path / "briefs", "--model-summarize", "extractive")
    assert done.returncode == 0, done.stderr
    assert "No articles" in done.stderr
