"""Opening the store: the database at a URL, with its schema brought up to date."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, Engine, text

from depesche.store.briefs import Briefs
from depesche.store.database import Clock, Database, Dialect, utc_now
from depesche.store.engine import make_engine, parse_url
from depesche.store.feedback import FeedbackBook
from depesche.store.feeds import Feeds
from depesche.store.idempotency import Idempotency
from depesche.store.keys import Keys
from depesche.store.migrating import migrate_up, require_current
from depesche.store.retention import Purged, purge
from depesche.store.sessions import Sessions


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
    return Database(make_engine(parse_url(url)), clock)
