"""How two figures relate: equal, written otherwise, rounded, or changed, and in what.

The second step of comparing, between the exact conversion of units and the alignment of whole sentences. The
rules are those of "faithful in translation": the same amount in other words is fine, everything else has a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction

from depesche.figure import Figure, Kind, Modifier, Role
from depesche.figures.convert import Amount, amount_of, is_converted, numbers_of
from depesche.figures.units import measures

LARGEST_ROUNDING = Fraction(5, 100)
"""A summary may round by at most this share of the value; what is further off is another figure."""


class Outcome(StrEnum):
    """What became of a figure on the way from source to target."""

    KEPT = "kept"
    REWORDED = "reworded"
    ROUNDED = "rounded"
    MODIFIER_LOST = "modifier_lost"
    MODIFIER_CHANGED = "modifier_changed"
    UNIT_CHANGED = "unit_changed"
    VALUE_CHANGED = "value_changed"
    MISSING = "missing"
    INVENTED = "invented"


class Nearness(IntEnum):
    """How near two figures are; alignment pairs the nearest first."""

    SAME = 0
    SAME_AMOUNT = 1
    OTHER_MODIFIER = 2
    ROUNDED = 3
    SLIP = 4
    OTHER_UNIT = 5
    OTHER_VALUE = 6
    OTHER_QUALITY = 7


@dataclass(frozen=True, slots=True)
class Relation:
    """What a source figure and a target figure have to do with each other."""

    nearness: Nearness
    outcome: Outcome
    detail: str = ""

    @property
    def faithful(self) -> bool:
        """Say whether the target says what the source says."""
        return self.outcome in (Outcome.KEPT, Outcome.REWORDED)


ACCEPTED_MODIFIERS = {
    (Modifier.UP_TO, Modifier.AT_MOST),
    (Modifier.AT_MOST, Modifier.UP_TO),
    (Modifier.SLIGHTLY_MORE_THAN, Modifier.MORE_THAN),
}
"""Source and target modifiers that differ and still say the same to a reader: "maximal" → "up to",
"gut" → "more than" (true, though weaker)."""

NEGATED_MODIFIERS = {Modifier.LESS_THAN: Modifier.AT_LEAST, Modifier.MORE_THAN: Modifier.AT_MOST}
"""What a modifier says behind a negation: "does not fall below 5" is at least 5."""

ROUNDING_MODIFIERS = {
    "nearest": {Modifier.APPROXIMATELY},
    "down": {Modifier.APPROXIMATELY, Modifier.MORE_THAN, Modifier.SLIGHTLY_MORE_THAN},
    "up": {Modifier.APPROXIMATELY, Modifier.ALMOST, Modifier.LESS_THAN},
}
"""Modifiers that tell the reader that a value was rounded, by the way that it was rounded."""

SAME_NUMBER_KINDS = {
    frozenset({Kind.COUNT, Kind.AGE}),  # "Meier (42)" → "Meier, 42"
    frozenset({Kind.COUNT, Kind.ORDINAL}),  # "Platz 4" → "number 4"
    frozenset({Kind.COUNT, Kind.MULTIPLE}),  # "dreimal" → "three times"
    frozenset({Kind.COUNT, Kind.SCORE}),  # "5:4 Stimmen" → "five votes to four"
    frozenset({Kind.ORDINAL, Kind.AGE}),  # "30. Geburtstag" → "turned 30"
    frozenset({Kind.ORDINAL, Kind.FRACTION}),
}
"""Kinds between which a translation may change the wording as long as the number stays."""

SAME_UNITS = frozenset({frozenset({"PS", "hp"})})
"""Units that news takes for the same: nobody converts "150 PS", which is "150 horsepower"."""

SHARED_KINDS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.QUANTITY, Kind.AGE, Kind.RATE})
"""Kinds whose unit a sentence may name once for several figures."""

PERIODS = frozenset({"a", "mo", "wk", "d", "h", "min", "s"})


def relate(source: Figure, target: Figure, *, rounding: bool = False) -> Relation | None:
    """Return how `target` renders `source`, or None where the two have nothing in common.

    With `rounding` (summaries) a rounded value whose modifier says so is `ROUNDED` and nearer than any error.
    """
    if Kind.QUALITATIVE in (source.kind, target.kind):
        return _relate_qualities(source, target)
    said, found = amount_of(source), amount_of(target)
    if _same_amount(source, said, target, found) or is_converted(source, target):
        return relate_equal(source, target)
    if numbers_of(source) == numbers_of(target):
        return Relation(Nearness.OTHER_UNIT, Outcome.UNIT_CHANGED, f"{_unit_name(target)} for {_unit_name(source)}")
    if said.dimension != found.dimension:
        return None
    if said.ends == tuple(reversed(found.ends)) and source.kind is Kind.SCORE:
        # "verlor 1:2" is "lost 2-1": English names the winner's score first.
        return Relation(Nearness.SAME_AMOUNT, Outcome.REWORDED, "the other side's score first")
    return _relate_values(source, said, target, found, rounding=rounding)


def relate_shared(
    source: Figure, sources: Sequence[Figure], target: Figure, targets: Sequence[Figure]
) -> Relation | None:
    """Return how figures relate of which one shares the unit of another in its sentence, or None if neither does.

    "Grüne 15 Prozent, Linke 11" → "Greens 15 percent, Left 11 percent": the 11 has no unit of its own.
    """
    for bare, other, neighbours in ((source, target, sources), (target, source, targets)):
        if bare.kind is not Kind.COUNT or bare.unit is not None or other.kind not in SHARED_KINDS:
            continue
        alike = (figure for figure in neighbours if figure.kind is other.kind and figure.unit == other.unit)
        if any(_says_cents(figure) == _says_cents(other) for figure in alike):
            return relate_equal(source, target)
        # "um 0,3 auf 5,2 Prozent" is "by 0.3 points to 5.2 percent"
        points = bare is source and bare.role is Role.BY and other.kind is Kind.PERCENTAGE_POINTS
        if points and any(figure.kind is Kind.PERCENT for figure in neighbours):
            return relate_equal(source, target)
    return None


def _says_cents(figure: Figure) -> bool:
    return "cent" in figure.text.casefold() and figure.kind in (Kind.MONEY, Kind.RATE)


def _same_amount(source: Figure, said: Amount, target: Figure, found: Amount) -> bool:
    if said == found:
        return True
    kinds = frozenset({source.kind, target.kind})
    if frozenset({source.unit, target.unit}) in SAME_UNITS and source.kind is target.kind:
        return numbers_of(source) == numbers_of(target)
    # "in der 12. Minute" → "after 12 minutes", "50-jähriges Bestehen" → "50th anniversary"
    numbered = kinds == {Kind.ORDINAL, Kind.QUANTITY} and {source.unit, target.unit} & {"min", "a"}
    if kinds in SAME_NUMBER_KINDS or numbered:
        return numbers_of(source) == numbers_of(target)
    if numbers_of(source) == numbers_of(target) and (_adds_period(source, target) or _both_cents(source, target)):
        return True
    if said.dimension == found.dimension and len(said.ends) == len(found.ends) == 1:
        # "minus 3 Prozent" → "a fall of 3 percent": the sign became a direction.
        signed, unsigned = (source, target) if said.ends[0] < 0 else (target, source)
        return said.ends[0] == -found.ends[0] and signed.direction is None and unsigned.direction is not None
    return False


def _adds_period(source: Figure, target: Figure) -> bool:
    """Say whether only one of the two names the period: "jährlich 120 Schüler" → "120 students per year".

    The period stands elsewhere in the other sentence, as an adverb or behind "im".
    """
    rate, plain = (source, target) if source.kind is Kind.RATE else (target, source)
    if rate.kind is not Kind.RATE or plain.kind is Kind.RATE:
        return False
    above, _, below = (rate.unit or "").partition("/")
    return below in PERIODS and (above == plain.unit or (plain.kind is Kind.COUNT and above not in measures()))


def _both_cents(source: Figure, target: Figure) -> bool:
    """Say whether both are in cents of different currencies: English "70 cents" does not say of which."""
    kinds, goods = {source.kind, target.kind}, {(figure.unit or "").partition("/")[2] for figure in (source, target)}
    return (
        kinds in ({Kind.MONEY}, {Kind.RATE})
        and len(goods) == 1
        and all("cent" in figure.text.casefold() for figure in (source, target))
    )


def _relate_turn(source: Figure, target: Figure) -> Relation | None:
    """Catch an equal amount in the opposite part or direction ("from 3 to 2" for "von 2 auf 3")."""
    if {source.role, target.role} == {Role.FROM, Role.TO}:
        return Relation(Nearness.SLIP, Outcome.VALUE_CHANGED, "the start and the end of the change are exchanged")
    # German "um" is a change wherever it stands; English "by" may also say by whom.
    roles, told = {source.role, target.role}, source.role is Role.BY or source.direction
    if told and target.direction and roles in ({Role.BY, Role.TO}, {Role.BY, Role.FROM}):
        detail = f"a change “{target.role}” the figure for one “{source.role}” it"
        return Relation(Nearness.SLIP, Outcome.VALUE_CHANGED, detail)
    if source.direction and target.direction and source.direction != target.direction:
        return Relation(
            Nearness.SLIP, Outcome.VALUE_CHANGED, f"{source.direction} in the source, {target.direction} in the target"
        )
    return None


def relate_equal(source: Figure, target: Figure) -> Relation:
    """Return how two figures of the same amount relate: by the part of a change that they are, then by modifier."""
    return _relate_turn(source, target) or relate_modifiers(source, target)


def reworded(source: Figure, target: Figure) -> Relation:
    """Return the relation of two figures that say the same in other words."""
    return Relation(Nearness.SAME_AMOUNT, Outcome.REWORDED, f"„{source.text}“ as “{target.text}”")


def relate_modifiers(source: Figure, target: Figure) -> Relation:
    """Return how the modifiers of two figures relate that state the same amount."""
    if source.modifier == target.modifier or (source.modifier, target.modifier) in ACCEPTED_MODIFIERS:
        if _written_alike(source, target):
            return Relation(Nearness.SAME, Outcome.KEPT)
        return reworded(source, target)
    if target.modifier is None:
        return Relation(Nearness.OTHER_MODIFIER, Outcome.MODIFIER_LOST, f"“{source.modifier}” is lost")
    detail = f"“{target.modifier}” for “{source.modifier}”" if source.modifier else f"“{target.modifier}” is added"
    return Relation(Nearness.OTHER_MODIFIER, Outcome.MODIFIER_CHANGED, detail)


def _written_alike(source: Figure, target: Figure) -> bool:
    """Say whether kind, unit, modifier and digits are the same, whatever the language's own separators."""
    units_alike = source.unit == target.unit or source.kind is Kind.COUNT
    digits = [[character for character in text if character.isdigit()] for text in (source.text, target.text)]
    return (
        source.kind == target.kind
        and units_alike
        and numbers_of(source) == numbers_of(target)
        and source.quality == target.quality
        and source.modifier == target.modifier
        and digits[0] == digits[1]
    )


