"""How an English figure would read if it said what a source figure says, in the style that the sentence has.

Between writing and mending: "100-million-dollar", "100 million dollars" and "$100 million" are three styles of one
figure, and a mended sentence keeps the one that its translator chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from depesche.figure import Figure, Kind
from depesche.figures.write import currency_words, has_english_unit, modifier_words, write_figure, write_number

_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half a|a dozen|"
    "a hundred|a thousand"
)
_MAGNITUDE_WORDS = "thousand|million|billion|trillion|mn|bn|tn|m|k"
_NUMBER = rf"[-−]?(?:\d[\d,.]*\d|\d|\b(?:{_NUMBER_WORDS})\b)"
NUMBER = re.compile(rf"{_NUMBER}(?:[\s-]?(?:(?:{_NUMBER_WORDS}|{_MAGNITUDE_WORDS}|and)\b))*", re.IGNORECASE)
"""A number in digits or words with its magnitude."""

_SIGNS = re.compile(r"[€$£¥]|\b[A-Z]{3}\b")
_VERBS = {Decimal(2): "doubled", Decimal(3): "tripled", Decimal(4): "quadrupled"}


def recastings(source: Figure, target: Figure) -> Iterator[str]:
    """Yield wordings of `source` in the place and style of `target`, the one nearest to the sentence first.

    None is promised to be right: the caller reads each back and keeps the first that says what the source says.
    """
    if (numbers := _with_other_numbers(source, target)) is not None:
        yield numbers
    if source.kind is Kind.MONEY and (money := _in_currency_words(source, target)) is not None:
        yield money
    if source.kind in (Kind.PERCENT, Kind.PERCENTAGE_POINTS) and "%" not in target.text:
        yield _percent_in_words(source, target)
    if source.kind is Kind.SCORE:
        yield re.sub(r"-", _separator(target.text), write_figure(source))
    if source.kind is Kind.MULTIPLE and target.text.casefold().endswith("ed") and source.value in _VERBS:
        yield _VERBS[source.value]
    if has_english_unit(source):
        yield write_figure(source, noun=_noun(target))


def core_of(text: str) -> list[str]:
    """Return what may remain of a figure's text without its modifier, the longest first."""
    words = text.split(" ")
    fronts = [" ".join(words[k:]) for k in range(len(words))]
    backs = [" ".join(words[:-k]) for k in range(1, len(words))]
    return fronts + backs


def _with_other_numbers(source: Figure, target: Figure) -> str | None:
    """Put the source's number or range where the target has its own, and leave modifier, unit and noun alone."""
    found = list(NUMBER.finditer(target.text))
    if not found or source.kind is Kind.SCORE:
        return None
    start, end = found[0].start(), found[-1].end()
    before, written, after = target.text[:start], target.text[start:end], target.text[end:]
    if source.value is not None:
        if target.is_range:
            before = re.sub(r"\b(?:between|from)\s+$", "", before, flags=re.IGNORECASE)
        number = write_number(source.value, words=not any(character.isdigit() for character in written))
        if "-" in after[:1] or (after[:1].isalpha()):
            number = number.replace(" ", "-")
        return f"{_modified(before, source, target)}{number}{after}"
    if source.low is None or source.high is None:
        return None
    joint = " and " if "between" in before.casefold() else "–"
    if joint == "–" and re.search(r"\s(?:to|or)\s", written):
        joint = " to "
    low, high = write_number(source.low), write_number(source.high)
    magnitude = high.partition(" ")[2]
    if magnitude and low.endswith(f" {magnitude}"):
        low = low.removesuffix(f" {magnitude}")
    elif magnitude and joint == "–":
        joint = " to "
    return f"{_modified(before, source, target)}{low}{joint}{high}{after}"


def _modified(before: str, source: Figure, target: Figure) -> str:
    """Return what stands before the number, with the source's modifier where the target has another."""
    if source.modifier == target.modifier:
        return before
    sign = _SIGNS.search(before)
    kept = before[sign.start() :] if sign else ""
    return f"{modifier_words(source)} {kept}".lstrip()


def _in_currency_words(source: Figure, target: Figure) -> str | None:
    """Write money with the currency as a word, hyphened in a compound ("100-million-euro"), if the target does."""
    if _SIGNS.search(target.text) or source.unit is None or source.value is None:
        return None
    number = write_number(source.value)
    if re.search(r"[\w]-[a-z]", target.text):
        name = currency_words(source.unit)
        return f"{number} {name.removesuffix('s')}".replace(" ", "-")
    name = currency_words(source.unit)
    if abs(source.value) == 1:
        name = name.removesuffix("s")
    return f"{modifier_words(source)} {number} {name}".strip()


def _percent_in_words(source: Figure, target: Figure) -> str:
    word = "per cent" if "per cent" in target.text else "percent"
    return write_figure(source).replace("%", f" {word}")


def _separator(text: str) -> str:
    return next((character for character in text if character in ":-–"), "-")


def _noun(target: Figure) -> str | None:
    """Return the counted noun as the target has it, if it ends the figure's text."""
    bare = replace(target, modifier=None)
    if bare.kind is Kind.COUNT and bare.unit and bare.text.endswith(bare.unit):
        return bare.unit
    return None
