"""Clock times, quarters and half-years in a text: no figures, but facts that must survive all the same.

A sister of `dates`; what it knows of the languages stands in `times.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from depesche.finding import Finding, FindingCode
from depesche.kept import kept
from depesche.span import Span

_HALF_DAY = 12 * 60
_LAST_HOUR = 24
_SHORT_NUMBER = re.compile(r"(?<![\d.,])\d{1,2}(?!\d|[.,]\d{3})")
_SHORT_PERIOD = re.compile(r"\b(?:([QH])([1-4])|([1-4])([QH]))\b")


@dataclass(frozen=True, slots=True, order=True)
class Clock:
    """A time on the dial of twelve hours, in minutes; `afternoon` is None where the text does not tell."""

    minutes: int
    afternoon: bool | None

    def agrees(self, other: Clock) -> bool:
        """Say whether the two may be one time."""
        return self.minutes == other.minutes and (
            self.afternoon == other.afternoon or None in (self.afternoon, other.afternoon)
        )

    @property
    def hours(self) -> frozenset[int]:
        """Return the numbers by which a text may name the hour, and the one before or after it for "half past"."""
        hour = self.minutes // 60
        near = {hour, hour + 1} if self.minutes % 60 else {hour}
        return frozenset(number for one in near for number in (one, one + 12, 24 if one == 0 else one))

    def __str__(self) -> str:
        half = "" if self.afternoon is None else " pm" if self.afternoon else " am"
        return f"{self.minutes // 60 or 12}:{self.minutes % 60:02}{half}"


@dataclass(frozen=True, slots=True)
class Times:
    """Clock times and periods ("Q4", "H1") that some texts name, each with its language."""

    clocks: frozenset[Clock]
    periods: frozenset[str]
    texts: tuple[tuple[str, str], ...]

    @property
    def numbers(self) -> frozenset[int]:
        """Return the small numbers anywhere in the texts; what may be said by these is not called lost or invented."""
        return frozenset().union(*(_numbers(text, language) for text, language in self.texts))

    @property
    def vague(self) -> frozenset[str]:
        """Return the sorts of time that the texts speak of without naming one ("am Mittag", "quarterly")."""
        return frozenset().union(*(_vague(text, language) for text, language in self.texts))


@dataclass(frozen=True, slots=True)
class _Table:
    clocks: tuple[tuple[re.Pattern[str], int], ...]
    morning: re.Pattern[str]
    afternoon: re.Pattern[str]
    hours: Mapping[re.Pattern[str], int]
    periods: tuple[tuple[re.Pattern[str], str], ...]
    vague: Mapping[str, re.Pattern[str]]
    clock_signs: tuple[str, ...]
    period_signs: tuple[str, ...]


@cache
def _table(language: str) -> _Table | None:
    """Return the table of `language` ("de", "en"), or None for one that has none."""
    table = tomllib.loads((Path(__file__).parent / "times.toml").read_text("utf-8")).get(language)
    if table is None:
        return None
    number = "|".join([r"\d{1,2}", *table["hours"]])
    fields = {
        "hour": rf"(?P<hour>{number})",
        "digits": r"(?P<hour>\d{1,2})",
        "until": rf"(?P<until>{number})",
        "minute": r"(?P<minute>[0-5]\d)",
        "minute_after": r"(?P<minute_after>[0-5]\d)",
        "until_minute": r"(?P<until_minute>[0-5]\d)",
        "morning": table["morning"],
        "afternoon": table["afternoon"],
    }
    return _Table(
        clocks=tuple((_filled(entry["pattern"], fields), entry.get("shift", 0)) for entry in table["clocks"]),
        morning=_pattern(table["morning"]),
        afternoon=_pattern(table["afternoon"]),
        hours={_pattern(rf"(?<!\w)(?:{word})(?!\w)"): hour for hour, word in enumerate(table["hours"], start=1)},
        periods=tuple(_periods(table)),
        vague={name: _pattern(table[key]) for name, key in _VAGUE.items()},
        clock_signs=tuple(table["clock_signs"]),
        period_signs=tuple(table["period_signs"]),
    )


_VAGUE = {"Q": "any_quarter", "noon": "noon", "midnight": "midnight"}


def _filled(pattern: str, fields: Mapping[str, str]) -> re.Pattern[str]:
    for name, value in fields.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return _pattern(pattern)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _periods(table: Mapping[str, Any]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield the patterns of "im ersten und zweiten Quartal" for each ordinal, and those of names of their own."""
    any_ordinal = "|".join(table["ordinals"])
    for letter, noun, most in (("Q", "quarter", 4), ("H", "half_year", 2)):
        for number, ordinal in enumerate(table["ordinals"][:most], start=1):
            more = rf"(?:\s(?:{table['joined']})\s(?:\w+\s)?(?:{any_ordinal}))?"
            yield _pattern(rf"(?<!\w)(?:{ordinal}){more}[\s-]{table[noun]}(?!\w)"), f"{letter}{number}"
    for entry in table["periods"]:
        yield _pattern(rf"(?<!\w)(?:{entry['pattern']})"), entry["name"]


