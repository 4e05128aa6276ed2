"""Recognise numbers that name something and state no amount: sections, models, clubs, phones, case numbers."""

from __future__ import annotations

from depesche.figure import Kind
from depesche.figures.amount import Scan
from depesche.figures.measures import QUOTES, measures_something, read_noun, read_unit
from depesche.figures.numerals import is_slash_fraction, short_magnitude
from depesche.figures.times import (
    skip_age_about,
    skip_clock,
    skip_date,
    skip_decade,
    skip_short_date,
    skip_time_word,
    skip_year,
)
from depesche.figures.tokens import Shape, Token

_POSTCODE_DIGITS = 5
_LONGEST_CODE = 6
_LONGEST_COURT_CODE = 4
_MOST_NAME_WORDS = 3
_LONGEST_LEAD = 2
_LONGEST_CHAIN = 64
_CALL_REACH = 6
_RANGE_DASHES = frozenset({"-", "–", "‑"})
_HYPHENS = frozenset({"-", "‑", "&", "_", "#", "@"})


def skip_label(scan: Scan, at: int) -> int:
    """Return the index after a number at a token that is no figure, or `at` where it may be one."""
    token = scan.at(at)
    for start in range(max(0, at - _LONGEST_LEAD), at + 1):
        found = scan.language.label_phrases.match(scan.tokens, start)
        if found is not None and found[1] > at and not _goes_on_counting(scan, found[1]):
            return found[1]
    if token.shape is Shape.WORD:
        return max(skip_time_word(scan, at), skip_age_about(scan, at), _proper_name(scan, at), _labelled_word(scan, at))
    if token.text == "+" and scan.at(at + 1).glued and scan.at(at + 1).shape is Shape.NUMBER:
        end = _end_of_chain(scan, at + 1)
        return end if end - at > 3 else at
    if token.shape is not Shape.NUMBER:
        return at
    for rule in _RULES:
        end = rule(scan, at)
        if end > at:
            return end
    return at


def _goes_on_counting(scan: Scan, end: int) -> bool:
    """Tell the phrase "in acht" (nehmen) from "in acht | Stunden": a number word that has a unit or noun behind it."""
    counts = scan.language.words.value(scan.at(end - 1).key) is not None and not scan.in_set(
        end - 1, "numbers.articles"
    )
    return counts and read_unit(scan, end) is not None


def _proper_name(scan: Scan, at: int) -> int:
    """Skip "die Fantastischen Vier", "the Big Four", "„Sieben“": a number word written as a name."""
    token = scan.at(at)
    if not token.is_capitalised or token.text.isupper() or scan.language.words.value(token.key) is None:
        return at
    if _is_quoted_title(scan, at):
        return at + 1
    follower = scan.at(at + 1)
    if scan.language.nouns_are_capitalised:
        bare = follower.shape is not Shape.WORD or not follower.is_capitalised
        if follower.text in _RANGE_DASHES and follower.glued:
            return at  # "Drei- bis Sechsjährige"
        return at + 1 if bare and not begins_sentence(scan, at) and "-" not in token.text else at
    capitalised = follower.shape is Shape.WORD and follower.is_capitalised
    if begins_sentence(scan, at):
        return at + 1 if capitalised and read_noun(scan, at + 1) is None else at
    return at + 1 if capitalised or not scan.at(at - 1).text.islower() else at


def _labelled_word(scan: Scan, at: int) -> int:
    """Skip the number word of "Nummer neun" and "chapter two"."""
    is_number = at > 0 and scan.language.words.value(scan.at(at).key) is not None
    return at + 1 if is_number and scan.in_set(at - 1, "labels.before") and not _has_unit(scan, at) else at


def begins_sentence(scan: Scan, at: int) -> bool:
    """Say whether a token is the first word of a sentence, a line or a quotation."""
    before = scan.at(at - 1) if at else None
    if before is not None and before.text in QUOTES and before.text:
        before = scan.at(at - 2) if at > 1 else None
        return True
    return before is None or before.shape is Shape.BREAK or before.text in {".", "!", "?", ":", "–", "-", "(", "•", ";"}


