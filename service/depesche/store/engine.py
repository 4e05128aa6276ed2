"""From the URL of a database to an engine that waits for locks, but not for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from depesche.errors import StoreError, StoreUnavailable
from depesche.wal import LOCK_SECONDS, use_wal

_POSTGRESQL = {"connect_timeout": "10", "keepalives_idle": "30", "tcp_user_timeout": "60000"}
"""Settings of libpq, so that a server that fell silent is found out; the URL may set others."""
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 40, "pool_timeout": 30}
"""As many connections at once as the service's pool has threads, and some."""


def default_path() -> Path:
    """Return the file that is the store where no URL is given."""
    return Path(platformdirs.user_data_dir("depesche")) / "store.sqlite"


def parse_url(url: str | None) -> URL:
    """Return `url`, or that of the user's own file, with the driver that is used. Raises `StoreError`."""
    if url is None:
        return URL.create("sqlite", database=str(default_path()))
    remedy = "give sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what they say may hold the password
        raise StoreError("this is no URL of a database", place="setting store.url", remedy=remedy) from None
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreError(f"no support for {parsed.drivername}", place="setting store.url", remedy=remedy)
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StoreError(
            "a database in memory is lost with the process", place="setting store.url", remedy="name a file"
        )
    return parsed


def make_engine(url: URL) -> Engine:
    """Return an engine for `url`. Raises `StoreError`, and `StoreUnavailable` where a file cannot be made."""
    try:
        if url.get_backend_name() == "postgresql":
            settings = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
            engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=settings, **_POOL)
            event.listen(engine, "connect", _prepare_postgresql)
            return engine
        _make_private(Path(url.database or ""))
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": LOCK_SECONDS}, **_POOL)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for {url.drivername}", place="setting store.url", remedy="pip install 'depesche[postgresql]'"
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            f"the file cannot be made: {error.strerror}", place=str(url.database), remedy="name a folder to write in"
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _make_private(path: Path) -> None:
    """Make the file, if it is not there, so that only its owner can read the articles in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself; see its notes on SQLite transactions
    use_wal(connection)
    # In WAL mode NORMAL survives the death of a process whole, and that of the machine without the last commits.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only forgotten


def _prepare_postgresql(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    connection.commit()


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock when a transaction begins: one that reads first could not get it later."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
