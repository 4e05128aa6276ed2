"""`depesche store`: the database of the service: its schema, a copy of it, and what is too old to keep."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from depesche.config import load_config

store_app = typer.Typer(name="store", no_args_is_help=True, help="Migrate, look at, copy and clean the database.")


@store_app.command("upgrade")
def upgrade_store() -> None:
    """Bring the schema of the database up to date, or make it. `depesche serve` does so by itself."""
    from depesche.store import open_store
    from depesche.store.migrating import revision_of

    with open_store(load_config().store.url) as store:
        sys.stdout.write(f"{store.database.place}: schema {revision_of(store.database)}\n")


@store_app.command("status")
def show_status(as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False) -> None:
    """Tell which database it is, its schema and what is in it. Nothing is changed."""
    from depesche.store.status import status_of

    status = asdict(status_of(load_config().store.url))
    if as_json:
        sys.stdout.write(json.dumps(status, indent=2, ensure_ascii=False) + "\n")
        return
    for name, value in status.items():
        sys.stdout.write(f"{name.replace('_', ' '):<14} {'-' if value is None else value}\n")


@store_app.command("backup")
def back_up_store(path: Annotated[Path, typer.Argument(help="File to write; must not be there yet.")]) -> None:
    """Copy a SQLite database that may be in use; for PostgreSQL, print the command that does it."""
    from depesche.store import open_store
    from depesche.store.backup import back_up, dump_command

    with open_store(load_config().store.url, migrate=False) as store:
        if store.dialect == "postgresql":
            sys.stdout.write(dump_command(store.database, path) + "\n")
            return
        back_up(store.database, path)
    sys.stderr.write(f"{path}: a whole copy of {store.database.place}\n")


@store_app.command("purge")
def purge_store(
    older_than: Annotated[
        float | None, typer.Option("--older-than", min=0, max=36_500, help="Days; default: store.retention_days.")
    ] = None,
) -> None:
    """Delete briefs and ended jobs older than that, and everything that has expired."""
    from depesche.jobs.housekeeping import purge_all
    from depesche.store import open_store

    config = load_config().store
    days = config.retention_days if older_than is None else older_than
    with open_store(config.url) as store:
        purged, jobs = purge_all(store, days)
    counts = ", ".join(f"{count} {name}" for name, count in (asdict(purged) | {"jobs": jobs}).items())
    sys.stdout.write(f"deleted: {counts}\n")
    if days is None:
        sys.stderr.write(
            "no briefs and jobs: neither --older-than nor store.retention_days says how old they may become\n"
        )
