"""What two languages say of the same amount in other words: modifiers that stand apart, compounds, ages, "one in six".

Between relating two figures and aligning two sentences: asked only where the figures alone differ, and it looks at the
words around them. What a language knows of this stands in `wording.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from depesche.figure import Figure, Kind, Modifier
from depesche.figures.convert import numbers_of
from depesche.figures.language import Language, load_language
from depesche.figures.measures import TIMES
from depesche.figures.negation import is_negated
from depesche.figures.relate import ACCEPTED_MODIFIERS, NEGATED_MODIFIERS
from depesche.figures.side import Side, words_of

_MOST_LINKS = 3
_THRESHOLD_REACH = 8
_MOST_BEHIND = 3
_MOST_ADJECTIVES = 3
_SHORTEST_HEAD = 3
_OLDEST = 120
_TURNS = frozenset({Kind.FRACTION, Kind.MULTIPLE})
_COMPOUND_UNITS = TIMES | {"km", "m"}
_CLOCKED = frozenset({("h", "h", "min"), ("min", "min", "s")})
_SIXTY = 60
_CENT = Decimal("0.01")
_SOLD_UNITS = frozenset({Kind.QUANTITY, Kind.MONEY})


@cache
def wording(language: str) -> dict[str, Any]:
    """Return what the table knows of a language, or nothing."""
    table: dict[str, Any] = tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))
    known: dict[str, Any] = table.get(language, {})
    return known


@cache
def _whole_word(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\n", "", pattern), re.IGNORECASE)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def is_same_modifier(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether modifiers that differ in the figures are the same in the texts."""
    if _is_height(source, target, here, there) or _is_preposition(source, target, here, there):
        return True
    if source.modifier is None and target.modifier is not None:
        meant = {one for one, other in ACCEPTED_MODIFIERS if other is target.modifier} | {target.modifier}
        return _limits_nothing(source, target, here, there) or any(
            _is_said(source, modifier, here) for modifier in meant
        )
    if source.modifier is not None and target.modifier is None:
        meant = {other for one, other in ACCEPTED_MODIFIERS if one is source.modifier} | {source.modifier}
        return any(_is_said(target, modifier, there) for modifier in meant) or _is_literal(source, target, here, there)
    own = wording(here.language).get("modifiers", {}).get(str(target.modifier), ())
    return bool(own) and source.text.casefold().startswith(tuple(f"{word} " for word in own))


