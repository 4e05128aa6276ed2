"""Writing a figure by English convention: `€1.5 billion`, `30–40%`, `more than 1,000`.

The counterpart of finding, used where a brief's figure is put right. Choices: `$` is the US dollar, other currencies
without a sign of their own go by their ISO code; `%` after digits; an en dash in ranges that share magnitude and unit,
"to" in others; whole counts and durations below ten in words; British unit names from CLDR.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_name
from babel.units import get_unit_name

from depesche.figure import Figure, Kind, Modifier
from depesche.figures.convert import numbers_of
from depesche.figures.units import measures

CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
CURRENCY_WORDS = {"USD": "dollars", "GBP": "pounds"}
"""Names in words where the CLDR one ("US dollars") is longer than news needs."""

MAGNITUDES = ((12, "trillion"), (9, "billion"), (6, "million"))
MAGNITUDE_DIGITS = 3
"""Most decimals before a magnitude word; a more exact value is written out."""

WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
)  # fmt: skip
SPELLED_BELOW = 10
"""Whole numbers below this are spelled out where a sentence does not already do otherwise."""

ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
PARTS = {
    2: "half",
    3: "third",
    4: "quarter",
    5: "fifth",
    6: "sixth",
    7: "seventh",
    8: "eighth",
    9: "ninth",
    10: "tenth",
}
DIGIT_WORDS = {1: "single-digit", 2: "double-digit", 3: "triple-digit"}
PLURALS = {1: "dozens", 2: "hundreds", 3: "thousands", 4: "tens of thousands", 5: "hundreds of thousands"} | {
    power + shift: prefix + word + "s"
    for power, word in MAGNITUDES
    for shift, prefix in ((0, ""), (1, "tens of "), (2, "hundreds of "))
}

MODIFIERS = {
    Modifier.MORE_THAN: "more than",
    Modifier.LESS_THAN: "less than",
    Modifier.APPROXIMATELY: "about",
    Modifier.ALMOST: "almost",
    Modifier.SLIGHTLY_MORE_THAN: "just over",
    Modifier.UP_TO: "up to",
    Modifier.AT_LEAST: "at least",
    Modifier.AT_MOST: "at most",
}

SYMBOLS = {
    "km": "km", "cm": "cm", "mm": "mm", "kg": "kg", "mg": "mg", "ug": "µg", "ml": "ml", "m3": "m³", "Cel": "°C",
    "[degF]": "°F", "kW": "kW", "MW": "MW", "GW": "GW", "TW": "TW", "kWh": "kWh", "MWh": "MWh", "GWh": "GWh",
    "TWh": "TWh", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "V": "V", "kV": "kV", "kB": "kB", "MB": "MB",
    "GB": "GB", "TB": "TB", "dB": "dB", "hPa": "hPa", "bar": "bar", "kt": "kt", "Mt": "Mt", "Gt": "Gt", "hp": "hp",
    "km/h": "km/h", "m/s": "m/s", "mph": "mph", "[ppth]": "‰", "[ppm]": "ppm",
}  # fmt: skip
"""Units that news writes as symbols; the others have names."""

NAMES = {
    "t": "tonnes", "ha": "hectares", "Kopf": "heads", "Einwohner": "inhabitants", "Stück": "units", "Aktie": "shares",
    "Fass": "barrels", "Nacht": "nights", "Person": "persons", "Ticket": "tickets", "Liter": "litres", "head": "heads",
    "person": "persons", "share": "shares", "unit": "units", "barrel": "barrels", "inhabitant": "inhabitants",
}  # fmt: skip
"""Names that CLDR has otherwise or not at all; what is counted in rates ("370 Euro pro Kopf") is a word."""

DURATIONS = {"s", "min", "h", "d", "wk", "mo", "a"}


def write_figure(figure: Figure, language: str = "en", noun: str | None = None) -> str:
    """Return the figure in the words of `language`, modifier first, without an article.

    `noun` is what is counted, in the form that the number wants ("ministers"); the unit of a count found in a German
    text is never used for it. A unit that has no English name keeps its own ("€0.95 per Flasche"); see
    `has_english_unit`. Raises `ValueError` for a language other than English.
    """
    if language != "en":
        raise ValueError(f"figures are written in English only, not in {language!r}")
    words = _WRITERS[figure.kind](figure)
    if noun and figure.kind in (Kind.COUNT, Kind.ORDINAL):
        words = f"{words} {noun}"
    elif noun and figure.kind is Kind.QUALITATIVE:
        words = f"{words} of {noun}" if words in PLURALS.values() else f"{words} {noun}"
    return f"{modifier_words(figure)} {words}".strip()


def modifier_words(figure: Figure) -> str:
    """Return the words of the figure's modifier: "fewer than" before counts, nothing where there is none."""
    if figure.modifier is Modifier.LESS_THAN and figure.kind is Kind.COUNT:
        return "fewer than"
    return MODIFIERS[figure.modifier] if figure.modifier else ""


