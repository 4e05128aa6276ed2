"""`depesche keys`: who may use the HTTP service, and for what.

The secret of a new key goes to standard output and is never shown again; what is said about it goes to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.table import Table

from depesche.config import load_config
from depesche.errors import NameUnknown
from depesche.scope import SCOPES, Scope

if TYPE_CHECKING:
    from depesche.store import ApiKey, Store

keys_app = typer.Typer(name="keys", no_args_is_help=True, help="Make, list and revoke the API keys of the service.")


@keys_app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Who gets the key, such as newsroom-script.")],
    scopes: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="|".join(SCOPES),
            help="brief: make briefs and jobs; read: stored briefs and jobs; edit: feedback, delete; metrics. "
            "May be given several times.",
        ),
    ],
    expires: Annotated[
        float | None, typer.Option("--expires", min=0, max=36_500, help="Days until the key expires.")
    ] = None,
) -> None:
    """Make an API key and print its secret, this once."""
    if unknown := set(scopes).difference(SCOPES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose from {', '.join(SCOPES)}", param_hint="--scope")
    with _store() as store:
        until = None if expires is None else store.database.now() + timedelta(days=expires)
        key, secret = store.keys.add(name, cast(list[Scope], scopes), until)
    sys.stderr.write(f"{key.name}: key {key.prefix} for {', '.join(key.scopes)}. Its secret is not shown again:\n")
    sys.stdout.write(f"{secret}\n")


@keys_app.command("list")
def list_keys(as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False) -> None:
    """List the keys, revoked and expired ones too."""
    with _store() as store:
        keys = store.keys.list()
        now = store.database.now()
    if as_json:
        records = [{**asdict(key), "state": _state(key, now)} for key in keys]
        sys.stdout.write(json.dumps(records, indent=2, ensure_ascii=False, default=datetime.isoformat) + "\n")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "key", "scopes", "state", "expires", "last used"):
        table.add_column(heading, no_wrap=heading != "name", overflow="fold")
    for key in keys:
        moments = (key.expires, key.last_used)
        table.add_row(key.name, key.prefix, " ".join(key.scopes), _state(key, now), *map(_shown, moments))
    Console(soft_wrap=True, markup=False).print(table)


@keys_app.command("revoke")
def revoke_key(
    name: Annotated[str, typer.Argument(metavar="NAME|KEY", help="Name of the key, or its prefix.")],
) -> None:
    """Make a key open nothing from now on."""
    with _store() as store:
        if not store.keys.revoke(name):
            raise NameUnknown("no key of this name opens anything", place=name, remedy="see depesche keys list")
    sys.stderr.write(f"{name}: revoked\n")


@contextmanager
def _store() -> Iterator[Store]:
    from depesche.store import open_store

    with open_store(load_config().store.url) as store:
        yield store


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked is not None:
        return "revoked"
    return "valid" if key.is_valid(now) else "expired"


def _shown(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d}"
