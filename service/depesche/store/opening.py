"""Opening the store: from a URL to an engine, with the schema brought up to date."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from depesche.errors import StoreError, StoreUnavailable
from depesche.store.briefs import Briefs
from depesche.store.database import Clock, Database, Dialect, utc_now
from depesche.store.feedback import FeedbackBook
from depesche.store.feeds import Feeds
from depesche.store.idempotency import Idempotency
from depesche.store.keys import Keys
from depesche.store.migrating import migrate_up, require_current
from depesche.store.retention import Purged, purge
from depesche.store.sessions import Sessions

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_CONNECTIONS = {"pool_size": 10, "max_overflow": 40, "pool_timeout": 30}
"""As many at once as the threads of the service's pool, and some."""


class Store:
    """An open database. Any number of threads may use it, and any number of processes have it open."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.briefs = Briefs(database)
        self.feedback = FeedbackBook(database)
        self.keys = Keys(database)
        self.sessions = Sessions(database)
        self.idempotency = Idempotency(database)
        self.feeds = Feeds(database)

    @property
    def engine(self) -> Engine:
        """Return the engine, for tables of other packages in the same database."""
        return self.database.engine

    @property
    def dialect(self) -> Dialect:
        """Return which kind of database it is."""
        return self.database.dialect

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction, as `Database.transaction` does."""
        return self.database.transaction(write=write)

    def check(self) -> None:
        """Raise `StoreUnavailable` unless the database answers."""
        with self.database.transaction(write=False) as connection:
            connection.execute(text("SELECT count(*) FROM alembic_version"))

    def purge(self, older_than: datetime | None) -> Purged:
        """Delete briefs last stored before `older_than` (None: no briefs), and everything that has expired."""
        return purge(self.database, older_than)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def default_path() -> Path:
    """Return the file that is the store where no URL is given."""
    return Path(platformdirs.user_data_dir("depesche")) / "store.sqlite"


def open_store(url: str | None, *, migrate: bool = True, clock: Clock = utc_now) -> Store:
    """Open the database at `url`, or the user's own file, and bring its schema up to date if `migrate`.

    Raises `StoreUnavailable`; `StoreVersion` where the schema is newer than this program, or older and not to be
    migrated; `StoreError` for a URL that is none.
    """
    database = connect(url, clock=clock)
    try:
        if migrate:
            migrate_up(database)
        else:
            require_current(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


def connect(url: str | None, *, clock: Clock = utc_now) -> Database:
    """Return the database at `url`, or the user's own file, whatever is in it. Raises as `open_store` does."""
    return Database(_engine(parse_url(url)), clock)


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


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "postgresql":
            return create_engine(
                url,
                hide_parameters=True,
                pool_pre_ping=True,
                connect_args={"connect_timeout": _CONNECT_SECONDS},
                **_CONNECTIONS,
            )
        _make_private(Path(url.database or ""))
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS}, **_CONNECTIONS)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for {url.drivername}", place="setting store.url", remedy="pip install 'depesche[postgresql]'"
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            f"the file cannot be made: {error.strerror}", place=str(url.database), remedy="name a folder to write in"
        ) from error
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _make_private(path: Path) -> None:
    """Make the file, if it is not there, so that only its owner can read the articles in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _prepare_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself; see its notes on SQLite transactions
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL survives the death of a process whole, and that of the machine without the last commits.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only forgotten


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock when a transaction begins: one that reads first could not get it later."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
