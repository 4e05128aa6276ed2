"""Read figures that are one word: "100-Millionen-Euro-Paket", "30-jähriger", "zwölftägige", "five-year"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import read_noun, read_unit
from depesche.figures.shares import fraction_of
from depesche.figures.special import read_multiple, read_times
from depesche.figures.tokens import Shape
from depesche.figures.units import measures

_HYPHENS = frozenset({"-", "‑"})
_SHORTEST_INNER_NOUN = 3
_SHORTEST_HEAD = 4
"""Shorter nouns are not looked for at the end of a compound: "Hoch" is not the head of every "…hoch"."""


def read_compound(scan: Scan, at: int) -> Amount | None:
    """Return the figure in the compound that begins at a token, or None."""
    amount = _compound(scan, at)
    if amount is not None:
        amount.compound = True
    return amount


def _compound(scan: Scan, at: int) -> Amount | None:
    token = scan.at(at)
    if token.shape is Shape.WORD:
        return _open_range(scan, at) or _word_compound(scan, at)
    if token.shape is Shape.CURRENCY and scan.at(at + 1).shape is Shape.NUMBER:
        return _money_compound(scan, at)
    if token.shape is not Shape.NUMBER or token.value is None:
        return None
    return _open_range(scan, at) or _digit_compound(scan, at)


def _digit_compound(scan: Scan, at: int) -> Amount | None:
    hyphen, word = scan.at(at + 1), scan.at(at + 2)
    token = scan.at(at)
    if scan.is_word(at + 1) and hyphen.glued and (found := _suffix(scan, hyphen.key)) is not None:
        return _measured_by_suffix(scan, Amount(at, at + 2, Kind.QUANTITY, token.value), found)
    if hyphen.text not in _HYPHENS or not hyphen.glued or word.shape is not Shape.WORD or not word.glued:
        return None
    if token.value is None:
        return None
    return _pieces(scan, Amount(at, at + 3, Kind.COUNT), token.value, word.text)


def _money_compound(scan: Scan, at: int) -> Amount | None:
    """Read "$100-million" and "€5-a-day": a currency sign, a number and a hyphen."""
    found = scan.language.unit_names.match(scan.tokens, at) or scan.language.unit_symbols.match(scan.tokens, at)
    number = scan.at(at + 1)
    hyphen, word = scan.at(at + 2), scan.at(at + 3)
    if found is None or number.value is None or hyphen.text not in _HYPHENS or not word.glued:
        return None
    size = word.key.partition("-")[0]
    magnitude = scan.language.magnitudes.match(scan.language.tokenizer(size), 0)
    if magnitude is None:
        return None
    return Amount(at, at + 4, Kind.MONEY, number.value * magnitude[0], unit=found[0].symbol, scaled=True)


def _open_range(scan: Scan, at: int) -> Amount | None:
    """Read "18- bis 25-Jährige": the first end leaves its hyphen open."""
    if scan.at(at + 1).text not in _HYPHENS or not scan.at(at + 1).glued or scan.at(at + 2).glued:
        return None
    join = scan.language.joins.match(scan.tokens, at + 2)
    if join is None:
        return None
    low = scan.at(at).value
    if scan.is_word(at):
        low = scan.language.words.value(scan.at(at).key)
        second = _word_compound(scan, join[1]) or read_multiple(scan, join[1])
    else:
        second = _digit_compound(scan, join[1]) or read_times(scan, join[1])
    high = second.value if second else None
    if second is None or low is None or high is None:
        return None
    low *= second.magnitude * second.factor
    if low >= high:
        return None
    return replace(second, first=at, value=None, low=low, high=high)


def _word_compound(scan: Scan, at: int) -> Amount | None:
    token = scan.at(at)
    if scan.language.words.value(token.key) is not None:
        return None
    if "-" in token.text or "‑" in token.text:
        head, _, rest = token.text.replace("‑", "-").partition("-")
        value = scan.language.words.value(head.casefold())
        if value is not None:
            return _pieces(scan, Amount(at, at + 1, Kind.COUNT), value, rest)
        return None
    if (inside := _inner_unit(scan, token.key)) is not None:
        value = scan.language.words.value(inside[1])
        return Amount(at, at + 1, measures()[inside[0]].kind, value, unit=inside[0]) if value else None
    found = _suffix(scan, token.key)
    if found is None or not found[1]:
        return None
    value = scan.language.words.value(found[1])
    if value is None and found[1] in scan.language.sets["fraction_words.half"]:
        value = Decimal("0.5")
    if value is None:
        return None
    return _measured_by_suffix(scan, Amount(at, at + 1, Kind.QUANTITY, value), found)


def _suffix(scan: Scan, word: str) -> tuple[str, str] | None:
    """Split "dreijährige" into the unit that its suffix measures and what stands before it."""
    section = scan.language.table.get("suffixes", {})
    for ending in sorted(section.get("endings", ("",)), key=len, reverse=True):
        if ending and not word.endswith(ending):
            continue
        stem = word[: len(word) - len(ending)] if ending else word
        for suffix, symbol in scan.language.suffixes.items():
            if stem.endswith(suffix):
                return symbol, stem[: -len(suffix)]
    return None


def _inner_unit(scan: Scan, word: str) -> tuple[str, str] | None:
    """Split "zehnjahresvertrag" into the unit inside and the number word before it; a noun must follow the unit."""
    for name, symbol in scan.language.table.get("inner_units", {}).items():
        number, found, noun = word.partition(name)
        if found and len(noun) >= _SHORTEST_INNER_NOUN and (not number or scan.language.words.value(number)):
            return symbol, number
    return None


def _measured_by_suffix(scan: Scan, amount: Amount, found: tuple[str, str]) -> Amount:
    measure = measures()[found[0]]
    amount.kind, amount.unit = measure.kind, measure.symbol
    if measure.symbol == "a" and _is_age(scan, amount.last - 1):
        amount.kind = Kind.AGE
    return amount


def _is_age(scan: Scan, at: int) -> bool:
    """Tell a person's age from a thing's duration by the noun that follows."""
    noun = read_noun(scan, at + 1)
    if noun is None:
        return True
    things = scan.language.sets["suffixes.things"]
    key = noun[0].casefold()
    forms = (key, key.removesuffix("s"), key.removesuffix("es"), key.removesuffix("en"))
    long_things = tuple(thing for thing in things if len(thing) > _SHORTEST_HEAD)
    return not any(form in things or form.endswith(long_things) for form in forms)


def _pieces(scan: Scan, amount: Amount, value: Decimal, rest: str) -> Amount | None:
    """Read the pieces of a hyphenated compound: number words, magnitude, unit, then the head."""
    if (found := _suffix(scan, rest.casefold())) is not None and not found[1]:
        amount.value = value
        return _measured_by_suffix(scan, amount, found)
    if (inside := _inner_unit(scan, rest.casefold())) is not None and not inside[1] and "-" not in rest:
        return replace(amount, kind=Kind.QUANTITY, value=value, unit=inside[0])
    inner = Scan(scan.language.tokenizer(rest.replace("-", " ").replace("‑", " ")), scan.language)
    at = 0
    magnitude = Decimal(1)
    if inner.at(at).key in scan.language.words.hundreds and value < 100:
        value, at = value * 100, at + 1
    half = scan.language.table.get("fraction_words", {}).get("and_half", ())
    for phrase in half:
        words = phrase.split()
        if [inner.at(at + i).key for i in range(len(words))] == words:
            value, at = value + Decimal("0.5"), at + len(words)
    size = scan.language.magnitudes.match(inner.tokens, at)
    if size is not None:
        magnitude, at = size[0], size[1]
    amount.magnitude, amount.scaled = magnitude, magnitude > 1
    amount.value = value * magnitude
    if fraction := scan.language.fractions.match(inner.tokens, at):
        part = fraction[0]
        if magnitude == 1 and value * part.numerator <= part.denominator:
            amount.kind, amount.value = Kind.FRACTION, value * part.numerator / part.denominator
            return fraction_of(scan, amount)
    measured = read_unit(inner, at)
    if measured is None:
        return _counting(scan, amount, inner, at)
    unit, end = measured
    amount.kind, amount.unit, amount.factor = unit.kind, unit.symbol, unit.factor
    amount.value *= unit.factor
    if unit.symbol == "a" and inner.in_set(end, "ages.after"):
        amount.kind = Kind.AGE
    elif unit.symbol == "a" and inner.at(end).shape is Shape.BREAK and scan.in_set(amount.last, "ages.after"):
        amount.kind, amount.last = Kind.AGE, amount.last + 1  # "a 55-year old man"
    return amount


def _counting(scan: Scan, amount: Amount, inner: Scan, at: int) -> Amount | None:
    """Read "Zwei-Staaten-Lösung" as a count of "Staaten"; a head alone ("2-Zimmer") or a number is none."""
    piece = inner.at(at)
    if piece.shape is not Shape.WORD:
        return None
    if scan.language.nouns_are_capitalised:
        if not piece.is_capitalised or inner.at(at + 1).shape is not Shape.WORD:
            return amount if amount.scaled else None
        amount.unit = piece.text
        return amount
    if piece.key == "time":
        amount.kind = Kind.MULTIPLE
        return amount
    if piece.key in scan.language.sets["counts.not_compound"]:
        return None
    amount.unit = piece.text
    return amount
