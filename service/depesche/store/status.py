"""What there is to say of a store without changing it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from depesche.store.backup import size_in_bytes
from depesche.store.engine import parse_url
from depesche.store.migrating import revision_of, revisions
from depesche.store.opening import connect
from depesche.store.schema import briefs, feedback, keys


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Which database it is and what is in it; counts are None where the schema is not this program's."""

    database: str
    schema: str | None
    latest_schema: str
    bytes: int | None = None
    briefs: int | None = None
    feedback: int | None = None
    keys: int | None = None


def status_of(url: str | None) -> StoreStatus:
    """Return what there is to say of the database at `url`, or the user's own. Raises as `open_store` does."""
    latest = revisions()[-1]
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return StoreStatus(str(parsed), None, latest)
    with closing(connect(url)) as database:
        revision = revision_of(database)
        if revision != latest:
            return StoreStatus(database.place, revision, latest, size_in_bytes(database))
        with database.transaction(write=False) as connection:
            counts = [
                int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (briefs, feedback, keys)
            ]
        return StoreStatus(database.place, revision, latest, size_in_bytes(database), *counts)
