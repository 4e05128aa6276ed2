"""`depesche batch`: brief any number of articles into a folder, and ask how it stands.

`depesche batch ARTICLES… --out BRIEFS` is short for `depesche batch run ARTICLES… --out BRIEFS`.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from depesche.config import load_config
from depesche.errors import BadArguments, VerificationFailed

if TYPE_CHECKING:
    from depesche.batch.folder_ledger import FolderLedger

_EXIT_CODES = (
    "Exit codes: 0 all done, 8 done with failures, 9 stopped early or not begun (the same command goes on, without "
    "--force), 6 flagged under --strict; others as of every command."
)


class OutputFormat(StrEnum):
    """What briefs can be written as; typer wants an enumeration where an option repeats."""

    JSON = "json"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Executor(StrEnum):
    """What a job runs on."""

    LOCAL = "local"
    RAY = "ray"


class _RunByDefault(TyperGroup):
    """A group in which what names no command of its own is meant for `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before arguments that begin with none of the commands; a folder `status` is `./status`."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)


batch_app = typer.Typer(
    name="batch",
    cls=_RunByDefault,
    no_args_is_help=True,
    help="Brief a folder of articles, any number of them; run it again to go on, or to do what is new.",
    epilog="depesche batch ARTICLES… --out BRIEFS is short for depesche batch run; depesche batch run --help tells its "
    "options.",
)

OutArgument = Annotated[Path, typer.Argument(metavar="OUT", help="The --out of a job.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")]


@batch_app.command("run", epilog=_EXIT_CODES)
def run(
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLES…", help="Folders, files, globs, JSONL files, zip or tar archives.")
    ],
    out: Annotated[str, typer.Option("--out", "-o", help="Folder for the briefs, and for the job's ledger.")],
    formats: Annotated[
        list[OutputFormat] | None, typer.Option("--format", help="May be given more than once. Default: json.")
    ] = None,
    model_translate: Annotated[
        str | None, typer.Option("--model-translate", help="Translation model; depesche models list shows all.")
    ] = None,
    model_summarize: Annotated[
        str | None, typer.Option("--model-summarize", help="Summarizer model, or `extractive` for none.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed before.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Do everything again.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 6 if a brief is flagged.")] = False,
    dedupe: Annotated[
        bool, typer.Option("--dedupe", help="Brief only the first of articles that say nearly the same.")
    ] = False,
    near_duplicates: Annotated[
        bool, typer.Option("--near-duplicates/--no-near-duplicates", help="Link articles that say nearly the same.")
    ] = True,
    cache_mb: Annotated[
        int, typer.Option("--cache-mb", min=0, help="Most megabytes of model answers to keep in OUT; 0 keeps none.")
    ] = 1000,
    quarantine: Annotated[
        Path | None, typer.Option("--quarantine", help="Folder to copy articles to that failed.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on as articles arrive; Ctrl-C ends it.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes beside the model's. Default: the cores less one.")
    ] = None,
    executor: Annotated[Executor, typer.Option("--executor", help="This machine, or a Ray cluster.")] = Executor.LOCAL,
    ray_address: Annotated[
        str | None, typer.Option("--ray-address", help="A running cluster's. Default: Ray is started here.")
    ] = None,
    ray_actors: Annotated[
        int | None, typer.Option("--ray-actors", min=1, help="Processes with models. Default: all that fit.")
    ] = None,
    ray_cpus: Annotated[int, typer.Option("--ray-cpus-per-actor", min=1, help="Also the model's threads.")] = 1,
    ray_gpus: Annotated[float, typer.Option("--ray-gpus-per-actor", min=0.0, help="May be a part of one.")] = 0.0,
    log_json: Annotated[bool, typer.Option("--log-json", help="JSON lines on standard error, no bar.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet/--no-quiet", "-q", help="Nothing but errors on standard error.")
    ] = False,
) -> None:
    """Brief every article into OUT; what is there already, unchanged, is not done again."""
    from depesche.batch.job import run_job
    from depesche.batch.progress import job_progress
    from depesche.batch.report import print_report
    from depesche.batch.settings import JobSettings

    config = load_config(
        translate={"model": model_translate} if model_translate else {},
        summarize={"model": model_summarize} if model_summarize else {},
    )
    settings = JobSettings(
        formats=tuple(dict.fromkeys(one.value for one in formats or [OutputFormat.JSON])),
        retry_failed=retry_failed,
        force=force,
        likeness="skip" if dedupe else "link" if near_duplicates else "off",
        cache_bytes=cache_mb * 1_000_000,
        quarantine=quarantine,
        watch=watch,
        workers=workers,
        command=_typed(),
    )
    progress = job_progress(log_json=log_json, quiet=quiet)
    if executor is Executor.RAY:
        if dedupe or watch:
            raise BadArguments(
                "neither --dedupe nor --watch is to be had on Ray",
                place="--executor ray",
                remedy="use the local executor",
            )
        from depesche.batch.ray_cluster import RaySettings
        from depesche.batch.ray_job import run_ray_job

        ray = RaySettings(ray_address, ray_actors, ray_cpus, ray_gpus)
        result = run_ray_job(articles, out, config, settings, ray, progress)
    else:
        result = run_job(articles, _local(out), config, settings, progress)
    if not (quiet or log_json):
        console = Console(stderr=True)
        if result.report is not None:
            print_report(result.report, console)
        if result.stopped or result.report is None:
            ending = _ending(result.counts, Path(out), stopped=result.stopped, force=force)
            console.print(ending, markup=False, highlight=False, soft_wrap=True)
    if result.error is not None:
        Console(stderr=True).print(str(result.error), style="red", markup=False, highlight=False, soft_wrap=True)
    if result.exit_code:
        raise typer.Exit(result.exit_code)
    if strict and (flagged := result.statuses.get("flagged")):
        raise VerificationFailed(f"{flagged} briefs are flagged", place=out, remedy="read their warnings")


@batch_app.command("status")
def status(out: OutArgument, as_json: JsonOption = False) -> None:
    """Tell where a job stands: articles by state, briefs by verification, who is at work, the last run."""
    with _ledger(out) as ledger:
        counts, statuses = ledger.counts(), ledger.statuses()
        owners, runs = ledger.owners_at_work(), ledger.runs()
    if as_json:
        record = {
            "articles": counts,
            "briefs": statuses,
            "at_work": [{"host": host, "pid": pid} for host, pid in owners],
            "runs": [{name: run[name] for name in ("begin", "end", "stopped", "arguments", "counts")} for run in runs],
        }
        _print_line(record)
        return
    console = Console(soft_wrap=True)
    table = Table(box=None, show_header=False)
    for state in ("done", "failed", "skipped", "running", "pending"):
        table.add_row(state, f"{counts.get(state, 0):,}", _split(statuses) if state == "done" else "")
    console.print(table)
    for host, pid in owners:
        console.print(f"at work: process {pid} on {host}", markup=False, highlight=False)
    if runs:
        console.print(f"last run: {_said(runs[-1], at_work=bool(owners))}", markup=False, highlight=False)
    if not owners:
        forced = bool(runs) and "--force" in runs[-1]["arguments"]
        console.print(_ending(counts, out, stopped=False, force=forced), markup=False, highlight=False)


@batch_app.command("errors")
def errors(out: OutArgument, as_json: JsonOption = False) -> None:
    """List the failures by code, each with an example; with --json, every one of them."""
    with _ledger(out) as ledger:
        if as_json:
            for row in ledger.rows("failed"):
                _print_line(
                    {
                        "name": row.name,
                        "path": row.path,
                        "code": row.error_code,
                        "error": row.error_text,
                        "attempts": row.attempts,
                    }
                )
            return
        groups = ledger.errors()
    table = Table("Code", "Articles", "Example", box=None, header_style="bold")
    for group in groups:
        table.add_row(group.code, f"{group.count:,}", escape(_shown(group.text)))
    console = Console()
    console.print(table if groups else "no failures")


def _local(out: str) -> Path:
    from depesche.batch.remote import is_remote, local_path

    if is_remote(out):
        raise BadArguments("only --executor ray writes to addresses", place=out, remedy="name a folder, or use ray")
    return Path(local_path(out))


def _typed() -> tuple[str, ...]:
    """Return what was typed after `depesche batch`."""
    typed = sys.argv[sys.argv.index("batch") + 1 :] if "batch" in sys.argv else []
    return tuple(typed[1:] if typed[:1] == ["run"] else typed)


def _ledger(out: Path) -> FolderLedger:
    from depesche.batch.folder_ledger import FolderLedger, ledger_path

    return FolderLedger(ledger_path(out), create=False)


def _ending(counts: Any, out: Path, *, stopped: bool, force: bool) -> str:
    """Return in words how far a job got and what can be done next."""
    from depesche.batch.wording import say_way_on

    done, failed, skipped = (counts.get(state, 0) for state in ("done", "failed", "skipped"))
    rest = counts.get("pending", 0) + counts.get("running", 0)
    total = done + failed + skipped + rest
    text = f"{done:,} of {total:,} articles have their brief"
    text += f", {failed:,} failed (depesche batch errors {out})" if failed else ""
    text += f", {skipped:,} were skipped" if skipped else ""
    if rest or stopped:
        text += f"; {rest:,} are left: {say_way_on(force=force)}"
    return text


def _said(run: dict[str, Any], *, at_work: bool) -> str:
    begin = datetime.fromtimestamp(run["begin"]).astimezone().isoformat(" ", "seconds")
    if run["end"] is None:
        return f"{begin}, {'still at work' if at_work else 'it was killed'}"
    how = "stopped early" if run["stopped"] else "ran to its end"
    did = ", ".join(f"{count:,} {name}" for name, count in (run["counts"] or {}).items()) or "nothing to do"
    return f"{begin}, {how} after {run['end'] - run['begin']:.0f} s: {did}"


def _split(statuses: dict[str, int]) -> str:
    return ", ".join(f"{statuses[name]:,} {name}" for name in ("verified", "repaired", "flagged") if name in statuses)


def _shown(text: str) -> str:
    from depesche.batch.visible import one_line

    return one_line(text, 300)


def _print_line(record: Any) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
