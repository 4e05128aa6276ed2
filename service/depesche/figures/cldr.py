"""What CLDR knows of a language, through Babel: number signs, long-form magnitudes, currencies, unit names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name
from babel.units import format_unit

from depesche.figures.numbers import NumberSymbols
from depesche.figures.units import measures

SIGNS = {
    "€": "EUR", "$": "USD", "US$": "USD", "US-$": "USD", "£": "GBP", "¥": "JPY", "CN¥": "CNY", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "₩": "KRW", "₪": "ILS", "₴": "UAH", "₿": "BTC", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "NZ$": "NZD", "HK$": "HKD", "R$": "BRL", "NT$": "TWD", "MX$": "MXN", "S$": "SGD",
    "USD$": "USD", "AUD$": "AUD", "CAD$": "CAD", "NZD$": "NZD", "HKD$": "HKD",
}  # fmt: skip
"""Signs as news writes them, where CLDR's choice depends on the reader's country."""


@dataclass(frozen=True, slots=True)
class Names:
    """One language's names; keys are case-folded where they are words."""

    symbols: NumberSymbols
    magnitudes: dict[str, Decimal]
    units: dict[str, str]
    currencies: dict[str, str]


@cache
def names(code: str) -> Names:
    """Return what CLDR has for a language."""
    locale = Locale.parse(code)
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    return Names(
        symbols=NumberSymbols(decimal=symbols["decimal"], group=symbols["group"]),
        magnitudes=_magnitudes(locale),
        units=_units(locale),
        currencies=_currencies(locale),
    )


@cache
def currency_codes() -> frozenset[str]:
    """Return the ISO 4217 codes, those that CLDR names and that are no test or metal codes."""
    return frozenset(str(code) for code in Locale.parse("en").currencies if not str(code).startswith("X"))


def _magnitudes(locale: Locale) -> dict[str, Decimal]:
    """Read "0 Milliarden" at 10^9 as "milliarden" = 10^9, from the long compact forms."""
    found: dict[str, Decimal] = {}
    for by_size in locale.compact_decimal_formats["long"].values():
        for size, pattern in by_size.items():
            match = re.fullmatch(r"(0+)[\s\u00a0\u202f]+(\w+)", pattern.pattern.replace("'", ""))
            if match:
                found[match[2].casefold()] = Decimal(size) / 10 ** (len(match[1]) - 1)
    return found


def _units(locale: Locale) -> dict[str, str]:
    found: dict[str, str] = {}
    for measure in measures().values():
        if measure.cldr is None:
            continue
        for number in (1, 2):
            name = format_unit(number, measure.cldr, length="long", locale=locale)
            name = name.lstrip("0123456789").strip(" \u00a0\u202f")
            if name and name[0].isalpha() and name[-1].isalpha():
                found[name.casefold()] = measure.symbol
    return found


def _currencies(locale: Locale) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in sorted(currency_codes()):
        for count in _counts():
            name = get_currency_name(code, count, locale).casefold()
            if name != code.casefold() and name.replace(" ", "").replace("-", "").isalpha():
                found.setdefault(name, code)
    return found


def _counts() -> Iterable[int]:
    return (1, 2)
