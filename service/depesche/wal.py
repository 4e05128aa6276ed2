"""Write-ahead logging for a SQLite file that several processes open at the same moment."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

LOCK_SECONDS = 30
"""How long a connection waits for the locks of others before it gives up."""
_PAUSE = 0.02


def use_wal(connection: sqlite3.Connection, seconds: float = LOCK_SECONDS) -> None:
    """Put the file of `connection` into WAL mode, however many others do so at once.

    SQLite's own busy timeout does not cover this: the change begins as a reader and needs the file alone, and of two
    that both wait so neither could go on, so SQLite answers "locked" at once (https://sqlite.org/c3ref/busy_handler.html).
    Raises `sqlite3.OperationalError` where the file is still locked after `seconds`, or cannot be written.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            with closing(connection.execute("PRAGMA journal_mode = WAL")):
                return
        except sqlite3.OperationalError as error:
            # The low byte is the error; the others say more about it.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
