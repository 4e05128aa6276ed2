"""Figures that are no number with a unit: scores, ordinals, multiples, "dreistellig", "Hunderte"."""

from __future__ import annotations

from decimal import Decimal

from depesche.figure import Kind
from depesche.figures.amount import Amount, Scan
from depesche.figures.measures import measures_something, read_noun, read_unit
from depesche.figures.numerals import read_numeral
from depesche.figures.times import is_year
from depesche.figures.tokens import Shape

_DASHES = frozenset({"-", "–", "‑"})
_SIXTY = 60


def read_score(scan: Scan, at: int) -> Amount | None:
    """Read "3:1", "5:4 Stimmen", "112 zu 78 Stimmen", "a 3-2 win"."""
    left, sign, right = scan.at(at), scan.at(at + 1), scan.at(at + 2)
    if left.shape is not Shape.NUMBER or right.shape is not Shape.NUMBER:
        return None
    if not (left.text.isdigit() and right.text.isdigit()):
        return None
    end = at + 3
    if (time := _clocked(scan, at)) is not None:
        return time
    votes = scan.in_set(end, "scores.votes")
    if sign.text == ":" and sign.glued and (right.glued or _is_spaced_score(scan, at)):
        if scan.at(end).text == ":" and scan.at(end).glued:
            return None
        tail = scan.at(end)
        if tail.text in _DASHES and tail.glued and scan.is_word(end + 1) and scan.at(end + 1).glued:
            end += 2
    elif scan.in_set(at + 1, "scores.to"):
        if not votes:
            return None
    elif sign.text in _DASHES and sign.glued and right.glued:
        if not scan.language.table["scores"].get("dash") or (
            measures_something(scan, at + 2)
            and not votes
            and not scan.in_set(end, "scores.after")
            and int(left.text) < int(right.text)
        ):
            return None
        hyphen, word = scan.at(end), scan.at(end + 1)
        if hyphen.text in _DASHES and hyphen.glued and word.glued:
            return None
    else:
        return None
    if votes and end == at + 3:
        end += 1
    return Amount(at, end, Kind.SCORE, quality=f"score:{int(left.text)}:{int(right.text)}")


def _is_spaced_score(scan: Scan, at: int) -> bool:
    """Say whether "0: 1" in brackets or "2: 2" after "at" is a score that was written with a blank."""
    if not at or measures_something(scan, at + 2) or is_year(scan.at(at)):
        return False  # "(2024: 91)" is what it was in that year
    return (scan.at(at - 1).text == "(" and scan.at(at + 3).text == ")") or scan.in_set(at - 1, "scores.spaced_after")


def _clocked(scan: Scan, at: int) -> Amount | None:
    """Read "1:26 Stunden" and "2:10 Minuten" as times that something took."""
    unit = read_unit(scan, at + 3)
    major, minor = scan.at(at).value, scan.at(at + 2).value
    if scan.at(at + 1).text != ":" or unit is None or unit[0].symbol not in {"h", "min"}:
        return None
    if major is None or minor is None or minor >= _SIXTY:
        return None
    return Amount(at, unit[1], Kind.QUANTITY, major + minor / _SIXTY, unit=unit[0].symbol)


def read_ordinal(scan: Scan, at: int) -> Amount | None:
    """Read "Platz 4", "dritten Mal", "50. Sieg", "drittgrößte", "the fourth time"."""
    if scan.in_set(at, "ordinals.rank_before"):
        numeral = read_numeral(scan, at + 1)
        if numeral is not None and numeral.magnitude == 1 and numeral.value == numeral.value.to_integral_value():
            return Amount(at, numeral.end, Kind.ORDINAL, numeral.value)
        return None
    value, end = ordinal_value(scan, at)
    if value is None or value < 2:
        return None
    if scan.at(at).shape is Shape.NUMBER and at and scan.at(at - 1).text == "(" and scan.at(end).text == ")":
        return Amount(at, end, Kind.ORDINAL, value)  # "(76.)": the minute of a match
    noun = _after_ordinal(scan, end)
    if noun is None:
        return None
    return Amount(at, noun, Kind.ORDINAL, value)