def _unit_name(figure: Figure) -> str:
    return figure.unit if figure.unit and figure.kind is not Kind.COUNT else figure.kind.value


def _relate_values(source: Figure, said: Amount, target: Figure, found: Amount, *, rounding: bool) -> Relation | None:
    if source.kind is not target.kind and Kind.SCORE in (source.kind, target.kind):
        return None
    if len(said.ends) != len(found.ends):
        if set(said.ends) & set(found.ends):
            detail = "one end of the range is lost" if len(said.ends) == 2 else "a range in place of one value"
            return Relation(Nearness.SLIP, Outcome.VALUE_CHANGED, detail)
        return Relation(Nearness.OTHER_VALUE, Outcome.VALUE_CHANGED, f"„{source.text}“ became “{target.text}”")
    if (power := _power_of_ten(said, found)) is not None:
        return Relation(Nearness.SLIP, Outcome.VALUE_CHANGED, f"the magnitude is off by 10^{power}")
    if source.kind not in (Kind.SCORE, Kind.ORDINAL) and (amount := _rounding(said, found)):
        return _relate_rounding(source, said, target, found, amount, rounding=rounding)
    return Relation(Nearness.OTHER_VALUE, Outcome.VALUE_CHANGED, f"„{source.text}“ became “{target.text}”")


