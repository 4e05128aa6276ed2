"""Recognise dates, years, decades and clock times, so that their numbers are never taken for amounts."""

from __future__ import annotations

from decimal import Decimal

from depesche.figures.amount import Scan
from depesche.figures.measures import measures_something, read_measured, read_unit
from depesche.figures.tokens import Shape, Token

_FIRST_YEAR, _LAST_YEAR = Decimal(1100), Decimal(2100)
_FIRST_LIKELY_YEAR, _LAST_LIKELY_YEAR = Decimal(1900), Decimal(2060)
_LAST_HOUR, _LAST_MINUTE, _LAST_DAY, _LAST_MONTH = 24, 59, Decimal(31), 12
_MOST_DAYS = 3
_YEAR_DIGITS = 4
DASHES = frozenset({"-", "–", "‑", "/"})


def skip_date(scan: Scan, at: int) -> int:
    """Skip "3. Mai", "24. bis 26. Mai", "am 24.", "May 3, 2024", "11. September 2001"."""
    token = scan.at(at)
    if token.value is None or not token.text.isdigit() or token.value > _LAST_DAY:
        return at
    end = _after_month(scan, at)
    if end is not None:
        return end + 1 if is_year(scan.at(end)) else end
    if at and scan.in_set(at - 1, "labels.date_before"):
        return _after_day(scan, at)
    return at


def skip_short_date(scan: Scan, at: int) -> int:
    """Skip "(26.06)" and "am 26.06", a day and its month without the last dot."""
    day, dot, month = scan.at(at).text.partition(".")
    if not (dot and scan.language.table.get("dotted_dates") and day.isdigit() and month.isdigit()):
        return at
    in_calendar = len(day) <= 2 == len(month) and 1 <= int(day) <= _LAST_DAY and 1 <= int(month) <= _LAST_MONTH
    placed = at > 0 and (scan.in_set(at - 1, "labels.date_before") or scan.at(at - 1).text == "(")
    return at + 1 if in_calendar and placed and not measures_something(scan, at) else at


def _after_month(scan: Scan, at: int) -> int | None:
    """Return the index after the month that belongs to the day at a token, over "24. bis 26. Mai"."""
    end = at
    for _ in range(_MOST_DAYS):
        if scan.at(end).shape is not Shape.NUMBER:
            return None
        end += 1
        if scan.in_set(end, "ordinals.glued") and scan.at(end).glued:
            end += 1
        if scan.at(end).text == "." and scan.at(end).glued:
            end += 1
        if scan.in_set(end, "labels.date_of"):
            end += 1
        if scan.in_set(end, "labels.date_after"):
            return end + 1
        if not scan.in_set(end, "labels.separators") and scan.at(end).text != ",":
            return None
        end += 1
    return None


def _after_day(scan: Scan, at: int) -> int:
    """Read a day whose month stands before it ("May 3, 2024") or is left out ("am 24.")."""
    if not scan.language.table["ordinals"].get("dot"):
        if scan.at(at + 1).text == "," and is_year(scan.at(at + 2)):
            return at + 3
        if scan.in_set(at + 1, "labels.separators") and scan.at(at + 2).shape is Shape.NUMBER:
            return at + 3 if not measures_something(scan, at + 2) else at + 1
        if scan.in_set(at + 1, "labels.verbs_after_day"):
            return at + 1
        return at + 1 if not measures_something(scan, at) else at
    dot, after = scan.at(at + 1), scan.at(at + 2)
    ends_here = after.shape is not Shape.WORD or not after.is_capitalised
    last = after.shape is Shape.BREAK
    return at + 2 if dot.text == "." and dot.glued and ends_here and not last else at


def skip_clock(scan: Scan, at: int) -> int:
    """Skip "14.30 Uhr", "9 bis 20 Uhr", "10.00–18.00 Uhr", "um 15:30", "5pm", "at 14:13 hours"."""
    end = _after_time(scan, at)
    if end is None:
        return at
    if scan.in_set(end, "labels.clock_after"):
        return end + 1
    for index in (end, end + 1):
        if scan.in_set(index, "labels.separators") or scan.in_set(index, "ranges.joins"):
            second = _after_time(scan, index + 1)
            if second is not None and scan.in_set(second, "labels.clock_after"):
                return second + 1
    if scan.at(end).text in DASHES and scan.at(end + 1).key.startswith("uhr"):
        return end + 2
    colon = end == at + 3 and len(scan.at(at + 2).text) == 2
    if colon and at and scan.in_set(at - 1, "labels.clock_at") and scan.in_set(end, "labels.clock_hours"):
        return end + 1
    dotted = end == at + 1 and "." in scan.at(at).text
    is_exact = (colon or dotted) and not measures_something(scan, end - 1)
    if colon and at and scan.in_set(at - 1, "labels.clock_between"):
        joined = scan.in_set(end, "ranges.joins") or scan.in_set(end, "ranges.and")
        second = _after_time(scan, end + 1) if joined else None
        if second == end + 4 and len(scan.at(end + 3).text) == 2 and not measures_something(scan, end + 3):
            return second
    if dotted and scan.in_set(end, "ranges.joins") and measures_something(scan, end + 1):
        return at  # "from 2.40 to 2.90 euros"
    return end if is_exact and at and scan.in_set(at - 1, "labels.clock_before") else at


