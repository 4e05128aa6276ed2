"""Whose turn it is: of the open jobs the oldest, and every other time the one with the fewest articles left.

So a job of thousands goes on, and one of five that comes after it need not wait for the night.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select

from depesche.batch.ledger import SUSPECT
from depesche.batch.schema import articles
from depesche.jobs.ledger import OPEN
from depesche.jobs.schema import jobs
from depesche.store import Database


@dataclass(frozen=True, slots=True)
class Turn:
    """A job to work on; `suspect` where nothing is left of it but articles that processes died with."""

    job: str
    client: str
    suspect: bool


class Turns:
    """Gives out turns. Threads may share it."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._count = itertools.count()

    def next(self) -> Turn | None:
        """Return whose turn it is; None where there is nothing to do."""
        left = jobs.c.articles - jobs.c.events
        chosen = (
            select(jobs.c.id, jobs.c.client, left.label("left"), _some(~_SUSPECT).label("plain"))
            .where(jobs.c.state.in_(OPEN), _some(~_SUSPECT) | _some(_SUSPECT))
            .order_by(jobs.c.created, jobs.c.id)
        )
        with self._store.transaction(write=False) as connection:
            waiting = connection.execute(chosen).all()
        if not waiting:
            return None
        oldest_first = next(self._count) % 2 == 0
        row = waiting[0] if oldest_first else min(waiting, key=lambda one: (not one.plain, one.left))
        return Turn(row.id, row.client, suspect=not row.plain)


_SUSPECT = articles.c.deaths >= SUSPECT


def _some(kind: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(articles.c.job == jobs.c.id, articles.c.state == "pending", kind)
