"""Copies of real pairs with something replaced on both sides alike, and German as other newsrooms write it.

A model that has seen "3,7 Milliarden Euro" becoming "3.7 billion euros" once should carry over any number, magnitude,
currency, weekday and month. So a number that stands exactly once on either side gets a new value, a word that has
exactly one counterpart is replaced by another of its kind, and a bare amount gets a modifier ("rund", "knapp"). A copy
that the figure comparison doubts is not used.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from models.recipes.compact.agreement import figures_disagree
from models.recipes.compact.data import Pair

from depesche.figure import Figure, Kind
from depesche.figures import find_figures

# Words of one kind, German and English. A kind is replaced where each side has one word of it, and the same.
WEEKDAYS = (
    ("Montag", "Monday"), ("Dienstag", "Tuesday"), ("Mittwoch", "Wednesday"), ("Donnerstag", "Thursday"),
    ("Freitag", "Friday"), ("Samstag", "Saturday"), ("Sonntag", "Sunday"),
)  # fmt: skip
MONTHS = (
    ("Januar", "January"), ("Februar", "February"), ("März", "March"), ("April", "April"), ("Juni", "June"),
    ("Juli", "July"), ("August", "August"), ("September", "September"), ("Oktober", "October"),
    ("November", "November"), ("Dezember", "December"),
)  # fmt: skip
MAGNITUDES = (("Millionen", "million"), ("Milliarden", "billion"), ("Billionen", "trillion"))
CURRENCIES = (
    ("Euro", "euros"), ("Dollar", "dollars"), ("Pfund", "pounds"), ("Franken", "francs"), ("Yen", "yen"),
    ("D-Mark", "deutschmarks"), ("Rubel", "roubles"), ("Yuan", "yuan"),
)  # fmt: skip
NUMBER_WORDS = (
    ("zwei", "two"), ("drei", "three"), ("vier", "four"), ("fünf", "five"), ("sechs", "six"), ("sieben", "seven"),
    ("acht", "eight"), ("neun", "nine"), ("zehn", "ten"), ("elf", "eleven"), ("zwölf", "twelve"),
    ("fünfzehn", "fifteen"), ("zwanzig", "twenty"), ("dreißig", "thirty"), ("hundert", "a hundred"),
)  # fmt: skip
FIRST_WORDS = tuple((german.capitalize(), english.capitalize()) for german, english in NUMBER_WORDS)
ORDINALS = (
    ("zweiten", "second"), ("dritten", "third"), ("vierten", "fourth"), ("fünften", "fifth"), ("sechsten", "sixth"),
    ("siebten", "seventh"), ("achten", "eighth"), ("neunten", "ninth"), ("zehnten", "tenth"),
)  # fmt: skip
TIMES = (
    ("Jahre", "years"), ("Monate", "months"), ("Wochen", "weeks"), ("Tage", "days"), ("Stunden", "hours"),
    ("Minuten", "minutes"), ("Jahrzehnte", "decades"), ("Jahrhunderte", "centuries"),
)  # fmt: skip
TIMES_DATIVE = tuple((german if german.endswith("n") else f"{german}n", english) for german, english in TIMES)
MEASURES = (
    ("Kilometer", "kilometres"), ("Meter", "metres"), ("Quadratkilometer", "square kilometres"),
    ("Quadratmeter", "square metres"), ("Hektar", "hectares"), ("Tonnen", "tonnes"), ("Kilogramm", "kilograms"),
    ("Liter", "litres"), ("Milliliter", "millilitres"), ("Zentimeter", "centimetres"),
)  # fmt: skip
AMERICAN_MEASURES = tuple((german, re.sub(r"tres\b", "ters", english)) for german, english in MEASURES)
KINDS = (
    WEEKDAYS, MONTHS, MAGNITUDES, CURRENCIES, NUMBER_WORDS, FIRST_WORDS, ORDINALS, TIMES, TIMES_DATIVE, MEASURES,
    AMERICAN_MEASURES,
)  # fmt: skip
MODIFIERS = (
    ("rund", "about"), ("etwa", "around"), ("ungefähr", "roughly"), ("knapp", "just under"), ("fast", "almost"),
    ("nahezu", "nearly"), ("gut", "just over"), ("mehr als", "more than"), ("über", "over"),
    ("weniger als", "less than"), ("mindestens", "at least"), ("höchstens", "at most"), ("bis zu", "up to"),
)  # fmt: skip
# Amounts that a modifier may stand before, and words after which it may not: "a 200-metre wall", "die 200 Meter".
_MODIFIABLE = frozenset({Kind.MONEY, Kind.PERCENT, Kind.COUNT, Kind.QUANTITY})
_BEFORE_NO_MODIFIER = re.compile(
    r"\b(?:an?|the|this|these|those|of the|his|her|its|their|our|only|some|another|all|first|last|next|past|exactly"
    r"|de[rmns]|die|das|diese[rmns]?|ein(?:e[rmns]?)?|seine[rmns]?|ihre[rmns]?|nur|erst|genau|insgesamt|weitere[rmns]?"
    r"|alle[rmns]?|ersten|letzten|nächsten|vergangenen|zwischen|between|bis|to|und|and|oder|or)\s*$",
    re.IGNORECASE,
)
# As in a dateline: "WIEN (APA) –".
CITIES = (
    ("Berlin", "Berlin"), ("Wien", "Vienna"), ("München", "Munich"), ("Köln", "Cologne"), ("Zürich", "Zurich"),
    ("Brüssel", "Brussels"), ("Frankfurt", "Frankfurt"), ("Hamburg", "Hamburg"), ("Genf", "Geneva"),
    ("Washington", "Washington"), ("Peking", "Beijing"), ("Moskau", "Moscow"), ("Bern", "Bern"),
)  # fmt: skip
AGENCIES = ("dpa", "AFP", "Reuters", "APA", "sda", "AP", "dts")

_GERMAN_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\w])|(?<![\w.,])\d+(?:,\d+)?(?!\w|[.:]\d)")
_ENGLISH_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.,])\d+(?:\.\d+)?(?!\w|[,:]\d)")
_STRAIGHT = re.compile(r'"([^"]+)"')


def _value(text: str, group: str, point: str) -> Decimal:
    return Decimal(text.replace(group, "").replace(point, "."))


def _write(value: Decimal, grouped: bool, group: str, point: str) -> str:
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.replace(",", "\0").replace(".", point).replace("\0", group)


def _other_value(value: Decimal, chance: random.Random) -> Decimal:
    """Return a value that reads alike: as many decimals, a year for a year, a small number for a small one."""
    places = -int(value.as_tuple().exponent)  # decimals written
    if places > 0:
        whole = chance.randint(2, max(9, int(value) * 3))
        return Decimal(whole) + Decimal(chance.randint(1, 10**places - 1)).scaleb(-places)
    if 1900 <= value <= 2100:
        return Decimal(chance.randint(1950, 2035))
    if value <= 12:
        return Decimal(chance.randint(2, 12))
    if value <= 31:
        return Decimal(chance.randint(13, 31 if value > 24 else 24))
    length = len(str(int(value))) + chance.choice((0, 0, 0, 1) if value > 100 else (0, 0))
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
    number = chance.randint(10 ** (length - 1), 10**length - 1)
    return Decimal(number - number % 10 ** min(zeros, length - 1))


def _once(pattern: re.Pattern[str], text: str, group: str, point: str) -> dict[Decimal, re.Match[str]]:
    """Return the numbers that stand exactly once in `text`, by value."""
    matches = [(_value(match[0], group, point), match) for match in pattern.finditer(text)]
    counts = Counter(value for value, _ in matches)
    return {value: match for value, match in matches if counts[value] == 1}


def _replaced(text: str, changes: list[tuple[re.Match[str], str]]) -> str:
    for match, new in sorted(changes, key=lambda change: -change[0].start()):
        text = text[: match.start()] + new + text[match.end() :]
    return text


def vary_numbers(pair: Pair, chance: random.Random) -> Pair:
    """Give the numbers that both sides have in digits new values, in the same order of size."""
    german = _once(_GERMAN_NUMBER, pair.german, ".", ",")
    english = _once(_ENGLISH_NUMBER, pair.english, ",", ".")
    shared = sorted(value for value in german.keys() & english.keys() if value > 1)
    if not shared:
        return pair
    for _ in range(20):
        new = [_other_value(value, chance) for value in shared]
        if new == sorted(set(new)):
            break
    else:
        return pair
    in_german, in_english = [], []
    for old, value in zip(shared, new, strict=True):
        long = value >= 10_000
        in_german.append((german[old], _write(value, long or "." in german[old][0], ".", ",")))
        in_english.append((english[old], _write(value, long or "," in english[old][0], ",", ".")))
    return replace(pair, german=_replaced(pair.german, in_german), english=_replaced(pair.english, in_english))


def vary_words(pair: Pair, kind: tuple[tuple[str, str], ...], chance: random.Random) -> Pair:
    """Replace the one word of `kind` that both sides have by another of its kind."""
    here = [
        (german, english)
        for german, english in kind
        if re.search(rf"\b{german}\b", pair.german) or re.search(rf"\b{english}\b", pair.english)
    ]
    if len(here) != 1:
        return pair
    german, english = here[0]
    new_german, new_english = chance.choice([other for other in kind if other != here[0]])
    changed, count = re.subn(rf"\b{german}\b", new_german, pair.german)
    translated, count_english = re.subn(rf"\b{english}\b", new_english, pair.english)
    if count != 1 or count_english != 1:
        return pair
    return replace(pair, german=changed, english=translated)


def to_points(pair: Pair) -> Pair:
    """Turn a change by percent into one by percentage points."""
    german, count = re.subn(r"\b(um (?:\d[\d.,]*|\w+)) Prozent\b", r"\1 Prozentpunkte", pair.german)
    english, count_english = re.subn(
        r"\b(by (?:\d[\d.,]*|\w+))(?: percent| per cent|%)(?!\w)", r"\1 percentage points", pair.english
    )
    return replace(pair, german=german, english=english) if count == count_english == 1 else pair


def _bare(text: str, language: str) -> dict[tuple[Kind, Decimal], Figure]:
    """Return the amounts in digits that stand once in `text` and could take a modifier, by kind and value."""
    figures = find_figures(text, language)
    counts = Counter((figure.kind, figure.value) for figure in figures)
    return {
        (figure.kind, figure.value): figure
        for figure in figures
        if figure.value is not None
        and figure.kind in _MODIFIABLE
        and figure.modifier is None
        and counts[figure.kind, figure.value] == 1
        and re.match(r"[$€£]?\d[\d.,]*(?!-)\b(?!-)", figure.text)
        and not _BEFORE_NO_MODIFIER.search(text[: figure.span.start])
    }


def add_modifier(pair: Pair, chance: random.Random) -> Pair:
    """Put a modifier before an amount in digits that has none on either side: "rund 200", "about 200"."""
    german, english = _bare(pair.german, "de"), _bare(pair.english, "en")
    shared = sorted(german.keys() & english.keys())
    if not shared:
        return pair
    amount = chance.choice(shared)
    word, translation = chance.choice(MODIFIERS)
    left, right = german[amount].span.start, english[amount].span.start
    if not left or not right:  # a capital would be needed
        word, translation = (word.capitalize(), translation) if not left else (word, translation)
        word, translation = (word, translation.capitalize()) if not right else (word, translation)
    return replace(
        pair,
        german=f"{pair.german[:left]}{word} {pair.german[left:]}",
        english=f"{pair.english[:right]}{translation} {pair.english[right:]}",
    )


def varied(pair: Pair, chance: random.Random) -> Pair | None:
    """Return a copy with other figures, weekdays and months; None where nothing can be replaced or it went wrong."""
    copy = vary_numbers(pair, chance)
    for kind in KINDS:
        copy = vary_words(copy, kind, chance)
    if chance.random() < 0.3:
        copy = to_points(copy)
    if chance.random() < 0.4:
        copy = add_modifier(copy, chance)
    if copy == pair or figures_disagree(copy.german, copy.english):
        return None
    return replace(copy, origin=f"{pair.origin}+figures")


def german_quotes(text: str) -> str:
    """Write straight quotation marks as German ones."""
    return _STRAIGHT.sub("„\\1“", text)


def restyled(pair: Pair, chance: random.Random) -> Pair:
    """Return the pair as another newsroom might have written it: Swiss ss, „ “, a title, a dateline."""
    german, english = pair.german, pair.english
    marks = []
    if '"' in german and '"' in english and chance.random() < 0.6:
        german = german_quotes(german)
        marks.append("quotes")
    if "ß" in german and chance.random() < 0.12:
        german = german.replace("ß", "ss")
        marks.append("ss")
    ends = german.endswith(".") and english.endswith(".") and not german.endswith("..")
    if ends and len(german) < 90 and chance.random() < 0.06:
        german, english = german[:-1], english[:-1]
        marks.append("title")
    elif len(german) > 60 and chance.random() < 0.02:
        (city, city_english), agency = chance.choice(CITIES), chance.choice(AGENCIES)
        case = str.upper if chance.random() < 0.5 else str
        dash = chance.choice("–-")
        german = f"{case(city)} ({agency}) {dash} {german}"
        english = f"{case(city_english)} ({agency}) {dash} {english}"
        marks.append("dateline")
    return Pair(german, english, "+".join((pair.origin, *marks)))


def augmented(pairs: Iterable[Pair], seed: int, figures: float) -> Iterator[Pair]:
    """Yield every pair, restyled where chance wills it, and `figures` varied copies of each that allows it.

    `figures` is the mean: 0.5 means a copy of every other pair, 2 means two of each.
    """
    chance = random.Random(f"augment/{seed}")  # noqa: S311
    for pair in pairs:
        yield restyled(pair, chance)
        for _ in range(int(figures) + (chance.random() < figures % 1)):
            if copy := varied(pair, chance):
                yield restyled(copy, chance)


def joined(pairs: Iterable[Pair], seed: int, part: float, longest: int = 420) -> Iterator[Pair]:
    """Yield the part `part` of the pairs that the next line follows, both in one: a model learns to leave nothing out.

    `longest` bounds the German side, in characters.
    """
    chance = random.Random(f"joined/{seed}")  # noqa: S311
    for one, other in itertools.pairwise(pairs):
        (file, line), (next_file, next_line) = one.origin.split(":"), other.origin.split(":")
        follows = file == next_file and int(next_line) == int(line) + 1
        if follows and len(one.german) + len(other.german) < longest and chance.random() < part:
            german, english = f"{one.german} {other.german}", f"{one.english} {other.english}"
            yield Pair(german, english, f"{one.origin}+joined")
