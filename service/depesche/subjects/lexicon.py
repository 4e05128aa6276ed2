"""What finding subjects knows of a language (`languages/*.toml`): closed word classes, verb forms, nouns of measure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_LANGUAGES = Path(__file__).parent / "languages"
_CLOSED = ("adverbs", "determiners", "prepositions", "pronouns", "conjunctions", "verbs.auxiliary")
_WEAK_ENDINGS = ("t", "te", "ten", "et", "ete", "eten", "en", "e", "n")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's table, ready to ask."""

    groups: dict[str, frozenset[str]]
    closed: frozenset[str]
    """The words of the closed classes and the auxiliary verbs."""
    verbs: frozenset[str]
    foreign: tuple[str, ...]
    measure: re.Pattern[str]
    open_measure: re.Pattern[str]
    period: re.Pattern[str]
    english: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    """English words for a German noun, by the ending of the noun; the longest ending first."""
    english_times: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    def has(self, group: str, word: str) -> bool:
        """Say whether `word`, in lower case, is in the list called `group` ("prepositions.all")."""
        return word.lower() in self.groups[group]

    def is_verb(self, word: str) -> bool:
        """Say whether `word` can be the finite verb of a clause."""
        return word in self.verbs or (len(word) > 5 and word.endswith(self.foreign))

    def is_measure(self, noun: str) -> bool:
        """Say whether `noun` names something that is measured ("Jahresumsatz")."""
        return bool(self.measure.search(noun.lower()))

    def is_open(self, noun: str) -> bool:
        """Say whether `noun` is a measure that wants to know of what ("Zahl")."""
        return bool(self.open_measure.search(noun.lower()))


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the table of `language`, None where there is none."""
    path = _LANGUAGES / f"{language}.toml"
    return _compile(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else None


def _compile(table: dict[str, Any]) -> Lexicon:
    groups = {
        f"{section}.{name}": frozenset(entries.lower().split())
        for section in ("adverbs", "determiners", "prepositions", "pronouns", "conjunctions", "verbs", "places")
        for name, entries in table[section].items()
    }
    groups["times.nouns"] = frozenset(table["times"]["nouns"].lower().split())
    groups["times.comparing"] = frozenset(table["times"]["comparing"].split())
    groups["measures.levels"] = frozenset(table["measures"]["levels"].lower().split())
    groups["measures.extending"] = frozenset(table["measures"]["extending"].split())
    measures = table["measures"]
    inflections = measures["inflections"].split()
    return Lexicon(
        groups=groups,
        closed=frozenset().union(*(words for name, words in groups.items() if name.startswith(_CLOSED))),
        verbs=groups["verbs.auxiliary"] | groups["verbs.strong"] | _weak_forms(groups["verbs.weak"]),
        foreign=tuple(table["verbs"]["foreign"].split()),
        measure=_measure(measures, inflections),
        open_measure=re.compile(rf"^(?:{_alternatives(measures['open'])})(?:{'|'.join(inflections)})?$"),
        period=_period(table["times"]),
        english=tuple(
            (re.compile(rf"{stem}(?:{'|'.join(inflections)})?$"), tuple(words.split(", ")))
            for stem, words in sorted(table["english"].items(), key=lambda entry: -len(entry[0]))
        ),
        english_times=tuple(
            (re.compile(german), re.compile(rf"\b(?:{english})\b"))
            for german, english in table["english_times"].items()
        ),
    )


def _weak_forms(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(stem + ending for stem in stems for ending in _WEAK_ENDINGS)


def _measure(measures: dict[str, str], inflections: list[str]) -> re.Pattern[str]:
    short = set(measures["whole"].split())
    endings = "|".join(re.escape(e) for e in measures["endings"].split() if e not in short)
    return re.compile(
        rf"(?:(?:{endings})|(?:^|-|(?:{_alternatives(measures['behind'])})s?)(?:{_alternatives(measures['whole'])}))"
        rf"(?:{'|'.join(inflections)})?$"
    )


def _period(times: dict[str, Any]) -> re.Pattern[str]:
    fill = {
        "{month}": "|".join(times["months"].split()),
        "{adjective}": "|".join(times["adjectives"].split()),
        "{year}": times["year"],
    }
    patterns = [*times["patterns"], times["bare"]]
    for key, value in fill.items():
        patterns = [pattern.replace(key, value) for pattern in patterns]
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?<![\w.,-])(?:{joined})(?![\w-])", re.IGNORECASE)


def _alternatives(entries: str) -> str:
    return "|".join(map(re.escape, entries.split()))
