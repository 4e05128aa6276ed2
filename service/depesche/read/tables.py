"""What reading knows of a language: abbreviations, ordinals, words that begin sentences; data, not code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LANGUAGES = Path(__file__).parent / "languages"
TABLES = tuple(sorted(path.stem for path in _LANGUAGES.glob("*.toml")))
"""ISO 639-1 codes of the languages that have a table."""


@dataclass(frozen=True, slots=True)
class LanguageTable:
    """One table (`languages/*.toml`); what each list means is said there."""

    never_end: frozenset[str]
    may_end: frozenset[str]
    marked_names: tuple[str, ...]
    starters: frozenset[str]
    ordinal_determiners: frozenset[str]
    ordinal_nouns: tuple[str, ...]

    @property
    def has_ordinals(self) -> bool:
        """Say whether a number and a full stop may be an ordinal ("3. Stock")."""
        return bool(self.ordinal_determiners)


@cache
def language_table(code: str) -> LanguageTable:
    """Return the table of `code`; a language without one is read by German's, the most cautious."""
    path = _LANGUAGES / f"{code}.toml"
    table = tomllib.loads((path if path.is_file() else _LANGUAGES / "de.toml").read_text(encoding="utf-8"))
    return LanguageTable(
        never_end=frozenset(table["never_end"]),
        may_end=frozenset(table["may_end"]),
        marked_names=tuple(table["marked_names"]),
        starters=frozenset(table["starters"]),
        ordinal_determiners=frozenset(table["ordinal_determiners"]),
        ordinal_nouns=tuple(table["ordinal_nouns"]),
    )
