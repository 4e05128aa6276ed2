"""`depesche keys` and `depesche store` on real databases."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from depesche.cli import app
from depesche.errors import NameTaken, NameUnknown, StoreError, StoreVersion
from depesche.store import BriefQuery, open_store
from postgres import Cluster
from store.generated import a_brief

Run = Callable[..., Result]


@pytest.fixture
def run(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line on the database of the test."""
    monkeypatch.setenv("DEPESCHE_STORE__URL", store_url)
    monkeypatch.delenv("DEPESCHE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_key_is_made_listed_and_revoked(run: Run, store_url: str) -> None:
    made = run("keys", "add", "newsroom", "--scope", "read", "--scope", "brief", "--expires", "30")
    secret = made.stdout.strip()
    assert secret.startswith("dep_")
    assert secret not in made.stderr
    with open_store(store_url) as store:
        key = store.keys.verify(secret)
    assert key is not None
    assert key.scopes == ("brief", "read")
    (listed,) = json.loads(run("keys", "list", "--json").stdout)
    assert (listed["name"], listed["prefix"], listed["state"]) == ("newsroom", key.prefix, "valid")
    assert secret not in run("keys", "list").stdout
    with pytest.raises(NameTaken):
        run("keys", "add", "newsroom", "--scope", "read")
    assert run("keys", "revoke", key.prefix).exit_code == 0
    assert json.loads(run("keys", "list", "--json").stdout)[0]["state"] == "revoked"
    with pytest.raises(NameUnknown):
        run("keys", "revoke", "newsroom")


def test_a_key_needs_scopes_that_there_are(run: Run) -> None:
    assert run("keys", "add", "newsroom").exit_code == 2
    assert run("keys", "add", "newsroom", "--scope", "root").exit_code == 2


def test_status_tells_what_is_in_the_database(run: Run, store_url: str) -> None:
    with open_store(store_url) as store:
        store.briefs.add(a_brief("a"))
    status = json.loads(run("store", "status", "--json").stdout)
    assert (status["briefs"], status["keys"]) == (1, 0)
    assert status["schema"] == status["latest_schema"]
    assert status["bytes"] > 10_000
    assert "password" not in run("store", "status").stdout


def test_purge_deletes_by_age(run: Run, store_url: str) -> None:
    with open_store(store_url) as store:
        store.briefs.add(a_brief("a"))
    assert "0 briefs" in run("store", "purge").stdout
    assert "0 briefs" in run("store", "purge", "--older-than", "1").stdout
    assert "1 briefs" in run("store", "purge", "--older-than", "0").stdout


def test_status_makes_no_file_and_upgrade_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "store.sqlite"
    monkeypatch.setenv("DEPESCHE_STORE__URL", f"sqlite:///{path}")
    runner = CliRunner()
    status = json.loads(runner.invoke(app, ["store", "status", "--json"], catch_exceptions=False).stdout)
    assert status["schema"] is None
    assert not path.exists()
    with pytest.raises(StoreVersion):
        runner.invoke(app, ["store", "backup", str(tmp_path / "copy")], catch_exceptions=False)
    assert runner.invoke(app, ["store", "upgrade"]).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_copy_of_a_database_in_use_is_a_whole_store(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_STORE__URL", sqlite_url)
    copy = tmp_path / "copy.sqlite"
    with open_store(sqlite_url) as store:
        store.briefs.add(a_brief("a"))
        with store.transaction() as connection:  # a writer at work
            connection.exec_driver_sql("DELETE FROM briefs")
            result = CliRunner().invoke(app, ["store", "backup", str(copy)], catch_exceptions=False)
            assert result.exit_code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    with open_store(f"sqlite:///{copy}") as restored:
        stored = restored.briefs.get("a")
        assert stored is not None
        assert stored.brief == a_brief("a")
    with pytest.raises(StoreError):
        CliRunner().invoke(app, ["store", "backup", str(copy)], catch_exceptions=False)
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_the_command_for_postgresql_makes_a_copy_that_can_be_restored(
    postgres_url: str, postgres_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_STORE__URL", postgres_url)
    monkeypatch.setenv("PGPASSWORD", postgres_cluster.password)
    monkeypatch.setenv("PATH", f"{postgres_cluster.programs}:{os.environ['PATH']}")
    with open_store(postgres_url) as store:
        store.briefs.add(a_brief("a"))
    copy = tmp_path / "copy of it.dump"
    command = CliRunner().invoke(app, ["store", "backup", str(copy)], catch_exceptions=False).stdout
    assert postgres_cluster.password not in command
    subprocess.run(shlex.split(command), check=True)
    with postgres_cluster.database() as empty:
        plain = empty.replace("+psycopg", "")
        subprocess.run(["pg_restore", "--exit-on-error", f"--dbname={plain}", str(copy)], check=True)
        with open_store(empty, migrate=False) as restored:
            assert restored.briefs.search(BriefQuery(text="Fähre")).items[0].id == "a"
