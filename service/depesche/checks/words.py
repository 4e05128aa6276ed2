"""The word tables of the checks (words.toml), compiled for linear matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class WordTable:
    """One language's patterns; each matches whole words without regard to case."""

    up: re.Pattern[str]
    down: re.Pattern[str]
    negation: re.Pattern[str]
    negation_free: re.Pattern[str] | None
    markers: frozenset[str]
    reporting: re.Pattern[str] | None = None
    stop: frozenset[str] = frozenset()


@cache
def word_table(language: str) -> WordTable:
    """Return the table of `language` ("de", "en"). Raises KeyError for others."""
    table = _tables()[language]
    return WordTable(
        up=_pattern(table["up"]),
        down=_pattern(table["down"]),
        negation=_pattern(table["negation"]),
        negation_free=_pattern(table["negation_free"]) if table["negation_free"] else None,
        markers=frozenset(table["markers"]),
        reporting=_pattern(table["reporting"]) if "reporting" in table else None,
        stop=frozenset(table.get("stop", ())),
    )


@dataclass(frozen=True, slots=True)
class Opposites:
    """Two sides of a sense, each in German and English."""

    sides: tuple[tuple[re.Pattern[str], re.Pattern[str]], tuple[re.Pattern[str], re.Pattern[str]]]


@cache
def opposites() -> tuple[Opposites, ...]:
    """Return the pairs of German and English words whose sides a translation must not swap."""
    return tuple(
        Opposites(
            (
                (_pattern(entry["de"]), _pattern(entry["en"])),
                (_pattern(entry["other_de"]), _pattern(entry["other_en"])),
            )
        )
        for entry in _tables()["opposites"]
    )


@cache
def terms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the German abbreviations that English writes otherwise, each as a pattern and its English."""
    table: dict[str, str] = _tables()["terms"]
    return tuple((re.compile(rf"(?<![\w]){re.escape(german)}(?!\w)"), english) for german, english in table.items())


def words(text: str) -> list[str]:
    """Return the words of `text`, letters only, as written."""
    return _WORD.findall(text)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def _pattern(entries: list[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(entry).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for entry in entries)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
