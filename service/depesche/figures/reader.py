"""Read one amount that begins at a number: sign, currency, range, unit or noun; the core of the grammar."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import Measured, read_measured, read_rate, read_unit
from depesche.figures.numerals import Numeral, half_after, read_numeral, sign_at
from depesche.figures.shares import fraction_of
from depesche.figures.tokens import Shape
from depesche.figures.units import Unit

_DASHES = frozenset({"-", "–", "—", "‑", "−"})
_THOUSAND = Decimal(1000)
_REACH = 12
_FAR = 5
_BY_REACH = 4
"""Words from a verb of rising or falling to the "by" of "by a third"."""


def read_amount(scan: Scan, at: int) -> Amount | None:
    """Return the amount that begins at a token with a sign, a currency or a number, or None."""
    sign = sign_at(scan, at)
    index = at + 1 if sign else at
    prefix = _currency_before(scan, index)
    if prefix is not None:
        index = prefix[1]
    between = _stands_between(scan, at)
    first = read_numeral(scan, index, money=prefix is not None, joined=not between)
    if first is None:
        return None
    if fraction := _fraction(scan, at, first):
        return fraction
    if first.article and (_currency_before(scan, first.end) or scan.at(first.end).key in scan.language.ordinals):
        return None
    only_before = scan.language.table["numbers"].get("article_only_before", {}).get(scan.at(first.end).key)
    if first.article and only_before is not None and scan.at(first.end + 1).key not in only_before:
        return None
    second = _second_end(scan, at, first, prefix, between=between)
    if first.article and second is not None and scan.at(first.end + 1).key in scan.language.sets["numbers.article_to"]:
        second = None  # "eine bis | zu zwei Meter hohe Welle"
    numeral = second[0] if second else first
    measured = _measured(scan, numeral, prefix)
    alone = second is None and first.magnitude == 1
    if measured is None or (first.article and not _is_measure(measured) and alone):
        return None
    if second is not None and (measured.bare or first.magnitude > 1) and _is_far_change(scan, at, first, second[0]):
        return _measured_alone(scan, at, first, prefix, sign)
    word_alone = scan.in_set(index, "numbers.not_alone") and numeral.end == index + 1
    if word_alone and (measured.bare or (first.value == 1 and measured.kind is Kind.COUNT)):
        return None
    if (
        first.article
        and alone
        and measured.first > first.end
        and not scan.in_set(first.end, "numbers.article_adjectives")
    ):
        return None
    amount = Amount(first=at, last=measured.end, kind=measured.kind, unit=measured.unit, bare=measured.bare)
    if measured.bare and second is None and 0 < first.total < 1 and first.digits:
        is_written_fraction = first.end > index + 1 or not scan.at(index).text.isascii()
        amount.kind = Kind.FRACTION if is_written_fraction else amount.kind
    amount.scaled, amount.magnitude, amount.factor = numeral.magnitude > 1, numeral.magnitude, measured.factor
    if second is None:
        value = first.total * measured.factor
        amount.value = -value if sign < 0 else value
        if measured.kind is Kind.QUANTITY and (after := half_after(scan, amount.last)) > amount.last:
            amount.value, amount.last = amount.value + measured.factor / 2, after
        return _with_cents(scan, amount)
    low, high = _ends(first, numeral, sign, second[1], shared=second[2])
    if low >= high:
        return _measured_alone(scan, at, first, prefix, sign)
    amount.low, amount.high = low * measured.factor, high * measured.factor
    return amount


def _measured(scan: Scan, numeral: Numeral, prefix: tuple[Unit, int] | None) -> Measured | None:
    if prefix is None:
        return read_measured(scan, numeral.end)
    unit = prefix[0]
    measured = Measured(unit.kind, unit.symbol, numeral.end, unit.factor)
    again = read_unit(scan, numeral.end)
    if again is not None and again[0].symbol == unit.symbol:
        measured = replace(measured, end=again[1])
    return read_rate(scan, measured)


def _is_measure(measured: Measured) -> bool:
    return measured.kind is not Kind.COUNT


def _measured_alone(scan: Scan, at: int, first: Numeral, prefix: tuple[Unit, int] | None, sign: int) -> Amount | None:
    measured = _measured(scan, first, prefix)
    if measured is None or first.article:
        return None
    value = first.total * measured.factor * (-1 if sign < 0 else 1)
    return Amount(
        at, measured.end, measured.kind, value, unit=measured.unit, bare=measured.bare, scaled=first.magnitude > 1
    )


def _currency_before(scan: Scan, at: int) -> tuple[Unit, int] | None:
    """Read "€", "US-$" or "EUR" before a number."""
    token = scan.at(at)
    if token.shape not in (Shape.CURRENCY, Shape.WORD):
        return None
    found = scan.language.unit_symbols.match(scan.tokens, at) or scan.language.unit_names.match(scan.tokens, at)
    if found is None or found[0].kind is not Kind.MONEY or scan.at(found[1]).shape is not Shape.NUMBER:
        return None
    if found[0].factor < 1:
        return None
    if token.shape is Shape.WORD and not (token.text.isupper() or token.text.endswith(".")):
        return None
    return found


def _stands_between(scan: Scan, at: int) -> bool:
    """Say whether "zwischen" stands before an amount, with at most a modifier between them."""
    found = scan.language.modifiers.match_before(scan.tokens, at)
    start = found[1] if found else at
    return start > 0 and (scan.in_set(start - 1, "ranges.between") or scan.in_set(at - 1, "ranges.between"))


def _second_end(
    scan: Scan, at: int, first: Numeral, prefix: tuple[Unit, int] | None, *, between: bool
) -> tuple[Numeral, int, bool] | None:
    """Read the second end of a range: its number, its sign, and whether the first end shares its magnitude."""
    own = None if prefix or first.article else read_unit(scan, first.end)
    if not between and _is_change(scan, at, complete=prefix is not None or own is not None):
        return None
    for join in {own[1] if own else first.end, first.end}:
        after = _after_join(scan, join, between=between)
        if after is None:
            continue
        sign = sign_at(scan, after)
        after += 1 if sign else 0
        again = _currency_before(scan, after)
        if again is not None:
            if prefix is None or again[0].symbol != prefix[0].symbol:
                continue
            after = again[1]
        second = read_numeral(scan, after, money=prefix is not None)
        if second is None or second.article:
            continue
        if own is not None and not _same_unit(scan, own[0], second.end):
            continue
        shared = own is None and first.magnitude == 1
        if not first.digits and second.digits:
            continue
        return second, sign, shared
    return None


def _is_change(scan: Scan, at: int, *, complete: bool) -> bool:
    """Say whether "to" after a number goes on with a change: "rose from 3 to 5 percent", "fell 12p to 348p".

    Only where one word serves both (English "to"); "ranging from 3 to 5" and "3 to 5 years" are ranges.
    """
    if not scan.language.table["ranges"].get("join_is_change"):
        return False
    modifier = scan.language.modifiers.match_before(scan.tokens, at)
    start = modifier[1] if modifier and modifier[1] < at - 1 else at
    if start and scan.in_set(start - 1, "changes.from"):
        ranging = start > 1 and scan.in_set(start - 2, "ranges.range_verbs")
        return not ranging and _moves_near(scan, start - 1)
    start = before_average(scan, start)
    if complete and start and scan.in_set(start - 1, "changes.by"):
        return True
    return complete and start > 0 and scan.language.direction(scan.at(start - 1).key) is not None


def _is_far_change(scan: Scan, at: int, first: Numeral, second: Numeral) -> bool:
    """Say whether "fell by 13,000 to 219,000" is a change: a range would not have ends so far apart.

    Where a unit is named, so is the magnitude of the first: "by 4 billion to 90 billion euros", not "by 2 to 14 euros".
    """
    changes = scan.language.table["ranges"].get("join_is_change") and at and scan.in_set(at - 1, "changes.by")
    return bool(changes) and second.total >= _FAR * first.total


def before_average(scan: Scan, at: int) -> int:
    """Return where "an average of" begins before a token, or the token: "fell by | an average of 4 cents"."""
    found = scan.language.averages.match_before(scan.tokens, at)
    return at if found is None else found[1]


def _moves_near(scan: Scan, at: int) -> bool:
    """Say whether a word of rising or falling stands near a token in its sentence, else "from 2 to 16" is a range.

    Behind a comma ("raised its prices again, from 9 to 12 euros") it may stand farther away.
    """
    back = 2 * _REACH if at and scan.at(at - 1).text == "," else _REACH
    reach = (*range(at, max(-1, at - back), -1), *range(at + 1, at + _REACH))
    return any(scan.is_word(index) and scan.language.direction(scan.at(index).key) is not None for index in reach)


def _same_unit(scan: Scan, unit: Unit, at: int) -> bool:
    other = read_unit(scan, at)
    return other is not None and other[0].symbol == unit.symbol


def _after_join(scan: Scan, at: int, *, between: bool) -> int | None:
    """Return the index after "bis", a dash, or (after "zwischen") "und"."""
    token = scan.at(at)
    if between and scan.in_set(at, "ranges.and"):
        return at + 1
    if token.text in _DASHES:
        following = scan.at(at + 1)
        if token.text == "-" and token.glued and following.text == " ":
            return None
        both = token.glued == following.glued
        numeric = following.shape in (Shape.NUMBER, Shape.CURRENCY)
        return at + 1 if both and numeric else None
    if token.shape is Shape.WORD and (found := scan.language.joins.match(scan.tokens, at)) is not None:
        return found[1]
    return None


def _ends(first: Numeral, second: Numeral, sign: int, second_sign: int, *, shared: bool) -> tuple[Decimal, Decimal]:
    low = first.total
    if shared and second.magnitude > 1 and first.value < _THOUSAND and low * second.magnitude < second.total:
        low *= second.magnitude
    high = second.total
    if sign < 0:
        low = -low
        high = high if second_sign > 0 else -high
    elif second_sign < 0:
        high = -high
    return (high, low) if sign < 0 and high < low else (low, high)


def _fraction(scan: Scan, at: int, numeral: Numeral) -> Amount | None:
    """Read "zwei Drittel", "a third", "three quarters"; a bare article needs more evidence in some languages."""
    end = numeral.end
    if numeral.article and scan.at(end).key in scan.language.table.get("modifier_adjectives", {}):
        end += 1  # "ein gutes Drittel"
    found = scan.language.fractions.match(scan.tokens, end)
    if found is None or scan.in_set(numeral.end, "fraction_words.standalone") or numeral.magnitude != 1:
        return None
    part = found[0]
    above = numeral.value * part.numerator
    if numeral.value != numeral.value.to_integral_value() or not 0 < above <= part.denominator:
        return None
    uncertain = not scan.language.nouns_are_capitalised and found[1] == numeral.end + 1
    if uncertain and not _is_share(scan, at, found[1], many=numeral.value > 1):
        return None
    amount = Amount(at, found[1], Kind.FRACTION, above / part.denominator)
    return fraction_of(scan, amount)


def _is_share(scan: Scan, at: int, end: int, *, many: bool) -> bool:
    """Tell "a third" from "a third man" in a language without capitals, by what stands behind and before it."""
    follower, last = scan.at(end), scan.at(end - 1)
    sets = scan.language.sets
    if follower.shape is not Shape.WORD or follower.key in sets["fraction_words.followed_by"]:
        return True
    if many and last.key.endswith("s"):
        partly = follower.key.endswith("ed") and follower.key not in sets["fraction_words.period_verbs"]
        return partly or last.key not in sets["fraction_words.periods"]
    if scan.in_set(at - 1, "changes.by") and at:
        return any(scan.language.direction(scan.at(index).key) for index in range(max(0, at - _BY_REACH), at - 1))
    unit = read_unit(scan, end)
    return unit is not None and unit[0].kind is Kind.PERCENTAGE_POINTS


def _with_cents(scan: Scan, amount: Amount) -> Amount:
    """Read "zwei Euro und fünfzig Cent" as one amount; dollars and many others have cents as well."""
    if amount.kind is not Kind.MONEY or amount.value is None or amount.factor != 1:
        return amount
    at = amount.last
    if scan.in_set(at, "ranges.and"):
        at += 1
    if not scan.is_word(at) and scan.at(at).shape is not Shape.NUMBER:
        return amount
    cents = read_numeral(scan, at)
    if cents is None or cents.magnitude != 1 or not 0 < cents.value < 100:
        return amount
    unit = read_unit(scan, cents.end)
    if unit is None or unit[0].kind is not Kind.MONEY or unit[0].factor >= 1:
        return amount
    return replace(amount, value=amount.value + cents.value * unit[0].factor, last=unit[1])
