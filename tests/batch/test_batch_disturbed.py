"""Folder jobs as real processes that are killed, interrupted, doubled or left without room: nothing is lost."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from benchmarks.batch_articles import write_articles
from benchmarks.batch_kills import command, kill_and_resume, recorded, snapshot

from depesche.batch.folder_ledger import FolderLedger, ledger_path

ARTICLES = 60


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `articles` and the `briefs` that a run made of them which nobody disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_articles(folder / "articles", ARTICLES, in_each=10)
    subprocess.run(command(folder / "articles", folder / "briefs"), check=True)
    return folder


def begun(articles: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start a job; return when it has recorded its first article."""
    process = subprocess.Popen([*command(articles, out), *more], stderr=subprocess.PIPE)
    wait_for(process, out, 1)
    return process


def wait_for(process: subprocess.Popen[bytes], out: Path, done: int) -> None:
    """Wait until a job has recorded `done` articles, or has ended."""
    end = time.monotonic() + 600
    while process.poll() is None and recorded(out).get("done", 0) < done:
        if time.monotonic() > end:
            process.kill()
            raise AssertionError(f"the job came no further than {recorded(out)}")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the worker processes; multiprocessing's resource tracker is none."""
    try:
        children = psutil.Process(process.pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.NoSuchProcess:  # the job is over
        return []


def tries(folder: Path) -> Iterator[Path]:
    """Yield output folders, one after the other, until a job in one of them was disturbed before it was over."""
    yield from (folder / f"out-{number}" for number in range(5))
    raise AssertionError("the job was over too soon five times")


def resume(undisturbed: Path, out: Path) -> None:
    """Run the job to its end; it must come to what the undisturbed one came to."""
    subprocess.run(command(undisturbed / "articles", out), check=True)
    assert snapshot(out) == snapshot(undisturbed / "briefs")
    assert recorded(out) == {"done": ARTICLES}


def test_kill_at_random_moments_loses_nothing(undisturbed: Path, tmp_path: Path) -> None:
    outcome = kill_and_resume(undisturbed / "articles", tmp_path, kills=8, seed=2026)
    assert outcome.kills == 8


@pytest.mark.slow
def test_fifty_kills_lose_nothing(undisturbed: Path, tmp_path: Path) -> None:
    assert kill_and_resume(undisturbed / "articles", tmp_path, kills=50, seed=1).kills == 50


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_finishes_what_is_in_flight_and_says_how_to_go_on(
    undisturbed: Path, tmp_path: Path, number: signal.Signals
) -> None:
    for out in tries(tmp_path):
        process = begun(undisturbed / "articles", out, "--no-quiet")
        process.send_signal(number)
        _, said = process.communicate()
        if (process.returncode == 9 and b"finished first" in said) or recorded(out) != {"done": ARTICLES}:
            break
    assert process.returncode == 9, said
    assert b"finished first" in said
    assert b"run the same command again" in said
    assert f"of {ARTICLES} articles".encode() in said
    counts = recorded(out)
    assert counts.keys() <= {"done", "pending"}
    assert 0 < counts["done"] <= ARTICLES  # all of them, where the last were in flight already
    assert len(snapshot(out)) == counts["done"]
    resume(undisturbed, out)


def test_a_second_interrupt_stops_at_once(undisturbed: Path, tmp_path: Path) -> None:
    for out in tries(tmp_path):
        process = begun(undisturbed / "articles", out)
        workers = workers_of(process)
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.suspend()  # what is in flight would never be finished
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        if (process.returncode == 9 and workers) or recorded(out) != {"done": ARTICLES}:
            break
    assert process.returncode == 9
    assert b"run the same command again" in said
    resume(undisturbed, out)
    gone, left = psutil.wait_procs(workers, timeout=60)
    assert not left
    assert gone


def test_two_processes_share_the_work(undisturbed: Path, tmp_path: Path) -> None:
    both = [subprocess.Popen(command(undisturbed / "articles", tmp_path / "out")) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert snapshot(tmp_path / "out") == snapshot(undisturbed / "briefs")
    with FolderLedger(ledger_path(tmp_path / "out")) as ledger:
        assert [row.attempts for row in ledger.rows("done")] == [1] * ARTICLES
        assert sum(run["counts"].get("done", 0) for run in ledger.runs()) == ARTICLES


def test_what_a_killed_process_held_goes_to_the_one_that_is_left(undisturbed: Path, tmp_path: Path) -> None:
    killed = begun(undisturbed / "articles", tmp_path / "out")
    other = subprocess.Popen(command(undisturbed / "articles", tmp_path / "out"))
    killed.kill()
    killed.communicate()
    assert other.wait() == 0
    assert snapshot(tmp_path / "out") == snapshot(undisturbed / "briefs")


def test_a_worker_that_is_killed_takes_no_article_with_it(undisturbed: Path, tmp_path: Path) -> None:
    for out in tries(tmp_path):
        process = begun(undisturbed / "articles", out)
        killed = False
        with contextlib.suppress(IndexError, psutil.NoSuchProcess):  # there is no worker any more
            workers_of(process)[0].kill()
            killed = True
        _, said = process.communicate()
        assert process.returncode == 0, said
        assert recorded(out) == {"done": ARTICLES}
        assert snapshot(out) == snapshot(undisturbed / "briefs")
        if killed:
            break


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for some of the briefs."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_stops_the_job_and_more_room_lets_it_go_on(undisturbed: Path, small_disk: Path) -> None:
    process = subprocess.run(
        command(undisturbed / "articles", small_disk / "out"), stderr=subprocess.PIPE, text=True, check=False
    )
    assert process.returncode == 9
    assert "D704" in process.stderr
    assert "Traceback" not in process.stderr
    assert "run the same command again" in process.stderr
    there = snapshot(small_disk / "out")
    expected = snapshot(undisturbed / "briefs")
    assert all(expected[name] == digest for name, digest in there.items())
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    resume(undisturbed, small_disk / "out")


def limit_file_size(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [4_000, 150_000])
def test_files_that_may_not_grow_stop_the_job(undisturbed: Path, tmp_path: Path, size: int) -> None:
    """4 kB are too few for a brief or for a new ledger; 150 kB are too few for a ledger's log."""
    process = subprocess.run(
        command(undisturbed / "articles", tmp_path / "out"),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=limit_file_size(size),
    )
    assert process.returncode == 9
    assert "D704" in process.stderr
    assert "Traceback" not in process.stderr
    resume(undisturbed, tmp_path / "out")


def test_a_file_that_vanishes_or_is_unreadable_is_one_failure_and_no_more(undisturbed: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    write_articles(articles, ARTICLES, in_each=10)
    process = begun(articles, tmp_path / "out")
    last = articles / "005" / f"article-{ARTICLES - 1:06d}.txt"
    last.rename(tmp_path / "away")
    _, said = process.communicate()
    assert process.returncode in {0, 8}, said
    counts = recorded(tmp_path / "out")
    assert counts["done"] >= ARTICLES - 1
    (tmp_path / "away").rename(last)
    subprocess.run(command(articles, tmp_path / "out"), check=True)
    assert snapshot(tmp_path / "out") == snapshot(undisturbed / "briefs")


def test_a_watch_takes_what_arrives_survives_a_kill_and_ends_by_an_interrupt(undisturbed: Path, tmp_path: Path) -> None:
    articles, out = tmp_path / "articles", tmp_path / "out"
    articles.mkdir()
    write_articles(tmp_path / "first", 10, in_each=10)
    killed = subprocess.Popen([*command(articles, out), "--watch"], stderr=subprocess.PIPE)
    (tmp_path / "first" / "000").rename(articles / "000")
    wait_for(killed, out, 5)
    killed.kill()
    killed.communicate()
    write_articles(tmp_path / "more", ARTICLES, in_each=10)
    watching = subprocess.Popen([*command(articles, out), "--watch"], stderr=subprocess.PIPE)
    wait_for(watching, out, 10)
    for number in range(1, ARTICLES // 10):
        (tmp_path / "more" / f"{number:03d}").rename(articles / f"{number:03d}")
    wait_for(watching, out, ARTICLES)
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate()
    assert watching.returncode == 0, said
    assert snapshot(out) == snapshot(undisturbed / "briefs")