def _is_quoted_title(scan: Scan, at: int) -> bool:
    """Say whether a number, with at most a noun behind it, is all that stands in a pair of quotation marks."""
    if not at or scan.at(at - 1).text not in QUOTES or not scan.at(at - 1).text:
        return False
    for end in (at + 1, at + 2):
        closing = scan.at(end)
        if closing.text and closing.text in QUOTES:
            return end == at + 1 or (scan.is_word(at + 1) and read_unit(scan, at + 1) is None)
    return False


def _quoted_title(scan: Scan, at: int) -> int:
    return at + 1 if _is_quoted_title(scan, at) else at


def _name(scan: Scan, at: int) -> int:
    """Skip numbers that are part of a name: "A380", "Covid-19", "5G", "3sat", "Sat.1", "1&1"."""
    token, before, after = scan.at(at), scan.at(at - 1), scan.at(at + 1)
    if token.glued and at and before.shape is Shape.WORD and not _is_money(scan, at - 1):
        return _end_of_list(scan, _end_of_name(scan, at))
    joined = token.glued and at > 1 and before.glued and (before.text in _HYPHENS or before.text == ".")
    if joined and scan.at(at - 2).shape is Shape.WORD:
        return _end_of_name(scan, at)
    if after.glued and after.shape is Shape.WORD and token.text[-1].isdigit():
        return _glued_word(scan, at)
    if after.glued and after.text == "&" and scan.at(at + 2).glued:
        return at + 3
    return at


def _is_money(scan: Scan, at: int) -> bool:
    found = scan.language.unit_symbols.match(scan.tokens, at) or scan.language.unit_names.match(scan.tokens, at)
    return found is not None and found[0].kind is Kind.MONEY


def _glued_word(scan: Scan, at: int) -> int:
    """Skip "5G" and "3sat", but not "75ml", "$5m" or "2nd"."""
    known = (
        read_unit(scan, at + 1) is not None
        or scan.language.magnitudes.match(scan.tokens, at + 1) is not None
        or short_magnitude(scan, at + 1, money=True) is not None
        or scan.in_set(at + 1, "ordinals.glued")
        or scan.in_set(at + 1, "multiple_suffixes.suffixes")
        or scan.in_set(at + 1, "multiple_suffixes.times")
        or scan.in_set(at + 1, "labels.clock_after")
        or scan.at(at + 1).key.startswith(tuple(scan.language.suffixes))
    )
    return at if known and not _is_designation(scan, at) else _end_of_name(scan, at + 1)


def _is_designation(scan: Scan, at: int) -> bool:
    """Tell the comet "2l/Borisov" from "2l/day", where capitals mark names."""
    slash, name = scan.at(at + 2), scan.at(at + 3)
    named = slash.text == "/" and slash.glued and name.glued and name.shape is Shape.WORD and name.is_capitalised
    return named and not scan.language.nouns_are_capitalised and read_unit(scan, at + 3) is None


def _end_of_name(scan: Scan, at: int) -> int:
    end = at + 1
    while scan.at(end).glued and end < at + _LONGEST_CHAIN:
        token, following = scan.at(end), scan.at(end + 1)
        inner = token.text in {".", "-", ",", "/"} and following.glued and following.shape is Shape.NUMBER
        if token.shape not in (Shape.WORD, Shape.NUMBER) and not inner:
            break
        end += 1
    return end


def _malformed(scan: Scan, at: int) -> int:
    """Skip what is no number at all ("3.12.4") and what begins with a zero, with the groups behind it."""
    token = scan.at(at)
    if token.value is None:
        return at + 1
    leading_zero = token.text[0] == "0" and len(token.text) > 1 and token.text[1].isdigit()
    return _end_of_chain(scan, at) if leading_zero else at


