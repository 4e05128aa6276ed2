"""Read a part of a unit as so much of it: "a quarter of an hour", "ein viertel Prozentpunkt"; for the reader."""

from __future__ import annotations

from dataclasses import replace

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import read_unit

_PARTS = frozenset({Kind.QUANTITY, Kind.PERCENTAGE_POINTS})


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