def ordinal_value(scan: Scan, at: int) -> tuple[Decimal | None, int]:
    """Return what the ordinal at a token is worth, or None, and where it ends."""
    token = scan.at(at)
    if token.shape is Shape.NUMBER:
        if not token.text.isdigit():
            return None, at
        dot = scan.at(at + 1)
        if scan.language.table["ordinals"].get("dot") and dot.text == "." and dot.glued:
            return token.value, at + 2
        if scan.in_set(at + 1, "ordinals.glued") and dot.glued:
            return token.value, at + 2
        return None, at
    return ordinal_word(scan, token.key), at + 1


def ordinal_word(scan: Scan, word: str) -> Decimal | None:
    """Return what an ordinal word is worth, or None."""
    language = scan.language
    if word in language.ordinals:
        return language.ordinals[word]
    section = language.table["ordinals"]
    for ending in section.get("endings", ()):
        if not word.endswith(ending):
            continue
        stem = word[: len(word) - len(ending)]
        for suffix, is_small in ((section.get("large", ""), False), (section.get("small", ""), True)):
            if suffix and stem.endswith(suffix):
                value = language.words.value(stem[: -len(suffix)])
                if value is not None and value == value.to_integral_value() and (0 < value % 100 < 20) == is_small:
                    return value
    return None


def _after_ordinal(scan: Scan, at: int) -> int | None:
    """Return where the ordinal's noun ends; None where it is a date, a name or no noun follows."""
    token, hyphen = scan.at(at), scan.at(at + 1)
    if token.shape is Shape.NUMBER and hyphen.text in _DASHES and hyphen.glued and not token.glued:
        return at  # "der zweite | 100-Meter-Lauf"
    if token.shape is not Shape.WORD or scan.in_set(at, "ordinals.not_before"):
        return None
    noun = read_noun(scan, at, singular=True)
    if noun is None or noun[0].casefold() in scan.language.sets["ordinals.not_before"]:
        return None
    return noun[1]


def read_ranked(scan: Scan, at: int) -> Amount | None:
    """Read "drittgrößte", "zweithöchsten", "third-largest": an ordinal in one word with a superlative."""
    word = scan.at(at).key.replace("-", "").replace("‑", "")
    for superlative in scan.language.sets["ordinals.superlatives"]:
        head, found, ending = word.rpartition(superlative)
        if not found or not head or ending not in scan.language.sets["ordinals.endings"]:
            continue
        for ordinal in (head, head + "e"):
            value = ordinal_word(scan, ordinal)
            if value is not None and value >= 2:
                return Amount(at, at + 1, Kind.ORDINAL, value)
    return None


def read_multiple(scan: Scan, at: int) -> Amount | None:
    """Read "verdreifacht", "Dreifache", "2,5-mal so hoch", "doppelt so viele", "tenfold", "three times as many"."""
    found = scan.language.multiples.match(scan.tokens, at)
    if found is not None:
        end = found[1]
        if scan.in_set(at, "multiples_followed.words") and not scan.in_set(end, "multiples_followed.by"):
            counted = scan.language.table["multiple_suffixes"].get("counted", {}).get(scan.at(at).key)
            return Amount(at, end, Kind.COUNT, Decimal(counted), unit="times") if counted else None
        return Amount(at, end, Kind.MULTIPLE, found[0])
    token = scan.at(at)
    if token.shape is Shape.WORD and (value := _multiple_word(scan, token.key)) is not None:
        kind_end = at + 1
        return Amount(at, kind_end, Kind.MULTIPLE, value)
    return read_times(scan, at)


