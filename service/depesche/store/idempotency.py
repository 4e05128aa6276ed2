"""Answers kept by `Idempotency-Key`, so that a request sent twice is carried out once.

A request is entered before it is carried out. If the process that does so dies, the next one to send the request
takes it over: at once where the death can be seen (the same machine), else when the request's lease is over.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from depesche.batch.owner import Owner, is_alive, this_process
from depesche.errors import IdempotencyConflict
from depesche.store.database import Database
from depesche.store.schema import answers

KEPT_FOR = timedelta(hours=24)
"""How long an answer is given again; later the same key is a new request."""
LEASE = timedelta(minutes=10)
"""How long a request may take before it counts as lost."""
_COME_AGAIN = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """The request is new, and the caller's to carry out: to be finished or abandoned."""

    client: str
    key: str
    token: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The request was answered before."""

    answer: Answer


class Idempotency:
    """The requests with an `Idempotency-Key` that a store knows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process = this_process()

    def begin(self, client: str, key: str, request_sha256: str) -> Begun | Kept:
        """Enter a request of a client, by a hash of everything in it that makes the answer.

        Raises `IdempotencyConflict` where the key stands for another request, or the request is being carried out.
        """
        now = self._database.now()
        begun = Begun(client, key, secrets.token_hex(16))
        values = {
            "request_sha256": request_sha256,
            "token": begun.token,
            "owner": asdict(self._process),
            "begun": now,
            "finished": False,
            "status": None,
            "headers": None,
            "body": None,
        }
        mine = (answers.c.client == client) & (answers.c.key == key)
        statement = self._database.insert(answers).values(client=client, key=key, **values)
        statement = statement.on_conflict_do_nothing().returning(answers.c.token)
        with self._database.transaction() as connection:
            if connection.execute(statement).first() is not None:
                return begun
            known = connection.execute(select(answers).where(mine).with_for_update()).first()
            if known is not None and not _is_over(known, now):
                return _kept(known, request_sha256)
            # A request that is over leaves its place; one that was abandoned this moment (None) left it already.
            connection.execute(delete(answers).where(mine))
            if connection.execute(statement).first() is not None:
                return begun
        raise _under_way(key)

    def finish(self, begun: Begun, answer: Answer) -> bool:
        """Keep the answer to a request; say whether it still was the caller's, and not taken over."""
        with self._database.transaction() as connection:
            kept = connection.execute(
                update(answers)
                .where(*_is(begun))
                .values(
                    finished=True,
                    begun=self._database.now(),
                    status=answer.status,
                    headers=dict(answer.headers),
                    body=answer.body,
                )
            )
            return kept.rowcount > 0

    def abandon(self, begun: Begun) -> None:
        """Forget a request that was not carried out, so that it can be sent again."""
        with self._database.transaction() as connection:
            connection.execute(delete(answers).where(*_is(begun)))


def _is(begun: Begun) -> tuple[Any, ...]:
    return (
        answers.c.client == begun.client,
        answers.c.key == begun.key,
        answers.c.token == begun.token,
        answers.c.finished.is_(False),
    )


def _is_over(known: Row[Any], now: datetime) -> bool:
    """Say whether an answer need not be kept any longer, or will never come."""
    if known.finished:
        return bool(now - known.begun >= KEPT_FOR)
    return now - known.begun >= LEASE or not is_alive(
        Owner(**known.owner), known.begun.timestamp() + LEASE.total_seconds()
    )


def _kept(known: Row[Any], request_sha256: str) -> Kept:
    if known.request_sha256 != request_sha256:
        raise IdempotencyConflict(
            "this key was sent with another request", place=known.key, remedy="use a new key for a new request"
        )
    if not known.finished:
        raise _under_way(known.key)
    return Kept(Answer(known.status, known.headers, known.body))


def _under_way(key: str) -> IdempotencyConflict:
    return IdempotencyConflict(
        "the request with this key is being carried out",
        place=key,
        remedy="send it again in a few seconds",
        retry_after=_COME_AGAIN,
    )
