"""Numbers as they are written, in digits or in words; the smallest piece of a figure, below units and nouns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import product

_BLANKS = "\u0020\u00a0\u2007\u2008\u2009\u202f"
_APOSTROPHES = "'’"
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’\u0020\u00a0\u2007\u2008\u2009\u202f])\d{3})(?:\1\d{3})*\Z")
_NEUTRAL_SEPARATORS = str.maketrans("", "", _BLANKS + _APOSTROPHES)

_MOST_FOREIGN_DECIMALS = 3
_LARGEST_VULGAR_DENOMINATOR = 10

LONGEST_NUMBER = 40
"""Digit strings with more characters are no amounts (account numbers, hashes, noise)."""

LONGEST_WORD = 120
"""Words with more characters are not taken apart."""

MOST_KNOWN_WORDS = 50_000
"""Words whose reading is remembered; a process that reads forever must not grow forever."""


@dataclass(frozen=True, slots=True)
class NumberSymbols:
    """The decimal and grouping sign of a language, from CLDR."""

    decimal: str
    group: str


def parse_digits(text: str, symbols: NumberSymbols) -> Decimal | None:
    """Return the value of digits with separators, or None where they are no number ("1.2.3").

    All the blanks and the Swiss apostrophe group in every language. Full stop and comma are read as the
    language has them; where that is impossible ("1.5" in German, "1,000,000" in German) and only one other
    reading exists, it is that one.
    """
    if len(text) > LONGEST_NUMBER:
        return None
    plain = _without_neutral_grouping(text)
    if plain is None:
        return None
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        return _both_separators(plain)
    if not points and not commas:
        return Decimal(plain)
    sign = "." if points else ","
    is_grouped = _GROUPED.fullmatch(plain) is not None
    if points + commas > 1:
        return Decimal(plain.replace(sign, "")) if is_grouped else None
    if sign != symbols.decimal and is_grouped and not plain.startswith("0"):
        return Decimal(plain.replace(sign, ""))
    if sign != symbols.decimal and len(plain.partition(sign)[2]) > _MOST_FOREIGN_DECIMALS:
        return None
    return Decimal(plain.replace(sign, "."))


def _without_neutral_grouping(text: str) -> str | None:
    for sign in _BLANKS + _APOSTROPHES:
        if sign in text:
            whole = re.split(r"[.,]", text, maxsplit=1)[0]
            if not _GROUPED.fullmatch(whole):
                return None
            return text.translate(_NEUTRAL_SEPARATORS)
    return text


def _both_separators(text: str) -> Decimal | None:
    decimal = "." if text.rindex(".") > text.rindex(",") else ","
    group = "," if decimal == "." else "."
    whole, _, fraction = text.rpartition(decimal)
    if decimal in whole or group in fraction or not _GROUPED.fullmatch(whole):
        return None
    return Decimal(f"{whole.replace(group, '')}.{fraction}")


def vulgar_fraction(character: str) -> Decimal | None:
    """Return the value of "½" and its like, or None for any other character."""
    try:
        part = Fraction(unicodedata.numeric(character)).limit_denominator(_LARGEST_VULGAR_DENOMINATOR)
    except ValueError:
        return None
    return Decimal(part.numerator) / part.denominator


@dataclass(frozen=True, slots=True)
class NumberWords:
    """What a language's number words are worth, and how they are put together in one word.

    `below_hundred` has every word up to 99 and the special ones ("anderthalb"); `hundred` and `thousand` are
    the multipliers. In a language that glues, "zweitausenddreihundertelf" is one word and taken apart here;
    words that are written apart are put together by the grammar.
    """

    below_hundred: Mapping[str, Decimal]
    hundreds: frozenset[str]
    thousands: frozenset[str]
    glue: tuple[str, ...]
    glued: bool
    endings: Mapping[str, Decimal]
    _seen: dict[str, Decimal | None] = field(default_factory=dict, compare=False)

    def value(self, word: str) -> Decimal | None:
        """Return what a case-folded word is worth, or None where it is no number word."""
        if word in self._seen:
            return self._seen[word]
        if len(self._seen) > MOST_KNOWN_WORDS:
            self._seen.clear()
        value = self._seen[word] = self._parse(word)
        return value

    def _parse(self, word: str) -> Decimal | None:
        if word in self.below_hundred:
            return self.below_hundred[word]
        if len(word) > LONGEST_WORD:
            return None
        for ending, part in self.endings.items():
            if word.endswith(ending) and (whole := self._glued_value(word[: -len(ending)])) is not None:
                return whole + part
        return self._glued_value(word)

    def _glued_value(self, word: str) -> Decimal | None:
        if not self.glued:
            return self.below_hundred.get(word)
        for thousand in self.thousands:
            left, sign, right = word.partition(thousand)
            if sign:
                factor, rest = self._below_thousand(left, default=1), self._below_thousand(right, default=0)
                return None if factor is None or rest is None else factor * 1000 + rest
        return self._below_thousand(word)

    def _below_thousand(self, word: str, default: int | None = None) -> Decimal | None:
        word = self._without_glue(word)
        if not word:
            return None if default is None else Decimal(default)
        for hundred in self.hundreds:
            left, sign, right = word.partition(hundred)
            if sign:
                factor = self.below_hundred.get(left) if left else Decimal(1)
                right = self._without_glue(right)
                rest = self.below_hundred.get(right) if right else Decimal(0)
                return None if factor is None or rest is None else factor * 100 + rest
        return self.below_hundred.get(word)

    def _without_glue(self, word: str) -> str:
        for glue in self.glue:
            word = word.removeprefix(glue)
        return word


def words_below_hundred(
    zero: Iterable[str],
    units: Sequence[str],
    teens: Sequence[str],
    tens: Sequence[str],
    pairs: Iterable[str],
) -> dict[str, Decimal]:
    """Return every number word from 0 to 99, built by the patterns in `pairs` ("{unit}und{ten}")."""
    words = {word: Decimal(0) for word in zero}
    words |= {word: Decimal(index) for index, word in enumerate(units, start=1)}
    words |= {word: Decimal(index) for index, word in enumerate(teens, start=10)}
    words |= {word: Decimal(index * 10) for index, word in enumerate(tens, start=2)}
    for pattern, (ten_index, ten), (unit_index, unit) in product(
        pairs, enumerate(tens, start=2), enumerate(units, start=1)
    ):
        words[pattern.format(unit=unit, ten=ten)] = Decimal(ten_index * 10 + unit_index)
    return words
