"""How two figures relate in their texts: what the figures alone leave open, the words around them may settle.

The step of comparing between relating two figures and aligning two sentences.
"""

from __future__ import annotations

from depesche.figure import Figure, Kind
from depesche.figures.convert import amount_of
from depesche.figures.ellipsis import (
    are_cents,
    are_parts_of_second,
    are_quarters,
    has_unit_before,
    is_assumed_money,
    is_same_in_full,
)
from depesche.figures.per import is_other_rate, is_same_rate, is_shared_rate
from depesche.figures.relate import Nearness, Outcome, Relation, relate, relate_equal, relate_shared, reworded
from depesche.figures.side import Side
from depesche.figures.unread import is_period_stated
from depesche.figures.wording import is_one_in, is_same_modifier, is_same_unit, is_turned_round


def relate_told(one: Figure, other: Figure, here: Side, there: Side, *, rounding: bool) -> Relation | None:
    """Return how `other` of the text `there` renders `one` of the text `here`, or None if they have nothing in common.

    `rounding` as in `relate`.
    """
    relation = relate(one, other, rounding=rounding)
    if is_one_in(one, other, there) or are_quarters(one, other, here):
        return reworded(one, other)
    if (relation is None or not relation.faithful) and is_same_in_full(one, other, here, there):
        relation = relate_equal(one, other)
        return reworded(one, other) if _is_modifier_told(one, other, here, there, relation) else relation
    if relation is None:
        return None
    if is_other_rate(one, other):
        return _other_unit(one, other)
    if relation.outcome is Outcome.UNIT_CHANGED:
        relation = _relate_units(one, other, here, there) or relation
    elif relation.faithful and (one.kind is Kind.RATE) != (other.kind is Kind.RATE):
        relation = relation if _is_period_told(one, other, here, there) else _other_unit(one, other)
    return reworded(one, other) if _is_modifier_told(one, other, here, there, relation) else relation


def _other_unit(one: Figure, other: Figure) -> Relation:
    return Relation(Nearness.OTHER_UNIT, Outcome.UNIT_CHANGED, f"{other.unit} for {one.unit}")


def _relate_units(one: Figure, other: Figure, here: Side, there: Side) -> Relation | None:
    """Return how figures relate whose units are the same in the texts, or None if they are not."""
    if shared := relate_shared(one, here.figures, other, there.figures):
        return shared
    told = (
        is_same_rate(one, other, here, there)
        or is_same_unit(one, other, here, there)
        or is_shared_rate(one, other, here.figures, here, there)
        or is_shared_rate(other, one, there.figures, there, here)
        or are_cents(one, other, here, there)
        or has_unit_before(one, other, there)
        or is_assumed_money(one, other, here, there)
        or are_parts_of_second(one, other)
    )
    return relate_equal(one, other) if told else None


def _is_period_told(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether the text of a plain amount states the period of the rate elsewhere: "jährlich", "pro Tag"."""
    rate, side = (one, there) if one.kind is Kind.RATE else (other, here)
    words = side.words
    return words is None or is_period_stated(rate, words) or is_same_rate(one, other, here, there)


def _is_modifier_told(one: Figure, other: Figure, here: Side, there: Side, relation: Relation) -> bool:
    """Say whether the texts say the same modifier in words that the figures do not hold."""
    if relation.nearness is not Nearness.OTHER_MODIFIER:
        return False
    if is_same_modifier(one, other, here, there):
        return True
    changed = relation.outcome is Outcome.MODIFIER_CHANGED and amount_of(one) == amount_of(other)
    return changed and is_turned_round(one, other, here, there)