def _multiple_word(scan: Scan, word: str) -> Decimal | None:
    word = word.replace("-", "")
    for ending in scan.language.sets["multiple_suffixes.verbs"]:  # "verzwölffacht"
        if word.startswith("ver") and word.endswith(ending):
            value = scan.language.words.value(word[3 : -len(ending)])
            if value is not None and value > 1:
                return value
    for suffix in scan.language.sets["multiple_suffixes.suffixes"]:
        if word.endswith(suffix):
            value = scan.language.words.value(word[: -len(suffix)])
            if value is not None and value > 1:
                return value
    return None


def read_times(scan: Scan, at: int) -> Amount | None:
    """Read "2,5-mal so hoch" and "three times as many": a number of times, then a comparison."""
    token, end = scan.at(at), at
    value: Decimal | None = None
    low: Decimal | None = None
    if token.shape is Shape.WORD and (value := _times_word(scan, at)) is not None:
        end = at + 1
    if value is None:
        numeral = read_numeral(scan, at)
        if numeral is None or numeral.article:
            return None
        value, end = numeral.total, numeral.end
        join = scan.language.joins.match(scan.tokens, end)
        upper = read_numeral(scan, join[1]) if join else None
        low = value if upper is not None and upper.total > value else None
        if upper is not None and low is not None:
            value, end = upper.total, upper.end
        if scan.at(end).text in _DASHES and scan.at(end).glued:
            end += 1
        if scan.in_set(end, "multiple_suffixes.suffixes") and scan.at(end).glued:
            return Amount(at, end + 1, Kind.MULTIPLE, value)
        if not scan.in_set(end, "multiple_suffixes.times"):
            return None
        end += 1
    if value == 1:
        return None
    if not scan.in_set(end, "multiple_suffixes.comparison"):
        unit = scan.language.table["multiple_suffixes"].get("counted_unit")
        return Amount(at, end, Kind.COUNT, value, unit=unit) if unit and low is None else None
    if low is not None:
        return Amount(at, end, Kind.MULTIPLE, low=low, high=value)
    return Amount(at, end, Kind.MULTIPLE, value)


def _times_word(scan: Scan, at: int) -> Decimal | None:
    """Return what "dreimal" is worth."""
    key = scan.at(at).key
    for times in scan.language.sets["multiple_suffixes.times"]:
        if scan.language.words.glued and key.endswith(times) and key != times:
            return scan.language.words.value(key[: -len(times)].rstrip("-"))
    return None


def is_times_word(scan: Scan, at: int) -> bool:
    """Say whether a word is a number of times ("dreimal"), which is a multiple before a comparison."""
    return _times_word(scan, at) is not None


def read_qualitative(scan: Scan, at: int) -> Amount | None:
    """Read "dreistellige", "mehrere Milliarden Dollar", "Hunderte Menschen", "in die Milliarden"."""
    return _digits(scan, at) or _several(scan, at) or _plural(scan, at)


def _digits(scan: Scan, at: int) -> Amount | None:
    found = scan.language.digits.match(scan.tokens, at)
    if found is None:
        return None
    digits, end = found
    amount = Amount(at, end, Kind.QUALITATIVE, quality=f"digits:{digits}")
    magnitude = compound_magnitude(scan, scan.at(end).key) if scan.is_word(end) else None
    if magnitude is None and (plain := scan.language.magnitudes.match(scan.tokens, end)) is not None:
        magnitude = (power(plain[0]), "")
    if magnitude is None and (plural := scan.language.plural_magnitudes.match(scan.tokens, end)) is not None:
        magnitude = (power(Decimal(plural[0])), "")  # "in the double-digit millions"
    if magnitude is not None:
        amount.quality, amount.last = f"digits:{digits}:{magnitude[0]}", end + 1
        unit = read_unit(scan, end + 1)
        if unit is not None:
            amount.unit, amount.last = unit[0].symbol, unit[1]
        return amount
    head = scan.at(end).key
    for name, symbol in scan.language.table["digits"].get("compounds", {}).items():
        if head.startswith(name) and len(head) > len(name):
            amount.unit, amount.last = symbol, end + 1
    unit = read_unit(scan, end)
    if unit is not None and unit[0].kind in (Kind.PERCENT, Kind.MONEY):
        amount.unit, amount.last = unit[0].symbol, unit[1]
    return amount


