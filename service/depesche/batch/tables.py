"""The briefs of a folder job as two flat Parquet tables, for those who ask questions of many briefs at once.

`briefs.parquet` has a row a brief and `figures.parquet` a row a figure; `figures.brief` is `briefs.name`. The columns
are in `BRIEF_COLUMNS` and `FIGURE_COLUMNS` below, each with what it holds, and the same words stand in the files'
metadata. Numbers are exact decimal strings; the `…_float64` columns beside them are rounded and for sorting and sums.
A file carries the schema's version as `depesche.schema` in its metadata: a column may be added within a version,
never changed.

Needs pyarrow: `pip install 'depesche[parquet]'`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from depesche.batch.outputs import read_documents, replacing
from depesche.errors import LibraryMissing

if TYPE_CHECKING:
    import pyarrow as pa

BRIEFS_NAME, FIGURES_NAME = "briefs.parquet", "figures.parquet"
TABLES_VERSION = "1"
_BRIEFS_A_GROUP = 500
_FIGURES_A_GROUP = 4_000

Row = dict[str, Any]


class Column(NamedTuple):
    """A column: its name, its type in pyarrow's words, and what it holds. All but names, ids and counts may be null."""

    name: str
    type: str
    holds: str


BRIEF_COLUMNS = (
    Column("name", "string", "Name of the article in the job; the key of the table."),
    Column("id", "string", "Id of the brief: equal for equal articles under equal settings and models."),
    Column("status", "string", "verified, repaired or flagged."),
    Column("headline", "string", "English headline."),
    Column("summary", "string", "English summary, its sentences joined by spaces."),
    Column("key_points", "list<string>", "English key points."),
    Column("title", "string", "German headline."),
    Column("language", "string", "BCP 47 tag of the article's language."),
    Column("language_confidence", "float64", "0 to 1."),
    Column("byline", "string", "Who wrote the article, as it says."),
    Column("published", "string", "ISO 8601 date or date-time, as the article says."),
    Column("url", "string", "Address, as the article says."),
    Column("words", "int64", "Words of the article."),
    Column("sentences", "int64", "Sentences of the article."),
    Column("figures", "int64", "Figures in the article: rows of the other table."),
    Column("figures_in_brief", "int64", "Figures in headline, summary and key points."),
    Column("figures_traced", "int64", "Those of them that are traced to a German span."),
    Column("quotations", "int64", "Quotations in the article."),
    Column("warnings", "list<string>", "Warnings, as `code: detail`."),
    Column("translation_model", "string", "Card of the model that translated."),
    Column("summary_model", "string", "Card of the summarizer, or extractive."),
    Column("generator", "string", "Program and version."),
    Column("config_sha256", "string", "Of the settings that bear on the brief."),
    Column("article_sha256", "string", "Of the article's bytes."),
    Column("output", "string", "The brief's JSON file, relative to the output folder."),
)

FIGURE_COLUMNS = (
    Column("brief", "string", "Name of the article in the job: `name` in the other table."),
    Column("brief_id", "string", "Id of the brief."),
    Column("id", "string", "Id of the figure in its brief."),
    Column("rank", "int64", "1 is the most important of its article."),
    Column("kind", "string", "money, percent, percentage_points, count, quantity, rate, temperature, age, multiple …"),
    Column("value", "string", "Exact decimal; null for ranges and qualitative figures."),
    Column("value_float64", "float64", "`value` rounded to binary floating point."),
    Column("low", "string", "Exact decimal, lower end of a range."),
    Column("low_float64", "float64", "`low` rounded to binary floating point."),
    Column("high", "string", "Exact decimal, upper end of a range."),
    Column("high_float64", "float64", "`high` rounded to binary floating point."),
    Column("unit", "string", "ISO 4217 code, %, pp, the counted noun, UCUM-like symbol."),
    Column("modifier", "string", "approximately, more_than, less_than, almost, up_to, at_least, at_most …"),
    Column("direction", "string", "Which way it moved: up or down."),
    Column("role", "string", "Part in a change: from, to or by."),
    Column("quality", "string", "Key of a qualitative figure, which has no number: digits:3, several:1e9."),
    Column("german", "string", "The German words, verbatim."),
    Column("start", "int64", "Where they begin: character offset into the brief's article.text."),
    Column("end", "int64", "Where they end, exclusive."),
    Column("english", "string", "The figure in English words."),
    Column("status", "string", "verified, repaired, or flagged: the translation does not say this figure."),
    Column("subject", "string", "Who or what has the figure: English, else German."),
    Column("measure", "string", "What is measured or counted: English, else German."),
    Column("period", "string", "The time it is said for: English, else German."),
    Column("sentence", "int64", "Number of the sentence in the brief, from 0."),
    Column("german_sentence", "string", "That sentence in German."),
    Column("english_sentence", "string", "That sentence in English."),
    Column("places", "list<string>", "Where in the brief it is used: headline, summary, key_points."),
)


