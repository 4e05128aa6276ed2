"""Tell ages from durations and from plain numbers by what stands around them: "im Alter von 83", "(52)", "aged 45"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.context import sentence_ends
from depesche.figures.tokens import Shape

_OLDEST = Decimal(120)
_YOUNGEST_IN_APPOSITION = Decimal(5)


def mark_ages(scan: Scan, amounts: Sequence[Amount]) -> None:
    """Turn durations and bare numbers into ages where the sentence says so."""
    earlier_age: Amount | None = None
    for index, amount in enumerate(amounts):
        if earlier_age is not None and sentence_ends(scan, amounts[index - 1].last, amount.first):
            earlier_age = None
        if amount.kind is Kind.AGE and amount.unit == "a" and _largest(amount) > _OLDEST:
            amount.kind = Kind.QUANTITY
        elif amount.kind is Kind.QUANTITY and amount.unit in {"a", "mo"}:
            listed = earlier_age is not None and _is_listed(scan, earlier_age, amount)
            if listed or _is_age(scan, amount):
                amount.kind = Kind.AGE
        elif amount.bare and amount.kind is Kind.COUNT and 0 < _largest(amount) <= _OLDEST:
            repeated = earlier_age is not None and _repeats(scan, earlier_age, amount)
            if repeated or _is_bare_age(scan, amount):
                amount.kind, amount.unit, amount.bare = Kind.AGE, "a", False
        if amount.kind is Kind.AGE:
            earlier_age = amount
            _share_backwards(scan, amounts, index)


def _largest(amount: Amount) -> Decimal:
    return amount.high or amount.value or Decimal(0)


def _is_age(scan: Scan, amount: Amount) -> bool:
    if _largest(amount) > _OLDEST:
        return False
    sets = scan.language.sets
    if _follows_phrase(scan, amount.first, "ages.before"):
        return True
    if _follows_phrase(scan, amount.last, "ages.before", inside=amount):
        return True
    if amount.first and scan.in_set(amount.first - 1, "ages.before_without_noun"):
        after = scan.at(amount.last)
        return amount.modifier is None and not (after.shape is Shape.WORD and after.is_capitalised)
    by_people = scan.at(amount.first).key in sets["ages.people_modifiers"]
    if not by_people:
        return False
    around = (*range(max(0, amount.first - 3), amount.first), amount.last)
    return any(scan.in_set(index, "ages.people") for index in around) or scan.in_set(amount.last, "ages.after_people")


def _follows_phrase(scan: Scan, at: int, name: str, inside: Amount | None = None) -> bool:
    """Say whether a phrase of the list ends before a token, or (`inside`) is how the amount begins."""
    for phrase in scan.language.sets[name]:
        words = phrase.split()
        start = inside.first if inside is not None else at - len(words)
        if start >= 0 and [scan.at(start + i).key for i in range(len(words))] == words:
            return True
    return False


def _is_bare_age(scan: Scan, amount: Amount) -> bool:
    before, after = scan.at(amount.first - 1) if amount.first else None, scan.at(amount.last)
    if before is None:
        return False
    if _follows_phrase(scan, amount.first, "ages.before_bare") or _follows_phrase(scan, amount.first, "ages.before"):
        return True
    name = scan.at(amount.first - 2) if amount.first > 1 else before
    named = name.shape is Shape.WORD and (name.is_capitalised or not scan.language.nouns_are_capitalised)
    digits = scan.at(amount.first).text.isdigit() and amount.modifier is None
    plain = digits and named and amount.low is None and amount.value == _largest(amount).to_integral_value()
    if plain and name.text.isupper():
        return False
    if plain and before.text == "(" and after.text == ")":
        return True
    if plain and before.text == "," and after.text == ",":
        return _largest(amount) >= _YOUNGEST_IN_APPOSITION
    if scan.at(amount.first).key in scan.language.sets["ages.people_modifiers"]:
        return scan.in_set(amount.first - 1, "ages.people")
    return after.shape is not Shape.WORD and _follows_phrase(scan, amount.first, "ages.statements")


def _repeats(scan: Scan, earlier: Amount, amount: Amount) -> bool:
    """Say whether a bare number goes on with ages: "34 Jahre alt, sein Opfer war 71."""
    after = scan.at(amount.last)
    ends = after.shape is not Shape.WORD
    gap = amount.first - earlier.last
    return ends and 0 < gap <= 6 and scan.at(amount.first).shape is Shape.NUMBER


def _is_listed(scan: Scan, previous: Amount, amount: Amount) -> bool:
    return amount.first - previous.last == 1 and scan.in_set(previous.last, "ranges.lists")


def _share_backwards(scan: Scan, amounts: Sequence[Amount], index: int) -> None:
    """Make "31" an age in "im Alter von 31 und 36 Jahren"."""
    amount = amounts[index]
    previous = amounts[index - 1] if index else None
    if previous is None or not previous.bare or previous.kind is not Kind.COUNT:
        return
    if _is_listed(scan, previous, amount) and _follows_phrase(scan, previous.first, "ages.before"):
        previous.kind, previous.unit, previous.bare = Kind.AGE, "a", False