def write_number(value: Decimal, *, words: bool = False, below: int = SPELLED_BELOW, cents: bool = False) -> str:
    """Return a number with English separators and magnitude words from a million up.

    With `words`, whole numbers smaller than `below` are spelled out; with `cents`, money has two decimals or none.
    """
    if words and 0 <= value < min(below, len(WORDS)) and value == int(value):
        return WORDS[int(value)]
    scaled, magnitude = _scaled(value)
    return f"{_plain(scaled, cents=cents and not magnitude)} {magnitude}".strip()


def _plain(value: Decimal, *, cents: bool = False) -> str:
    """Write digits; with `cents`, a single decimal gets a second one ("€0.30")."""
    value = value.normalize()
    return f"{value:,.2f}" if cents and value.as_tuple().exponent == -1 else f"{value:,f}"


def _scaled(value: Decimal) -> tuple[Decimal, str]:
    """Split off the magnitude word that leaves at most three decimals, if any."""
    for power, word in MAGNITUDES:
        scaled = value.scaleb(-power)
        exponent = scaled.normalize().as_tuple().exponent
        if abs(scaled) >= 1 and isinstance(exponent, int) and exponent >= -MAGNITUDE_DIGITS:
            return scaled, word
        if abs(scaled) >= 1:
            break
    return value, ""


def _numbers(figure: Figure, before: str = "", after: str = "", *, words: bool = False) -> str:
    """Write value or range between what stands before (a currency sign) and after (a unit)."""
    if figure.value is not None:
        sign = "minus " if figure.value < 0 and before else ""
        number = abs(figure.value) if sign else figure.value
        return f"{sign}{before}{write_number(number, words=words, cents=bool(before))}{after}"
    assert figure.low is not None  # noqa: S101 - a figure with numbers is a value or a range
    assert figure.high is not None  # noqa: S101
    (low, magnitude_low), (high, magnitude_high) = _scaled(figure.low), _scaled(figure.high)
    if magnitude_low == magnitude_high and low >= 0:
        return f"{before}{_plain(low)}–{_plain(high)} {magnitude_low}".rstrip() + after
    return f"{before}{write_number(figure.low)} to {before}{write_number(figure.high)}{after}"


def _singular(figure: Figure) -> bool:
    return figure.value is not None and abs(figure.value) == 1


def _money(figure: Figure) -> str:
    code = figure.unit or ""
    return _numbers(figure, CURRENCY_SIGNS.get(code, f"{code} "))


def _points(figure: Figure) -> str:
    name = "basis point" if figure.unit == "bp" else "percentage point"
    return _numbers(figure, after=f" {name}" if _singular(figure) else f" {name}s")


def has_english_unit(figure: Figure) -> bool:
    """Say whether `write_figure` has English words for everything that the figure's unit names."""
    if figure.kind not in (Kind.QUANTITY, Kind.RATE):
        return True
    above, _, below = (figure.unit or "").partition("/")
    parts = [below.lstrip("0123456789"), *([] if _is_currency(above) else [above])] if below else [above]
    return figure.unit in SYMBOLS or all(_english_name(part) for part in parts)


def _unit(symbol: str, *, singular: bool) -> str:
    """Return the unit in English words or as its symbol, else as it is."""
    name = _english_name(symbol)
    if symbol in SYMBOLS or not name:
        return name or symbol
    return _one(name) if singular else name


def _english_name(symbol: str) -> str | None:
    """Return the symbol that English text uses for a unit, or its name in the plural, or None."""
    if known := SYMBOLS.get(symbol) or NAMES.get(symbol):
        return known
    measure = measures().get(symbol)
    return get_unit_name(measure.cldr, locale="en_GB") if measure and measure.cldr else None


def unit_words(symbol: str, *, singular: bool, locale: str = "en_GB") -> str:
    """Return the name of a unit in words even where news writes a symbol ("kilometres"), else what `_unit` gives."""
    measure = measures().get(symbol)
    name = NAMES.get(symbol) or (get_unit_name(measure.cldr, locale=locale) if measure and measure.cldr else None)
    if not name:
        return _unit(symbol, singular=singular)
    return _one(name) if singular else name


def _is_currency(symbol: str) -> bool:
    return len(symbol) == 3 and symbol.isupper()