def require_pyarrow() -> None:
    """Raise `LibraryMissing` where Parquet cannot be written: to be asked before hours of work, not after."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise LibraryMissing(
            "Parquet needs pyarrow, which is not installed",
            place="--format parquet",
            remedy="pip install 'depesche[parquet]', or choose --format jsonl",
        ) from error


def assemble_parquet(out: Path, briefs: Iterable[tuple[str, str]]) -> tuple[int, int]:
    """Write both tables from the JSON of briefs; return how many rows they have.

    `briefs` are name and path, relative to `out`, in order of name. Both files are replaced at one stroke each when
    all rows are written. Raises `LibraryMissing` and `OutputFull`.
    """
    require_pyarrow()
    with ExitStack() as stack:
        tables = [
            stack.enter_context(_Table(stack.enter_context(replacing(out, name)), columns, size))
            for name, columns, size in (
                (BRIEFS_NAME, BRIEF_COLUMNS, _BRIEFS_A_GROUP),
                (FIGURES_NAME, FIGURE_COLUMNS, _FIGURES_A_GROUP),
            )
        ]
        for name, path in briefs:
            document = next(read_documents(out, [path]))
            tables[0].add(brief_row(name, path, document))
            for row in figure_rows(name, document):
                tables[1].add(row)
    return tables[0].count, tables[1].count


def brief_row(name: str, output: str, brief: Mapping[str, Any]) -> Row:
    """Return the row of `briefs.parquet` for a brief, given as its JSON document."""
    article, checks, provenance = brief["article"], brief["verification"], brief["provenance"]
    models = {model["role"]: model["name"] for model in provenance["models"]}
    same = ("title", "language", "language_confidence", "byline", "published", "url", "words")
    return {
        "name": name,
        "id": brief["id"],
        "status": brief["status"],
        "headline": brief["headline"]["text"],
        "summary": " ".join(claim["text"] for claim in brief["summary"]),
        "key_points": [claim["text"] for claim in brief["key_points"]],
        **{key: article[key] for key in same},
        "sentences": len(brief["sentences"]),
        "figures": len(brief["figures"]),
        "figures_in_brief": checks["figures"],
        "figures_traced": checks["figures_traced"],
        "quotations": len(brief["quotations"]),
        "warnings": [f"{warning['code']}: {warning['detail']}" for warning in brief["warnings"]],
        "translation_model": models.get("translate"),
        "summary_model": models.get("summarize"),
        "generator": provenance["generator"],
        "config_sha256": provenance["config_sha256"],
        "article_sha256": article["sha256"],
        "output": output,
    }


def figure_rows(name: str, brief: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of `figures.parquet` for a brief, given as its JSON document."""
    same = ("id", "rank", "kind", "value", "low", "high", "unit", "modifier", "direction", "role", "quality")
    also = ("german", "english", "status", "sentence", "english_sentence", "places")
    for figure in brief["figures"]:
        about = figure["about"] or {}
        yield {
            "brief": name,
            "brief_id": brief["id"],
            **{key: figure[key] for key in (*same, *also)},
            **{f"{key}_float64": _rounded(figure[key]) for key in ("value", "low", "high")},
            **{key: _said(about.get(key)) for key in ("subject", "measure", "period")},
            "start": figure["span"]["start"],
            "end": figure["span"]["end"],
            "german_sentence": brief["sentences"][figure["sentence"]]["german"],
        }


def _rounded(number: str | None) -> float | None:
    return None if number is None else float(number)


def _said(words: Mapping[str, Any] | None) -> str | None:
    return None if words is None else words["english"] or words["german"]


class _Table:
    """A Parquet file that is written a row group at a time."""

    def __init__(self, stream: Any, columns: Iterable[Column], rows_a_group: int) -> None:
        import pyarrow.parquet as pq

        self.count = 0
        self._schema = _schema(columns)
        self._rows: list[Row] = []
        self._rows_a_group = rows_a_group
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, row: Row) -> None:
        """Add a row."""
        self.count += 1
        self._rows.append(row)
        if len(self._rows) >= self._rows_a_group:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def _schema(columns: Iterable[Column]) -> pa.Schema:
    import pyarrow as pa

    types: dict[str, Callable[[], pa.DataType]] = {
        "string": pa.string,
        "int64": pa.int64,
        "float64": pa.float64,
        "list<string>": lambda: pa.list_(pa.string()),
    }
    fields = [pa.field(column.name, types[column.type](), metadata={"holds": column.holds}) for column in columns]
    return pa.schema(fields, metadata={"depesche.schema": TABLES_VERSION})
