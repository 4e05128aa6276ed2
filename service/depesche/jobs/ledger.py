"""The ledger of one job of the service: outcomes get a number in their order, and the last one ends the job."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, insert, select, update

from depesche.batch.entries import Outcome
from depesche.batch.ledger import Ledger
from depesche.batch.roster import Roster
from depesche.batch.schema import articles
from depesche.jobs.schema import events, inputs, jobs
from depesche.store import Database

OPEN = ("queued", "running")


class JobRoster(Roster):
    """Who works on the jobs of a store: what comes back of a job that was cancelled meanwhile is not done."""

    def _settle(self, connection: Connection) -> None:
        skip_cancelled(connection)


class JobLedger(Ledger):
    """The articles of a job in the store. Threads may share it."""

    def __init__(self, store: Database, job: str) -> None:
        super().__init__(store, job)
        self._store = store

    def record(self, outcomes: Sequence[Outcome], owner: str) -> None:
        """Enter what became of articles of this owner; their briefs must be stored by now.

        The row of the job is locked first, so that numbers become visible in their order: who has seen outcome 7 has
        missed none before it.
        """
        with self._store.transaction() as connection:
            row = connection.execute(select(jobs.c.events).where(jobs.c.id == self.job).with_for_update()).first()
            if row is None:  # deleted meanwhile
                return
            names = [outcome.name for outcome in outcomes]
            ours = set(
                connection.scalars(
                    select(articles.c.name).where(self._mine, articles.c.name.in_(names), articles.c.owner == owner)
                )
            )
            kept = [outcome for outcome in outcomes if outcome.name in ours]
            self._record(connection, kept, owner)
            number_outcomes(connection, self.job, [outcome.name for outcome in kept], after=row.events)
            self._end(connection)

    def release(self, owner: str, names: Sequence[str]) -> None:
        """Give back articles of this owner that it will not do."""
        if not names:
            return
        with self._store.transaction() as connection:
            # As in `record`: this and a cancellation wait for each other, and the second one skips the articles.
            connection.execute(select(jobs.c.id).where(jobs.c.id == self.job).with_for_update())
            self._release(connection, owner, names)
            skip_cancelled(connection)

    def begin(self) -> None:
        """Enter that the job is being worked on."""
        with self._store.transaction() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.id == self.job, jobs.c.state == "queued")
                .values(state="running", started=self._store.now())
            )

    def is_open(self) -> bool:
        """Say whether the job is still to be done."""
        with self._store.transaction(write=False) as connection:
            return connection.scalar(select(jobs.c.state).where(jobs.c.id == self.job)) in OPEN

    def _end(self, connection: Connection) -> None:
        left = exists().where(self._mine, articles.c.state.in_(("pending", "running")))
        if connection.execute(
            update(jobs)
            .where(jobs.c.id == self.job, jobs.c.state.in_(OPEN), ~left)
            .values(state="done", ended=self._store.now())
        ).rowcount:
            connection.execute(delete(inputs).where(inputs.c.job == self.job))


def number_outcomes(connection: Connection, job: str, names: Sequence[str], *, after: int) -> None:
    """Give these articles, which have their outcome now, the numbers that follow on `after`."""
    if names:
        rows = [{"job": job, "number": after + n, "name": name} for n, name in enumerate(names, start=1)]
        connection.execute(insert(events), rows)
        connection.execute(update(jobs).where(jobs.c.id == job).values(events=after + len(names)))


def skip_cancelled(connection: Connection) -> None:
    """Enter that articles which came back from a worker, of a job that was cancelled meanwhile, are not done."""
    cancelled = select(jobs.c.id).where(jobs.c.state == "cancelled")
    connection.execute(
        update(articles).where(articles.c.state == "pending", articles.c.job.in_(cancelled)).values(state="skipped")
    )
