"""What English calls a place or an organisation that a German text names: no name is lost where the English one stands.

Countries come from CLDR; regions, cities and short forms that CLDR lacks stand in `words.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale

from depesche.checks.words import english_names


def english_forms(german: str) -> tuple[str, ...]:
    """Return the English names of what a German text calls `german`; empty if none is known."""
    forms = _names()
    return forms.get(german) or forms.get(german.removesuffix("s")) or ()


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    german, english = Locale("de").territories, Locale("en").territories
    names = {name: (english[code],) for code, name in german.items() if code in english and code.isalpha()}
    return names | english_names()
