"""Sessions of the reading desk: a cookie's token stands for the API key that somebody logged in with."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, insert, select

from depesche.store.database import Database
from depesche.store.keys import ApiKey, as_key, digest
from depesche.store.schema import keys, sessions


class Sessions:
    """The sessions of a store. Of a token only the SHA-256 is kept, as of a key's secret."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key_id: str, lifetime: timedelta) -> str:
        """Begin a session under the key of this prefix; return its token, 256 random bits."""
        token = secrets.token_urlsafe(32)
        now = self._database.now()
        with self._database.transaction() as connection:
            connection.execute(
                insert(sessions).values(sha256=digest(token), key=key_id, created=now, expires=now + lifetime)
            )
        return token

    def get(self, token: str) -> ApiKey | None:
        """Return the key of a session that has not ended; None where the key opens nothing any more."""
        now = self._database.now()
        with self._database.transaction(write=False) as connection:
            row = connection.execute(
                select(keys)
                .join(sessions, sessions.c.key == keys.c.prefix)
                .where(sessions.c.sha256 == digest(token), sessions.c.expires > now)
            ).first()
        key = None if row is None else as_key(row)
        return key if key is not None and key.is_valid(now) else None

    def delete(self, token: str) -> bool:
        """End a session; say whether there was one."""
        with self._database.transaction() as connection:
            return connection.execute(delete(sessions).where(sessions.c.sha256 == digest(token))).rowcount > 0
