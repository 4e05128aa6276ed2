"""What is done now and then: what is older than it may be is deleted, and what broke off is cleared away."""

from __future__ import annotations

from datetime import timedelta

from depesche.config import StoreConfig
from depesche.jobs.jobs import Jobs
from depesche.store import Purged, Store


def keep_house(store: Store, config: StoreConfig) -> None:
    """Clear away uploads that broke off, and delete what has expired; briefs and jobs only by `retention_days`."""
    Jobs(store).sweep()
    purge_all(store, config.retention_days)


def purge_all(store: Store, days: float | None) -> tuple[Purged, int]:
    """Delete briefs and ended jobs older than so many days (None: neither), and all that has expired by itself.

    Returns what the store deleted, and the number of jobs.
    """
    older_than = None if days is None else store.database.now() - timedelta(days=days)
    purged = store.purge(older_than)
    return purged, 0 if older_than is None else Jobs(store).purge(older_than)