def find_times(text: str, language: str, *, figures: Iterable[Span] = ()) -> Times:
    """Return the clock times and periods that `text` names; what stands inside `figures` (a score) is none.

    A language without a table gives none.
    """
    table, taken = _table(language), tuple(figures)
    texts = ((text, language),)
    if table is None:
        return Times(frozenset(), frozenset(), texts)
    small = text.lower()
    clocks: set[Clock] = set()
    periods: set[str] = set()
    if any(sign in small for sign in table.clock_signs):
        clocks = {
            clock
            for pattern, shift in table.clocks
            for match in pattern.finditer(text)
            if not any(span.overlaps(Span(*match.span("hour"))) for span in taken)
            for clock in _clocks(match, shift, table)
        }
    if any(sign in small for sign in table.period_signs):
        periods = {name for pattern, name in table.periods if pattern.search(text)}
    if "Q" in text or "H" in text:
        periods |= {f"{m[1] or m[4]}{m[2] or m[3]}" for m in _SHORT_PERIOD.finditer(text)}
    # "Um Mitternacht" names a time as well; whether "am Mittag" means twelve is open.
    if table.vague["midnight"].search(text):
        clocks.add(Clock(0, afternoon=False))
    return Times(frozenset(clocks), frozenset(periods), texts)


@kept
def _numbers(text: str, language: str) -> frozenset[int]:
    table = _table(language)
    digits = frozenset(int(match[0]) for match in _SHORT_NUMBER.finditer(text))
    return digits if table is None else digits | {hour for word, hour in table.hours.items() if word.search(text)}


@kept
def _vague(text: str, language: str) -> frozenset[str]:
    table = _table(language)
    if table is None:
        return frozenset(_VAGUE)
    return frozenset(name for name, pattern in table.vague.items() if pattern.search(text))


def _clocks(match: re.Match[str], shift: int, table: _Table) -> Iterator[Clock]:
    """Yield the one time of a match, or the two of "9 bis 17 Uhr"; the half of the day belongs to the last."""
    groups = match.groupdict()
    afternoon = True if table.afternoon.search(match[0]) else False if table.morning.search(match[0]) else None
    minute = groups.get("minute") or (None if groups.get("until") else groups.get("minute_after"))
    ends = [(groups["hour"], minute)]
    if groups.get("until"):
        ends.append((groups["until"], groups.get("until_minute") or groups.get("minute_after")))
    for place, (hour, minutes) in enumerate(ends):
        number = _hour(hour, table)
        if number is None or number > _LAST_HOUR:
            continue
        half = afternoon if place == len(ends) - 1 else None
        if half is None and (number > _HALF_DAY // 60 or hour.startswith("0")):
            half = _HALF_DAY // 60 <= number < _LAST_HOUR
        yield Clock((number * 60 + int(minutes or 0) + shift) % _HALF_DAY, half)


def _hour(words: str, table: _Table) -> int | None:
    if words.isdigit():
        return int(words)
    return next((hour for word, hour in table.hours.items() if word.fullmatch(words)), None)


def joined_times(times: Iterable[Times]) -> Times:
    """Return what several sentences name together."""
    parts = tuple(times)
    return Times(
        clocks=frozenset().union(*(part.clocks for part in parts)),
        periods=frozenset().union(*(part.periods for part in parts)),
        texts=tuple(text for part in parts for text in part.texts),
    )


def compare_times(source: Times, target: Times, *, complete: bool = True) -> list[Finding]:
    """Return what differs: lost (only when `complete`) and invented clock times, quarters and half-years.

    A time whose hour the other text has as a number of another sort ("from 9 to 5") is not called lost or invented,
    unless the other text names another time in its place.
    """
    findings: list[Finding] = []
    if source.clocks == target.clocks and source.periods == target.periods:
        return findings
    if complete:
        findings += [Finding(FindingCode.TIME_LOST, f"{c} is lost") for c in _missing(source, target)]
        findings += [Finding(FindingCode.PERIOD_LOST, f"{p} is lost") for p in _missing_periods(source, target)]
    for clock in _missing(target, source):
        findings.append(Finding(FindingCode.TIME_INVENTED, f"{clock} is not in the source"))
    for period in _missing_periods(target, source):
        findings.append(Finding(FindingCode.PERIOD_INVENTED, f"{period} is not in the source"))
    return findings


def _missing(times: Times, other: Times) -> list[Clock]:
    """Return the clock times that the other text lacks; where it has another in their place, no number excuses them."""
    exchanged = _unmatched(other, times)
    return [clock for clock in _unmatched(times, other) if exchanged or not _is_loosely_said(clock, other)]


def _unmatched(times: Times, other: Times) -> list[Clock]:
    lone = [clock for clock in times.clocks if not any(clock.agrees(one) for one in other.clocks)]
    return sorted(lone, key=lambda clock: (clock.minutes, str(clock)))


def _is_loosely_said(clock: Clock, other: Times) -> bool:
    """Say whether the other text has the hour as a mere number ("from 9 to 5") or speaks of noon or midnight."""
    return bool(clock.hours & other.numbers) or (clock.minutes == 0 and bool(other.vague & {"noon", "midnight"}))


def _missing_periods(times: Times, other: Times) -> list[str]:
    """Return the periods that the other text lacks; half-years only where it names another one."""
    missing = []
    for period in sorted(times.periods - other.periods):
        alike = {one for one in other.periods if one[0] == period[0]}
        if alike or (period[0] == "Q" and "Q" not in other.vague):
            missing.append(period)
    return missing
