"""Read figures with another one in brackets before the unit of both: "47 (Vorjahr: 91) Millionen Euro".

Agency copy gives the figure of the year before in this way. The quotes are the two numbers; what stands behind the
bracket belongs to both and is no figure of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import Measured, read_measured
from depesche.figures.numerals import read_magnitude
from depesche.figures.tokens import Shape

_LONGEST_LABEL = 8
"""Tokens between the bracket and its number: "(erstes Halbjahr 2024: 91)"."""
_LABEL_SIGNS = frozenset(":.,-/")


def share_behind_brackets(scan: Scan, amounts: Sequence[Amount]) -> list[Amount]:
    """Give two bare numbers, the second in brackets, the magnitude and unit or noun that stand behind the bracket."""
    kept: list[Amount] = []
    taken = 0
    for amount in amounts:
        if amount.first < taken:
            continue  # the "Milliarden Euro" behind the bracket
        if kept and _is_bracketed(scan, kept[-1], amount):
            magnitude, at = read_magnitude(scan, amount.last + 1, money=False)
            measured = read_measured(scan, at)
            if magnitude > 1 or not measured.bare:
                _measure(kept[-1], magnitude, measured)
                _measure(amount, magnitude, measured)
                taken = measured.end
        kept.append(amount)
    return kept


def _is_bracketed(scan: Scan, outer: Amount, inner: Amount) -> bool:
    """Say whether the second of two bare numbers stands alone in brackets behind the first, but for a label."""
    if scan.at(outer.last).text != "(" or scan.at(inner.last).text != ")":
        return False
    if not all(amount.bare and not amount.scaled and amount.kind is Kind.COUNT for amount in (outer, inner)):
        return False
    label = [scan.at(index) for index in range(outer.last + 1, inner.first)]
    plain = all(token.shape in (Shape.WORD, Shape.NUMBER) or token.text in _LABEL_SIGNS for token in label)
    return plain and len(label) <= _LONGEST_LABEL


def _measure(amount: Amount, magnitude: Decimal, measured: Measured) -> None:
    factor = magnitude * measured.factor
    amount.value = None if amount.value is None else amount.value * factor
    amount.low = None if amount.low is None else amount.low * factor
    amount.high = None if amount.high is None else amount.high * factor
    amount.kind, amount.unit, amount.bare = measured.kind, measured.unit, measured.bare
    amount.scaled, amount.magnitude, amount.factor = magnitude > 1, magnitude, measured.factor
