"""Read shares of a whole ("jeder Vierte", "one in four", "Hälfte") and of a unit ("a quarter of an hour")."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import TIMES, read_measured, read_unit
from depesche.figures.numerals import read_numeral
from depesche.figures.special import ordinal_value

_LARGEST_WHOLE = 20
_LARGEST_RATIO = 999
"""The largest number in "one in 60"; larger ones may be years."""
_PARTS = frozenset({Kind.QUANTITY, Kind.PERCENTAGE_POINTS, Kind.PERCENT, Kind.MONEY})
_ONLY_WITH_ARTICLE = frozenset({Kind.PERCENT, Kind.MONEY})


def read_every(scan: Scan, at: int) -> Amount | None:
    """Read "jeder Vierte", "jedes zehnte", "every second"."""
    if not scan.in_set(at, "fraction_words.every"):
        return None
    if scan.in_set(at + 1, "fraction_words.other") and scan.in_set(at + 2, "fraction_words.other_times"):
        return Amount(at, at + 2, Kind.FRACTION, Decimal("0.5"))
    value, end = ordinal_value(scan, at + 1)
    if value is None or value < 2:
        return None
    return Amount(at, end, Kind.FRACTION, Decimal(1) / value)


def read_part_of(scan: Scan, at: int) -> Amount | None:
    """Read "zwei von drei", "einer von zehn", "one in four", "nine out of ten"."""
    above = read_numeral(scan, at)
    if above is None or above.magnitude != 1:
        return None
    end = above.end
    single = above.value == 1 and not above.article
    if single and scan.in_set(end + 1, "fraction_words.one_in") and scan.is_word(end):
        counted = read_numeral(scan, end + 2)
        if counted is None or not read_measured(scan, counted.end).bare:
            return None
        end += 1  # "one case in six"
    if not scan.in_set(end, "fraction_words.of"):
        return None
    one_in = single and scan.in_set(end, "fraction_words.one_in")
    end += 1
    while scan.in_set(end, "fraction_words.of_more"):
        end += 1
    below = read_numeral(scan, end)
    if below is None or below.magnitude != 1 or below.article:
        return None
    whole = above.value == above.value.to_integral_value() and below.value == below.value.to_integral_value()
    if not whole or not 0 < above.value < below.value or (not one_in and read_unit(scan, below.end) is not None):
        return None  # but "one in four euros"
    if below.value > (_LARGEST_RATIO if one_in else _LARGEST_WHOLE) and below.value not in (100, 1000):
        return None
    return Amount(at, below.end, Kind.FRACTION, above.value / below.value)


def read_fraction_word(scan: Scan, at: int) -> Amount | None:
    """Read fractions that are one word or phrase: "Hälfte", "halbiert", "a third"."""
    found = scan.language.fractions.match(scan.tokens, at)
    numeral = read_numeral(scan, at)
    if numeral is not None and numeral.half:
        return None
    if at and scan.in_set(at - 1, "fraction_words.not_after"):
        return None
    if found is None or not _is_standalone(scan, at, found[1]):
        return None
    part = found[0]
    amount = Amount(at, found[1], Kind.FRACTION, Decimal(part.numerator) / part.denominator)
    return _and_half_of_time(scan, amount) or fraction_of(scan, amount)


def _and_half_of_time(scan: Scan, half: Amount) -> Amount | None:
    """Read "the past year and a half" as one and a half years, where no article makes it "a year and a half"."""
    for words in scan.language.and_half:
        start = half.last - len(words)
        if start > 0 and all(scan.at(start + i).key == word for i, word in enumerate(words)):
            unit = read_unit(scan, start - 1)
            if unit is not None and unit[0].symbol in TIMES and unit[1] == start:
                value = unit[0].factor * Decimal("1.5")
                return Amount(start - 1, half.last, Kind.QUANTITY, value, unit=unit[0].symbol)
    return None


def _is_standalone(scan: Scan, at: int, end: int) -> bool:
    phrase = " ".join(scan.at(index).key for index in range(at, end))
    return phrase in scan.language.sets["fraction_words.standalone"]


def fraction_of(scan: Scan, amount: Amount) -> Amount:
    """Return so much of a unit or of a magnitude, where one follows, else the fraction itself."""
    return fraction_of_unit(scan, amount) or _fraction_of_magnitude(scan, amount) or amount


def _fraction_of_magnitude(scan: Scan, amount: Amount) -> Amount | None:
    """Read "a quarter of a million people" and "eine dreiviertel Million Menschen" as so many."""
    at = amount.last
    if scan.in_set(at, "fraction_words.of_unit") and scan.in_set(at + 1, "numbers.articles"):
        at += 2
    elif not scan.language.nouns_are_capitalised:
        return None
    size = scan.language.magnitudes.match(scan.tokens, at)
    if size is None or amount.value is None:
        return None
    measured = read_measured(scan, size[1])
    value = amount.value * size[0] * measured.factor
    amount = replace(amount, last=measured.end, kind=measured.kind, unit=measured.unit, value=value)
    amount.bare, amount.scaled, amount.magnitude, amount.factor = measured.bare, True, size[0], measured.factor
    return amount


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
    if unit[0].kind in _ONLY_WITH_ARTICLE and (not with_article or at == amount.last):
        return None  # "a tenth of a cent", but not "ein Viertel Prozent"
    english = not scan.language.nouns_are_capitalised and unit[0].kind is not Kind.PERCENTAGE_POINTS
    if not with_article and (not direct or english):
        return None
    value = amount.value * unit[0].factor
    return replace(amount, last=unit[1], kind=unit[0].kind, unit=unit[0].symbol, value=value)
