"""The end of a folder job: what came of every article, in the terminal and as `report.html` in the output folder."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from depesche.batch.page import next_steps, render_page, run_facts, say_title
from depesche.batch.summary import FLAGGED_LIMIT, Report, ReportRow, RunFacts, build_report
from depesche.batch.visible import one_line, visible
from depesche.batch.wording import say_duration, say_rate, say_seconds, say_share
from depesche.output import write_output

__all__ = ["FLAGGED_LIMIT", "Report", "ReportRow", "RunFacts", "build_report", "print_report", "write_report"]

_FLAGGED_PRINTED = 10
_CODES_PRINTED = 8
_STYLES = {"verified": "green", "repaired": "yellow", "flagged": "red", "failed": "magenta"}


def write_report(report: Report, path: Path) -> None:
    """Write the HTML page to `path` (OUT/report.html; its links are relative) at one stroke. Raises `OutputError`."""
    write_output(render_page(report), path)


def print_report(report: Report, console: Console) -> None:
    """Print the short form: outcomes, the first flagged briefs, frequent errors, times, and how to go on."""
    run = report.run
    seconds = run.end - run.begin
    pace = f", {say_rate(60 * report.this_run / seconds)} articles a minute" if report.this_run and seconds > 0 else ""
    console.print(Text(say_title(report), style="bold"), Text(f"in {say_seconds(seconds)}{pace}", style="dim"))
    if report.total:
        console.print(_outcomes(report))
    if report.flagged:
        console.print(_flagged(report))
    if report.errors:
        console.print(_errors(report))
    if report.stages:
        console.print(_stages(report))
        console.print()
    for label, value in run_facts(report):
        console.print(Text.assemble((f"{label}: ", "dim"), visible(value)), soft_wrap=True)
    for step in next_steps(report):
        console.print(Text.assemble("\n", step.why, "\n  ", (visible(step.command), "bold")), soft_wrap=True)


def _outcomes(report: Report) -> Table:
    table = _table("Outcome", ">Articles", ">Share")
    counts = {
        **report.statuses,
        **{state: report.states[state] for state in ("failed", "skipped")},
        "unfinished": report.unfinished,
    }
    for kind, count in counts.items():
        if count:
            share = say_share(count / report.total)
            table.add_row(Text(kind, style=_STYLES.get(kind, "")), f"{count:,}", share)
    return table


def _flagged(report: Report) -> Group:
    lines: list[RenderableType] = [Text("\nFlagged: read before use", style="bold red")]
    for row in report.flagged[:_FLAGGED_PRINTED]:
        headline = one_line(row.headline or "", 100)
        lines.append(_indented(2, visible(row.output or row.name), (f"  {headline}", "dim")))
    if (more := report.statuses["flagged"] - _FLAGGED_PRINTED) > 0:
        lines.append(Text(f"  and {more:,} more, see report.html", style="dim"))
    return Group(*lines, Text())


def _errors(report: Report) -> Group:
    lines: list[RenderableType] = [Text("Failures, the most frequent first", style="bold magenta")]
    for group in report.errors[:_CODES_PRINTED]:
        name, message = group.examples[0]
        example = f"{visible(name, 100)}: {one_line(message, 200)}" if message else visible(name, 100)
        articles = "1 article" if group.count == 1 else f"{group.count:,} articles"
        lines.append(_indented(2, (visible(group.code), "bold"), f" {articles}. {group.meaning}"))
        lines.append(_indented(7, ("for example: ", "dim"), example))
        lines.append(_indented(7, ("remedy: ", "dim"), one_line(group.remedy, 200)))
    if (more := len(report.errors) - _CODES_PRINTED) > 0:
        lines.append(Text(f"  and {more:,} other codes, see report.html", style="dim"))
    return Group(*lines, Text())


def _stages(report: Report) -> Table:
    table = _table("Stage", ">Median", ">95 %", ">Longest")
    for times in (*report.stages, report.article_times):
        table.add_row(Text(visible(times.stage)), *map(say_duration, (times.median, times.p95, times.longest)))
    return table


def _indented(columns: int, *parts: str | tuple[str, str]) -> Padding:
    return Padding(Text.assemble(*parts), (0, 0, 0, columns), expand=False)


def _table(*headers: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header.lstrip(">"), justify="right" if header.startswith(">") else "left", overflow="fold")
    return table
