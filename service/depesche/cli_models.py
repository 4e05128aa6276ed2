"""`depesche models`: which models there are, fetching them, checking them, and what is known of each.

Standard output carries the answer (a table, or JSON with `--json`); what happens meanwhile goes to standard
error. Errors are raised as `DepescheError`s; the main command line turns them into exit codes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from depesche.catalogue import (
    ModelCard,
    find_installed,
    get_card,
    load_cards,
    model_state,
    pull_model,
    read_marker,
    stderr_progress,
    verify_model,
)
from depesche.catalogue.progress import human_bytes
from depesche.config import Config, SourceKind, load_config
from depesche.errors import DepescheError

models_app = typer.Typer(
    name="models",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List, fetch and check models. They lie in the folder that DEPESCHE_MODELS_DIR or models.directory names.",
)

_Json = Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")]


@models_app.command("list")
def list_models(as_json: _Json = False) -> None:
    """List the models there are cards for, and which of them are on this machine."""
    config = load_config()
    cards = load_cards().values()
    if as_json:
        _write_json([_summary(card, config) for card in cards])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "tasks", "size", "memory", "licence", "here"):
        table.add_column(heading, no_wrap=heading != "tasks")
    used = _used(config)
    for card in cards:
        table.add_row(
            card.name + (" *" if card.name in used else ""),
            ", ".join(card.tasks) or "none",
            human_bytes(card.bytes),
            human_bytes(card.memory),
            card.licence.id,
            {"installed": "yes", "partial": "begun", "absent": "no"}[model_state(card, config)],
        )
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"\n* in use by the configuration. Folder: {config.models_directory}", highlight=False, markup=False)


@models_app.command("pull")
def pull_models(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Models; without any, those that the configuration uses."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every model there is a card for.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Fetch again what is here already or was begun.")] = False,
    source: Annotated[
        SourceKind | None, typer.Option("--source", help="Use only this source. Default: all of models.sources.")
    ] = None,
    local: Annotated[
        Path | None,
        typer.Option("--local", help="Folder to look in for the files first.", exists=True, file_okay=False),
    ] = None,
) -> None:
    """Fetch models and check their sha256. A broken download goes on where it stopped."""
    config = _pull_config(load_config(), source, local)
    chosen = list(load_cards()) if everything else (names or sorted(_used(config)))
    for card in [get_card(name) for name in chosen]:  # all names are known before the first byte is fetched
        progress = stderr_progress()
        if not force and find_installed(card, config):
            progress.say(f"{card.name}: is here already")
            continue
        pull_model(card.name, config, progress, force=force)


@models_app.command("verify")
def verify_models(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Models; without any, all that are on this machine.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Hash every file of installed models anew. Fails when one differs."""
    config = load_config()
    chosen = names or [name for name in load_cards() if read_marker(config.models_directory / name)]
    failures: list[DepescheError] = []
    results: list[dict[str, Any]] = []
    for name in chosen:
        try:
            model = verify_model(name, config)
            results.append({"name": name, "ok": True, "sha256": model.sha256, "verified": model.card.verified})
        except DepescheError as error:
            failures.append(error)
            results.append({"name": name, "ok": False, "code": error.code, "error": error.message})
    if as_json:
        _write_json(results)
    else:
        for result in results:
            sys.stdout.write(f"{result['name']}: {_verdict(result)}\n")
    if failures:
        raise failures[0]


@models_app.command("show")
def show_model(name: Annotated[str, typer.Argument(help="Name of the model.")], as_json: _Json = False) -> None:
    """Show the card of a model: task, licence, sources, hashes, known weaknesses, measured quality."""
    config = load_config()
    card = get_card(name)
    details = card.model_dump(mode="json") | _summary(card, config)
    marker = read_marker(config.models_directory / card.name)
    if marker is not None and details["state"] == "installed":
        details["installed"] = marker.model_dump(mode="json")
    if as_json:
        _write_json(details)
        return
    console = Console(soft_wrap=True)
    for label, value in _lines(card, details):
        console.print(f"[bold]{label:<12}[/bold]", end="")
        console.print(value, highlight=False, markup=False)


def _used(config: Config) -> set[str]:
    """Return the models that the configuration names; `extractive` needs none."""
    return {config.translate.model, config.summarize.model} - {"extractive"}


def _pull_config(config: Config, source: SourceKind | None, local: Path | None) -> Config:
    """Return `config` with the flags of `pull`; a pull is asked for, so downloads are allowed."""
    changes: dict[str, Any] = {"download": True}
    if local is not None:
        changes["local"] = local
        changes["sources"] = ("local", *(kind for kind in config.models.sources if kind != "local"))
    if source is not None:
        changes["sources"] = (source,)
    return config.model_copy(update={"models": config.models.model_copy(update=changes)})


def _summary(card: ModelCard, config: Config) -> dict[str, Any]:
    return {
        "name": card.name,
        "title": card.title,
        "tasks": list(card.tasks),
        "engine": card.engine,
        "bytes": card.bytes,
        "memory": card.memory,
        "licence": card.licence.model_dump(),
        "verified": card.verified,
        "state": model_state(card, config),
        "folder": str(config.models_directory / card.name),
        "in_use": card.name in _used(config),
    }


def _verdict(result: dict[str, Any]) -> str:
    if not result["ok"]:
        return f"[{result['code']}] {result['error']}"
    note = "" if result["verified"] else " (some files: as first downloaded, no hash is known for them)"
    return f"right, sha256 {result['sha256']}{note}"


def _lines(card: ModelCard, details: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the lines of `show` as label and text."""
    languages = f"{', '.join(card.languages.source)} → {', '.join(card.languages.target)}"
    lines = [
        ("name", card.name),
        ("title", card.title),
        ("tasks", f"{', '.join(card.tasks) or 'none'} ({languages})"),
        ("engine", f"{card.engine}, template {card.template}, window {card.window} tokens"),
        ("size", f"{card.parameters:,} parameters, {human_bytes(card.bytes)}; {human_bytes(card.memory)} of memory"),
        ("licence", f"{card.licence.id} {card.licence.url}"),
        ("state", f"{details['state']} in {details['folder']}"),
    ]
    if card.licence.notice:
        lines.append(("notice", card.licence.notice))
    recorded = {file["name"]: file["sha256"] for file in details.get("installed", {}).get("files", ())}
    for file in card.files:
        known = file.sha256 or "UNVERIFIED: no hash is known, " + (
            f"as first downloaded: {recorded[file.name]}"
            if file.name in recorded
            else "that of the first download counts"
        )
        lines.append(("file", f"{file.name} {known}"))
    if card.hub:
        lines.append(("hub", f"{card.hub.repo} at {card.hub.revision}"))
    if card.index:
        last = card.index.package_of(card.index.count)
        lines.append(("index", f"{card.index.count} package(s) up to {last} {card.index.version}"))
    repeats = "same input, same output" if card.promises.deterministic else "output may differ from run to run"
    alone = "alone as in a batch" if card.promises.batch_parity else "a batch may differ from single runs"
    lines.append(("promises", f"{repeats}; {alone}" + (f". {card.promises.note}" if card.promises.note else "")))
    lines += [("weakness", text) for text in card.weaknesses]
    lines += [("note", text) for text in card.notes]
    lines += [
        ("score", f"{s.task}: {s.metric} {s.value} on {s.dataset}" + (f" ({s.note})" if s.note else ""))
        for s in card.scores
    ]
    return lines


def _write_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