def power(value: Decimal) -> str:
    """Return a magnitude as it stands in quality keys: 1e2, 1e6 (a dozen counts as ten)."""
    return f"1e{value.adjusted()}"


def compound_magnitude(scan: Scan, word: str) -> tuple[str, str] | None:
    """Return the magnitude that a word begins with and the rest of it ("Milliardenverlust")."""
    for stem, size in scan.language.compound_magnitudes.items():
        if word.startswith(stem) and len(word) > len(stem) + 2:
            return size, word[len(stem) :].lstrip("-")
    return None


def _several(scan: Scan, at: int) -> Amount | None:
    found = scan.language.several.match(scan.tokens, at)
    if found is None:
        return None
    end, total = found[1], Decimal(1)
    while True:
        size = scan.language.magnitudes.match(scan.tokens, end)
        if size is not None:
            total, end = total * size[0], size[1]
            continue
        word = scan.language.words.value(scan.at(end).key) if total == 1 else None
        if word is not None and word >= 100 and Decimal(power(word)) == word:
            total, end = word, end + 1  # "mehrere hunderttausend"
            continue
        plural = scan.language.plural_magnitudes.match(scan.tokens, end)
        if plural is None:
            break
        total, end = total * Decimal(plural[0]), plural[1]
        while scan.in_set(end, "plural_links.words") and (
            scan.language.plural_magnitudes.match(scan.tokens, end + 1) is not None
        ):
            end += 1
    if total == 1:
        return None
    quality = f"plural:{power(total * 10)}" if found[0] == "tens" else f"{found[0]}:{power(total)}"
    return _with_unit(scan, Amount(at, end, Kind.QUALITATIVE, quality=quality))


def _plural(scan: Scan, at: int) -> Amount | None:
    found = scan.language.plural_magnitudes.match(scan.tokens, at)
    if found is None:
        return None
    total, end = Decimal(found[0]), found[1]
    link = end + 1 if scan.in_set(end, "plural_links.words") else end
    while (more := scan.language.plural_magnitudes.match(scan.tokens, link)) is not None and total < Decimal("1e15"):
        total, end = total * Decimal(more[0]), more[1]
        link = end + 1 if scan.in_set(end, "plural_links.words") else end
    into = scan.in_set(at - 1, "plural_links.into_article") and scan.in_set(at - 2, "plural_links.into")
    key = "magnitude" if into else "plural"
    amount = Amount(at, end, Kind.QUALITATIVE, quality=f"{key}:{power(total)}")
    return amount if into else _with_unit(scan, amount)


def _with_unit(scan: Scan, amount: Amount) -> Amount:
    at = amount.last
    if scan.in_set(at, "plural_links.words"):
        at += 1
        if scan.in_set(at, "counts.stop"):
            return amount
    unit = read_unit(scan, at)
    if unit is not None:
        amount.unit, amount.last = unit[0].symbol, unit[1]
        return amount
    noun = read_noun(scan, at)
    if noun is not None:
        amount.unit, amount.last = noun
    return amount


def read_magnitude_compound(scan: Scan, at: int) -> Amount | None:
    """Read "Milliardenverlust", "billion dollar company": the size is stated, the number is not."""
    phrase = scan.language.magnitude_phrases.match(scan.tokens, at)
    if phrase is not None:
        return Amount(at, phrase[1], Kind.QUALITATIVE, quality=f"magnitude:{phrase[0]}")
    found = compound_magnitude(scan, scan.at(at).key)
    if found is None or found[1] in scan.language.sets["compound_magnitude_rests.never"]:
        return None
    return Amount(at, at + 1, Kind.QUALITATIVE, quality=f"magnitude:{found[0]}")
