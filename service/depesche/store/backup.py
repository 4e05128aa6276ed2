"""A consistent copy of a store that is in use, and what there is to say of its size."""

from __future__ import annotations

import os
import shlex
import sqlite3
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError

from depesche.errors import StoreError
from depesche.store.database import Database, explained


def back_up(database: Database, path: Path) -> None:
    """Copy a SQLite store as it is at one moment to `path`, which appears only when the copy is whole.

    Others may read and write meanwhile. The copy is a store like any other: to restore it, put it in the place of the
    file while nobody has that open. Raises `StoreError` where `path` is there already or cannot be written, and
    `StoreUnavailable`.
    """
    if path.exists():
        raise StoreError("there is something of this name", place=str(path), remedy="name a file that is not there")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.touch(mode=0o600, exist_ok=False)
        try:
            _vacuum_into(database, partial)
            with partial.open("rb") as copy:
                os.fsync(copy.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"the copy cannot be written: {error.strerror}",
            place=str(path),
            remedy="name a file in a folder to write in",
        ) from error


def _vacuum_into(database: Database, path: Path) -> None:
    try:
        connection = database.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(path),))  # must stand outside of a transaction
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"the copy cannot be made: {error}", place=str(path), remedy="make room for it") from error
    except SQLAlchemyError as error:
        raise explained(error, database.place) from error


def dump_command(database: Database, path: Path) -> str:
    """Return the command that copies a PostgreSQL store; the password comes from ~/.pgpass or PGPASSWORD."""
    whole = database.engine.url
    url = URL.create("postgresql", whole.username, None, whole.host, whole.port, whole.database, whole.query)
    return shlex.join(["pg_dump", "--format=custom", f"--file={path}", url.render_as_string()])


def size_in_bytes(database: Database) -> int:
    """Return how much room a store takes."""
    size = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if database.dialect == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    with database.transaction(write=False) as connection:
        return int(connection.execute(text(size)).scalar_one())
