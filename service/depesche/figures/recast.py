"""How an English figure would read if it said what a source figure says, in the style that the sentence has.

Between writing and mending: "a 100-million-dollar deal", "100 million dollars" and "$100 million" are three styles of
one figure, and a mended sentence keeps the one that its translator chose, with his modifier and noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from depesche.figure import Figure, Kind
from depesche.figures.convert import numbers_of, unit_of
from depesche.figures.write import (
    CURRENCY_SIGNS,
    SYMBOLS,
    currency_words,
    has_english_unit,
    modifier_words,
    unit_words,
    write_figure,
    write_number,
)

_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half an?|a dozen|a hundred|"
    "a thousand|a million|a billion|an?(?= (?:second|minute|hour|day|week|month|year|kilomet|mile|met))"
)
_MAGNITUDE_WORDS = "thousand|million|billion|trillion|mn|bn|tn|m|k"
_NUMBER = rf"[-−]?(?:\d[\d,.]*(?:[  ]\d{{3}})*|\b(?:{_NUMBER_WORDS})\b)"
NUMBER = re.compile(rf"{_NUMBER}(?:[\s-]?(?:(?:{_NUMBER_WORDS}|{_MAGNITUDE_WORDS}|and)\b))*", re.IGNORECASE)
"""A number in digits or words with its magnitude."""

_SIGN = re.compile(r"(?:US|C|A)?[€$£¥]|\b[A-Z]{3}\b")
_VERBS = {Decimal(2): "doubled", Decimal(3): "tripled", Decimal(4): "quadrupled"}
WORDS_BELOW = 13
"""A sentence that spells its number out may go on doing so up to twelve."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A target figure's text in parts: modifier, currency sign, numbers, and what follows them."""

    lead: str
    sign: str
    numbers: str
    tail: str

    @property
    def spelled(self) -> bool:
        return not any(character.isdigit() for character in self.numbers)

    @property
    def hyphened(self) -> bool:
        return self.tail.startswith("-")


def _frame(source: Figure, target: Figure) -> _Frame | None:
    """Take the target's text apart; the lead is the source's modifier if the target has another."""
    found = list(NUMBER.finditer(target.text))
    if not found:
        return None
    start, end = found[0].start(), found[-1].end()
    lead, sign = target.text[:start], _SIGN.search(target.text[:start])
    if sign:
        lead, start_sign = lead[: sign.start()], target.text[sign.start() : start]
    if source.modifier != target.modifier:
        lead = f"{modifier_words(source)} ".lstrip()
    return _Frame(lead, start_sign if sign else "", target.text[start:end].rstrip(",."), target.text[end:])


def recastings(source: Figure, target: Figure) -> Iterator[str]:
    """Yield wordings of `source` in the place and style of `target`, the one nearest to the sentence first.

    None is promised to be right: the caller reads each back and keeps the first that says what the source says.
    """
    frame = _frame(source, target)
    if source.kind is Kind.SCORE:
        yield write_figure(source).replace("-", _separator(target.text))
    elif source.kind is Kind.MULTIPLE and target.text.casefold().endswith("ed") and source.value in _VERBS:
        yield _VERBS[source.value]
    elif source.kind is Kind.FRACTION and (share := re.search(r" (?:out of|in|of) ", target.text)):
        words = not frame or frame.spelled
        parts = (Decimal(part) for part in numbers_of(source)[0].as_integer_ratio())
        yield share[0].join(write_number(part, words=words, below=WORDS_BELOW) for part in parts)
    elif frame and source.kind is not Kind.QUALITATIVE:
        yield from _framed(source, target, frame)
    if has_english_unit(source):
        yield _written(source, target, frame)


def _framed(source: Figure, target: Figure, frame: _Frame) -> Iterator[str]:
    """Yield the target's frame with the source's numbers, or the source's unit, or both."""
    numbers = _numbers(source, target, frame)
    lead = frame.lead if source.is_range or not target.is_range else _without_between(frame.lead)
    if _same_unit(source, target):
        yield f"{lead}{frame.sign}{numbers}{frame.tail}"
    if source.kind is Kind.MONEY and source.unit:
        yield from _in_currency(source, frame, lead, numbers)
    elif source.kind in (Kind.PERCENT, Kind.PERCENTAGE_POINTS):
        yield f"{lead}{numbers}{_percent(source, frame)}"
    elif source.unit and target.unit and has_english_unit(source):
        if tail := _with_unit(frame.tail, target.unit, source.unit):
            half = "half an" if tail.strip(" -").startswith("hour") else "half a"
            yield f"{lead}{re.sub(r'half an?', half, numbers)}{tail}"
        if source.kind is Kind.QUANTITY:
            yield f"{lead}{numbers}{_measure(source, frame)}"


def _same_unit(source: Figure, target: Figure) -> bool:
    if source.kind is Kind.COUNT or source.unit is None or target.unit is None:
        return source.kind is target.kind
    return unit_of(source.unit) == unit_of(target.unit)


