"""The word tables of the checks (words.toml), compiled for linear matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
    table = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))[language]
    return WordTable(
        up=_pattern(table["up"]),
        down=_pattern(table["down"]),
        negation=_pattern(table["negation"]),
        negation_free=_pattern(table["negation_free"]) if table["negation_free"] else None,
        markers=frozenset(table["markers"]),
        reporting=_pattern(table["reporting"]) if "reporting" in table else None,
        stop=frozenset(table.get("stop", ())),
    )


def words(text: str) -> list[str]:
    """Return the words of `text`, letters only, as written."""
    return _WORD.findall(text)


def _pattern(entries: list[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(entry).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for entry in entries)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