def _end_of_chain(scan: Scan, at: int) -> int:
    """Return the end of a phone number or account: groups of digits joined by blanks, slashes and dashes."""
    end = at + 1
    while end < at + _LONGEST_CHAIN:
        token, following = scan.at(end), scan.at(end + 1)
        if token.shape is Shape.NUMBER and following.text != ":":
            end += 1
        elif token.text in {"-", "/", "–", "(", ")"} and following.shape is Shape.NUMBER:
            if not token.glued and token.text != "(":
                return end
            end += 2
        elif token.text == ")" and token.glued and following.glued:
            end += 1
        else:
            break
    return end


def _labelled(scan: Scan, at: int) -> int:
    """Skip "§ 8", "Artikel 5", "Boeing 737", "Lindenstraße 17", "ICE 592": a label before the number."""
    before = scan.at(at - 1) if at else None
    if before is None or before.shape is Shape.BREAK or scan.at(at + 1).text == ":":
        return at
    if before.text == "." and before.glued and at > 1 and not scan.at(at).glued:
        before = scan.at(at - 2)
        dotted = f"{before.key}."
        if dotted in scan.language.sets["labels.before"] or dotted in scan.language.sets["labels.weak"]:
            return at if measures_something(scan, at) else at + 1
        if not before.key.endswith(tuple(scan.language.sets["labels.suffixes"])):
            return at
    if not _is_label(scan, at, before):
        return at
    return _end_of_name(scan, _end_of_list(scan, at + 1) - 1)


def _end_of_list(scan: Scan, end: int) -> int:
    """Return the end of "M41 und 194" or "§§ 12, 13 und 15" after their first number."""
    while scan.in_set(end, "labels.separators") and scan.at(end + 1).shape is Shape.NUMBER:
        if measures_something(scan, end + 1) or scan.at(end + 2).text == ":":
            break
        end += 2
    return end


def _is_label(scan: Scan, at: int, before: Token) -> bool:
    sets = scan.language.sets
    if before.key in sets["labels.before"]:
        # "the group 10 to 12 percent", but "§ 8 und 5 Euro"
        return not _has_unit(scan, _last_of(scan, at, "ranges.joins"))
    if before.key in sets["labels.weak"]:
        return not measures_something(scan, _last_of(scan, at, "ranges.joins", "ranges.lists"))
    if before.shape is not Shape.WORD:
        return False
    if before.is_capitalised and before.key.endswith(tuple(sets["labels.suffixes"])):
        return not measures_something(scan, _last_of(scan, at, "ranges.joins", "ranges.lists"))
    indexed = before.text.isupper() and at > 1 and scan.at(at - 2).text == "&"
    if scan.at(at - 1) is before and _is_money(scan, at - 1) and not indexed:
        return False
    is_code = indexed or (before.text.isupper() and 2 <= len(before.text) <= _LONGEST_CODE)
    is_code = is_code or before.text in scan.language.table["labels"].get("letters", ())
    is_mixed = any(c.isupper() for c in before.text[1:]) and not before.text.isupper() and "-" not in before.text
    if not (is_code or is_mixed):
        return False
    if scan.language.nouns_are_capitalised:
        return not measures_something(scan, at)
    return not _has_unit(scan, at)


def _last_of(scan: Scan, at: int, *joins: str) -> int:
    """Return the last number of a range or list that begins at a token: what it measures, the first measures too."""
    end = at
    while scan.at(end + 2).shape is Shape.NUMBER and (
        scan.at(end + 1).text in _RANGE_DASHES or any(scan.in_set(end + 1, name) for name in joins)
    ):
        end += 2
    return end


def _has_unit(scan: Scan, at: int) -> bool:
    scaled = scan.language.magnitudes.match(scan.tokens, at + 1) is not None
    return scaled or read_unit(scan, at + 1) is not None


