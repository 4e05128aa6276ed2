"""Compare rates: by what two of them are counted, and whether a text says elsewhere by what a plain amount is.

"Pro Person 2.500 Pfund" is "2,500 pounds per person", and "25 Euro pro Kopf" is no price per household. The nouns
stand in `wording.toml`; what the table does not know is taken to be the same only where neither side is known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from depesche.figure import Figure, Kind
from depesche.figures.convert import numbers_of
from depesche.figures.language import LANGUAGES, load_language
from depesche.figures.measures import TIMES
from depesche.figures.side import Side, words_of
from depesche.figures.tokens import Shape
from depesche.figures.units import Unit, measures
from depesche.figures.wording import is_possessive, measured_by, wording

_WORDS_BEHIND = 3
_REACH = 60
"""Characters in which a rate's lower part stands behind its "per"."""
_SHORTEST_HEAD = 3
_UNKNOWN: frozenset[str] = frozenset()


@cache
def _goods() -> dict[str, frozenset[str]]:
    table = tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))["goods"]
    words = {word for listed in table.values() for word in listed}
    return {word: frozenset(name for name, listed in table.items() if word in listed) for word in words}


@lru_cache(maxsize=4_096)
def _meanings(below: str) -> frozenset[str]:
    """Return what a rate's lower part may mean: a unit's symbol, a kind of goods, or nothing that is known."""
    if below in measures() or below[:1].isdigit():
        return frozenset({below})
    word = below.casefold()
    if word in _goods():
        return _goods()[word]
    languages = [load_language(code) for code in LANGUAGES[:2]]
    magnitudes = {str(value) for known in languages if (value := known.magnitudes.meaning(word)) is not None}
    if magnitudes:  # "je eine Million Einwohner", "per million"
        return frozenset(magnitudes)
    names = [known.unit_names for known in languages]
    found = {_symbol(unit) for name in names if (unit := name.meaning(word)) and unit.kind is Kind.QUANTITY}
    if not found:  # "je Einsatzstunde" is per hour
        tails = [word[k:] for k in range(_SHORTEST_HEAD, len(word) - 2)]
        found = {_symbol(unit) for tail in tails if (unit := names[0].meaning(tail)) and unit.symbol in TIMES}
    return frozenset(found)


def _symbol(unit: Unit) -> str:
    """Return what a unit is by its symbol: "10a" for a decade, which is no year."""
    return unit.symbol if unit.factor == 1 else f"{unit.factor}{unit.symbol}"


def _above(figure: Figure) -> str:
    return (figure.unit or "").partition("/")[0]


def _below(figure: Figure) -> str:
    return (figure.unit or "").partition("/")[2]


def is_other_rate(one: Figure, other: Figure) -> bool:
    """Say whether two rates are known to be counted by different things: "pro Kopf", "per household"."""
    if one.kind is not Kind.RATE or other.kind is not Kind.RATE:
        return False
    known, found = _meanings(_below(one)), _meanings(_below(other))
    return bool(known) and bool(found) and not known & found and not {*known, *found} & measures().keys()


