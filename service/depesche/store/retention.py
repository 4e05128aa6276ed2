"""Retention: what is older than it may be is deleted, a little at a time, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select

from depesche.store.database import Database
from depesche.store.idempotency import KEPT_FOR
from depesche.store.schema import answers, briefs, sessions

_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted. Feedback goes with its brief."""

    briefs: int
    answers: int
    sessions: int


def purge(database: Database, older_than: datetime | None) -> Purged:
    """Delete briefs last stored before `older_than` (None: no briefs), answers kept long enough, ended sessions."""
    now = database.now()
    return Purged(
        briefs=0 if older_than is None else _delete(database, briefs, briefs.c.updated < older_than),
        answers=_delete(database, answers, answers.c.begun < now - KEPT_FOR),
        sessions=_delete(database, sessions, sessions.c.expires <= now),
    )


def _delete(database: Database, table: Table, condition: ColumnElement[bool]) -> int:
    keys = list(table.primary_key.columns)
    total = 0
    while True:
        with database.transaction() as connection:
            some = connection.execute(select(*keys).where(condition).limit(_ROWS_AT_ONCE)).all()
            for row in some:
                same = [key == value for key, value in zip(keys, row, strict=True)]
                total += connection.execute(delete(table).where(condition, *same)).rowcount
        if len(some) < _ROWS_AT_ONCE:
            return total