def _court_case(scan: Scan, at: int) -> int:
    """Skip "2 BvR 1481/23", "6 C 12.22", "5 KLs 12/24": a number, a short code, a number."""
    code, number = scan.at(at + 1), scan.at(at + 2)
    is_code = code.shape is Shape.WORD and len(code.text) <= _LONGEST_COURT_CODE and code.is_capitalised
    if not is_code or number.shape is not Shape.NUMBER or read_unit(scan, at + 1) is not None:
        return at
    return _end_of_name(scan, at + 2)


def _formation(scan: Scan, at: int) -> int:
    """Skip "4-4-2" and longer chains of numbers, which are no scores and no ranges."""
    end = at
    while (
        end < at + _LONGEST_CHAIN
        and scan.at(end + 1).text in {"-", "–"}
        and scan.at(end + 1).glued
        and scan.at(end + 2).glued
    ):
        if scan.at(end + 2).shape is not Shape.NUMBER:
            break
        end += 2
    return end + 1 if end > at + 2 else at


def _file_number(scan: Scan, at: int) -> int:
    """Skip "2016/679" and "20/11234", which are no fractions."""
    slash, below = scan.at(at + 1), scan.at(at + 2)
    glued = slash.text == "/" and slash.glued and below.glued and below.shape is Shape.NUMBER
    return at + 3 if glued and not is_slash_fraction(scan, at) else at


def _known_number(scan: Scan, at: int) -> int:
    """Skip emergency numbers and their like, where nothing is measured by them."""
    known = scan.at(at).text in scan.language.sets["labels.numbers"]
    called = at > 0 and (scan.in_set(at - 1, "labels.numbers_after") or _is_called(scan, at))
    scored = scan.at(at + 1).text == ":"
    return at + 1 if known and called and not scored and not measures_something(scan, at) else at


def _is_called(scan: Scan, at: int) -> bool:
    """Say whether "unter" stands before a number, and near it a word of calling or reaching."""
    if not scan.in_set(at - 1, "labels.numbers_under"):
        return False
    around = (*range(max(0, at - _CALL_REACH), at), *range(at + 1, at + 1 + _CALL_REACH))
    return any(scan.in_set(index, "labels.numbers_near") for index in around)


def _numbered_name(scan: Scan, at: int) -> int:
    """Skip "2. Bundesliga", "17. Jahrhundert", "1. FC", "12th century": an ordinal that is no rank."""
    mark, noun = scan.at(at + 1), scan.at(at + 2)
    if mark.text == "." and mark.glued and scan.language.table["ordinals"].get("dot"):
        named = noun.shape is Shape.WORD and (
            scan.in_set(at + 2, "ordinals.not_before") or (scan.at(at).text == "1" and noun.is_capitalised)
        )
        return at + 3 if named and (scan.at(at).text != "1" or not begins_sentence(scan, at)) else at
    if scan.in_set(at + 1, "ordinals.glued") and mark.glued and scan.in_set(at + 2, "ordinals.not_before"):
        return at + 3
    return at


def _address(scan: Scan, at: int) -> int:
    """Skip postcodes ("60311 Frankfurt") and house numbers before the street ("17 Linden Street")."""
    token, after = scan.at(at), scan.at(at + 1)
    if not token.text.isdigit() or token.value is None or not after.is_capitalised:
        return at
    if len(token.text) == _POSTCODE_DIGITS and token.value % 100 and at:
        placed = scan.at(at - 1).text == "," or scan.in_set(at - 1, "labels.postcode_before")
        return at + 1 if placed else at
    for index in range(at + 1, at + 1 + _MOST_NAME_WORDS):
        if not scan.at(index).is_capitalised:
            return at
        if scan.in_set(index, "labels.streets"):
            return index + 1
    return at


_RULES = (
    _name,
    skip_clock,
    _malformed,
    _quoted_title,
    _court_case,
    _labelled,
    skip_date,
    skip_short_date,
    skip_decade,
    skip_year,
    skip_age_about,
    _file_number,
    _formation,
    _known_number,
    _numbered_name,
    _address,
)
