"""Recognise numbers that state no amount: dates, years, clock times, phone and section numbers, model names."""

from __future__ import annotations

from decimal import Decimal

from depesche.figures.amount import Scan
from depesche.figures.measures import read_measured, read_unit
from depesche.figure import Kind
from depesche.figures.tokens import Shape, Token

_FIRST_YEAR, _LAST_YEAR = Decimal(1100), Decimal(2100)
_FIRST_LIKELY_YEAR, _LAST_LIKELY_YEAR = Decimal(1900), Decimal(2060)
_LAST_HOUR, _LAST_MINUTE, _LAST_DAY = Decimal(24), 59, Decimal(31)
_DASHES = frozenset({"-", "–", "‑", "/"})
_POSTCODE_DIGITS = 5


def skip_label(scan: Scan, at: int) -> int:
    """Return the index after a number at a token that is no figure, or `at` where it may be one."""
    token = scan.at(at)
    if token.shape is Shape.WORD:
        return _skip_word_label(scan, at)
    if token.shape is not Shape.NUMBER:
        return at
    for rule in (_name, _labelled, _number_chain, _date, _clock, _decade, _year, _postcode):
        end = rule(scan, at)
        if end > at:
            return end
    return at


def _skip_word_label(scan: Scan, at: int) -> int:
    found = scan.language.label_phrases.match(scan.tokens, at)
    if found is not None:
        return found[1]
    if scan.in_set(at, "labels.decade_words") and scan.in_set(at + 1, "labels.decade_nouns"):
        return at + 2
    if scan.in_set(at, "labels.half_hours") and _is_hour_word(scan, at + 1):
        return at + 2
    value = scan.language.words.value(scan.at(at).key)
    if value is not None and scan.in_set(at + 1, "labels.clock_after"):
        return at + 2
    if value is not None and scan.in_set(at + 1, "ranges.joins") and scan.in_set(at + 3, "labels.clock_after"):
        return at + 4
    return at


def _is_hour_word(scan: Scan, at: int) -> bool:
    value = scan.language.words.value(scan.at(at).key)
    in_range = value is not None and 0 < value <= 12
    unit = read_unit(scan, at + 1)
    follower = scan.at(at + 1)
    return in_range and unit is None and not (follower.shape is Shape.WORD and follower.is_capitalised)


def _name(scan: Scan, at: int) -> int:
    """Skip numbers that are part of a name: "A380", "Covid-19", "5G", "3sat", "1&1"."""
    token, before, after = scan.at(at), scan.at(at - 1), scan.at(at + 1)
    if token.glued and at > 0:
        if before.shape is Shape.WORD and not _is_sign_or_unit(scan, at - 1):
            return _end_of_name(scan, at)
        if before.text in {"-", "‑", "&", "_", "#", "@"} and before.glued and at > 1 and scan.at(at - 2).shape in (
            Shape.WORD,
            Shape.NUMBER,
        ):
            joins = scan.at(at - 2)
            if joins.shape is Shape.WORD and not _is_sign_or_unit(scan, at - 2):
                return _end_of_name(scan, at)
    if after.glued and after.shape is Shape.WORD and token.text[-1].isdigit():
        return _glued_word(scan, at)
    if after.glued and after.text == "&" and scan.at(at + 2).glued:
        return at + 3
    if token.value is None:
        return at + 1
    leading_zero = token.text[0] == "0" and len(token.text) > 1 and token.text[1].isdigit()
    return _end_of_chain(scan, at) if leading_zero else at


def _is_sign_or_unit(scan: Scan, at: int) -> bool:
    found = scan.language.unit_symbols.match(scan.tokens, at)
    return found is not None and found[0].kind is Kind.MONEY


def _glued_word(scan: Scan, at: int) -> int:
    """Skip "5G" and "3sat", but not "75ml", "$5m", "30er" as a decade is skipped elsewhere."""
    after = scan.at(at + 1)
    if read_unit(scan, at + 1) is not None or scan.language.magnitudes.match(scan.tokens, at + 1) is not None:
        return at
    short = scan.language.table.get("short_magnitudes", {})
    if after.text in short.get("always", {}) or after.text in short.get("money", {}):
        return at
    if scan.in_set(at + 1, "ordinals.glued"):
        return at
    if scan.in_set(at + 1, "labels.clock_after"):
        return at
    return _end_of_name(scan, at + 1)


