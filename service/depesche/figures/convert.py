"""Exact conversion of units, so that comparison can tell a rewritten figure from a changed one.

The first step of comparing: every figure becomes an `Amount`, exact numbers in the base unit of their dimension.
The factors stand in `units.toml` and are definitions, so arithmetic with `Fraction` loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from depesche.figure import Figure, Kind
from depesche.figures.units import measures
from depesche.kept import remembered

_CURRENCY = re.compile(r"[A-Z]{3}")
REPEATING_DIGITS = 20
"""From this many fractional digits on, a decimal is taken for a third or seventh written out, and undone."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a figure says, whatever its writing: `ends` in the base unit of `dimension`, one or (a range) two."""

    dimension: str
    ends: tuple[Fraction, ...]

    def __hash__(self) -> int:
        """Return the hash of the numbers' parts, which is many times cheaper than that of a fraction."""
        return hash((self.dimension, *((end.numerator, end.denominator) for end in self.ends)))


@lru_cache(maxsize=4096)
def exact(value: Decimal) -> Fraction:
    """Return the number that `value` stands for; a written-out 0.333… is the third that it was."""
    return _exact(str(value))


@lru_cache(maxsize=4_096)
def _exact(digits: str) -> Fraction:
    """Return the number by its digits: equal decimals of different length may stand for different ones."""
    value = Decimal(digits)
    _, _, exponent = value.as_tuple()
    fraction = Fraction(value)
    if isinstance(exponent, int) and exponent <= -REPEATING_DIGITS:
        return fraction.limit_denominator(10_000)
    return fraction


@lru_cache(maxsize=4_096)
def unit_of(symbol: str) -> tuple[str, Fraction]:
    """Return dimension and factor of a unit symbol; `a/b` is a rate, and a leading number scales (`100km`).

    A symbol that the table lacks is a dimension of its own. In a rate such a word is one language's name for what is
    counted ("500 Autos pro Tag"), the dimension `count`, or for what it is counted by ("pro Kopf"), `each`.
    """
    if "/" in symbol:
        above, below = symbol.split("/", 1)
        dimension_above, factor_above = unit_of(above)
        if dimension_above == above and above not in measures() and not _CURRENCY.fullmatch(above):
            dimension_above = "count"
        dimension_below, factor_below = unit_of(below)
        if dimension_below == below and below not in measures():
            dimension_below = "each"
        return f"{dimension_above}/{dimension_below}", factor_above / factor_below
    digits = len(symbol) - len(symbol.lstrip("0123456789"))
    if digits and symbol[digits:]:
        dimension, factor = unit_of(symbol[digits:])
        return dimension, factor * int(symbol[:digits])
    if measure := measures().get(symbol):
        dimension = unit_of(measure.base)[0] if "/" in measure.base else measure.base
        return dimension, exact(measure.factor)
    return symbol, Fraction(1)


def numbers_of(figure: Figure) -> tuple[Fraction, ...]:
    """Return the numbers as written: the value, both ends of a range, or both sides of a score."""
    return _numbers(figure.kind, figure.value, figure.low, figure.high, figure.quality)


@remembered
def _numbers(
    kind: Kind, value: Decimal | None, low: Decimal | None, high: Decimal | None, quality: str | None
) -> tuple[Fraction, ...]:
    if kind is Kind.SCORE and quality:
        return tuple(Fraction(side) for side in quality.split(":")[1:])
    return tuple(sorted(exact(number) for number in (value, low, high) if number is not None))


def amount_of(figure: Figure) -> Amount:
    """Return what a numeric figure says in base units. Percent, fraction and multiple share `ratio`."""
    return _amount(figure.kind, figure.unit, figure.value, figure.low, figure.high, figure.quality)


@remembered
def _amount(
    kind: Kind,
    unit: str | None,
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    quality: str | None,
) -> Amount:
    numbers = _numbers(kind, value, low, high, quality)
    match kind:
        case Kind.MONEY:
            return Amount(f"money {unit}", numbers)
        case Kind.PERCENT:
            return Amount("ratio", tuple(number / 100 for number in numbers))
        case Kind.QUANTITY if unit == "[ppth]":
            return Amount("ratio", tuple(number / 1000 for number in numbers))
        case Kind.FRACTION | Kind.MULTIPLE:
            return Amount("ratio", numbers)
        case Kind.PERCENTAGE_POINTS:
            divisor = 100 if unit == "bp" else 1
            return Amount("points", tuple(number / divisor for number in numbers))
        case Kind.TEMPERATURE if unit == "[degF]":
            return Amount("temperature", tuple((number - 32) * Fraction(5, 9) for number in numbers))
        case Kind.TEMPERATURE:
            return Amount("temperature", numbers)
        case Kind.QUANTITY | Kind.RATE | Kind.AGE:
            dimension, factor = unit_of(unit or ("a" if kind is Kind.AGE else ""))
            return Amount(dimension, tuple(number * factor for number in numbers))
        case _:
            return Amount(kind.value, numbers)


_SCALE = re.compile(r"c(?:elsius)?\b", re.IGNORECASE)
_LARGEST_ERROR = Fraction(2, 100)
_IMPERIAL_GALLON = Fraction("1.20095")
"""US gallons in a British one; English news says "gallons" for either."""


def is_converted(source: Figure, target: Figure) -> bool:
    """Say whether the target states the source in a unit of another system, right to the last digit that it gives.

    "550 Meter" is 1,804.5 feet and may be "1,800 feet". Such factors are no whole numbers, so that exact digits would
    say more than the source does; from hours to minutes or hectares to square kilometres nothing may be rounded.
    The target has at least as many significant digits as the source and is off by 2 % at most.
    """
    said, found = _decimals(source), _decimals(target)
    if len(said) != len(found) or not (factor := _between_systems(source, target)):
        return False
    offset = 32 if source.kind is Kind.TEMPERATURE else 0
    factors = [factor, factor / _IMPERIAL_GALLON] if target.unit == "gal" else [factor]
    pairs = list(zip(said, found, strict=True))
    return any(all(_is_right(old, exact(old) * by + offset, new) for old, new in pairs) for by in factors)


def _decimals(figure: Figure) -> list[Decimal]:
    return [number for number in (figure.value, figure.low, figure.high) if number is not None]


def _between_systems(source: Figure, target: Figure) -> Fraction | None:
    """Return by what the source's number is multiplied, or None where the units are of one system or differ in kind."""
    if source.kind is not target.kind:
        return None
    if source.kind is Kind.TEMPERATURE:
        # English news says "80 degrees" and leaves out the scale.
        unscaled = target.unit == "Cel" and not _SCALE.search(target.text)
        return Fraction(9, 5) if source.unit == "Cel" and (unscaled or target.unit == "[degF]") else None
    if source.kind not in (Kind.QUANTITY, Kind.RATE) or not source.unit or not target.unit:
        return None
    (dimension, factor), (other, other_factor) = unit_of(source.unit), unit_of(target.unit)
    ratio = factor / other_factor
    return ratio if dimension == other and 1 not in (ratio.numerator, ratio.denominator) else None


def _is_right(source: Decimal, converted: Fraction, stated: Decimal) -> bool:
    digits, step = _significant(stated)
    error = abs(converted - exact(stated))
    enough = digits >= _significant(source)[0]
    return enough and error <= step / 2 and error <= _LARGEST_ERROR * abs(converted)


def _significant(number: Decimal) -> tuple[int, Fraction]:
    """Return how many significant digits a number has, and what its last one is worth."""
    _, digits, exponent = number.normalize().as_tuple()
    return len(digits), Fraction(10) ** int(exponent)
