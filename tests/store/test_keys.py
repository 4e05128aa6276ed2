"""API keys and sessions: who has which, and that the database tells no secret."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, table, text

from depesche.errors import NameTaken
from depesche.store import Store
from store.generated import Clock


def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    key, secret = store.keys.add("newsroom", ["read", "brief"])
    assert key.scopes == ("brief", "read")
    assert secret.startswith(f"dep_{key.prefix}_")
    assert len(secret) == len("dep_") + 8 + 1 + 43
    assert store.keys.verify(secret) == key
    assert store.keys.revoke("newsroom")
    assert store.keys.verify(secret) is None
    assert not store.keys.revoke("newsroom")


def test_a_key_opens_until_it_expires(store: Store, clock: Clock) -> None:
    _, secret = store.keys.add("newsroom", ["read"], expires=clock.now + timedelta(days=1))
    assert store.keys.verify(secret) is not None
    clock.advance(timedelta(days=1))
    assert store.keys.verify(secret) is None


def test_only_the_whole_secret_opens(store: Store) -> None:
    key, secret = store.keys.add("newsroom", ["read"])
    other, other_secret = store.keys.add("other", ["read"])
    mixed = secret.replace(key.prefix, other.prefix)
    wrong_end = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for attempt in (
        "",
        key.prefix,
        secret[:-1],
        secret + "x",
        secret.upper(),
        mixed,
        wrong_end,
        secret + "\n",
        "\0",
        "\ud800",
        "é" * 56,
    ):
        assert store.keys.verify(attempt) is None, attempt
    assert store.keys.verify(other_secret) == other


def test_a_name_is_free_again_when_its_key_is_revoked(store: Store) -> None:
    first, _ = store.keys.add("newsroom", ["read"])
    with pytest.raises(NameTaken) as raised:
        store.keys.add("newsroom", ["brief"])
    assert raised.value.code == "D903"
    assert store.keys.revoke(first.prefix)
    second, secret = store.keys.add("newsroom", ["brief"])
    assert store.keys.verify(secret) == second
    assert [(key.prefix, key.revoked is None) for key in store.keys.list()] == [
        (first.prefix, False),
        (second.prefix, True),
    ]


def test_an_unknown_scope_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="admin"):
        store.keys.add("newsroom", ["read", "admin"])  # type: ignore[list-item]


def test_use_is_noted_at_most_once_a_minute(store: Store, clock: Clock) -> None:
    _, secret = store.keys.add("newsroom", ["read"])
    store.keys.verify(secret)
    first = store.keys.list()[0].last_used
    assert first == clock.now
    store.keys.verify(secret)
    assert store.keys.list()[0].last_used == first
    clock.advance(timedelta(minutes=1))
    store.keys.verify(secret)
    assert store.keys.list()[0].last_used == clock.now


def test_a_session_stands_for_its_key_while_both_hold(store: Store, clock: Clock) -> None:
    key, _ = store.keys.add("newsroom", ["read"])
    token = store.sessions.add(key.prefix, timedelta(hours=8))
    assert store.sessions.get(token) == key
    for wrong in ("", token[:-1], token + "x", key.prefix, "\0", "\ud800"):
        assert store.sessions.get(wrong) is None
    assert store.sessions.delete(token)
    assert store.sessions.get(token) is None
    token = store.sessions.add(key.prefix, timedelta(hours=8))
    clock.advance(timedelta(hours=8))
    assert store.sessions.get(token) is None
    token = store.sessions.add(key.prefix, timedelta(hours=8))
    store.keys.revoke("newsroom")
    assert store.sessions.get(token) is None


def test_neither_database_nor_log_holds_a_secret(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    key, secret = store.keys.add("newsroom", ["read"])
    token = store.sessions.add(key.prefix, timedelta(hours=8))
    store.keys.verify(secret)
    store.sessions.get(token)
    kept = everything(store, tmp_path)
    assert key.prefix in kept
    for hidden in (secret, secret.split("_", 2)[2], token):
        assert hidden not in kept
        assert hidden not in caplog.text
    assert "api_keys" in caplog.text  # the log did see the statements


def everything(store: Store, folder: Path) -> str:
    """All that lies in the database: the files as they are, or all rows of all tables."""
    if store.dialect == "sqlite":
        return "".join(path.read_bytes().decode("latin-1") for path in folder.iterdir())
    with store.transaction(write=False) as connection:
        names = inspect(connection).get_table_names()
        return str([connection.execute(select(text("*")).select_from(table(name))).all() for name in names])
