"""The gold figures are well formed: quotes slice back, kinds and units follow the conventions, every kind is covered.

The grammar is measured against these files, so a slip in them would read as a fault of the grammar.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from depesche.figure import Kind, Modifier, Role

GOLD = Path(__file__).parent / "gold"
LANGUAGES = ("de", "en")
SENTENCES = {"de": 520, "en": 260}
NEGATIVES = {"de": 130, "en": 60}
PER_KIND = 10
PER_MODIFIER = {"de": 10, "en": 5}
FIGURE_KEYS = {"quote", "start", "kind", "value", "low", "high", "unit", "modifier", "role", "quality"}
QUALITY = re.compile(r"digits:\d+(:1e\d+)?|(several|plural|magnitude):1e\d+")
SCORE = re.compile(r"score:\d+:\d+")
FIXED_UNIT = {"percent": {"%"}, "percentage_points": {"pp", "bp"}, "age": {"a"}, "temperature": {"Cel", "[degF]"}}
UNITLESS = {"multiple", "fraction", "score", "ordinal"}

Row = dict[str, Any]


def rows_of(language: str) -> list[Row]:
    """Read the gold sentences of one language."""
    text = (GOLD / f"figures.{language}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Name each language that has gold sentences."""
    return str(request.param)


@pytest.fixture(scope="module")
def rows(language: str) -> list[Row]:
    """Give that language's gold sentences."""
    return rows_of(language)


@pytest.fixture(scope="module")
def figures(rows: list[Row]) -> list[tuple[str, Row]]:
    """Give every gold figure with the id of its sentence."""
    return [(row["id"], figure) for row in rows for figure in row["figures"]]


def test_ids_run_on_and_no_sentence_stands_twice(language: str, rows: list[Row]) -> None:
    assert [row["id"] for row in rows] == [f"{language}-{number:04d}" for number in range(1, len(rows) + 1)]
    repeated = [text for text, times in Counter(row["text"] for row in rows).items() if times > 1]
    assert repeated == []


def test_every_quote_slices_back_and_none_overlaps_the_next(rows: list[Row]) -> None:
    for row in rows:
        end = 0
        for figure in row["figures"]:
            start, quote = figure["start"], figure["quote"]
            assert row["text"][start : start + len(quote)] == quote, row["id"]
            assert quote == quote.strip(), row["id"]
            assert start >= end, f"{row['id']}: {quote} overlaps the figure before it"
            end = start + len(quote)


def test_keys_and_enumerated_values_are_those_of_a_figure(figures: list[tuple[str, Row]]) -> None:
    for sentence, figure in figures:
        assert set(figure) <= FIGURE_KEYS, sentence
        assert None not in figure.values(), f"{sentence}: empty keys are left out"
        assert figure["kind"] in set(Kind), sentence
        assert figure.get("modifier", Modifier.AT_LEAST) in set(Modifier), sentence
        assert figure.get("role", Role.FROM) in {Role.FROM, Role.TO}, sentence


def test_each_figure_has_one_value_or_two_ends_or_a_quality(figures: list[tuple[str, Row]]) -> None:
    for sentence, figure in figures:
        if figure["kind"] == Kind.SCORE:
            assert SCORE.fullmatch(figure["quality"]), sentence
        elif figure["kind"] == Kind.QUALITATIVE:
            assert QUALITY.fullmatch(figure["quality"]), sentence
        elif "low" in figure:
            assert Decimal(figure["low"]) < Decimal(figure["high"]), sentence
        else:
            assert Decimal(figure["value"]).is_finite(), sentence
        stated = {"value", "low", "quality"} & figure.keys()
        assert len(stated) == 1, f"{sentence}: {figure['quote']} states {sorted(stated)}"


def test_units_follow_the_kind(figures: list[tuple[str, Row]]) -> None:
    for sentence, figure in figures:
        kind, unit = figure["kind"], figure.get("unit", "")
        if kind in UNITLESS:
            assert unit == "", sentence
        elif kind in FIXED_UNIT:
            assert unit in FIXED_UNIT[kind], sentence
        elif kind == Kind.MONEY:
            assert re.fullmatch("[A-Z]{3}", unit), sentence
        elif kind == Kind.RATE:
            assert "/" in unit or unit == "mph", sentence
        elif kind == Kind.QUANTITY:
            assert unit, sentence
        elif kind == Kind.COUNT:
            assert unit.casefold() in figure["quote"].casefold(), f"{sentence}: the noun is given as written"


def test_every_kind_and_every_modifier_is_covered(language: str, rows: list[Row]) -> None:
    kinds = Counter(figure["kind"] for row in rows for figure in row["figures"])
    modifiers = Counter(figure.get("modifier") for row in rows for figure in row["figures"])
    assert {kind: kinds[kind] for kind in Kind if kinds[kind] < PER_KIND} == {}
    assert {word: modifiers[word] for word in Modifier if modifiers[word] < PER_MODIFIER[language]} == {}


def test_there_are_enough_sentences_and_enough_without_a_figure(language: str, rows: list[Row]) -> None:
    assert len(rows) >= SENTENCES[language]
    without = [row for row in rows if not row["figures"]]
    assert len(without) >= NEGATIVES[language]
    assert all("negative" in row["tags"] for row in without)


def test_german_number_formats_and_changes_are_covered() -> None:
    text = "\n".join(row["text"] for row in rows_of("de"))
    for pattern in (r"\d\.\d{3}\b", r"\d\u00a0\d{3}", r"\d\u202f\d{3}", r"\d'\d{3}", r"\d’\d{3}", r"\d \d{3}\b"):
        assert re.search(pattern, text), pattern
    changes = sum(figure.get("role") == Role.TO for row in rows_of("de") for figure in row["figures"])
    assert changes >= PER_KIND


def test_the_readme_counts_what_the_files_hold() -> None:
    readme = (GOLD / "README.md").read_text(encoding="utf-8")
    for kind in Kind:
        counted = [sum(f["kind"] == kind for row in rows_of(code) for f in row["figures"]) for code in LANGUAGES]
        assert f"| `{kind}` | {counted[0]} | {counted[1]} |" in readme
    sizes = [len(rows_of(code)) for code in LANGUAGES]
    assert f"| sentences | {sizes[0]} | {sizes[1]} |" in readme