def skip_age_about(scan: Scan, at: int) -> int:
    """Skip the number of "Mitte fünfzig" and "Ende 40", which says about how old somebody is."""
    token = scan.at(at)
    if not at or not scan.in_set(at - 1, "labels.ages_about"):
        return at
    value = scan.language.words.value(token.key) if token.shape is Shape.WORD else token.value
    if value is None or value % 10 or not 20 <= value <= 90:
        return at
    counts = scan.language.magnitudes.match(scan.tokens, at + 1) is not None or not read_measured(scan, at + 1).bare
    return at if counts else at + 1


def _after_time(scan: Scan, at: int) -> int | None:
    token = scan.at(at)
    if token.shape is not Shape.NUMBER:
        return None
    hour, _, minute = token.text.partition(".")
    if not hour.isdigit() or len(hour) > 2 or int(hour) > _LAST_HOUR:
        return None
    if minute and not (len(minute) == 2 and minute.isdigit() and int(minute) <= _LAST_MINUTE):
        return None
    colon, minutes = scan.at(at + 1), scan.at(at + 2)
    if colon.text == ":" and colon.glued and minutes.shape is Shape.NUMBER:
        return at + 3 if minutes.text.isdigit() and int(minutes.text[:3]) <= _LAST_MINUTE else None
    return at + 1


def skip_decade(scan: Scan, at: int) -> int:
    """Skip "1990er Jahre", "80er-Jahre", "1970ern", "the 1990s"."""
    after = scan.at(at + 1)
    if after.glued and scan.in_set(at + 1, "labels.decades"):
        return at + 3 if scan.in_set(at + 2, "labels.decade_nouns") else at + 2
    return at


def skip_time_word(scan: Scan, at: int) -> int:
    """Skip number words that tell the time: "achtziger Jahre", "halb neun", "Viertel nach acht", "acht Uhr"."""
    words = scan.language.words
    if scan.in_set(at, "labels.decade_words") and scan.in_set(at + 1, "labels.decade_nouns"):
        return at + 2
    if scan.in_set(at, "labels.half_hours"):
        if scan.in_set(at + 1, "labels.half_links") and _is_hour(scan, at + 2):
            return at + 3
        scored = scan.at(at + 2).text == ":"  # "nach dem ersten Viertel 3:1"
        if scan.language.nouns_are_capitalised and _is_hour(scan, at + 1) and not scored:
            return at + 2
    if words.value(scan.at(at).key) is None:
        return at
    nearly = at > 2 and scan.in_set(at - 1, "labels.half_links") and scan.in_set(at - 2, "labels.clock_nearly")
    if nearly and scan.in_set(at - 3, "labels.clock_before") and _is_hour(scan, at):
        return at + 1
    if scan.in_set(at + 1, "labels.clock_after"):
        return at + 2
    if scan.in_set(at + 1, "ranges.joins") and scan.in_set(at + 3, "labels.clock_after"):
        return at + 4
    return at


def _is_hour(scan: Scan, at: int) -> bool:
    token, follower = scan.at(at), scan.at(at + 1)
    value = scan.language.words.value(token.key) if token.shape is Shape.WORD else token.value
    if value is None or not 0 < value <= _LAST_HOUR or value != value.to_integral_value():
        return False
    if read_unit(scan, at + 1) is not None or scan.language.magnitudes.match(scan.tokens, at + 1) is not None:
        return False
    return not (follower.shape is Shape.WORD and follower.is_capitalised and scan.language.nouns_are_capitalised)


def is_year(token: Token) -> bool:
    """Say whether a token is four plain digits in the range of years."""
    plain = token.shape is Shape.NUMBER and token.text.isdigit() and len(token.text) == _YEAR_DIGITS
    return plain and token.value is not None and _FIRST_YEAR <= token.value <= _LAST_YEAR


def _has_era(scan: Scan, at: int) -> bool:
    """Say whether "BC" or "v. Chr." stands at a token."""
    if scan.in_set(at, "labels.eras_begin"):
        return any(scan.in_set(index, "labels.eras") for index in (at + 1, at + 2))
    return scan.in_set(at, "labels.eras") and not scan.language.nouns_are_capitalised


def skip_year(scan: Scan, at: int) -> int:
    """Skip years and ranges of years; four digits that measure something are an amount unless they look likely."""
    token, after, second = scan.at(at), scan.at(at + 1), scan.at(at + 2)
    if token.text.isdigit() and _has_era(scan, at + 1):
        return at + 1
    if not is_year(token) or token.value is None:
        return at
    joined = after.text in DASHES and after.glued and second.shape is Shape.NUMBER and second.glued
    if joined and (len(second.text) == 2 or is_year(second)):
        return at + 3 if read_unit(scan, at + 3) is None else at
    if scan.in_set(at + 1, "labels.after_year"):
        return at + 1  # "2023 bar bezahlt"
    scaled = scan.language.magnitudes.match(scan.tokens, at + 1) is not None
    if scaled or read_unit(scan, at + 1) is not None:
        return at + 1 if at and scan.in_set(at - 1, "labels.year_nouns") else at
    if after.text in DASHES and after.glued and second.glued:
        return at
    temporal = at > 0 and scan.in_set(at - 1, "labels.years_before")
    if at and token.value % 100 and scan.in_set(at - 1, "labels.years_before_weak"):
        temporal = True
    likely = _FIRST_LIKELY_YEAR <= token.value <= _LAST_LIKELY_YEAR
    modified = scan.language.modifiers.match_before(scan.tokens, at) is not None
    if not temporal and (not likely or modified or token.value % 100 == 0) and measures_something(scan, at):
        return at
    return at + 1
