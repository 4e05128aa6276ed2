"""Read what a number is a number of: its unit, its rate, or the noun that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Scan
from depesche.figures.language import Language
from depesche.figures.tokens import Shape
from depesche.figures.units import Unit, measures

_MOST_ADJECTIVES = 4
_MOST_NUMBER_WORDS = 6
TIMES = frozenset({"a", "mo", "wk", "d", "h", "min", "s"})
QUOTES = frozenset("\"„“”»«‚‘’'›‹")


@dataclass(frozen=True, slots=True)
class Measured:
    """What follows a number: kind, unit, the factor for its value, and the token index where it ends."""

    kind: Kind
    unit: str | None
    end: int
    factor: Decimal = Decimal(1)
    first: int = 0

    @property
    def bare(self) -> bool:
        """Say whether nothing was found."""
        return self.kind is Kind.COUNT and self.unit is None


def read_unit(scan: Scan, at: int) -> tuple[Unit, int] | None:
    """Return the unit that is written at a token and where it ends."""
    place = ("unit", at)
    if place not in scan.known:
        scan.known[place] = _unit(scan, at)
    found: tuple[Unit, int] | None = scan.known[place]
    return found


def _unit(scan: Scan, at: int) -> tuple[Unit, int] | None:
    language, token = scan.language, scan.at(at)
    if token.text in {"-", "‑"} and token.glued and scan.at(at + 1).glued:
        return None
    exact = language.unit_symbols.match(scan.tokens, at)
    if token.glued and token.text == "m" and is_million(scan, at):
        return None
    named = language.unit_names.match(scan.tokens, at)
    found = max((found for found in (exact, named) if found), key=lambda found: found[1], default=None)
    if found is None:
        return None
    following = scan.at(found[1])
    if following.glued and following.shape is Shape.NUMBER:
        return None  # the "P" of "P8"
    # A German currency is a noun: "mark" and "real" in lower case are something else.
    if token.text.islower() and token.key in language.sets["units.nouns_only"]:
        return None
    if token.key in language.sets["units.never"] or scan.at(found[1]).key in _not_before(language, token.key):
        return None
    if token.key in language.sets["units.only_scaled"] and not _is_scaled(scan, at):
        return None
    if found[0].kind is Kind.MONEY and token.key in language.sets["thresholds.nouns"] and _is_mark(scan, at):
        return None
    return found


def _not_before(language: Language, unit: str) -> frozenset[str]:
    """Return the nouns before which a unit is part of their name: "a day | ticket"."""
    return language.sets[f"units.not_before.{unit}"]


def _is_scaled(scan: Scan, at: int) -> bool:
    """Say whether a magnitude stands right before a token."""
    return at > 0 and scan.language.magnitudes.match(scan.tokens, at - 1) is not None


def _is_mark(scan: Scan, at: int) -> bool:
    """Say whether the "mark" at a token is a threshold ("the 12,000 mark") and no currency ("one mark")."""
    start = at
    while start > max(0, at - _MOST_NUMBER_WORDS) and _is_numeral(scan, start - 1):
        start -= 1
    return start < at and start > 0 and scan.in_set(start - 1, "thresholds.articles")


def _is_numeral(scan: Scan, at: int) -> bool:
    token, language = scan.at(at), scan.language
    if token.shape is not Shape.WORD:
        return token.shape is Shape.NUMBER or token.text == "-"
    is_article = token.key in language.sets["thresholds.articles"]
    is_number = language.words.value(token.key) is not None or language.magnitudes.match(scan.tokens, at) is not None
    return is_number and not is_article


def _after_unit_adjectives(scan: Scan, at: int) -> int | None:
    """Return where a unit of measure may stand behind adjectives ("drei lange Jahre", "ten full years")."""
    if scan.language.nouns_are_capitalised:
        return _after_adjectives(scan, at)
    end = at
    endings = tuple(scan.language.sets["counts.unit_adjective_endings"])
    while end < at + _MOST_ADJECTIVES and scan.is_word(end):
        key = scan.at(end).key
        if key not in scan.language.sets["counts.unit_adjectives"] and not (endings and key.endswith(endings)):
            break
        end += 1
    return end if end > at else None


def is_million(scan: Scan, at: int) -> bool:
    """Say whether the "m" of "12.5m" means millions and not metres, as it mostly does in English."""
    lengths = scan.language.sets["million_or_metre.lengths"]
    after = scan.at(at + 1)
    return bool(lengths) and after.key not in lengths and after.text not in {"/", "-"}


def read_measured(scan: Scan, at: int) -> Measured:
    """Return what the number that ends at a token measures or counts."""
    place = ("measured", at)
    if place not in scan.known:
        scan.known[place] = _measured(scan, at)
    measured: Measured = scan.known[place]
    return measured


def _measured(scan: Scan, at: int) -> Measured:
    found, first = read_unit(scan, at), at
    if found is None and (noun_at := _after_unit_adjectives(scan, at)) is not None:
        found, first = read_unit(scan, noun_at), noun_at
        if found is not None and found[0].kind is Kind.TEMPERATURE:
            found = None
    if found is not None:
        unit, end = found
        rated = read_rate(scan, _refine(scan, unit, end))
        return Measured(rated.kind, rated.unit, rated.end, rated.factor, first)
    noun = read_noun(scan, at)
    if noun is None:
        return Measured(Kind.COUNT, None, at)
    if (time := _time_of_compound(scan, noun[0])) is not None:
        return Measured(Kind.QUANTITY, time.symbol, noun[1], time.factor, first=noun[1] - 1)
    return read_rate(scan, Measured(Kind.COUNT, noun[0], noun[1]))


def _time_of_compound(scan: Scan, noun: str) -> Unit | None:
    """Return the unit of time that a noun with a hyphen ends with: "fünf Regierungs-Jahre" are years."""
    head, hyphen, last = noun.rpartition("-")
    unit = scan.language.unit_names.meaning(last.casefold()) if hyphen and head else None
    return unit if unit is not None and unit.symbol in TIMES else None


def measures_something(scan: Scan, at: int) -> bool:
    """Say whether the digits at a token have a magnitude, a unit or a counted noun behind them."""
    token = scan.at(at)
    if token.shape is not Shape.NUMBER or token.value is None:
        return False
    if scan.language.magnitudes.match(scan.tokens, at + 1) is not None:
        return True
    return not read_measured(scan, at + 1).bare


def _refine(scan: Scan, unit: Unit, end: int) -> Measured:
    """Tell ages from durations and angles from temperatures."""
    if unit.symbol in {"a", "mo", "wk", "d"} and scan.in_set(end, "ages.after") and unit.kind is Kind.QUANTITY:
        return Measured(Kind.AGE, unit.symbol, end, unit.factor)
    if unit.symbol == "Cel" and scan.in_set(end, "angles.words"):
        return Measured(Kind.QUANTITY, "deg", end)
    return Measured(unit.kind, unit.symbol, end, unit.factor)


def read_rate(scan: Scan, measured: Measured) -> Measured:
    """Read "pro Tonne" after a unit; a substance may stand between ("500.000 Tonnen Stahl pro Jahr")."""
    if measured.kind is Kind.TEMPERATURE:
        return measured
    at = measured.end
    per = scan.language.per.match(scan.tokens, at)
    if per is None and measured.kind is Kind.QUANTITY and (noun := read_noun(scan, at)) is not None:
        at = noun[1]
        while scan.at(at).shape is Shape.NUMBER and scan.at(at).glued:
            at += 1
        per = scan.language.per.match(scan.tokens, at)
    if per is None:
        return measured
    below = _denominator(scan, per[1])
    if below is None:
        return measured
    if per[0] in scan.language.sets["rates.of_measures"] and measured.kind is Kind.COUNT:
        return measured  # "900 Befragte per Telefon"
    # "20 Cent für den Liter" is a rate, "20 Euro für den Tag" need not be one
    if per[0] in scan.language.sets["rates.goods"] and (below[0] not in measures() or below[0] in TIMES):
        return measured
    # "a year" is a rate, "a subsidiary" and "a week earlier" are not
    loose = below[0] not in measures() or scan.in_set(below[1], "rates.not_before")
    if loose and per[0] in scan.language.sets["rates.single"]:
        return measured
    unit = f"{measured.unit}/{below[0]}"
    return Measured(Kind.RATE, unit, below[1], measured.factor)


def _denominator(scan: Scan, at: int) -> tuple[str, int] | None:
    number, token = "", scan.at(at)
    if token.shape is Shape.NUMBER:
        if token.value is None:
            return None
        number, at = str(token.value), at + 1
    found = read_unit(scan, at)
    if found is not None and found[0].kind is not Kind.MONEY:
        return number + found[0].symbol, found[1]
    noun = None if number else read_noun(scan, at, singular=True)
    return None if noun is None else (noun[0], noun[1])


def read_noun(scan: Scan, at: int, *, singular: bool = False) -> tuple[str, int] | None:
    """Return the noun that the number before a token counts, as written, and where it ends."""
    if scan.language.nouns_are_capitalised:
        return _capitalised_noun(scan, at)
    return _plural_noun(scan, at, singular=singular)


def _after_adjectives(scan: Scan, at: int) -> int | None:
    """Return the index of the noun after the adjectives that begin at a token, or None."""
    for index in range(at, at + _MOST_ADJECTIVES + 1):
        token = scan.at(index)
        if token.shape is not Shape.WORD:
            return None
        if not _is_adjective(scan, index):
            return index
    return None


def _is_adjective(scan: Scan, at: int) -> bool:
    token, language = scan.at(at), scan.language
    if token.key in language.sets["counts.stop"]:
        return False
    if language.words.value(token.key) is not None or token.key in language.ordinals:
        return False
    if not language.nouns_are_capitalised:
        return not _looks_plural(scan, token.key) and language.unit_names.match(scan.tokens, at) is None
    endings = tuple(language.sets["counts.adjective_endings"])
    if not token.is_capitalised:
        return token.key.endswith(endings) or token.key in language.sets["counts.allowed"]
    if "-" in token.text and token.key.endswith(("ische", "ischen", "ischer")):
        return True
    follower = scan.at(at + 1)
    from_place = token.text.endswith("er") and follower.shape is Shape.WORD and follower.is_capitalised
    return from_place and token.key in language.sets["counts.places"]


def _capitalised_noun(scan: Scan, at: int) -> tuple[str, int] | None:
    start = at
    if scan.at(at).text in QUOTES and scan.is_word(at + 1):
        start += 1
    index = _after_adjectives(scan, start)
    if index is None:
        return None
    token = scan.at(index)
    if not token.is_capitalised or token.key in scan.language.sets["counts.never_units"]:
        return None
    if token.key in scan.language.sets["counts.stop"] and index == start:
        return None
    return token.text, index + 1


def _plural_noun(scan: Scan, at: int, *, singular: bool) -> tuple[str, int] | None:
    """Find the head of an English-like noun phrase: the first word that looks like a plural, before any stop word."""
    sets = scan.language.sets
    for index in range(at, at + _MOST_ADJECTIVES + 1):
        token = scan.at(index)
        if token.shape is Shape.NUMBER and token.glued and index > at:
            continue  # "six MG3 machine guns"
        if token.shape is not Shape.WORD or token.key in sets["counts.stop"]:
            return None
        if "-" in token.text and _looks_plural(scan, scan.at(index + 1).key):
            continue  # "out-of-hours practices"
        if singular or _looks_plural(scan, token.key):
            return token.text, index + 1
        if scan.language.words.value(token.key) is not None:
            return None
    return None


def _looks_plural(scan: Scan, word: str) -> bool:
    sets = scan.language.sets
    if word in sets["counts.nouns"]:
        return True
    ending = word.endswith(tuple(sets["counts.plural_endings"])) and not word.endswith(("ss", "us", "is"))
    return ending and len(word) > 3 and word not in sets["counts.not_plural"]
