"""Numbers that a text states without stating a figure: "beide", "both", "Quartal", "Zweikampf", "2018".

Used by the comparison, after the figures themselves are aligned. A translation may turn such a word into a figure
("beide Kinder" → "the two children") or a figure into such a word ("zwei Kinder" → "both children"); neither is
an error, and without the words it would look like one. What a language knows of this stands in
`unread.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from importlib.resources import files

from depesche.figure import Figure

_DIGITS = re.compile(r"\d+(?:[.,:/\s'’]\d+)*")


@cache
def _words(language: str) -> tuple[tuple[re.Pattern[str], frozenset[Fraction]], ...]:
    table = tomllib.loads(files(__package__).joinpath("unread.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            re.compile(rf"\b(?:{entry['words']})\b", re.IGNORECASE),
            frozenset(Fraction(number) for number in entry["numbers"]),
        )
        for entry in table.get(language, ())
    )


def unread_numbers(text: str, figures: Iterable[Figure], language: str) -> frozenset[Fraction]:
    """Return the numbers that `text` states outside `figures`, whose spans refer to `text`.

    A language without a table gives its digits only.
    """
    remainder = list(text)
    for figure in figures:
        remainder[figure.span.start : figure.span.end] = "|" * len(figure.span)
    rest = "".join(remainder)
    numbers: set[Fraction] = set()
    for pattern, stated in _words(language):
        if pattern.search(rest):
            numbers |= stated
    for group in _DIGITS.finditer(rest):
        numbers |= _readings(group.group())
    return frozenset(numbers)


def _readings(digits: str) -> set[Fraction]:
    """Return every number that a digit group may be read as: "18.30" is 18, 30, 18.3 and 1830."""
    parts = re.split(r"\D", digits)
    readings = {Fraction(int(part)) for part in parts} | {Fraction(int("".join(parts)))}
    if len(parts) == 2:
        readings.add(Fraction(f"{parts[0]}.{parts[1]}"))
    return readings
