"""The Parquet tables: every column documented and filled, numbers exact, rows streamed."""

from __future__ import annotations

import builtins
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from memory_peak import at_most
from written_briefs import brief

from depesche.batch.outputs import TreeWriter
from depesche.batch.tables import BRIEF_COLUMNS, FIGURE_COLUMNS, assemble_parquet, brief_row, figure_rows
from depesche.errors import LibraryMissing, OutputFull

pq = pytest.importorskip("pyarrow.parquet")


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    writer = TreeWriter(tmp_path, "json")
    paths = [(name, writer.write(name, brief())) for name in ("a.txt", "b/c.txt")]
    assert assemble_parquet(tmp_path, paths) == (2, 2 * len(brief().figures))
    return tmp_path


def test_a_row_a_brief(out: Path) -> None:
    first, second = rows(out / "briefs.parquet")
    assert (first["name"], second["name"]) == ("a.txt", "b/c.txt")
    assert first["output"] == "a.txt.json"
    assert first["id"] == brief().id
    assert first["headline"] == brief().headline.text
    assert first["summary"] == " ".join(claim.text for claim in brief().summary)
    assert first["key_points"] == [claim.text for claim in brief().key_points]
    assert (first["language"], first["title"]) == ("de", "Fähre nach Langenau fährt wieder")
    assert (first["translation_model"], first["summary_model"]) == ("script", "extractive")
    assert first["figures"] == len(brief().figures)


def test_a_row_a_figure_with_its_exact_value(out: Path) -> None:
    found = {row["german"]: row for row in rows(out / "figures.parquet") if row["brief"] == "a.txt"}
    money = next(row for german, row in found.items() if "1,25" in german)
    assert Decimal(money["value"]) == Decimal(1250000)
    assert money["value_float64"] == 1.25e6
    assert (money["unit"], money["modifier"], money["low"], money["low_float64"]) == (
        "EUR",
        "approximately",
        None,
        None,
    )
    span = next(row for row in found.values() if row["low"])
    assert (span["low"], span["high"], span["value"]) == ("300", "400", None)
    assert (span["low_float64"], span["high_float64"]) == (300.0, 400.0)
    assert money["german_sentence"] == "Die Reparatur kostete rund 1,25 Millionen Euro."
    assert brief().article.text[money["start"] : money["end"]] == money["german"]


def test_the_rows_are_what_the_documentation_says(out: Path) -> None:
    document = json.loads((out / "a.txt.json").read_bytes())
    assert set(brief_row("a", "a.json", document)) == {column.name for column in BRIEF_COLUMNS}
    for row in figure_rows("a", document):
        assert set(row) == {column.name for column in FIGURE_COLUMNS}
    for name, columns in (("briefs", BRIEF_COLUMNS), ("figures", FIGURE_COLUMNS)):
        schema = pq.read_schema(out / f"{name}.parquet")
        assert schema.names == [column.name for column in columns]
        assert [schema.field(c.name).metadata[b"holds"].decode() for c in columns] == [c.holds for c in columns]
        assert schema.metadata[b"depesche.schema"] == b"1"


def test_every_figure_of_a_qualitative_kind_has_no_number(out: Path) -> None:
    document = json.loads((out / "a.txt.json").read_bytes())
    document["figures"][0].update(value=None, low=None, high=None, quality="digits:3", kind="qualitative")
    row = next(figure_rows("a", document))
    assert (row["value_float64"], row["low_float64"], row["high_float64"]) == (None, None, None)


def test_no_briefs_make_two_empty_tables(tmp_path: Path) -> None:
    assert assemble_parquet(tmp_path, []) == (0, 0)
    assert rows(tmp_path / "briefs.parquet") == rows(tmp_path / "figures.parquet") == []


def test_the_same_briefs_make_the_same_bytes(out: Path) -> None:
    before = [(out / name).read_bytes() for name in ("briefs.parquet", "figures.parquet")]
    assemble_parquet(out, [("a.txt", "a.txt.json"), ("b/c.txt", "b/c.txt.json")])
    assert before == [(out / name).read_bytes() for name in ("briefs.parquet", "figures.parquet")]


def test_many_briefs_are_written_in_row_groups_and_little_memory(tmp_path: Path) -> None:
    path = TreeWriter(tmp_path, "json").write("a", brief())
    with at_most(16_000_000):
        assemble_parquet(tmp_path, ((f"{n}", path) for n in range(6_000)))
    described = pq.ParquetFile(tmp_path / "briefs.parquet").metadata
    assert (described.num_rows, described.num_row_groups) == (6_000, 12)
    assert pq.ParquetFile(tmp_path / "figures.parquet").metadata.num_row_groups > 1


def test_a_brief_that_is_gone_leaves_both_tables_as_they_were(out: Path) -> None:
    before = (out / "briefs.parquet").read_bytes()
    with pytest.raises(OutputFull):
        assemble_parquet(out, [("a.txt", "a.txt.json"), ("x", "fehlt.json")])
    assert (out / "briefs.parquet").read_bytes() == before
    assert not list((out / ".depesche" / "parts").iterdir())


def test_without_pyarrow_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LibraryMissing, match=re.escape("pyarrow")) as caught:
        assemble_parquet(tmp_path, [])
    assert "depesche[parquet]" in (caught.value.remedy or "")
