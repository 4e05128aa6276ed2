"""A database that fails becomes an error with a code, and many threads at once get what each of them asked for."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from depesche.errors import StoreError, StoreUnavailable
from depesche.store import BriefQuery, Feedback, Store, open_store
from postgres import Cluster
from store.generated import Clock, a_brief, figure


def everything(store: Store) -> list[Callable[[], Any]]:
    """Something of every part of a store."""
    return [
        store.check,
        lambda: store.briefs.add(a_brief("b")),
        lambda: store.briefs.get("a"),
        lambda: store.briefs.delete("a"),
        lambda: store.briefs.search(BriefQuery(text="Fähre")),
        lambda: store.keys.add("k", ["read"]),
        lambda: store.keys.verify("dep_aaaaaaaa_" + "a" * 43),
        store.keys.list,
        lambda: store.sessions.get("x"),
        lambda: store.idempotency.begin("c", "k", "r"),
        lambda: store.feedback.add(Feedback("a", "claim", 0, "accept")),
        lambda: list(store.feedback.export()),
        store.feeds.list,
        lambda: store.purge(store.database.now()),
    ]


def test_a_database_that_is_gone_is_unavailable(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as url:
        store = open_store(url)
        store.briefs.add(a_brief("a"))
    for use in everything(store):
        with pytest.raises(StoreUnavailable) as raised:
            use()
        assert raised.value.code == "D901"
        assert postgres_cluster.password not in f"{raised.value} {raised.value.place} {raised.value.__cause__}"
    store.close()


def test_a_server_that_restarts_is_found_again(postgres_url: str, postgres_cluster: Cluster) -> None:
    with open_store(postgres_url) as store:
        store.briefs.add(a_brief("a"))
        others = "datname LIKE 'test_%' AND pid <> pg_backend_pid()"
        postgres_cluster.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
        assert store.briefs.get("a") is not None


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"This is no database. " * 1000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_store(f"sqlite:///{path}")


def test_a_locked_file_is_unavailable_to_writers_and_open_to_readers(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        store.briefs.add(a_brief("a"))
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 1"))
        blocker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            store.briefs.add(a_brief("b"))
        assert store.briefs.get("a") is not None
        blocker.close()
        store.briefs.add(a_brief("b"))


def test_a_locked_table_is_unavailable_and_not_waited_for_for_ever(postgres_url: str) -> None:
    with open_store(postgres_url) as store, open_store(postgres_url) as other:
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("SET lock_timeout = '20ms'"))
        with other.transaction() as connection:
            connection.exec_driver_sql("LOCK TABLE briefs IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreUnavailable, match="lock"):
                store.briefs.get("a")
        assert store.briefs.get("a") is None


def test_a_key_opens_for_reading_while_its_use_cannot_be_noted(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with open_store(sqlite_url) as store:
        key, secret = store.keys.add("newsroom", ["read"])
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 1"))
        blocker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        assert store.keys.verify(secret) == key
        blocker.close()
    assert "could not be noted" in caplog.text
    assert secret not in caplog.text


def test_a_full_disk_is_unavailable_and_loses_nothing_that_was_stored(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        store.briefs.add(a_brief("a"))
        pages = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
        count = pages.execute("PRAGMA page_count").fetchone()[0]
        pages.close()
        store.engine.dispose()
        event.listen(
            store.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {count + 2}")
        )
        with pytest.raises(StoreUnavailable, match="full"):
            store.briefs.add(a_brief("b", text="Wort " * 20_000))
        assert store.briefs.get("a") is not None
        assert store.briefs.get("b") is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "no URL"),
        ("nonsense", "no URL"),
        ("mysql://user:geheim@host/x", "mysql"),
        ("postgresql+asyncpg://user:geheim@host/x", "asyncpg"),
        ("postgresql://user:geheim@host:port/x", "no URL"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:////proc/nowhere/x.sqlite", "cannot be made"),
        ("postgresql://user:geheim@127.0.0.1:1/x", "cannot be used"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as raised:
        open_store(url)
    assert "geheim" not in f"{raised.value} {raised.value.__cause__}"
    assert raised.value.remedy


def test_many_threads_at_once_get_what_each_asked_for(store: Store, clock: Clock) -> None:
    _, secret = store.keys.add("newsroom", ["read"])

    def work(number: int) -> bool:
        name = f"b{number}"
        store.briefs.add(a_brief(name, headline=f"Headline number{number}", figures=[figure(str(number))]))
        store.feedback.add(Feedback(name, "claim", 0, "accept"))
        found = store.briefs.search(BriefQuery(text=f"number{number}")).items
        stored = store.briefs.get(name)
        return (
            [one.id for one in found] == [name]
            and stored is not None
            and stored.id == name
            and store.keys.verify(secret) is not None
            and len(store.feedback.of(name)) == 1
        )

    with ThreadPoolExecutor(24) as pool:
        assert all(pool.map(work, range(96)))
    assert len(store.briefs.search(BriefQuery(limit=200)).items) == 96


def test_a_brief_that_many_store_at_once_is_one_brief(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: store.briefs.add(a_brief("a", figures=[figure("5")])), range(24)))
    assert len({one.created for one in stored}) == 1
    assert len(store.briefs.search(BriefQuery()).items) == 1