def is_same_rate(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether two figures with equal numbers state the same rate, be it that one text states it apart."""
    if numbers_of(one) != numbers_of(other):
        return False
    if one.kind is Kind.RATE and other.kind is Kind.RATE:
        known = _meanings(_below(one)) & _meanings(_below(other))
        both_unknown = not _meanings(_below(one)) and not _meanings(_below(other))
        return (bool(known) or both_unknown) and _is_same_above(one, other)
    if (one.kind is Kind.RATE) == (other.kind is Kind.RATE):
        return False
    rate, plain, of_rate, of_plain = (one, other, here, there) if one.kind is Kind.RATE else (other, one, there, here)
    possessive = is_possessive(plain, of_plain)
    alike = _is_same_above(rate, plain) or plain.unit in measured_by(
        _above(rate), of_rate.language, possessive=possessive
    )
    return alike and _is_stated(rate, of_rate, of_plain)


def is_shared_rate(bare: Figure, other: Figure, neighbours: Sequence[Figure], here: Side, there: Side) -> bool:
    """Say whether a bare number shares the rate of a neighbour, which `other` or the neighbour itself leaves out.

    `here` is the text of the bare number: "im Westen | 35, im Osten 38 Stunden in der Woche".
    """
    if bare.kind is not Kind.COUNT or bare.unit is not None or numbers_of(bare) != numbers_of(other):
        return False
    for near in neighbours:
        if _above(near) != _above(other) or not _above(other) or (near.kind is Kind.RATE) == (other.kind is Kind.RATE):
            continue
        rate, of_rate, of_plain = (near, here, there) if near.kind is Kind.RATE else (other, there, here)
        if _is_stated(rate, of_rate, of_plain):
            return True
    return False


def is_denominator(figure: Figure, rates: Sequence[Figure], language: str) -> bool:
    """Say whether an amount is what a rate of the other text is counted by: "auf 100 Kilometer", "per 100 km"."""
    if figure.value is None or figure.modifier is not None:
        return False
    if figure.kind is Kind.QUANTITY:
        written = {f"{figure.value}{figure.unit}", figure.unit if figure.value == 1 else ""}
        return any(_below(rate) in written for rate in rates if rate.kind is Kind.RATE)
    if figure.kind is Kind.MONEY and figure.value == 1:  # "a pound" is a weight where the source has "je Pfund"
        goods = _goods().get(words_of(figure.text)[-1], _UNKNOWN)
        return any(goods & _meanings(_below(rate)) for rate in rates if rate.kind is Kind.RATE)
    magnitudes = load_language(language).magnitudes
    return figure.kind is Kind.COUNT and any(magnitudes.meaning(_below(rate)) == figure.value for rate in rates)


def _is_same_above(one: Figure, other: Figure) -> bool:
    first, second = _above(one), _above(other)
    if first == second:
        return True
    if all("cent" in figure.text.casefold() for figure in (one, other)):
        return True  # "70 cents" does not say of which currency
    counted = [_is_counted(figure) for figure in (one, other)]
    return all(counted)


def _is_counted(figure: Figure) -> bool:
    """Say whether a figure or the upper part of a rate counts things, which every language names otherwise."""
    above = _above(figure)
    if figure.kind is Kind.RATE:
        return above not in measures() and not (len(above) == 3 and above.isupper())
    return figure.kind is Kind.COUNT


def _is_stated(rate: Figure, of_rate: Side, of_plain: Side) -> bool:
    """Say whether the text of a plain amount says apart by what it is counted, and that it is the rate's."""
    known = _meanings(_below(rate))
    if known and not known & measures().keys():
        # "for every vacant | flat": what the grammar took for the noun may be an adjective
        known = known.union(*(_meanings(word) for word in words_of(of_rate.after(rate))[:1]))
    elif not known:
        known = _UNKNOWN.union(*(_meanings(word) for word in words_of(of_rate.after(rate))[:1] if word in _goods()))
    unknown = not _meanings(_below(rate))
    if unknown and _is_sold_by_piece(rate, of_plain):
        return True
    ends = tuple(figure.span.end for figure in of_plain.figures)
    return any(known & stated or (unknown and not stated) for stated in _stated(of_plain.text, ends, of_plain.language))


def _is_sold_by_piece(rate: Figure, of_plain: Side) -> bool:
    """Say whether an amount of money of the other text has a thing with an article behind it: "four cents | a tablet".

    Asked for a rate by a thing that no table knows.
    """
    language = load_language(of_plain.language)
    for figure in of_plain.figures:
        if figure.kind is not Kind.MONEY or numbers_of(figure) != numbers_of(rate):
            continue
        before, *after = (*of_plain.text[figure.span.end :].split()[:2], "", "")[:2]
        thing = after[0].strip(".,;:!?").casefold()
        known = language.unit_names.meaning(thing) or thing in language.sets["rates.not_before"] or _meanings(thing)
        if before.casefold() in language.sets["rates.single"] and thing and not known:
            return True
    return False


@lru_cache(maxsize=64)
def _stated(text: str, ends: tuple[int, ...], language: str) -> tuple[frozenset[str], ...]:
    """Return by what a text says that something is counted."""
    per = wording(language).get("per")
    if not per or not text:
        return ()
    words = list(per["words"])
    if per["shares"] and re.search(rf"\b(?:{per['verbs']})\b", text, re.IGNORECASE):
        words += per["shares"]
    anything = _counted_by_each(_behind(text, words), language)
    times = _counted_by_each(_behind(text, per["times"]), language)
    goods = _counted_by_each(_behind(text, per["goods"]), language)
    measured = _counted_by_each((rest for rest in _behind(text, per["measures"]) if rest[0].isdigit()), language)
    sure = [*measured, *(found & TIMES for found in times), *(found & measures().keys() for found in goods)]
    if per["behind"]:
        article = re.compile(rf"\s+(?:{per['of']}\s+\w+\s+)?(?:{'|'.join(per['behind'])})\s+(?=\w)", re.IGNORECASE)
        articles = (article.match(text, end) for end in ends)
        sure += _counted_by_each((text[it.end() : it.end() + _REACH] for it in articles if it), language)
    return (*anything, *filter(None, sure))


def _behind(text: str, phrases: list[str]) -> Iterator[str]:
    """Yield what stands behind each of the phrases."""
    if not phrases:
        return
    for match in re.finditer(rf"\b(?:{'|'.join(phrases)})[\s-]+(?=\w)", text, re.IGNORECASE):
        yield text[match.end() : match.end() + _REACH]


def _counted_by_each(rests: Iterable[str], language: str) -> list[frozenset[str]]:
    return [goods for rest in rests if (goods := _counted_by(rest, language)) is not None]


def _counted_by(rest: str, language: str) -> frozenset[str] | None:
    """Return what the first words behind "per" mean, or None where they are none that anything is counted by.

    A number and adjectives may stand before the noun; "je nach Größe" and "je 5 Euro" are no rates.
    """
    known = load_language(language)
    tokens = known.tokenizer(rest)
    number = tokens[0].text if tokens[0].text.isdigit() else ""
    for at in range(bool(number), bool(number) + _WORDS_BEHIND):
        token = tokens[at]
        if known.magnitudes.match(tokens, at + 1) and token.key in known.sets["numbers.articles"]:
            continue
        if token.shape is not Shape.WORD or token.key in known.sets["counts.stop"]:
            return None if number or at == 0 else _UNKNOWN  # "each | performance"
        if found := known.unit_names.match(tokens, at):
            if found[0].kind is Kind.MONEY:
                return _goods().get(token.key)  # "a pound" may be a weight
            return frozenset({number + _symbol(found[0])})
        if meanings := _meanings(token.text):
            return None if number else meanings
        if known.nouns_are_capitalised and token.is_capitalised:
            break
    return None if number else _UNKNOWN
