"""Bringing the schema of a database up to date, by the alembic migrations in `migrations/`.

Revisions are numbered, `0001_…py` and so on, and each is made by hand. All that are due are done in one transaction,
under a lock: of processes that start at once, one migrates and the others find it done.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from depesche.errors import StoreVersion
from depesche.store.database import Database

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x6465706573636865
"""Of PostgreSQL's advisory locks: the bytes of `depesche`."""


def revisions() -> list[str]:
    """Return the revisions that this program knows, the latest last."""
    return sorted(path.name.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def revision_of(database: Database) -> str | None:
    """Return the revision that a database has; None for one that is new."""
    with database.transaction(write=False) as connection:
        return _revision(connection)


def migrate_up(database: Database) -> None:
    """Bring the schema up to date. Raises `StoreVersion` where it is newer than this program."""
    known = revisions()
    if _checked(database, revision_of(database), known) == known[-1]:
        return
    # Looked at again under the lock: another process may have been quicker.
    with database.transaction() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may migrate for long
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _checked(database, _revision(connection), known) != known[-1]:
            run_migrations(connection, "head")


def require_current(database: Database) -> None:
    """Raise `StoreVersion` unless the schema is the one that this program writes."""
    known = revisions()
    if _checked(database, revision_of(database), known) != known[-1]:
        raise StoreVersion(
            "the database has to be migrated first", place=database.place, remedy="depesche store upgrade"
        )


def run_migrations(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision` within the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return revision


def _checked(database: Database, revision: str | None, known: list[str]) -> str | None:
    if revision is not None and revision not in known:
        raise StoreVersion(
            f"the database has schema {revision}, and this program knows up to {known[-1]}",
            place=database.place,
            remedy="use the program that made it, or a newer one",
        )
    return revision