def _with_unit(tail: str, old: str, new: str) -> str | None:
    """Exchange the name of a unit, its symbol too, and keep singular and plural ("-month-old" → "-year-old")."""
    if "/" in old + new:
        return None
    names = [
        (unit_words(old, singular=singular, locale=locale), unit_words(new, singular=singular))
        for singular in (False, True)
        for locale in ("en_GB", "en")
    ]
    if old in SYMBOLS and new in SYMBOLS:
        names.append((SYMBOLS[old], SYMBOLS[new]))
    for written, wanted in names:
        pattern = rf"\b{re.escape(written).replace(chr(92) + ' ', '[ -]')}\b"
        if re.search(pattern, tail):
            return re.sub(pattern, wanted, tail, count=1)
    return None


def _numbers(source: Figure, target: Figure, frame: _Frame) -> str:
    """Write the source's numbers as the target writes its own, which stay if they are the same."""
    if numbers_of(source) == numbers_of(target) and source.is_range == target.is_range:
        return frame.numbers
    if source.value is not None:
        return _styled(write_number(source.value, words=frame.spelled, below=WORDS_BELOW), frame)
    if source.low is None or source.high is None:
        return frame.numbers
    low, high = (write_number(end, words=frame.spelled, below=WORDS_BELOW) for end in (source.low, source.high))
    joint = (
        " and " if "between" in frame.lead.casefold() else " to " if frame.spelled or " to " in frame.numbers else "–"
    )
    magnitude = high.partition(" ")[2]
    if magnitude and low.endswith(f" {magnitude}"):
        low = low.removesuffix(f" {magnitude}")
    elif magnitude and joint == "–":
        joint = " to "
    return _styled(f"{low}{joint}{high}", frame)


def _styled(numbers: str, frame: _Frame) -> str:
    """Group digits as the target does ("6000", "45 000"), and hyphen the magnitude in a compound."""
    if space := re.search(r"\d([  ])\d{3}", frame.numbers):
        numbers = numbers.replace(",", space[1])
    elif re.search(r"\d{4}", frame.numbers):
        numbers = re.sub(r"(?<!\d)(\d),(\d{3})(?![\d,])", r"\1\2", numbers)
    return numbers.replace(" ", "-") if frame.hyphened else numbers


def _without_between(lead: str) -> str:
    return re.sub(r"\b(?:between|from)\s+$", "", lead, flags=re.IGNORECASE)


def _in_currency(source: Figure, frame: _Frame, lead: str, numbers: str) -> Iterator[str]:
    """Write money with a sign or with the currency as a word, as the target does ("100-million-euro")."""
    unit = source.unit or ""
    if frame.sign:
        yield f"{lead}{CURRENCY_SIGNS.get(unit, f'{unit} ')}{numbers}"
        return
    name = currency_words(unit)
    singular = frame.hyphened or (source.value is not None and abs(source.value) == 1)
    name = name.removesuffix("s") if singular else name
    yield f"{lead}{numbers}{'-' if frame.hyphened else ' '}{name}"


def _percent(source: Figure, frame: _Frame) -> str:
    if source.kind is Kind.PERCENTAGE_POINTS:
        return write_figure(replace(source, modifier=None, low=None, high=None, value=Decimal(2))).removeprefix("2")
    if "%" in frame.tail:
        return "%"
    return " per cent" if "per cent" in frame.tail else " percent"


def _measure(source: Figure, frame: _Frame) -> str:
    """Write a unit as a symbol where the target has one, else in words, singular in a compound ("36-mile track")."""
    unit = source.unit or ""
    if frame.tail.strip(" -") in SYMBOLS.values() and unit in SYMBOLS:
        return f" {SYMBOLS[unit]}"
    one = source.value is not None and abs(source.value) <= 1
    words = unit_words(unit, singular=frame.hyphened or one)
    return f"-{words.replace(' ', '-')}" if frame.hyphened else f" {words}"


def _written(source: Figure, target: Figure, frame: _Frame | None) -> str:
    """Write the figure anew, with the target's own words for the modifier and the noun where it has them."""
    noun = None
    if source.kind is Kind.COUNT and frame:
        noun = frame.tail.strip() or None
    elif source.kind is Kind.QUALITATIVE and target.unit and target.text.endswith(f" {target.unit}"):
        noun = target.unit
    bare = write_figure(replace(source, modifier=None), noun=noun)
    lead = frame.lead if frame and not target.is_range else f"{modifier_words(source)} ".lstrip()
    return f"{lead}{bare}"


def _separator(text: str) -> str:
    return next((character for character in text if character in ":-–"), "-")


def cores_of(text: str) -> list[str]:
    """Return what may remain of a figure's text without its modifier, the longest first."""
    words = text.split(" ")
    fronts = [" ".join(words[k:]) for k in range(len(words))]
    backs = [" ".join(words[:-k]) for k in range(1, len(words))]
    return fronts + backs
