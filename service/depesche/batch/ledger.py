"""The ledger of a job: what is known of each of its articles, and who works on which.

A result is kept first and recorded here afterwards, so a process that is killed at any moment loses nothing but the
work in flight. Processes share the work: no two claim the same article, and what was claimed by a process that is no
longer alive is taken back. Everything that grows with the number of articles is read as a stream.

A folder job has a file of its own (see `folder_ledger`); the jobs of the service share the tables in its store.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Case, Column, Connection, Row, bindparam, case, func, select, update

from depesche.batch.database import Transactions
from depesche.batch.entries import Claim, ErrorGroup, Outcome, State
from depesche.batch.inputs import Item
from depesche.batch.roster import Roster
from depesche.batch.schema import articles

SUSPECT = 3
"""Deaths of a process with an article in flight from which on the article is worked on alone."""
CONVICTED = 6
"""Deaths from which on the article has failed: at least three of them it was alone."""
ROWS_AT_ONCE = 500
CHANGED = "changed:"
"""Stands before the word for a file (`stat`) that changed while its article was in flight: it is to be done again."""


class Ledger(Roster):
    """The articles of one job. To be used by one thread at a time; any number of processes may be at it."""

    def __init__(self, database: Transactions, job: str = "") -> None:
        super().__init__(database)
        self.job = job
        self._mine = articles.c.job == job

    # What there is to do

    def claim(self, owner: str, count: int, *, suspects: bool = False) -> list[Claim]:
        """Make up to `count` articles that are to be done the owner's, in order of name.

        With `suspects` only such as were in flight three times when a process died: they are to be worked on alone,
        so that the next death convicts the right one. Without, only the others.
        """
        kind = articles.c.deaths >= SUSPECT if suspects else articles.c.deaths < SUSPECT
        free = (
            select(articles.c.name)
            .where(self._mine, articles.c.state == "pending", kind)
            .order_by(articles.c.deaths, articles.c.name)
            .limit(count)
            # PostgreSQL: those that another process claims just now are passed over; SQLite has but one writer.
            .with_for_update(skip_locked=True)
        )
        with self.database.transaction() as connection:
            names = connection.scalars(free).all()
            claimed = connection.execute(
                update(articles)
                .where(self._mine, articles.c.name.in_(names))
                .values(state="running", owner=owner, attempts=articles.c.attempts + 1, updated=time.time())
                .values(stat=func.replace(articles.c.stat, CHANGED, ""))
                .returning(articles)
            ).all()
        return [as_claim(row) for row in sorted(claimed, key=lambda row: (row.deaths, row.name))]

    def find_twin(
        self,
        content_sha256: str,
        format: str,  # noqa: A002
        config_sha256: str,
    ) -> tuple[str, dict[str, str]] | None:
        """Return name and outputs of an article of the same bytes and format that has its brief; None without one."""
        with self.database.transaction(write=False) as connection:
            row = connection.execute(
                select(articles.c.name, articles.c.outputs)
                .where(
                    self._mine,
                    articles.c.content_sha256 == content_sha256,
                    articles.c.format == format,
                    articles.c.state == "done",
                    articles.c.config_sha256 == config_sha256,
                )
                .limit(1)
            ).first()
        return None if row is None else (row.name, row.outputs or {})

    # What became of it

    def record(self, outcomes: Sequence[Outcome], owner: str) -> None:
        """Enter what became of articles of this owner, in one transaction. Their results must be kept by now.

        An article whose file changed meanwhile is to be done once more.
        """
        with self.database.transaction() as connection:
            self._record(connection, outcomes, owner)

    def _record(self, connection: Connection, outcomes: Sequence[Outcome], owner: str) -> None:
        if not outcomes:
            return
        now = time.time()
        records = [
            bound(_record(outcome, now)) | {"key_name": outcome.name, "key_owner": owner} for outcome in outcomes
        ]
        connection.execute(
            update(articles)
            .where(self._mine, articles.c.name == bindparam("key_name"), articles.c.owner == bindparam("key_owner"))
            .values({**parameters(records[0]), "state": _landed(bindparam("its_state")), "owner": None, "deaths": 0}),
            records,
        )

    def restore(self, names: Sequence[str], owner: str) -> None:
        """Enter that articles are as they were when their briefs were made."""
        if not names:
            return
        with self.database.transaction() as connection:
            connection.execute(
                update(articles)
                .where(self._mine, articles.c.name.in_(names), articles.c.owner == owner)
                .values(state=_landed("done"), owner=None, deaths=0, updated=time.time())
            )

    def release(self, owner: str, names: Sequence[str]) -> None:
        """Give back articles of this owner that it will not do."""
        if not names:
            return
        with self.database.transaction() as connection:
            self._release(connection, owner, names)

    def _release(self, connection: Connection, owner: str, names: Sequence[str]) -> None:
        connection.execute(
            update(articles)
            .where(self._mine, articles.c.name.in_(names), articles.c.owner == owner)
            .where(articles.c.state == "running")
            .values(state="pending", owner=None, attempts=articles.c.attempts - 1, updated=time.time())
        )

    # What there is to know

    def counts(self) -> dict[State, int]:
        """Return how many articles are in each state."""
        return cast(dict[State, int], self._count(articles.c.state))

    def statuses(self) -> dict[str, int]:
        """Return how many briefs are verified, repaired and flagged."""
        return self._count(articles.c.status)

    def errors(self) -> list[ErrorGroup]:
        """Return the failures by code, the most frequent first, each with an example."""
        count = func.count().label("failures")
        with self.database.transaction(write=False) as connection:
            groups = connection.execute(
                select(articles.c.error_code, count, func.min(articles.c.name).label("example"))
                .where(self._mine, articles.c.state == "failed")
                .group_by(articles.c.error_code)
                .order_by(count.desc(), articles.c.error_code)
            ).all()
            texts = {
                row.name: row.error_text
                for row in connection.execute(
                    select(articles.c.name, articles.c.error_text).where(
                        self._mine, articles.c.name.in_([group.example for group in groups])
                    )
                )
            }
        return [ErrorGroup(g.error_code, g.failures, g.example, texts[g.example] or "") for g in groups]

    def rows(self, *states: State) -> Iterator[Row[Any]]:
        """Yield the articles in order of name, of these states or all, a page at a time: nothing stays locked."""
        last = ""
        while True:
            page = select(articles).where(self._mine, articles.c.name > last).order_by(articles.c.name)
            if states:
                page = page.where(articles.c.state.in_(states))
            with self.database.transaction(write=False) as connection:
                found = connection.execute(page.limit(ROWS_AT_ONCE)).all()
            yield from found
            if len(found) < ROWS_AT_ONCE:
                return
            last = found[-1].name

    def _count(self, column: Column[Any]) -> dict[str, int]:
        with self.database.transaction(write=False) as connection:
            groups = connection.execute(
                select(column, func.count()).where(self._mine, column.is_not(None)).group_by(column)
            )
            return {row[0]: row[1] for row in groups}


def as_claim(row: Row[Any]) -> Claim:
    """Return a row of the articles as what a process gets to do."""
    item = Item(name=row.name, path=row.path, member=row.member, line=row.line, offset=row.offset)
    return Claim(item, row.content_sha256, row.config_sha256, row.outputs or {}, row.deaths, row.near_of)


def _landed(state: Any) -> Case[Any]:
    """Return the state of an article that has its outcome: `state`, unless its file changed meanwhile."""
    return case((articles.c.stat.startswith(CHANGED), "pending"), else_=state)


def _record(outcome: Outcome, now: float) -> dict[str, Any]:
    record = asdict(outcome) | {"updated": now, "output": next(iter(outcome.outputs.values()), None)}
    del record["name"]
    return record


def bound(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` under names that cannot be mistaken for columns, as SQLAlchemy wants them."""
    return {f"its_{name}": value for name, value in values.items()}


def parameters(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that `bound` renamed, each with its parameter."""
    return {key[4:]: bindparam(key) for key in record if key.startswith("its_")}
