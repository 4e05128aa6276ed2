"""API keys: who may do what.

A secret looks like `dep_<prefix>_<43 characters>`. The prefix names the key and is no secret; the rest is 256 random
bits, of which only the SHA-256 is kept. A slow password hash would protect nothing here: it makes guessing dear where
people choose what is guessed, and 256 random bits cannot be guessed at any speed; each request would pay for it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update

from depesche.errors import NameTaken, StoreUnavailable
from depesche.scope import SCOPES, Scope
from depesche.store.database import Database
from depesche.store.schema import keys

_SECRET = re.compile(r"dep_([a-z2-7]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_USE_NOTED_EVERY = timedelta(minutes=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; `prefix` is its id. The secret is known only to whom it was given."""

    prefix: str
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Say whether the key opens anything at this moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Keys:
    """The API keys of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, scopes: Iterable[Scope], expires: datetime | None = None) -> tuple[ApiKey, str]:
        """Make a key; return it and its secret, which cannot be had again.

        Raises `NameTaken` where a key of that name is there that was not revoked, `ValueError` for an unknown scope.
        """
        wanted = set(scopes)
        if unknown := wanted.difference(SCOPES):
            raise ValueError(f"no such scope: {', '.join(sorted(unknown))}")
        prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(8))
        secret = f"dep_{prefix}_{secrets.token_urlsafe(32)}"
        key = ApiKey(prefix, name, tuple(s for s in SCOPES if s in wanted), self._database.now(), expires)
        statement = self._database.insert(keys).values(
            prefix=key.prefix,
            name=key.name,
            sha256=digest(secret),
            scopes=list(key.scopes),
            created=key.created,
            expires=key.expires,
        )
        with self._database.transaction() as connection:
            entered = connection.execute(statement.on_conflict_do_nothing().returning(keys.c.prefix)).first()
        if entered is None:
            raise NameTaken(
                "there is a key of this name", place=name, remedy="choose another name, or revoke that key first"
            )
        return key, secret

    def verify(self, secret: str) -> ApiKey | None:
        """Return the key that `secret` opens with; None for an unknown, revoked or expired one."""
        shape = _SECRET.fullmatch(secret)
        if shape is None:
            return None
        with self._database.transaction(write=False) as connection:
            row = connection.execute(select(keys).where(keys.c.prefix == shape[1])).first()
        # The hashes are compared in constant time, and also where there is no such key.
        same = hmac.compare_digest(digest(secret), "" if row is None else row.sha256)
        if row is None or not same:
            return None
        key = as_key(row)
        now = self._database.now()
        if not key.is_valid(now):
            return None
        self._note_use(key, now)
        return key

    def _note_use(self, key: ApiKey, now: datetime) -> None:
        """Enter that a key is used, at most once a minute."""
        due = now - _USE_NOTED_EVERY
        if key.last_used is not None and key.last_used > due:
            return
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    update(keys)
                    .where(keys.c.prefix == key.prefix, or_(keys.c.last_used.is_(None), keys.c.last_used <= due))
                    .values(last_used=now)
                )
        except StoreUnavailable as error:  # a request that only reads can be answered all the same
            _log.warning("the use of a key could not be noted: %s", error.message)

    def list(self) -> list[ApiKey]:
        """Return all keys, revoked and expired ones too, the oldest first."""
        with self._database.transaction(write=False) as connection:
            return [as_key(row) for row in connection.execute(select(keys).order_by(keys.c.created, keys.c.prefix))]

    def revoke(self, name_or_prefix: str) -> bool:
        """Make a key, named by name or prefix, open nothing from now on; say whether there was one that did."""
        with self._database.transaction() as connection:
            revoked = connection.execute(
                update(keys)
                .where(
                    or_(keys.c.name == name_or_prefix, keys.c.prefix == name_or_prefix),
                    keys.c.revoked.is_(None),
                )
                .values(revoked=self._database.now())
            )
            return revoked.rowcount > 0


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret of 256 random bits, which is what is kept of it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def as_key(row: Row[Any]) -> ApiKey:
    """Return a row of the table of keys as a key."""
    return ApiKey(row.prefix, row.name, tuple(row.scopes), row.created, row.expires, row.revoked, row.last_used)
