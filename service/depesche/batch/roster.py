"""Who is at work on a ledger: processes that beat their hearts, and the work of those that no longer do, taken back."""

from __future__ import annotations

import time
from dataclasses import asdict

from sqlalchemy import Connection, Row, case, insert, select, update

from depesche.batch.database import Transactions
from depesche.batch.owner import Owner, is_alive
from depesche.batch.schema import articles, owners

DRIVER = "driver-"
"""Begins the name of an owner that drives other processes: its death says nothing of the articles."""


class Roster:
    """The owners in a database, whatever job they work on."""

    def __init__(self, database: Transactions) -> None:
        self.database = database

    def join(self, owner: Owner, config_sha256: str) -> None:
        """Enter a process as an owner, or anew where others took it for dead."""
        with self.database.transaction() as connection:
            enter(connection, owner, config_sha256)

    def beat(self, owner: str) -> bool:
        """Say that the owner is alive; return whether it is still entered, and so whether its work is still its own."""
        with self.database.transaction() as connection:
            beaten = connection.execute(update(owners).where(owners.c.owner == owner).values(heartbeat=time.time()))
            return beaten.rowcount == 1

    def leave(self, owner: str) -> None:
        """Strike the owner off, and give back what it holds."""
        with self.database.transaction() as connection:
            connection.execute(
                update(articles)
                .where(articles.c.state == "running", articles.c.owner == owner)
                .values(state="pending", owner=None, attempts=articles.c.attempts - 1, updated=time.time())
            )
            connection.execute(owners.delete().where(owners.c.owner == owner))
            self._settle(connection)

    def reset_stale(self) -> int:
        """Take back what owners hold that are no longer alive; return how many articles that were."""
        with self.database.transaction() as connection:
            dead = [row.owner for row in connection.execute(select(owners)) if not _lives(row)]
            known = select(owners.c.owner).where(owners.c.owner.not_in(dead))
            guilt = case((articles.c.owner.startswith(DRIVER), 0), else_=1)
            lost = connection.execute(
                update(articles)
                .where(articles.c.state == "running", articles.c.owner.not_in(known))
                .values(state="pending", owner=None, deaths=articles.c.deaths + guilt, updated=time.time())
            )
            connection.execute(owners.delete().where(owners.c.owner.in_(dead)))
            self._settle(connection)
            return lost.rowcount

    def owners_at_work(self) -> list[tuple[str, int]]:
        """Return host and process of every owner that is alive."""
        with self.database.transaction(write=False) as connection:
            return [(row.host, row.pid) for row in connection.execute(select(owners)) if _lives(row)]

    def _settle(self, connection: Connection) -> None:
        """Do what else has to be done where articles came back: here nothing, they just wait for the next."""


def enter(connection: Connection, owner: Owner, config_sha256: str) -> None:
    """Enter a process as an owner that is alive now."""
    connection.execute(owners.delete().where(owners.c.owner == owner.owner))
    connection.execute(insert(owners).values(**asdict(owner), config_sha256=config_sha256, heartbeat=time.time()))


def _lives(row: Row[tuple[object, ...]]) -> bool:
    return is_alive(Owner(row.owner, row.host, row.boot, row.pid, row.started), row.heartbeat)
