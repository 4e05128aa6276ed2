"""What a figure leaves out because its neighbour says it, and the other text says in full.

"Statt 33 wurden 10,7 Milliarden Euro umgesetzt" is "10.7 billion euros instead of 33 billion": a bare number has the
magnitude of an amount beside it. Asked by the comparison where two figures alone do not agree.
"""

from __future__ import annotations

from fractions import Fraction

from depesche.figure import Figure, Kind
from depesche.figures.convert import numbers_of
from depesche.figures.language import load_language
from depesche.figures.measures import TIMES
from depesche.figures.side import Side, words_of
from depesche.figures.wording import wording

_MEASURED = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.RATE})
_HUNDREDTH = Fraction(1, 100)
_MONTHS_OF_QUARTER = 3
_QUARTERS = 4


def is_same_in_full(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether one of two figures is bare, and the other says it with the magnitude or cents of its neighbours."""
    if not (here.text and there.text):
        return False
    return _shares_magnitude(one, other, here) or _shares_magnitude(other, one, there)


def _shares_magnitude(bare: Figure, full: Figure, side: Side) -> bool:
    """Say whether a bare number of `side` has the magnitude or the cents of a neighbour that measures what `full` does.

    A whole number of things may be meant as it stands beside millions of them; only "1,9 der 2,1 Millionen" is sure.
    """
    if bare.kind is not Kind.COUNT or bare.unit is not None or full.kind not in {*_MEASURED, Kind.COUNT}:
        return False
    numbers, larger = numbers_of(bare), numbers_of(full)
    if len(numbers) != len(larger) or 0 in numbers or numbers == larger:
        return False
    ratios = {above / below for below, above in zip(numbers, larger, strict=True)}
    if len(ratios) != 1:
        return False
    ratio, whole = ratios.pop(), all(number.denominator == 1 for number in numbers)
    near = (figure for figure in side.figures if figure is not bare and not (whole and figure.kind is Kind.COUNT))
    return any(_scales(figure, full, ratio, side.language) for figure in near)


def _scales(near: Figure, full: Figure, ratio: Fraction, language: str) -> bool:
    """Say whether a neighbour names the magnitude `ratio`, or cents, of the unit that a figure has."""
    if near.kind is not full.kind and (full.kind is not Kind.COUNT or full.unit is not None):
        return False
    if ratio == _HUNDREDTH:
        return near.kind in (Kind.MONEY, Kind.RATE) and _says_cents(near) and _says_cents(full)
    known = load_language(language).magnitudes
    named = {known.meaning(word) for word in words_of(near.text)}
    return (full.kind is Kind.COUNT or near.unit == full.unit) and any(size == ratio for size in named if size)


def _says_cents(figure: Figure) -> bool:
    return "cent" in figure.text.casefold()


def are_cents(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether equal amounts in two currencies are both in cents, as a neighbour may say: "von 85 auf 95 Cent"."""
    if one.kind is not other.kind or one.kind not in (Kind.MONEY, Kind.RATE):
        return False
    below = {(figure.unit or "").partition("/")[2] for figure in (one, other)}
    return len(below) == 1 and _in_cents(one, here) and _in_cents(other, there)


def _in_cents(figure: Figure, side: Side) -> bool:
    if any(character.isalpha() for character in figure.text):
        return _says_cents(figure)
    return any(near.unit == figure.unit and _says_cents(near) for near in side.figures)


def are_quarters(source: Figure, target: Figure, here: Side) -> bool:
    """Say whether a share of four is so many quarters of a year: "drei Quartale" is "three quarters"."""
    word = wording(here.language).get("quarter")
    if target.kind is not Kind.FRACTION or not word or "quarter" not in target.text.casefold():
        return False
    if source.modifier != target.modifier:
        return False
    quarters = tuple(number * _QUARTERS for number in numbers_of(target))
    if source.kind is Kind.COUNT and (source.unit or "").casefold().startswith(word):
        return numbers_of(source) == quarters
    months = tuple(number * _MONTHS_OF_QUARTER for number in quarters)
    return source.kind is Kind.QUANTITY and source.unit == "mo" and numbers_of(source) == months


def has_unit_before(source: Figure, target: Figure, there: Side) -> bool:
    """Say whether a bare number is so much of a unit named before it: "cut working hours from 34 to | 32"."""
    if source.kind is not Kind.QUANTITY or source.unit not in TIMES or target.kind is not Kind.COUNT or target.unit:
        return False
    known = load_language(there.language)
    before = words_of(there.text[: target.span.start])
    units = (known.unit_names.meaning(word) for word in before if word.endswith("s"))
    return numbers_of(source) == numbers_of(target) and any(unit and unit.symbol == source.unit for unit in units)


def is_assumed_money(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether one of two equal numbers was only taken for money because an amount of money stands before it.

    "Masken für 5 Millionen Euro, von denen 2 Millionen | fehlen" does not say of what there are 2 millions.
    """
    money, count, side = (one, other, here) if one.kind is Kind.MONEY else (other, one, there)
    if money.kind is not Kind.MONEY or count.kind is not Kind.COUNT or numbers_of(one) != numbers_of(other):
        return False
    known = load_language(side.language)
    tokens = known.tokenizer(money.text)
    names = (known.unit_symbols.match(tokens, at) or known.unit_names.match(tokens, at) for at in range(len(tokens)))
    scaled = any(known.magnitudes.match(tokens, at) for at in range(len(tokens)))
    return bool(side.text) and scaled and not any(names)


def are_parts_of_second(source: Figure, target: Figure) -> bool:
    """Say whether tenths or hundredths are of a second, as sport says them: "22 Hundertstel zurück"."""
    seconds = target.kind is Kind.QUANTITY and target.unit == "s"
    return source.kind is Kind.FRACTION and seconds and numbers_of(source) == numbers_of(target)