def _power_of_ten(said: Amount, found: Amount) -> int | None:
    """Return the power of ten by which all ends are off, or None."""
    if 0 in said.ends or 0 in found.ends:
        return None
    ratios = {new / old for old, new in zip(said.ends, found.ends, strict=True)}
    if len(ratios) != 1:
        return None
    ratio = ratios.pop()
    if ratio.numerator != 1 and ratio.denominator != 1:
        return None
    digits = str(ratio.numerator * ratio.denominator)
    power = len(digits) - 1
    if power == 0 or digits.rstrip("0") != "1":
        return None
    return power if ratio > 1 else -power


def _rounding(said: Amount, found: Amount) -> str:
    """Return by how much the target is rounded ("+1.5 %"), or nothing where it isn't a rounding."""
    shares = []
    for old, new in zip(said.ends, found.ends, strict=True):
        if old == 0 or abs(new - old) > LARGEST_ROUNDING * abs(old) or not _rounder(new, old):
            return ""
        shares.append(f"{float((new - old) / old):+.1%}")
    return ", ".join(shares).replace("%", " %")


def _rounder(new: Fraction, old: Fraction) -> bool:
    """Say whether `new` is `old` cut or rounded to fewer digits, and not just another number near it."""
    step = _last_digit(new)
    if step is not None and abs(new - old) < step:
        return True
    return new.denominator in (2, 3, 4)  # "24.8 percent" → "about a quarter"


