"""Read amounts that are put together: "2 hours and 47 minutes", "a quarter of an hour", "Tempo 130"; for the reader."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import Measured, read_rate, read_unit
from depesche.figures.numerals import Numeral, read_numeral
from depesche.figures.tokens import Shape

_SIXTY = Decimal(60)
_SMALLER = {"h": "min", "min": "s"}
_SLOWEST_SLANG = 30
"""From here on "Sachen" are km/h; fewer may be things."""
_PARTS = frozenset({Kind.QUANTITY, Kind.PERCENTAGE_POINTS})


def speed_at(scan: Scan, at: int, numeral: Numeral) -> Measured | None:
    """Return the speed that the number at a token is in "Tempo 130" and "mit 95 Sachen", or None."""
    speed = Measured(Kind.RATE, "km/h", numeral.end)
    if not numeral.digits:
        return None
    if at and scan.in_set(at - 1, "speeds.before"):
        return speed
    if numeral.value < _SLOWEST_SLANG or not scan.in_set(numeral.end, "speeds.after"):
        return None
    modifier = scan.language.modifiers.match_before(scan.tokens, at)
    start = modifier[1] if modifier else at
    return replace(speed, end=numeral.end + 1) if start and scan.in_set(start - 1, "speeds.with") else None


def with_smaller_times(scan: Scan, amount: Amount) -> Amount:
    """Read "2 hours and 47 minutes" as one duration, in hours as "2:47 Stunden" is."""
    unit, part = amount.unit or "", Decimal(1)
    if amount.value is None or amount.value != amount.value.to_integral_value():
        return amount
    while amount.kind is Kind.QUANTITY and unit in _SMALLER and amount.value is not None and amount.factor == 1:
        joined = scan.in_set(amount.last, "ranges.and") or (unit == "h" and scan.at(amount.last).text == ",")
        at = amount.last + 1 if joined else amount.last
        if scan.at(at).shape not in (Shape.NUMBER, Shape.WORD):
            break
        more = read_numeral(scan, at)
        found = read_unit(scan, more.end) if more is not None else None
        if more is None or found is None or more.article or more.magnitude != 1 or not 0 < more.value < _SIXTY:
            break
        if found[0].symbol != _SMALLER[unit] or found[0].factor != 1:
            break
        unit, part = found[0].symbol, part * _SIXTY
        amount = replace(amount, value=amount.value + more.value / part, last=found[1])
    if part == 1:
        return amount
    rated = read_rate(scan, Measured(amount.kind, amount.unit, amount.last))
    return replace(amount, kind=rated.kind, unit=rated.unit, last=rated.end)


def fraction_of_unit(scan: Scan, amount: Amount) -> Amount | None:
    """Read "a quarter of an hour", "ein viertel Prozentpunkt" and "sieben Zehntel einer Sekunde" as so much of it.

    What is of a unit in German may stand right behind the fraction; in English only a percentage point does.
    """
    at = amount.last + 1 if scan.in_set(amount.last, "fraction_words.of_unit") else amount.last
    with_article = scan.in_set(at, "numbers.articles")
    unit = read_unit(scan, at + 1 if with_article else at)
    if unit is None or unit[0].kind not in _PARTS or amount.value is None:
        return None
    direct = not with_article and at == amount.last
    english = not scan.language.nouns_are_capitalised and unit[0].kind is not Kind.PERCENTAGE_POINTS
    if not with_article and (not direct or english):
        return None
    value = amount.value * unit[0].factor
    return replace(amount, last=unit[1], kind=unit[0].kind, unit=unit[0].symbol, value=value)
