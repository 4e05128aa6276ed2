"""One database under everything that is kept: its engine, and transactions whose failures are errors of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from depesche.errors import StoreUnavailable

Dialect = Literal["sqlite", "postgresql"]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Database:
    """An engine, the clock, and what differs between SQLite and PostgreSQL. Any number of threads may use it."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.now = clock
        self.dialect: Dialect = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"

    @property
    def place(self) -> str:
        """Return which database this is, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Connection]:
        """Open a transaction that ends with the block, undone if that raises.

        On SQLite a writer holds the write lock from the beginning: one that reads first could not get it later.
        Raises `StoreUnavailable` where the database cannot be reached, read or written.
        """
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(reads=not write)
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            raise explained(error, self.place) from error

    def insert(self, table: Table) -> Any:
        """Return an insert that can say what to do on conflict; both databases have the same clause for it."""
        return sqlite.insert(table) if self.dialect == "sqlite" else postgresql.insert(table)


def explained(error: SQLAlchemyError, place: str) -> StoreUnavailable:
    """Return what went wrong with the database as an error that an operator can act on."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().split("\n")[0]
    return StoreUnavailable(
        f"the database cannot be used: {said}",
        place=place,
        remedy="see that it runs, has room and may be written; depesche store status tries it",
    )
