"""The word tables of the checks (words.toml), compiled for linear matching.

Most sentences have none of a table's words. Looking for the beginnings of all of them as plain letters shows that in
a fraction of the time that a regular expression of fifty alternatives takes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class WordPattern:
    """Words and phrases of a table, matched whole and without regard to case; `beginnings` are in lower case."""

    beginnings: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first of the words in `text`."""
        small = text.lower()
        for beginning in self.beginnings:
            if beginning in small:
                return self.pattern.search(text)
        return None

    def count(self, text: str) -> int:
        """Return how often the words stand in `text`."""
        return len(self.pattern.findall(text))

    def without(self, text: str) -> str:
        """Return `text` with a space in place of each of the words."""
        return self.pattern.sub(" ", text) if self.search(text) else text


@dataclass(frozen=True, slots=True)
class WordTable:
    """One language's words."""

    up: WordPattern
    down: WordPattern
    negation: WordPattern
    negation_free: WordPattern | None
    markers: frozenset[str]
    reporting: WordPattern | None = None
    hedges: WordPattern | None = None
    possible: WordPattern | None = None
    doubts: WordPattern | None = None
    doubtful: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    institutions: Mapping[str, str] = field(default_factory=dict)
    """Speakers that an article names by what they are, with their English."""
    openers: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    copulas: frozenset[str] = frozenset()
    past: Mapping[str, str] = field(default_factory=dict)
    """Irregular past forms with their present and other words for the same."""
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
        hedges=_pattern(table["hedges"]) if "hedges" in table else None,
        possible=_pattern(table["possible"]) if "possible" in table else None,
        doubts=_pattern(table["doubts"]) if "doubts" in table else None,
        doubtful=frozenset(table.get("doubtful", ())),
        acronyms=frozenset(table.get("acronyms", ())),
        institutions=table.get("institutions", {}),
        openers=frozenset(table.get("openers", ())),
        auxiliaries=frozenset(table.get("auxiliaries", ())),
        copulas=frozenset(table.get("copulas", ())),
        past=table.get("past", {}),
        stop=frozenset(table.get("stop", ())),
    )


@dataclass(frozen=True, slots=True)
class Opposites:
    """Two sides of a sense, each in German and English."""

    sides: tuple[tuple[WordPattern, WordPattern], tuple[WordPattern, WordPattern]]
    one_way: bool
    """Say whether only the first side is known well enough to see it turned round."""


@cache
def opposites() -> tuple[Opposites, ...]:
    """Return the pairs of German and English words whose sides a translation must not swap."""
    return tuple(
        Opposites(
            (
                (_pattern(entry["de"]), _pattern(entry["en"])),
                (_pattern(entry["other_de"]), _pattern(entry["other_en"])),
            ),
            entry.get("one_way", False),
        )
        for entry in _tables()["opposites"]
    )


@dataclass(frozen=True, slots=True)
class Intention:
    """A demand, plan or expectation: German words that state it, plain English ones, and all that English may say."""

    name: str
    german: WordPattern
    plain: WordPattern
    english: WordPattern


@cache
def intentions() -> tuple[Intention, ...]:
    """Return the kinds of intention that must not be told as facts."""
    return tuple(
        Intention(entry["name"], _pattern(entry["de"]), _pattern(entry["plain"]), _pattern(entry["en"]))
        for entry in _tables()["intentions"]
    )


@dataclass(frozen=True, slots=True)
class Denials:
    """What denies or excepts: German exceptions, English denials, and all that may stand for either."""

    excepted: WordPattern
    any_english: WordPattern
    english: WordPattern
    any_german: WordPattern
    idioms: WordPattern


@cache
def denials() -> Denials:
    """Return the words by which something is denied or excepted."""
    table = _tables()["denials"]
    return Denials(**{name: _pattern(table[name]) for name in Denials.__slots__})


@dataclass(frozen=True, slots=True)
class Reports:
    """What names a source: German words, English ones, English that names one for sure, all German that may."""

    german: WordPattern
    english: WordPattern
    named: WordPattern
    any_german: WordPattern


@cache
def reports() -> Reports:
    """Return the words by which a sentence names its source."""
    table = _tables()["reports"]
    return Reports(**{name: _pattern(table[name]) for name in Reports.__slots__})


def find_terms(text: str) -> list[tuple[str, str]]:
    """Return the German abbreviations in `text` that English writes otherwise, each with its English."""
    return [(german, english) for german, pattern, english in _terms() if german in text and pattern.search(text)]


def put_terms_right(english: str) -> str:
    """Return `english` with German abbreviations in their English form."""
    for german, pattern, term in _terms():
        if german in english:
            english = pattern.sub(term, english)
    return english


@cache
def _terms() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    table: dict[str, str] = _tables()["terms"]
    return tuple(
        (german, re.compile(rf"(?<![\w]){re.escape(german)}(?!\w)"), english) for german, english in table.items()
    )


@cache
def english_names() -> dict[str, tuple[str, ...]]:
    """Return what English calls a place or an organisation, by its German name: any of the names will do."""
    tables = _tables()
    short = {german: (english,) for german, english in tables["terms"].items() if german.isupper()}
    return short | {german: tuple(names) for german, names in tables["names"].items()}


def words(text: str) -> list[str]:
    """Return the words of `text`, letters only, as written."""
    return _WORD.findall(text)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def _pattern(entries: list[str]) -> WordPattern:
    alternatives = "|".join(re.escape(entry).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for entry in entries)
    beginnings = {re.split(r"[*\s]", entry.lower())[0] for entry in entries}
    shortest = (b for b in beginnings if not any(b != other and b.startswith(other) for other in beginnings))
    return WordPattern(tuple(sorted(shortest)), re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE))
