"""Numbers that a text states without stating a figure: "beide", "both", "Quartal", "Zweikampf", "2018".

Used by the comparison, after the figures themselves are aligned. A translation may turn such a word into a figure
("beide Kinder" → "the two children") or a figure into such a word ("zwei Kinder" → "both children"); neither is
an error, and without the words it would look like one. What a language knows of this stands in `unread.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files

from depesche.figure import Figure, Kind
from depesche.figures.convert import Amount, numbers_of, unit_of
from depesche.kept import kept

_DIGITS = re.compile(r"\d+(?:[.,:/\s'’]\d+)*")

_COUNTS = frozenset({Kind.COUNT, Kind.MULTIPLE, Kind.SCORE, Kind.AGE})
_SHARES = frozenset({Kind.FRACTION})
_ORDINALS = frozenset({Kind.ORDINAL})
_QUALITIES = frozenset({Kind.QUALITATIVE})
_QUANTITIES = frozenset({Kind.QUANTITY, Kind.AGE})

Stated = tuple[frozenset[Kind], Amount]
"""A number that words state, and the kinds of figure that it may be said as."""


_WORD = re.compile(r"\w+")
_MOST_WORDS = 65_536


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the table: `words` matches a whole word."""

    words: re.Pattern[str]
    phrases: re.Pattern[str] | None
    numbers: frozenset[Stated]


@cache
def _entries(language: str) -> tuple[_Entry, ...]:
    table = tomllib.loads(files(__package__).joinpath("unread.toml").read_text(encoding="utf-8"))
    return tuple(
        _Entry(
            re.compile(entry["words"], re.IGNORECASE),
            re.compile(rf"\b(?:{entry['phrases']})\b", re.IGNORECASE) if "phrases" in entry else None,
            frozenset(_stated(entry)),
        )
        for entry in table.get(language, ())
    )


@cache
def _any_phrase(language: str) -> re.Pattern[str]:
    """Return the pattern of all phrases together: few texts have one."""
    phrases = [entry.phrases.pattern for entry in _entries(language) if entry.phrases]
    return re.compile("|".join(phrases) or r"(?!)", re.IGNORECASE)


@lru_cache(maxsize=_MOST_WORDS)
def _stated_by_word(word: str, language: str) -> tuple[Stated, ...]:
    """Return the numbers that a single word states; most words state none, and a text has the same ones as others."""
    return tuple(number for entry in _entries(language) if entry.words.fullmatch(word) for number in entry.numbers)


def _stated(entry: dict[str, list[int | str]]) -> Iterable[Stated]:
    for sort, kinds in (("counts", _COUNTS), ("ordinals", _ORDINALS), ("shares", _SHARES)):
        for number in entry.get(sort, ()):
            yield kinds, Amount("", (Fraction(number),))
    for quality in entry.get("qualities", ()):
        yield _QUALITIES, Amount(str(quality), ())
    for quantity in entry.get("quantities", ()):
        number, _, symbol = str(quantity).partition(" ")
        dimension, factor = unit_of(symbol)
        yield _QUANTITIES, Amount(dimension, (Fraction(Decimal(number)) * factor,))


def unread_numbers(text: str, figures: Iterable[Figure], language: str) -> Counter[Stated]:
    """Return the numbers that `text` states outside `figures`, and how often; spans refer to `text`.

    A language without a table gives its digits only.
    """
    remainder = list(text)
    for figure in figures:
        remainder[figure.span.start : figure.span.end] = "|" * len(figure.span)
    return Counter(dict(_stated_by("".join(remainder), language)))


@kept
def _stated_by(rest: str, language: str) -> tuple[tuple[Stated, int], ...]:
    """Return what `unread_numbers` does for a text without its figures."""
    stated: Counter[Stated] = Counter()
    for entry in _entries(language) if _any_phrase(language).search(rest) else ():
        if entry.phrases and (found := entry.phrases.findall(rest)):
            stated.update([*entry.numbers] * len(found))
            rest = entry.phrases.sub("|", rest)
    for word in _WORD.findall(rest):
        if numbers := _stated_by_word(word, language):
            stated.update(numbers)
    for group in _DIGITS.finditer(rest):
        stated.update((_COUNTS | _ORDINALS, Amount("", (number,))) for number in _readings(group.group()))
    return tuple(stated.items())


def _readings(digits: str) -> set[Fraction]:
    """Return every number that a digit group may be read as: "18.30" is 18, 30, 18.3 and 1830."""
    parts = re.split(r"\D", digits)
    readings = {Fraction(int(part)) for part in parts} | {Fraction(int("".join(parts)))}
    if len(parts) == 2:
        readings.add(Fraction(f"{parts[0]}.{parts[1]}"))
    return readings


def use_stated(figure: Figure, amount: Amount, stated: Counter[Stated]) -> bool:
    """Say whether words state every number of `figure`, whose amount is given, and take them out of `stated`."""
    used: list[Stated] = []
    kinds = {figure.kind}
    if figure.kind is Kind.COUNT and figure.unit is None:
        kinds.add(Kind.ORDINAL)  # "er auf zwei" → "he in second"
    for wanted in _wanted(figure, amount):
        found = next((key for key in stated if key[1] == wanted and kinds & key[0]), None)
        if found is None:
            return False
        used.append(found)
    for key in used:
        stated[key] -= 1
        if stated[key] <= 0:
            del stated[key]
    return bool(used)


def _wanted(figure: Figure, amount: Amount) -> list[Amount]:
    """Return what words must state together to state a figure."""
    if figure.kind is Kind.QUANTITY:
        return [amount]
    if figure.kind is Kind.QUALITATIVE:
        return [Amount(figure.quality or "", ())]
    return [Amount("", (number,)) for number in numbers_of(figure)]


def is_period_stated(rate: Figure, stated: Counter[Stated]) -> bool:
    """Say whether words state the period of a rate: "jährlich" for `students/a`."""
    dimension, factor = unit_of((rate.unit or "").partition("/")[2])
    return any(known == Amount(dimension, (factor,)) for _, known in stated)
