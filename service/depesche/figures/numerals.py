"""Read the number of a figure: digits or words, "Komma", halves and magnitudes, up to where its unit begins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from depesche.figures.amount import Scan
from depesche.figures.measures import is_million
from depesche.figures.tokens import Shape

_HUNDRED = Decimal(100)
_HALF = Decimal("0.5")
_LARGEST_SMALL_FRACTION = 20
_MOST_SPOKEN_DIGITS = 20
_DASHES = frozenset({"-", "–", "—"})


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that was read: its value without and with the magnitude, and the token index where it ends.

    `article` says that it is only "ein" or "a", which is a number before a magnitude, a fraction or a unit alone.
    """

    value: Decimal
    end: int
    magnitude: Decimal = Decimal(1)
    digits: bool = False
    article: bool = False
    half: bool = False

    @property
    def total(self) -> Decimal:
        """Return the value times its magnitude."""
        return self.value * self.magnitude


def read_numeral(scan: Scan, at: int, *, money: bool = False, joined: bool = True) -> Numeral | None:
    """Return the number that begins at a token, or None.

    `money` says that a currency sign stands before it, so that "$5m" is five million. Without `joined`, "and"
    does not continue a number ("between one hundred and two hundred").
    """
    if money or not joined:
        return _numeral(scan, at, money=money, joined=joined)
    place = ("numeral", at)
    if place not in scan.known:
        scan.known[place] = _numeral(scan, at, money=False, joined=True)
    numeral: Numeral | None = scan.known[place]
    return numeral


def _numeral(scan: Scan, at: int, *, money: bool, joined: bool) -> Numeral | None:
    token = scan.at(at)
    if token.shape is Shape.NUMBER:
        return _from_digits(scan, at, money=money)
    if token.shape is Shape.WORD:
        return _halved(scan, at) or _with_decimals(scan, _from_words(scan, at, joined=joined))
    return None


def _with_decimals(scan: Scan, numeral: Numeral | None) -> Numeral | None:
    """Read the decimals of "one thousand point zero one", which stand behind the whole number."""
    if numeral is None or not scan.in_set(numeral.end, "numbers.point"):
        return numeral
    digits = _spoken_digits(scan, numeral.end + 1)
    if not digits or numeral.total != numeral.total.to_integral_value():
        return numeral
    return Numeral(Decimal(f"{numeral.total:f}.{digits}"), numeral.end + 1 + len(digits))


def sign_at(scan: Scan, at: int) -> int:
    """Return -1, 1 or 0 for a minus, a plus or no sign at a token that a number follows."""
    token = scan.at(at)
    if token.shape is Shape.WORD:
        if token.glued and at and scan.at(at - 1).text == "/":
            return 0
        either = at > 1 and scan.in_set(at - 1, "ranges.lists") and scan.in_set(at - 2, "numbers.plus")
        named = scan.language.nouns_are_capitalised and token.is_capitalised and _has_article(scan, at)
        if either or named:
            return 0  # "plus or minus 3", "das Minus betrug", "betrug das Minus 3 Prozent"
        if scan.language.modifiers.match_before(scan.tokens, at + 1) is not None:
            return 0  # the "moins" of "au moins"
        if token.key in scan.language.sets["numbers.minus"]:
            return -1
        return 1 if token.key in scan.language.sets["numbers.plus"] else 0
    if scan.at(at - 1).text in {"+", "±"} and at:
        return 0
    follows = scan.at(at + 1).glued and (at == 0 or not token.glued or scan.at(at - 1).text in "(„“\"'[")
    if token.text in {"-", "−", "–", "‑"} and token.text and follows:
        return -1
    return 1 if token.text == "+" and follows else 0


def _has_article(scan: Scan, at: int) -> bool:
    return at > 0 and scan.in_set(at - 1, "thresholds.articles")


