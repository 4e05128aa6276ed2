"""A database that is made, and one that is brought up to date, have the schema that the code counts on."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from depesche.batch.schema import metadata as ledger_tables
from depesche.errors import StoreVersion
from depesche.jobs.schema import metadata as job_tables
from depesche.store import Store, migrating, open_store
from depesche.store.migrating import migrate_up, revision_of, revisions, run_migrations
from depesche.store.opening import connect
from depesche.store.schema import metadata as store_tables
from postgres import Cluster
from store.opened_at_once import open_all

METADATA = [store_tables, job_tables, ledger_tables]
"""The tables of every package that keeps something in the store's database."""
OF_FOLDERS = {"bands", "runs"}
"""Tables of the ledger that only a folder job has."""
FOLDER = Path(migrating.__file__).with_name("migrations")


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Leave out the words of briefs, a table of its own kind on each database, and what the store does not keep."""
    return not (kind == "table" and ((name or "").startswith("brief_words") or name in OF_FOLDERS))


def described(connection: Connection) -> dict[str, Any]:
    """Everything that the database says of its tables."""
    found = inspect(connection)
    tables = {
        name: {
            "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(name)],
            "indexes": sorted((str(i["name"]), i["column_names"], i["unique"]) for i in found.get_indexes(name)),
            "keys": [found.get_pk_constraint(name), sorted(map(str, found.get_foreign_keys(name)))],
            "unique": sorted(map(str, found.get_unique_constraints(name))),
        }
        for name in sorted(found.get_table_names())
    }
    if connection.dialect.name == "sqlite":
        tables["sql"] = sorted(connection.execute(text("SELECT sql FROM sqlite_master WHERE sql <> ''")).scalars())
    return tables


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    with store.transaction(write=False) as connection:
        options = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []  # type: ignore[arg-type] - alembic takes several


@pytest.mark.parametrize("begin", revisions())
def test_a_database_of_any_revision_becomes_like_a_new_one(begin: str, empty_urls: list[str]) -> None:
    with closing(connect(empty_urls[0])) as database:
        with database.transaction() as connection:
            run_migrations(connection, begin)
        assert revision_of(database) == begin
        migrate_up(database)
        with database.transaction(write=False) as connection:
            upgraded = described(connection)
    with open_store(empty_urls[1]) as store, store.transaction(write=False) as connection:
        assert described(connection) == upgraded


def test_alembic_sees_one_line_of_revisions_in_the_order_of_their_numbers() -> None:
    script = ScriptDirectory(str(FOLDER))
    assert [one.revision for one in script.walk_revisions()] == revisions()[::-1]
    assert script.get_heads() == revisions()[-1:]


def test_a_database_of_a_newer_program_is_left_alone(store_url: str) -> None:
    with open_store(store_url) as store, store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for migrate in (True, False):
        with pytest.raises(StoreVersion, match=r"schema 9999.*newer one") as raised:
            open_store(store_url, migrate=migrate)
        assert raised.value.code == "D902"


def test_a_new_database_is_not_used_unmigrated(empty_urls: list[str]) -> None:
    with pytest.raises(StoreVersion, match="depesche store upgrade"):
        open_store(empty_urls[0], migrate=False)
    open_store(empty_urls[0]).close()
    open_store(empty_urls[0], migrate=False).close()


def test_processes_that_start_at_once_find_one_migrated_database(empty_urls: list[str]) -> None:
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(3)
    processes = [spawn.Process(target=open_all, args=(empty_urls, together)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    assert [process.exitcode for process in processes] == [0, 0, 0]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """The URLs of some databases without any table, of each kind in turn."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path / str(number)}.sqlite" for number in range(3)]
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with ExitStack() as stack:
        yield [stack.enter_context(cluster.database()) for _ in range(3)]