def is_turned_round(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether one of two figures says behind a negation what the other's modifier says without one."""
    return any(
        plain.modifier is not None
        and NEGATED_MODIFIERS.get(negated.modifier) is plain.modifier
        and is_negated(side.text[: negated.span.start], side.language)
        for plain, negated, side in ((one, other, there), (other, one, here))
        if negated.modifier is not None
    )


def _is_height(one: Figure, other: Figure, here: Side, there: Side) -> bool:
    """Say whether "up to" only says how high something is: "bis in 400 Meter Höhe", "to a height of 400 metres"."""
    if {one.modifier, other.modifier} != {None, Modifier.UP_TO}:
        return False
    figure, side = (other, there) if one.modifier is None else (one, here)
    language = load_language(side.language)
    text = figure.text.casefold()
    named = not language.sets["thresholds.heights"].isdisjoint(text.split())
    return named or text.startswith(tuple(language.table.get("prepositions", {}).get("only_before", ())))


def _is_literal(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether a word that may be a modifier or a preposition stands in both: "über 2 Jahre", "over 2 years"."""
    table = wording(here.language)
    first, led = words_of(source.text)[:1], words_of(here.before(source))[-1:]
    before = words_of(there.before(target))[-1:]
    if not first or not before:
        return False
    if _begins(source.text, table.get("articled", ())):
        return before[0] in wording(there.language).get("definite", ())
    if source.modifier is Modifier.LESS_THAN and _begins(source.text, table.get("denying", ())):
        return is_negated(there.text[: target.span.start], there.language)
    if led and led[0] in table.get("prepositions", ()):
        return before[0] == first[0]  # "auf | über 60 Märkte" is no preposition
    return before[0] in table.get("literally", {}).get(first[0], ())


def _begins(text: str, phrases: Sequence[str]) -> bool:
    return text.casefold().startswith(tuple(f"{phrase} " for phrase in phrases))


def _is_preposition(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether the target's "over" or "under" is the source's preposition: "gegen acht Rivalen", "auf 16 Seiten"."""
    if source.modifier is not None or target.modifier not in (Modifier.MORE_THAN, Modifier.LESS_THAN):
        return False
    own, other = wording(here.language), wording(there.language)
    led, before = words_of(here.before(source))[-1:], words_of(there.before(target))[-1:]
    if not led or (before and before[0] in other.get("prepositions", ())):
        return False
    if not _begins(target.text, ("over",)):
        return _begins(target.text, ("under",)) and led[0] in own.get("literally_under", ())
    if led[0] in own.get("literally_over", ()):
        return True
    spread = target.unit in _COMPOUND_UNITS or (target.unit or "").casefold() in other.get("nights", ())
    return spread and led[0] in own.get("spread_over", ())


def _limits_nothing(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether a modifier only stresses or compares: "no fewer than four", "as much as twelve months | earlier"."""
    table, own, text = wording(there.language), wording(here.language), target.text.casefold()
    if text.startswith(tuple(table.get("emphatic", ()))) or _is_compared(target, own, here.before(source)):
        return True
    if not text.startswith(tuple(table.get("comparisons", ()))):
        return False
    following, before = words_of(there.after(target))[:1], words_of(here.before(source))
    stressing = own.get("stressing", ())
    before = before[-2:-1] if before and before[-1] in own.get("prepositions", ()) else before[-1:]
    return any(word in table.get("earlier", ()) for word in following) or any(word in stressing for word in before)


def _is_compared(target: Figure, own: dict[str, Any], before: str) -> bool:
    """Say whether the source compares two things where the target seems to limit: "so viel wie | 30 Autos"."""
    text, more = target.text.casefold(), target.modifier is Modifier.MORE_THAN
    if target.modifier is Modifier.UP_TO:
        pattern = own.get("like") if text.startswith("as ") else None
    else:
        pattern = own.get("more_than_that" if more else "less_than_that") if " than " in text else None
    return pattern is not None and _pattern(pattern).search(before) is not None


def _is_said(figure: Figure, modifier: Modifier, side: Side) -> bool:
    """Say whether the words around a figure without a modifier say one of it."""
    if not side.text:
        return False
    language, table = load_language(side.language), wording(side.language)
    never = {
        *language.table.get("prepositions", {}).get("after_noun", ()),
        *language.sets["prepositions.dative_plural"],
        *language.table.get("prepositions", {}).get("only_before", ()),
    }
    # the grammar has judged of "über" and "unter" by what stands around them
    phrases = [phrase for phrase in language.table["modifiers"].get(modifier, ()) if phrase not in never]
    phrases += table.get("modifiers", {}).get(modifier, ())
    before = words_of(side.before(figure))
    if _ends_with(before, phrases, table.get("links", ())) or _crosses(before, modifier, language):
        return True
    said = table.get("said", {}).get(modifier)
    if said and any(_whole_word(said).fullmatch(word) for word in before[-_THRESHOLD_REACH:]):
        return True
    behind = table.get("said_behind", {}).get(modifier)
    if behind and any(_whole_word(behind).fullmatch(word) for word in words_of(side.after(figure))[:_MOST_BEHIND]):
        return True
    direct = table.get("direct", {}).get(modifier)
    if direct and _pattern(direct).search(side.before(figure)):
        return True
    # "halbierte sich beinahe": an adverb behind the verb that states the figure
    if figure.kind in _TURNS and figure.text.islower():
        return not set(words_of(side.clause_after(figure))).isdisjoint(phrases)
    return False


def _ends_with(words: Sequence[str], phrases: Sequence[str], links: Sequence[str]) -> bool:
    """Say whether words end with one of the phrases, with at most a few linking words behind it."""
    for links_behind in range(_MOST_LINKS + 1):
        end = len(words) - links_behind
        if end <= 0 or any(word not in links for word in words[end:]):
            return False
        if any(list(words[max(0, end - len(phrase.split())) : end]) == phrase.split() for phrase in phrases):
            return True
    return False


def _crosses(words: Sequence[str], modifier: Modifier, language: Language) -> bool:
    """Say whether a threshold is crossed: "über der in Maastricht festgelegten Grenze von | drei Prozent"."""
    sides, near = language.sets[f"thresholds.{modifier}"], words[-_THRESHOLD_REACH:]
    nouns = tuple(language.sets["thresholds.nouns"])
    noun_at = next((k for k, word in enumerate(near) if nouns and word.endswith(nouns)), None)
    return noun_at is not None and not sides.isdisjoint(near[:noun_at])


def is_same_unit(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether equal numbers whose units differ in the figures measure the same in the texts."""
    if not (here.text and there.text) or numbers_of(source) != numbers_of(target):
        return False
    if source.kind is Kind.COUNT and source.unit and target.kind is Kind.QUANTITY:
        return target.unit in measured_by(source.unit, here.language, possessive=is_possessive(target, there))
    speeds = wording(here.language).get("speeds")
    if speeds and source.kind is Kind.COUNT and (source.unit or "").casefold() == speeds["behind"]:
        return target.unit == str(speeds["unit"])
    if source.kind not in (Kind.QUANTITY, Kind.AGE) or target.kind is not Kind.COUNT:
        return False
    if target.unit:  # "120 goalless minutes"
        unit = load_language(there.language).unit_names.meaning(target.unit.casefold())
        return unit is not None and unit.symbol == source.unit and unit.factor == 1
    return _has_unit_behind(target, source.unit, there) or _is_age(source, target, here, there)


@lru_cache(maxsize=4_096)
def measured_by(noun: str, language: str, *, possessive: bool) -> frozenset[str]:
    """Return the units that a compound counts: years for "Dienstjahre", months for "Monatsmieten" ("months' rent")."""
    known, word = load_language(language), noun.casefold()
    never = wording(language).get("compounds", {}).get("never")
    if not known.nouns_are_capitalised or (never and _whole_word(never).fullmatch(word)):
        return frozenset()
    tails = (word[k:] for k in range(_SHORTEST_HEAD - 1, len(word) - 2))
    heads = (word[:k] for k in range(_SHORTEST_HEAD, len(word) - 2)) if possessive else ()
    units = (known.unit_names.meaning(part) for part in (*tails, *heads))
    return frozenset(unit.symbol for unit in units if unit and unit.symbol in _COMPOUND_UNITS and unit.factor == 1)


def is_possessive(figure: Figure, side: Side) -> bool:
    """Say whether a unit is one of what follows: "three months' | rent"."""
    return figure.text.endswith(("'", "’")) or side.after(figure).startswith(("'", "’"))


def _has_unit_behind(figure: Figure, symbol: str | None, side: Side) -> bool:
    """Say whether a unit stands behind a bare number and adjectives: "twelve | successful years"."""
    language = load_language(side.language)
    for word in words_of(side.after(figure))[: _MOST_ADJECTIVES + 1]:
        if (unit := language.unit_names.meaning(word)) is not None:
            return unit.symbol == symbol
        if word in language.sets["counts.stop"]:
            return False
    return False


def _is_age(source: Figure, target: Figure, here: Side, there: Side) -> bool:
    """Say whether years in the source are an age, which the target gives as a bare number: "mit 83 Jahren", "at 83"."""
    ages = wording(here.language).get("ages")
    if not ages or source.unit != "a" or max(numbers_of(source)) > _OLDEST:
        return False
    if any(_whole_word(ages["said"]).fullmatch(word) for word in words_of(here.text)):
        return True
    before, followed = words_of(here.before(source)), words_of(there.before(target))[-1:]
    if before[-1:] and before[-1] in ages["possessives"]:
        before.pop()
    for own, other in (ages["with"], ages["of"]):
        if before[-1:] == [own] and followed == [other]:
            return True
    noun = here.before(source).split()[-1:]
    limited = source.text.casefold().startswith(tuple(f"{word} " for word in ages["limits"]))
    return limited and bool(noun) and noun[0][:1].isupper() and followed != ["for"]


def is_one_in(source: Figure, target: Figure, there: Side) -> bool:
    """Say whether a bare number is the whole of a share: "jeder sechste Fall", "one case in | six"."""
    pattern = wording(there.language).get("one_in")
    if source.kind is not Kind.FRACTION or target.kind is not Kind.COUNT or not pattern or not there.text:
        return False
    (share, *_), (whole, *more) = numbers_of(source), numbers_of(target)
    return not more and share * whole == 1 and re.search(pattern, there.before(target), re.IGNORECASE) is not None


def is_part_of(share: Figure, part: Figure, whole: Figure, there: Side) -> bool:
    """Say whether two numbers state a share: "zwei von drei Ämtern", "two | of the | three offices"."""
    pattern = wording(there.language).get("part_of")
    if share.kind is not Kind.FRACTION or {part.kind, whole.kind} != {Kind.COUNT} or not pattern or not there.text:
        return False
    above, below = numbers_of(part), numbers_of(whole)
    if len(above) != 1 or len(below) != 1 or not below[0] or numbers_of(share) != (above[0] / below[0],):
        return False
    between = there.text[part.span.end : whole.span.start]
    return part.modifier == share.modifier and re.fullmatch(pattern, between, re.IGNORECASE) is not None


def is_time_of(whole: Figure, major: Figure, minor: Figure, side: Side) -> bool:
    """Say whether two figures of a text state one time: "2:47 Stunden", "2 hours and | 47 minutes"."""
    units = (whole.unit, major.unit, minor.unit)
    if {whole.kind, major.kind, minor.kind} != {Kind.QUANTITY} or units not in _CLOCKED or whole.is_range:
        return False
    if minor.modifier or whole.modifier != major.modifier or major.is_range or minor.is_range or not side.text:
        return False
    (time,), (hours,), (minutes,) = numbers_of(whole), numbers_of(major), numbers_of(minor)
    between = words_of(side.text[major.span.end : minor.span.start])
    joined = load_language(side.language).sets["ranges.and"].issuperset(between)
    return joined and time == hours + minutes / _SIXTY


def is_speed(figure: Figure, side: Side) -> bool:
    """Say whether the other text has a speed as a label: "Tempo 30"."""
    speeds = wording(side.language).get("speeds")
    if not speeds or figure.kind is not Kind.RATE or figure.unit != speeds["unit"] or figure.modifier:
        return False
    labels = re.finditer(speeds["label"], side.text, re.IGNORECASE)
    numbers = (next(filter(None, label.groups())) for label in labels)
    return figure.value is not None and any(int(number.replace(".", "")) == figure.value for number in numbers)


def is_whole_first(share: Figure, whole: Figure, part: Figure, here: Side) -> bool:
    """Say whether two numbers of the source, the whole first, are a share: "von 15 Lotsen | sechs", "six of 15"."""
    if share.kind is not Kind.FRACTION or {part.kind, whole.kind} != {Kind.COUNT} or part.modifier != share.modifier:
        return False
    above, below = numbers_of(part), numbers_of(whole)
    if len(above) != 1 or len(below) != 1 or not below[0] or numbers_of(share) != (above[0] / below[0],):
        return False
    words = wording(here.language)
    if part.span.end <= whole.span.start:  # "1 von 70"
        between = words_of(here.text[part.span.end : whole.span.start])
        return len(between) == 1 and between[0] in words.get("parts", ())
    before = words_of(here.before(whole))[-1:]
    return bool(before) and before[0] in words.get("wholes", ())


def is_article(figure: Figure, there: Side, here: Side) -> bool:
    """Say whether "a litre" in the target is "der Liter" in the source, or "a year" part of its rate, and no figure."""
    language, first = load_language(there.language), figure.text.split()[0].casefold()
    articles = {*language.sets["numbers.articles"], *wording(there.language).get("denied", ())}
    if figure.kind not in _SOLD_UNITS or figure.value not in (1, _CENT) or first not in articles:
        return False
    if any(rate.kind is Kind.RATE and (rate.unit or "").partition("/")[2] == figure.unit for rate in here.figures):
        return True
    names, articles = load_language(here.language).unit_names, wording(here.language).get("articles", ())
    pairs = pairwise(words_of(_without_figures(here)))
    units = (names.meaning(word) for article, word in pairs if article in articles)
    cents = figure.value == _CENT
    return any(
        unit is not None and unit.factor == figure.value and (cents or unit.symbol == figure.unit) for unit in units
    )


def _without_figures(side: Side) -> str:
    rest = list(side.text)
    for figure in side.figures:
        rest[figure.span.start : figure.span.end] = "|" * len(figure.span)
    return "".join(rest)
