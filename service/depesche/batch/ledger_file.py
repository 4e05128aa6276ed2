"""The SQLite file of a folder job's ledger: opened, made, and brought to the version that this program writes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError

from depesche.batch.database import Database, prepare_sqlite
from depesche.batch.schema import SCHEMA_VERSION, articles, bands, metadata
from depesche.errors import OutputFull, OutputInUse


def open_file(path: Path) -> Database:
    """Return the database in a ledger file. Raises `OutputInUse` for one of a later version, or of another program."""
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 60})
    prepare_sqlite(engine)
    database = Database(engine, lambda error: _explained(error, path))
    try:
        with database.transaction(write=False) as connection:
            version = _version(connection)
        if version != SCHEMA_VERSION:
            with database.transaction() as connection:
                _bring_up_to_date(connection, path)
    except BaseException:
        database.close()
        raise
    return database


def _version(connection: Connection) -> int:
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return version


def _bring_up_to_date(connection: Connection, path: Path) -> None:
    version = _version(connection)  # once more: another process may have done it before we could write
    if version == SCHEMA_VERSION:
        return
    if version == 0:
        metadata.create_all(connection)
    elif version == 1:
        _add_job(connection)
    else:
        raise OutputInUse(
            f"a ledger of version {version}, and this program writes version {SCHEMA_VERSION}",
            place=str(path),
            remedy="use another output folder, or the program that wrote this one",
        )
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _add_job(connection: Connection) -> None:
    """Bring a file of version 1, which had but one job, to version 2; SQLite changes a primary key only by a copy."""
    connection.exec_driver_sql("ALTER TABLE articles RENAME TO articles_of_version_1")
    connection.exec_driver_sql("ALTER TABLE bands RENAME TO bands_of_version_1")
    for index in ("articles_state", "articles_content", "ix_bands_key", "ix_bands_name"):
        connection.exec_driver_sql(f"DROP INDEX {index}")
    metadata.create_all(connection)
    for table in (articles, bands):
        names = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "job")
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} (job, {names}) SELECT '', {names} FROM {table.name}_of_version_1"  # noqa: S608
        )
        connection.exec_driver_sql(f"DROP TABLE {table.name}_of_version_1")


def _explained(error: DBAPIError, path: Path) -> OutputFull | OutputInUse:
    said = str(error.orig)
    if "not a database" in said or "malformed" in said:
        return OutputInUse(said, place=str(path), remedy="move this file away, or use another output folder")
    return OutputFull(
        f"the ledger cannot be written: {said}",
        place=str(path),
        remedy="make room on the disk and run the same command again: it goes on where it stopped",
    )
