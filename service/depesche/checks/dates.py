"""Weekdays, months and years in a text: no figures, but facts that must survive all the same.

Names come from CLDR through Babel; what CLDR lacks (Sonnabend, Jänner) is added here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from babel.dates import get_day_names, get_month_names

from depesche.finding import Finding, FindingCode
from depesche.kept import kept
from depesche.span import Span

_MORE_DAYS = {"de": {"sonnabend": 5}}
_MORE_MONTHS = {"de": {"jänner": 1, "feber": 2}}
_DAY_SUFFIX = {
    "de": r"(?:vormittag|nachmittag|mittag|morgen|abend|nacht|früh)?(?:e?s|en|e)?",
    "en": r"(?:s|'s|’s)?",
}
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d.,:+])(1[5-9]\d\d|20\d\d)(?!\d|[.,]\d)")
_NUMERIC_DATE = re.compile(r"(?<!\d)\d{1,2}\.\s?(\d{1,2})\.(?:\s?((?:19|20)\d\d))?(?!\d)")
_MONTHS_IN_YEAR = 12
_EDGE = re.compile(
    r"\b(Anfang|Mitte|Ende)\s+(?:des\s+Jahres|Jan|Jän|Feb|März|April|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|(?:19|20)\d\d)"
)
_ENGLISH_EDGES = {
    "Anfang": re.compile(r"\b(?:begin|earl|start|outset|open|first|1st|new|since|onset|initial|by\b)", re.IGNORECASE),
    "Mitte": re.compile(r"\b(?:mid|middle|half|cent(?:er|re)|15)", re.IGNORECASE),
    "Ende": re.compile(
        r"\b(?:end|late|clos|year-end|month-end|turn|finish|last|until|till|3[01]|expir|conclu|final|through|over|by\b)",
        re.IGNORECASE,
    ),
}
_MAY, _MAY_NUMBER = re.compile(r"\bMay\b"), 5
_DAY_BEFORE = re.compile(r"(?<![\d.,])(\d{1,2})(?:\.|st|nd|rd|th)?(?: of)? ?$")
_DAY_AFTER = re.compile(r" (\d{1,2})(?:st|nd|rd|th)?(?!\d|[.:,]\d|%)")


@dataclass(frozen=True, slots=True)
class Dates:
    """Weekdays (0 = Monday), months (1 to 12) and years that a text names.

    `numeric_months` are those of dates in digits ("15.11."): a translation may spell them or not.
    """

    weekdays: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    numeric_months: frozenset[int]
    days: frozenset[tuple[int, int]] = frozenset()
    """Day and month of each date that names both."""


@cache
def _names(language: str) -> tuple[re.Pattern[str], dict[str, int], re.Pattern[str], dict[str, int]]:
    days = {str(name).lower(): index for index, name in get_day_names("wide", locale=language).items()}
    days |= _MORE_DAYS.get(language, {})
    months = {str(name).lower(): index for index, name in get_month_names("wide", locale=language).items()}
    months |= _MORE_MONTHS.get(language, {})
    suffix = _DAY_SUFFIX.get(language, "")
    # English "may" and "march" are verbs too: months are matched by their capital there.
    month_flag = re.IGNORECASE if language == "de" else re.NOFLAG
    month_names = [name.capitalize() for name in months]
    day_pattern = re.compile(rf"(?<!\w)({_either(days)}){suffix}(?!\w)", re.IGNORECASE)
    month_pattern = re.compile(rf"(?<!\w)({_either(month_names)})(?:s|es|-\w+)?(?!\w)", month_flag)
    return day_pattern, days, month_pattern, months


@cache
def _english_names() -> tuple[dict[int, str], dict[int, str]]:
    """Return the English names of weekdays (0 = Monday) and months."""
    days, months = get_day_names("wide", locale="en"), get_month_names("wide", locale="en")
    return {n: str(name) for n, name in days.items()}, {n: str(name) for n, name in months.items()}


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def find_dates(text: str, language: str, *, figures: Iterable[Span] = ()) -> Dates:
    """Return the weekdays, months and years that `text` names; digits inside `figures` are no years."""
    return _find_dates(text, language, tuple(figures))


@kept
def _find_dates(text: str, language: str, taken: tuple[Span, ...]) -> Dates:
    day_pattern, days, month_pattern, months = _names(language)
    small = text.lower()
    # Few sentences name a date, and looking for the bare names is many times faster than the patterns are.
    named_days = list(day_pattern.finditer(text)) if any(name in small for name in days) else []
    named_months = list(month_pattern.finditer(text)) if any(name in small for name in months) else []
    numeric: list[tuple[int, str | None]] = []
    years: set[int] = set()
    if _DIGIT.search(text):
        numeric = [(int(m[1]), m[2]) for m in _NUMERIC_DATE.finditer(text)]
        years = {int(m[1]) for m in _YEAR.finditer(text) if not any(s.start <= m.start() < s.end for s in taken)}
        years |= {int(year) for _, year in numeric if year}
    return Dates(
        weekdays=frozenset(days[m[1].lower()] for m in named_days),
        months=frozenset(months[m[1].lower()] for m in named_months),
        years=frozenset(years),
        numeric_months=frozenset(month for month, _ in numeric if 1 <= month <= _MONTHS_IN_YEAR),
        days=frozenset(
            (day, months[m[1].lower()]) for m in named_months if (day := _day_beside(m, language)) is not None
        ),
    )


def _day_beside(month: re.Match[str], language: str) -> int | None:
    """Return the day of the month before or after the name of a month."""
    before = _DAY_BEFORE.search(month.string, max(0, month.start() - 12), month.start())
    after = _DAY_AFTER.match(month.string, month.end()) if language == "en" else None
    found = before or after
    return int(found[1]) if found else None


@kept
def is_weekday(word: str) -> bool:
    """Say whether a German or English word is the name of a weekday."""
    return any(_names(language)[0].search(word) for language in ("de", "en"))


def without_namesakes(dates: Dates, german: str) -> Dates:
    """Return the dates of an English text without the months that `german` has as names: Theresa May is no month."""
    if not _MAY.search(german):
        return dates
    return replace(
        dates,
        months=dates.months - {_MAY_NUMBER},
        days=frozenset((day, month) for day, month in dates.days if month != _MAY_NUMBER),
    )


def compare_dates(source: Dates, target: Dates, *, complete: bool = True) -> list[Finding]:
    """Return what differs: lost (only when `complete`) and invented weekdays, months and years."""
    if source == target:
        return []
    findings: list[Finding] = []
    day, month = _english_names()

    def note(code: FindingCode, names: Iterable[str], verb: str) -> None:
        findings.extend(Finding(code, f"{name} {verb}") for name in names)

    if complete:
        note(FindingCode.WEEKDAY_LOST, (day[d] for d in sorted(source.weekdays - target.weekdays)), "is lost")
        note(FindingCode.MONTH_LOST, (month[m] for m in sorted(source.months - target.months)), "is lost")
        lost_days = sorted(day for day in source.days - target.days if day[1] in target.months)
        note(FindingCode.DAY_LOST, (f"{day} {month[m]}" for day, m in lost_days), "is lost")
        note(FindingCode.YEAR_LOST, map(str, sorted(source.years - target.years)), "is lost")
    invented_days = sorted(target.weekdays - source.weekdays)
    invented_months = sorted(target.months - source.months - source.numeric_months)
    invented_years = sorted(target.years - source.years)
    note(FindingCode.WEEKDAY_INVENTED, (day[d] for d in invented_days), "is not in the source")
    note(FindingCode.MONTH_INVENTED, (month[m] for m in invented_months), "is not in the source")
    named = {m for _, m in source.days}
    invented_days_of_month = sorted(day for day in target.days - source.days if day[1] in named)
    note(FindingCode.DAY_INVENTED, (f"{day} {month[m]}" for day, m in invented_days_of_month), "is not in the source")
    note(FindingCode.YEAR_INVENTED, map(str, invented_years), "is not in the source")
    return findings


def put_weekday_right(source: Dates, target: Dates, english: str) -> str | None:
    """Return `english` with its one wrong weekday replaced by the source's one lost weekday, else None."""
    lost, invented = source.weekdays - target.weekdays, target.weekdays - source.weekdays
    if len(lost) != 1 or len(invented) != 1:
        return None
    day, _ = _english_names()
    wrong, right = day[next(iter(invented))], day[next(iter(lost))]
    return re.sub(rf"\b{wrong}\b", right, english)


def date_terms(source: Dates) -> list[str]:
    """Return the English words that a translation must have for the dates of its source."""
    day, month = _english_names()
    return [
        *(day[d] for d in sorted(source.weekdays)),
        *(month[m] for m in sorted(source.months)),
        *map(str, sorted(source.years)),
    ]


def check_edges(german: str, english: str) -> list[Finding]:
    """Return a finding where "Ende 2005" became 2005: the edge of a year or month that the English does not say."""
    return [
        Finding(FindingCode.EDGE_LOST, f"“{edge[0]}” is more exact than the English")
        for edge in _EDGE.finditer(german)
        if not _ENGLISH_EDGES[edge[1]].search(english)
    ]
