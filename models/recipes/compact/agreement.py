"""Do the figures of a German and an English sentence agree? The filter that keeps wrong figures out of training.

Two looks. `compare_figures`, the program's own comparison, judges amounts. Dates, times and numbers of houses are no
figures to it, so that whatever is written in digits is compared once more as digits: `1.234,5` and `1,234.5` are both
`12345`. It is meant to be strict, for a good pair lost costs little and a wrong figure learnt costs trust.
"""

from __future__ import annotations

import re

from depesche.figure import Kind
from depesche.figures import Match, Outcome, compare_figures, find_figures

_NUMBER = re.compile(r"\d+(?:[.,:’' ]\d+)*")
_SMALL_GERMAN = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
]
_SMALL_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ORDINAL_ENGLISH = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_MONTH = re.compile(r"\b(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)", re.IGNORECASE)
_STRICT_UNITS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.TEMPERATURE})


def digits(text: str) -> set[str]:
    """Return the numbers written in digits, without separators and without zeros that say nothing."""
    found = (re.sub(r"\D", "", number) for number in _NUMBER.findall(text))
    return {number.strip("0") or "0" for number in found}


def _said_in_words(number: str, words: str) -> bool:
    if len(number) > 2 or int(number) > 12:
        return False
    small = int(number)
    names = (_SMALL_GERMAN[small], _SMALL_ENGLISH[small], _ORDINAL_ENGLISH[small])
    return any(name in words for name in names)


def _unmatched(numbers: set[str], others: set[str], other_text: str) -> bool:
    words = other_text.lower()
    for number in numbers - others:
        value = int(number)
        clock = {str(value + 12), str(value - 12)} if value <= 24 else set()
        month = value <= 12 and _MONTH.search(other_text) is not None
        if not (_said_in_words(number, words) or clock & others or month):
            return True
    return False


def _serious(match: Match) -> bool:
    """Say whether a problem is one of amount: other counted nouns ("Kunden", "people") are free translation."""
    if match.outcome is not Outcome.UNIT_CHANGED:
        return True
    return match.source is not None and match.source.kind in _STRICT_UNITS


def figures_disagree(german: str, english: str) -> bool:
    """Say whether the sides state different figures, or one has a number in digits that the other doesn't have."""
    left, right = digits(german), digits(english)
    if _unmatched(left, right, english) or _unmatched(right, left, german):
        return True
    comparison = compare_figures(
        find_figures(german, "de"), find_figures(english, "en"), source_text=german, target_text=english
    )
    return any(_serious(match) for match in comparison.problems)
