"""The end of a folder job: the files that hold all briefs, and the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from depesche.batch.files import is_gone
from depesche.batch.folder_ledger import FolderLedger
from depesche.batch.outputs import JOB_FOLDER, assemble_jsonl
from depesche.batch.report import ReportRow, RunFacts, build_report, write_report
from depesche.batch.settings import STORE, OutputFormat
from depesche.batch.summary import Report

REPORT = "report.html"


def close_job(
    ledger: FolderLedger, out: Path, formats: tuple[OutputFormat, ...], facts: RunFacts, *, assemble: bool
) -> Report:
    """Write what is made of the whole ledger. Without `assemble` the files of all briefs are left as they were.

    Raises `OutputError`, `OutputFull`.
    """
    report = build_report(report_rows(ledger), facts)
    with FileLock(out / JOB_FOLDER / "closing.lock"):  # processes that shared the work end at the same time
        if "jsonl" in formats and assemble:
            assemble_jsonl(out, (path for _, path in _documents(ledger, out)))
        if "parquet" in formats and assemble:
            from depesche.batch.tables import assemble_parquet

            assemble_parquet(out, _documents(ledger, out))
        write_report(report, out / REPORT)
    return report


def _documents(ledger: FolderLedger, out: Path) -> Iterator[tuple[str, str]]:
    """Yield name and JSON file of every brief, in order of name, but of those deleted together with their article."""
    for row in ledger.rows("done"):
        outputs = row.outputs or {}
        path = outputs.get("json") or outputs.get(STORE)
        if path and ((out / path).is_file() or not is_gone(row.path)):
            yield row.name, path


def report_rows(ledger: FolderLedger) -> Iterator[ReportRow]:
    """Yield what the report wants to know of each article."""
    for row in ledger.rows():
        yield ReportRow(
            name=row.name,
            state=row.state,
            error_code=row.error_code,
            error_text=row.error_text,
            language=row.language,
            status=row.status,
            seconds=row.seconds or {},
            output=row.output,
            headline=row.headline,
            figures=row.figures,
            finished_at=row.updated if row.state in {"done", "failed", "skipped"} else None,
            duplicate_of=row.duplicate_of,
            near_of=row.near_of,
        )