def _end_of_name(scan: Scan, at: int) -> int:
    end = at + 1
    while scan.at(end).glued and (
        scan.at(end).shape in (Shape.WORD, Shape.NUMBER)
        or (scan.at(end).text in {".", "-", ",", "/"} and scan.at(end + 1).glued and scan.at(end + 1).shape is Shape.NUMBER)
    ):
        end += 1
    return end


def _end_of_chain(scan: Scan, at: int) -> int:
    """Return the end of a phone number or account: groups of digits joined by blanks, slashes and dashes."""
    end = at + 1
    while True:
        token = scan.at(end)
        if token.shape is Shape.NUMBER and scan.at(end - 1).shape is Shape.NUMBER:
            end += 1
        elif token.text in {"-", "/", "–", "(", ")", "."} and scan.at(end + 1).shape is Shape.NUMBER and (
            token.glued or token.text == "("
        ):
            end += 2
        else:
            return end


def _labelled(scan: Scan, at: int) -> int:
    """Skip "§ 8", "Artikel 5", "Boeing 737", "Lindenstraße 17", "ICE 592": a label before the number."""
    before = scan.at(at - 1) if at > 0 else None
    if before is None or scan.at(at).start - before.end > 1:
        return at
    if not _is_label(scan, at, before):
        return at
    end = at + 1
    while scan.at(end).text.casefold() in scan.language.sets["labels.separators"] and (
        scan.at(end + 1).shape is Shape.NUMBER
    ):
        if read_unit(scan, end + 2) is not None:
            break
        end += 2
    return _end_of_name(scan, end - 1)


def _is_label(scan: Scan, at: int, before: Token) -> bool:
    sets = scan.language.sets
    key = before.key
    if before.shape is not Shape.WORD:
        return key in sets["labels.before"]
    if key in sets["labels.before"]:
        return not _measures_something(scan, at) or before.shape is not Shape.WORD or key in sets["labels.always"]
    if key.endswith(tuple(sets["labels.suffixes"])) and before.is_capitalised:
        return not _measures_something(scan, at)
    if read_unit(scan, at - 1) is not None:
        return False
    looks_like_code = before.text.isupper() and 2 <= len(before.text) <= 6 and before.text.isalpha()
    mixed = any(c.isupper() for c in before.text[1:]) and not before.text.isupper() and "-" not in before.text
    if looks_like_code or mixed:
        return not _measures_something(scan, at)
    return False


def _measures_something(scan: Scan, at: int) -> bool:
    token = scan.at(at)
    if token.shape is not Shape.NUMBER or token.value is None:
        return False
    measured = read_measured(scan, at + 1)
    has_magnitude = scan.language.magnitudes.match(scan.tokens, at + 1) is not None
    return has_magnitude or not measured.bare


def _number_chain(scan: Scan, at: int) -> int:
    """Skip "+49 30 1234" and other runs of digit groups that no grouping explains."""
    before, token = scan.at(at - 1), scan.at(at)
    if at > 0 and before.text == "+" and token.glued and scan.at(at + 1).shape in (Shape.NUMBER, Shape.OTHER):
        end = _end_of_chain(scan, at)
        return end if end - at > 2 else at
    if "." in token.text and token.value is None:
        return at + 1
    return at


def _date(scan: Scan, at: int) -> int:
    """Skip "3. Mai", "24. bis 26. Mai", "May 3", "11. September 2001"."""
    token = scan.at(at)
    if token.value is None or not token.text.isdigit() or token.value > _LAST_DAY:
        return at
    end = _after_day(scan, at)
    if end is not None:
        if scan.at(end).shape is Shape.NUMBER and _is_year_number(scan.at(end)):
            end += 1
        return end
    before = scan.at(at - 1) if at > 0 else None
    if before is not None and before.key in scan.language.sets["labels.date_before"]:
        end = at + 1
        if scan.at(end).text == "," and _is_year_number(scan.at(end + 1)):
            end += 2
        return end
    return at