def _last_digit(number: Fraction) -> Fraction | None:
    """Return what the last digit of a number is worth that is no zero: 100 for 1,500; None beyond six decimals."""
    if number.denominator == 1:
        digits = str(number.numerator)
        return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))
    return next((Fraction(1, 10**k) for k in range(1, 7) if 10**k % number.denominator == 0), None)


def _relate_rounding(
    source: Figure, said: Amount, target: Figure, found: Amount, amount: str, *, rounding: bool
) -> Relation:
    if not rounding:
        return Relation(Nearness.OTHER_VALUE, Outcome.ROUNDED, f"rounded by {amount}")
    changes = {new > old for old, new in zip(said.ends, found.ends, strict=True) if new != old}
    way = "nearest" if len(changes) != 1 else "up" if changes.pop() else "down"
    if target.modifier in ROUNDING_MODIFIERS[way] and not _contradicts(source.modifier, target.modifier):
        return Relation(Nearness.ROUNDED, Outcome.ROUNDED, f"rounded by {amount}")
    if target.modifier is None:
        return Relation(Nearness.OTHER_VALUE, Outcome.MODIFIER_LOST, f"rounded by {amount} without saying so")
    return Relation(
        Nearness.OTHER_VALUE, Outcome.MODIFIER_CHANGED, f"rounded by {amount}, and “{target.modifier}” is wrong"
    )


_UPPER = {Modifier.LESS_THAN, Modifier.ALMOST, Modifier.UP_TO, Modifier.AT_MOST}
_LOWER = {Modifier.MORE_THAN, Modifier.SLIGHTLY_MORE_THAN, Modifier.AT_LEAST}


def _contradicts(source: Modifier | None, target: Modifier | None) -> bool:
    """Say whether one modifier puts the value above and the other below what is written."""
    return (source in _UPPER and target in _LOWER) or (source in _LOWER and target in _UPPER)


def _relate_qualities(source: Figure, target: Figure) -> Relation | None:
    if source.kind is not target.kind:
        if source.unit != target.unit or source.unit is None:
            return None
        detail = f"“{target.text}” for „{source.text}“: a number in place of none, or none in place of a number"
        return Relation(Nearness.OTHER_QUALITY, Outcome.VALUE_CHANGED, detail)
    if _magnitude(source.quality) != _magnitude(target.quality):
        return Relation(Nearness.OTHER_QUALITY, Outcome.VALUE_CHANGED, f"“{target.text}” for „{source.text}“")
    if _is_currency(source.unit) and _is_currency(target.unit) and source.unit != target.unit:
        return Relation(Nearness.OTHER_UNIT, Outcome.UNIT_CHANGED, f"{target.unit} for {source.unit}")
    return relate_modifiers(source, target)


def _is_currency(unit: str | None) -> bool:
    """Say whether a quality's unit is a currency and no noun, which differs between languages."""
    return bool(unit) and len(unit or "") == 3 and (unit or "").isupper()


def _magnitude(quality: str | None) -> int:
    """Return the power of ten that a quality speaks of.

    "several billion" and "billions" say the same size, and so do "dreistelliger Millionenbetrag" (`digits:3:1e6`)
    and "hundreds of millions" (`plural:1e8`).
    """
    form, *rest = (quality or "").split(":")
    power = next((int(part[2:]) for part in rest if part.startswith("1e")), 0)
    return power + int(rest[0]) - 1 if form == "digits" else power