def _from_digits(scan: Scan, at: int, *, money: bool) -> Numeral | None:
    token = scan.at(at)
    if token.value is None:
        return None
    value, end = token.value, at + 1
    following = scan.at(end)
    if following.shape is Shape.NUMBER and following.value is not None and following.value < 1:
        if following.text.isnumeric() and not following.text.isdecimal() and not following.text.isascii():
            value, end = value + following.value, end + 1
    elif is_slash_fraction(scan, end) and not following.glued:  # "2 1/2"
        value, end = value + (following.value or Decimal(0)) / (scan.at(end + 2).value or Decimal(1)), end + 3
    elif is_slash_fraction(scan, at):
        value, end = value / (scan.at(at + 2).value or 1), at + 3
    elif following.text == "," and following.glued and scan.at(end + 1).text in _DASHES and scan.at(end + 1).glued:
        end += 2  # "99,– Euro"
    value, end = _and_a_half(scan, value, end)
    magnitude, end = read_magnitude(scan, end, money=money)
    return Numeral(value, end, magnitude, digits=True)


def is_slash_fraction(scan: Scan, at: int) -> bool:
    """Say whether "1/2" begins at a token; "24/7" and "2023/24" are none."""
    slash, below = scan.at(at + 1), scan.at(at + 2)
    if slash.text != "/" or not slash.glued or below.shape is not Shape.NUMBER or not below.glued:
        return False
    above = scan.at(at)
    if not (above.text.isdigit() and below.text.isdigit()) or above.value is None or below.value is None:
        return False
    return 0 < above.value < below.value <= _LARGEST_SMALL_FRACTION


def read_magnitude(scan: Scan, at: int, *, money: bool) -> tuple[Decimal, int]:
    """Read the magnitudes after a number ("hundert Millionen"), each larger than the one before."""
    total, end = Decimal(1), at
    last = Decimal(0)
    if (short := short_magnitude(scan, at, money=money)) is not None:
        return short, at + 1
    while (found := scan.language.magnitudes.match(scan.tokens, end)) is not None and found[0] > last:
        last, end = found[0], found[1]
        total *= last
    return total, end


def short_magnitude(scan: Scan, at: int, *, money: bool) -> Decimal | None:
    """Read the "bn" of "$100bn": only right behind the digits, or behind an amount of money."""
    token = scan.at(at)
    short = scan.language.table.get("short_magnitudes", {})
    if token.shape is not Shape.WORD or not (token.glued or money):
        return None
    is_money = money or _is_money(scan, at + 1) or (token.text == "m" and token.glued and is_million(scan, at))
    sizes = short.get("always", {}) | (short.get("money", {}) if is_money else {})
    found = sizes.get(token.text)
    return None if found is None else Decimal(found)


def _is_money(scan: Scan, at: int) -> bool:
    found = scan.language.unit_names.match(scan.tokens, at) or scan.language.unit_symbols.match(scan.tokens, at)
    return found is not None and found[0].kind == "money"


def _halved(scan: Scan, at: int) -> Numeral | None:
    """Read "eine halbe Million", "half a million", "half an hour": a half before a magnitude or a unit."""
    language, end = scan.language, at
    if scan.in_set(at, "numbers.articles"):
        end += 1
        if scan.at(end).key in language.table.get("modifier_adjectives", {}):
            end += 1  # "eine gute halbe Stunde"
    if not scan.in_set(end, "fraction_words.half"):
        return None
    end += 1
    if scan.in_set(end, "numbers.articles") and not language.nouns_are_capitalised:
        end += 1
    magnitude, after = read_magnitude(scan, end, money=False)
    if after > end:
        return Numeral(_HALF, after, magnitude, half=True)
    unit = language.unit_names.match(scan.tokens, end)
    if unit is not None and not scan.in_set(end, "fraction_words.never_halved"):
        return Numeral(_HALF, end, half=True)
    return None