def _after_day(scan: Scan, at: int) -> int | None:
    """Return the index after the month that belongs to the day at a token, over "24. bis 26. Mai"."""
    end = at
    for _ in range(3):
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
        joined = scan.at(end).key in scan.language.sets["labels.separators"] or scan.at(end).text == ","
        if not joined:
            return None
        end += 1
    return None


def _clock(scan: Scan, at: int) -> int:
    """Skip "14.30 Uhr", "9 bis 20 Uhr", "10.00–18.00 Uhr", "20:15", "5pm"."""
    token = scan.at(at)
    end = _time(scan, at)
    if end is None:
        return at
    if scan.in_set(end, "labels.clock_after"):
        return end + 1
    for index in (end, end + 1):
        joined = scan.at(index).key in scan.language.sets["labels.separators"] or scan.in_set(index, "ranges.joins")
        if joined and (second := _time(scan, index + 1)) is not None and scan.in_set(second, "labels.clock_after"):
            return second + 1
    if scan.at(end).text in _DASHES and scan.in_set(end + 1, "labels.clock_compounds"):
        return end + 2
    del token
    return at


def _time(scan: Scan, at: int) -> int | None:
    token = scan.at(at)
    if token.shape is not Shape.NUMBER:
        return None
    hour, _, minute = token.text.partition(".")
    if not hour.isdigit() or len(hour) > 2 or int(hour) > _LAST_HOUR:
        return None
    if minute and not (len(minute) == 2 and minute.isdigit() and int(minute) <= _LAST_MINUTE):
        return None
    if scan.at(at + 1).text == ":" and scan.at(at + 1).glued and scan.at(at + 2).shape is Shape.NUMBER:
        return at + 3
    return at + 1


def _decade(scan: Scan, at: int) -> int:
    """Skip "1990er Jahre", "80er-Jahre", "1970ern", "the 1990s"."""
    token, after = scan.at(at), scan.at(at + 1)
    if after.glued and after.shape is Shape.WORD and after.key in scan.language.sets["labels.decades"]:
        return at + 3 if scan.in_set(at + 2, "labels.decade_nouns") else at + 2
    del token
    return at


def _is_year_number(token: Token) -> bool:
    return (
        token.shape is Shape.NUMBER
        and token.text.isdigit()
        and len(token.text) == 4
        and token.value is not None
        and _FIRST_YEAR <= token.value <= _LAST_YEAR
    )


def _year(scan: Scan, at: int) -> int:
    """Skip years: four plain digits in the range of years that measure nothing and follow no modifier."""
    token = scan.at(at)
    if not _is_year_number(token) or token.value is None:
        return at
    after = scan.at(at + 1)
    second = scan.at(at + 2)
    if after.text in _DASHES and after.glued and second.shape is Shape.NUMBER and second.glued:
        if len(second.text) == 2 or _is_year_number(second):
            return at + 3 if read_unit(scan, at + 3) is None else at
    unit = read_unit(scan, at + 1)
    if unit is not None or scan.language.magnitudes.match(scan.tokens, at + 1) is not None:
        return at + 1 if scan.in_set(at - 1, "labels.year_nouns") else at
    if after.text in _DASHES and after.glued and second.glued:
        return at
    temporal = scan.in_set(at - 1, "labels.years_before") and at > 0
    likely = _FIRST_LIKELY_YEAR <= token.value <= _LAST_LIKELY_YEAR
    if not likely and not temporal and _measures_something(scan, at):
        return at
    modifier = scan.language.modifiers.match_before(scan.tokens, at)
    if modifier is not None and not temporal and _measures_something(scan, at):
        return at
    if likely and token.value % 100 == 0 and not temporal and _measures_something(scan, at):
        return at
    return at + 1


def _postcode(scan: Scan, at: int) -> int:
    token, before, after = scan.at(at), scan.at(at - 1), scan.at(at + 1)
    plain = token.text.isdigit() and len(token.text) == _POSTCODE_DIGITS and token.value is not None
    if not plain or token.value is None or token.value % 100 == 0 or at == 0:
        return at
    address = before.text == "," and scan.at(at - 2).shape is Shape.NUMBER
    return at + 1 if address and after.is_capitalised else at
