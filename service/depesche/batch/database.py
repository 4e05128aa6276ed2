"""The database that a ledger lies in: a file beside the briefs of a folder job, or the store of the service."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from depesche.errors import DepescheError
from depesche.wal import use_wal

Explain = Callable[[DBAPIError], DepescheError]
"""What an error of the database means to a user."""


class Transactions(Protocol):
    """What a ledger needs of a database: this one here, or the store's."""

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction, for reading only without `write`; errors of the database become errors of ours."""
        ...


class Database:
    """An engine whose transactions raise errors of ours. Threads may share it; each transaction has its connection."""

    def __init__(self, engine: Engine, explain: Explain) -> None:
        self.engine = engine
        self._explain = explain

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def checkpoint(self) -> None:
        """Bring what stands in SQLite's write-ahead log into the file."""
        connection = self.engine.raw_connection()  # SQLite refuses this in a transaction, which others begin with
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise self._explain(DBAPIError("checkpoint", None, error)) from error
        finally:
            connection.close()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Connection]:
        """Open a transaction; what the database cannot do becomes an error of ours.

        One that is to write says so, because SQLite gives the right to write to one at a time, and for sure only at
        the beginning (see `prepare_sqlite`). PostgreSQL takes no notice.
        """
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(reads=not write)
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self._explain(error) from error


def prepare_sqlite(engine: Engine) -> None:
    """Make the connections of a SQLite engine what processes that share a file need: WAL, and no half-begun write."""
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_at_once)


def _prepare_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself; see its notes on SQLite transactions
    use_wal(connection)
    # In WAL mode NORMAL survives the death of a process whole, and that of the machine without the last commits.
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock when a transaction begins: one that reads first could not get it later."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