def _from_words(scan: Scan, at: int, *, joined: bool, below: Decimal | None = None) -> Numeral | None:
    """Read number words, written together or apart; what follows a magnitude must be smaller (`below`) than it."""
    token, language = scan.at(at), scan.language
    is_article = token.key in language.sets["numbers.articles"]
    value = Decimal(1) if is_article else language.words.value(token.key)
    if value is None:
        return None
    value, end = _group(scan, at, value, joined=joined and not is_article)
    if not is_article and scan.in_set(end, "fraction_words.halves"):
        value, end = value / 2, end + 1
    if scan.in_set(end, "numbers.point") and (digits := _spoken_digits(scan, end + 1)):
        value, end = Decimal(f"{value}.{digits}"), end + len(digits) + 1
    else:
        value, end = _and_a_half(scan, value, end)
    if is_article and end == at + 1 and scan.in_set(end, "numbers.few"):
        return None
    adjective = is_article and scan.at(end).key in language.table.get("modifier_adjectives", {})
    if adjective and language.magnitudes.match(scan.tokens, end + 1) is not None:
        end += 1  # "ein gutes Dutzend"
    magnitude, after = read_magnitude(scan, end, money=False)
    if magnitude > 1 and (halved := half_after(scan, after)) > after:
        value, after = value + _HALF, halved  # "a dozen and a half"
    article = is_article and after == at + 1
    if below is not None and value * magnitude >= below:
        return None
    if after > end and value == value.to_integral_value():
        rest = _smaller_rest(scan, after, magnitude, joined=joined)
        if rest is not None:
            return Numeral(value * magnitude + rest.total, rest.end)
    return Numeral(value, after, magnitude, article=article)


def _group(scan: Scan, at: int, value: Decimal, *, joined: bool) -> tuple[Decimal, int]:
    """Read on through "two hundred and twenty five", where number words are written apart."""
    end, words = at + 1, scan.language.words
    if words.glued:
        return value, end
    while True:
        token = scan.at(end)
        if token.key in words.hundreds and value < _HUNDRED:
            value, end = value * _HUNDRED, end + 1
            continue
        skip = 1 if joined and token.key in words.glue and value >= _HUNDRED else 0
        part = words.below_hundred.get(scan.at(end + skip).key)
        if part is None or not _fits(value, part) or scan.in_set(end + skip, "numbers.articles"):
            return value, end
        if skip and scan.at(end + skip + 1).key in words.hundreds:
            return value, end
        value, end = value + part, end + skip + 1


def _fits(value: Decimal, part: Decimal) -> bool:
    if value >= _HUNDRED:
        return value % _HUNDRED == 0 and 0 < part < _HUNDRED and part == part.to_integral_value()
    return 20 <= value <= 90 and value % 10 == 0 and 0 < part < 10 and part == part.to_integral_value()


def _smaller_rest(scan: Scan, at: int, magnitude: Decimal, *, joined: bool) -> Numeral | None:
    """Read what follows a magnitude: "eine Million | zweihunderttausend", "one million, two hundred thousand"."""
    words, start = scan.language.words, at
    comma = scan.at(start).text == "," and not words.glued
    if comma or (joined and scan.at(start).key in words.glue):
        start += 1
    if not scan.is_word(start):
        return None
    if scan.in_set(start, "numbers.articles"):  # "vier Milliarden eine Million"
        if not words.glued or scan.language.magnitudes.match(scan.tokens, start + 1) is None:
            return None
    elif words.value(scan.at(start).key) is None:
        return None
    rest = _from_words(scan, start, joined=joined, below=magnitude)
    if rest is None or rest.total == 0:
        return None
    if comma and rest.total < _HUNDRED:
        return None
    return rest


def _spoken_digits(scan: Scan, at: int) -> str:
    """Read the digits after "Komma" or "point" as one string."""
    digits = ""
    while len(digits) < _MOST_SPOKEN_DIGITS and scan.is_word(at + len(digits)):
        value = scan.language.words.value(scan.at(at + len(digits)).key)
        if value is None or not 0 <= value < 10 or value != value.to_integral_value():
            break
        digits += str(value)
    return digits


def _and_a_half(scan: Scan, value: Decimal, end: int) -> tuple[Decimal, int]:
    """Read "two and a half"."""
    after = half_after(scan, end)
    return (value + _HALF, after) if after > end else (value, end)


def half_after(scan: Scan, at: int) -> int:
    """Return the index after "and a half" at a token, or `at` where it does not stand there."""
    key = scan.at(at).key
    for words in scan.language.and_half:
        if key == words[0] and all(scan.at(at + i).key == word for i, word in enumerate(words)):
            return at + len(words)
    return at
