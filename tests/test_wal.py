"""Processes that open one SQLite file at the same moment."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from depesche.wal import use_wal

OPENERS = 6
FILES = 15


def open_together(folder: str, together: Barrier) -> None:
    for number in range(FILES):
        together.wait(60)
        with closing(sqlite3.connect(Path(folder, f"{number}.sqlite"), timeout=30)) as connection:
            use_wal(connection)
            connection.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
            with connection:
                connection.execute("INSERT INTO words VALUES ('Montag')")


def test_processes_that_open_a_new_file_at_once_all_get_it_in_wal_mode(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(OPENERS)
    openers = [spawn.Process(target=open_together, args=(str(tmp_path), together)) for _ in range(OPENERS)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(120)
    assert [opener.exitcode for opener in openers] == [0] * OPENERS
    for number in range(FILES):
        with closing(sqlite3.connect(tmp_path / f"{number}.sqlite")) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert connection.execute("SELECT count(*) FROM words").fetchone() == (OPENERS,)


def test_a_file_that_stays_locked_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0)) as waiting:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            use_wal(waiting, seconds=0.1)
        holder.rollback()
        use_wal(waiting, seconds=0.1)
