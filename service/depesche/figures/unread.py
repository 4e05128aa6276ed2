"""Numbers that a text states without stating a figure: "beide", "both", "Quartal", "Zweikampf", "2018".

Used by the comparison, after the figures themselves are aligned. A translation may turn such a word into a figure
("beide Kinder" → "the two children") or a figure into such a word ("zwei Kinder" → "both children"); neither is
an error, and without the words it would look like one. What a language knows of this stands in `unread.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from depesche.figure import Figure, Kind
from depesche.figures.convert import Amount, numbers_of, unit_of

_DIGITS = re.compile(r"\d+(?:[.,:/\s'’]\d+)*")

_COUNTS = frozenset({Kind.COUNT, Kind.MULTIPLE, Kind.SCORE, Kind.AGE})
_SHARES = frozenset({Kind.FRACTION})
_ORDINALS = frozenset({Kind.ORDINAL})
_DURATIONS = frozenset({Kind.QUANTITY, Kind.AGE})

Stated = tuple[frozenset[Kind], Amount]
"""A number that words state, and the kinds of figure that it may be said as."""


@cache
def _words(language: str) -> tuple[tuple[re.Pattern[str], frozenset[Stated]], ...]:
    table = tomllib.loads(files(__package__).joinpath("unread.toml").read_text(encoding="utf-8"))
    return tuple(
        (re.compile(rf"\b(?:{entry['words']})\b", re.IGNORECASE), frozenset(_stated(entry)))
        for entry in table.get(language, ())
    )


def _stated(entry: dict[str, list[int | str]]) -> Iterable[Stated]:
    for sort, kinds in (("counts", _COUNTS), ("ordinals", _ORDINALS), ("shares", _SHARES)):
        for number in entry.get(sort, ()):
            yield kinds, Amount("", (Fraction(number),))
    for duration in entry.get("durations", ()):
        number, _, symbol = str(duration).partition(" ")
        dimension, factor = unit_of(symbol)
        yield _DURATIONS, Amount(dimension, (Fraction(Decimal(number)) * factor,))


def unread_numbers(text: str, figures: Iterable[Figure], language: str) -> frozenset[Stated]:
    """Return the numbers that `text` states outside `figures`, whose spans refer to `text`.

    A language without a table gives its digits only.
    """
    remainder = list(text)
    for figure in figures:
        remainder[figure.span.start : figure.span.end] = "|" * len(figure.span)
    rest = "".join(remainder)
    stated: set[Stated] = set()
    for pattern, numbers in _words(language):
        if pattern.search(rest):
            stated |= numbers
    for group in _DIGITS.finditer(rest):
        stated |= {(_COUNTS | _ORDINALS, Amount("", (number,))) for number in _readings(group.group())}
    return frozenset(stated)


def _readings(digits: str) -> set[Fraction]:
    """Return every number that a digit group may be read as: "18.30" is 18, 30, 18.3 and 1830."""
    parts = re.split(r"\D", digits)
    readings = {Fraction(int(part)) for part in parts} | {Fraction(int("".join(parts)))}
    if len(parts) == 2:
        readings.add(Fraction(f"{parts[0]}.{parts[1]}"))
    return readings


def is_stated(figure: Figure, amount: Amount, stated: frozenset[Stated]) -> bool:
    """Say whether words state every number of `figure`, whose amount is given, as something of its kind."""
    numbers = numbers_of(figure)
    said = [known for kinds, known in stated if figure.kind in kinds]
    if figure.kind is Kind.QUANTITY or (figure.kind is Kind.AGE and amount in said):
        return amount in said
    return bool(numbers) and all(Amount("", (number,)) in said for number in numbers)


def is_period_stated(rate: Figure, stated: frozenset[Stated]) -> bool:
    """Say whether words state the period of a rate: "jährlich" for `students/a`."""
    dimension, factor = unit_of((rate.unit or "").partition("/")[2])
    return any(known == Amount(dimension, (factor,)) for _, known in stated)