def _one(plural: str) -> str:
    """Return the singular of a CLDR unit name ("square metres", "feet", "miles per hour")."""
    head, space, rest = plural.partition(" per ")
    words = head.split(" ")
    irregular = {"feet": "foot", "inches": "inch"}
    words[-1] = irregular.get(words[-1], words[-1].removesuffix("s"))
    return " ".join(words) + space + rest


def _quantity(figure: Figure) -> str:
    symbol = figure.unit or ""
    if symbol in DURATIONS and figure.value == Decimal("0.5"):
        return f"half {'an' if symbol == 'h' else 'a'} {_unit(symbol, singular=True)}"
    unit = _unit(symbol, singular=_singular(figure))
    glue = "" if unit == "‰" else " "
    return _numbers(figure, after=f"{glue}{unit}", words=symbol in DURATIONS)


def _rate(figure: Figure) -> str:
    symbol = figure.unit or ""
    if symbol in SYMBOLS:
        return _numbers(figure, after=f" {SYMBOLS[symbol]}")
    above, _, below = symbol.partition("/")
    if above in SYMBOLS and below in SYMBOLS:
        return _numbers(figure, after=f" {SYMBOLS[above]}/{SYMBOLS[below]}")
    per = f"100 {_unit(below[3:], singular=False)}" if below.startswith("100") else _unit(below, singular=True)
    if _is_currency(above):
        return f"{_numbers(figure, CURRENCY_SIGNS.get(above, f'{above} '))} per {per}"
    return _numbers(figure, after=f" {_unit(above, singular=_singular(figure))} per {per}")


def _fraction(figure: Figure) -> str:
    numbers = numbers_of(figure)
    if len(numbers) != 1:
        return " to ".join(_share(number) for number in numbers)
    return _share(numbers[0])


def _share(number: Fraction) -> str:
    above, below = number.numerator, number.denominator
    if below not in PARTS or above >= below:
        return f"{write_number(Decimal(above), words=True)} in {write_number(Decimal(below), words=True)}"
    if above == 1:
        return PARTS[below] if below == 2 else f"a {PARTS[below]}" if below != 8 else "an eighth"
    return f"{WORDS[above]} {PARTS[below]}s"


def _multiple(figure: Figure) -> str:
    named = {Decimal(2): "double", Decimal(3): "triple", Decimal(4): "quadruple"}
    if figure.value in named:
        return named[figure.value]
    return _numbers(figure, after=" times")


def _ordinal(figure: Figure) -> str:
    if figure.value is None:
        return _numbers(figure)
    number = int(figure.value)
    if number < len(ORDINALS):
        return ORDINALS[number]
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def _score(figure: Figure) -> str:
    return "-".join(str(number) for number in numbers_of(figure))


def _qualitative(figure: Figure) -> str:
    """Write a size without a number: "triple-digit", "several billion dollars", "hundreds of millions of euros"."""
    form, *rest = (figure.quality or "").split(":")
    power = next((int(part[2:]) for part in rest if part.startswith("1e")), None)
    currency = currency_words(figure.unit)
    if power is None:
        return DIGIT_WORDS.get(int(rest[0]), f"{WORDS[min(int(rest[0]), 9)]}-digit") + (
            " percentage" * (figure.unit == "%")
        )
    if form == "several" or (form == "digits" and rest[0] == "1"):
        size = next((word for exponent, word in MAGNITUDES if exponent == power), PLURALS[power].removesuffix("s"))
        return f"several {size} {currency}".rstrip()
    if form == "digits":
        power += int(rest[0]) - 1
    return f"{PLURALS[power]} of {currency}" if currency else PLURALS[power]


def currency_words(unit: str | None) -> str:
    """Return the plural of a currency in English words, or nothing for a unit that is no currency."""
    if unit and _is_currency(unit):
        return CURRENCY_WORDS.get(unit) or get_currency_name(unit, count=2, locale="en")
    return ""


_WRITERS: dict[Kind, Callable[[Figure], str]] = {
    Kind.MONEY: _money,
    Kind.PERCENT: lambda figure: _numbers(figure, after="%"),
    Kind.PERCENTAGE_POINTS: _points,
    Kind.COUNT: lambda figure: _numbers(figure, words=True),
    Kind.QUANTITY: _quantity,
    Kind.RATE: _rate,
    Kind.TEMPERATURE: lambda figure: _numbers(figure, after=f" {SYMBOLS.get(figure.unit or '', figure.unit)}"),
    Kind.AGE: lambda figure: _numbers(figure, after=" year old" if _singular(figure) else " years old"),
    Kind.MULTIPLE: _multiple,
    Kind.FRACTION: _fraction,
    Kind.SCORE: _score,
    Kind.ORDINAL: _ordinal,
    Kind.QUALITATIVE: _qualitative,
}
