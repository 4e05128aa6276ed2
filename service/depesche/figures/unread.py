"""Numbers that a text states without stating a figure: "beide", "both", "Quartal", "Zweikampf", "2018".

Used by the comparison, after the figures themselves are aligned. A translation may turn such a word into a figure
("beide Kinder" → "the two children") or a figure into such a word ("zwei Kinder" → "both children"); neither is
an error, and without the words it would look like one. What a language knows of this is one table here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from depesche.figure import Figure

GERMAN: dict[str, tuple[int | str, ...]] = {
    r"beid\w*|(?-i:Paar\w*)|pärchen\w*|duo\w*|duell\w*|zwilling\w*|ehe(?:paar|leute)\w*|(?:groß)?eltern\w*": (2,),
    r"doppel\w*|zwie\w*|zwo\w*|zwei\w*|halbzeit\w*|ander\w*|dazwischen|nochmal\w*|erneut\w*|wieder": (2,),
    r"trio\w*|drilling\w*|hattrick\w*|drei\w*|dritt\w*": (3,),
    r"quartett\w*|vierling\w*|vier(?!tel)\w*": (4,),
    r"quintett\w*|fünf\w*|handvoll|hand voll": (5,),
    r"sechs\w*": (6,),
    r"sieb(?:en|t)\w*|\w*woche\w*": (7,),
    r"acht(?!et\b|en\b|ung|bar|los|sam|e\b)\w*": (8, "1/8", 16),
    r"neun\w*": (9,),
    r"zehn\w*|\w*jahrzehnt\w*": (10,),
    r"elf(?!enb)\w*": (11,),
    r"zwölf\w*|dutzend\w*": (12,),
    r"\w*hundert\w*": (100,),
    r"\w*tausend\w*": (1000,),
    r"\w*quarta\w*": (3, 4, "1/4"),
    r"viertel\w*": ("1/4", 4, 8, 15),
    r"\w*halbj[aä]hr\w*|semester\w*": (6, "1/2"),
    r"\w*halb\w*|\w*hälfte\w*|mitte|mittel\w*": ("1/2", 2),
    r"\w*(?:tag|nacht)(?:e|es|s)?|rund um die Uhr": (24,),
    r"null\w*|torlos\w*|kein\w*": (0,),
}

ENGLISH: dict[str, tuple[int | str, ...]] = {
    r"both|pairs?|couples?|duo|duel|twins?|twice|double\w*|twofold|dual|parents|half|halves|other|either": (2,),
    r"second\w*|bi\w+|two\w*|again|another": (2,),
    r"trio|triple\w*|triplets?|thrice|third\w*|hat-?trick|three\w*|treble\w*": (3,),
    r"quartet\w*|quadrup\w*|fourth\w*|four\w*|quarter\w*": (4, "1/4", 3),
    r"quintet\w*|fif\w*|five\w*|handful": (5,),
    r"six\w*": (6,),
    r"seven\w*|weeks?|weekly": (7,),
    r"eight?\w*": (8,),
    r"nin(?:e|th)\w*": (9,),
    r"ten\w*|decades?": (10,),
    r"eleven\w*": (11,),
    r"twel\w+|dozens?|year|years|annual\w*": (12,),
    r"fortnight\w*": (14, 2),
    r"century|centuries|hundred\w*": (100,),
    r"millenni\w+|thousand\w*": (1000,),
    r"day|daily|night|around the clock": (24,),
    r"half\w*|semester|midway": ("1/2", 6, 30),
    r"nil|no|none|scoreless|goalless|without|zero": (0,),
}

TABLES: dict[str, dict[str, tuple[int | str, ...]]] = {"de": GERMAN, "en": ENGLISH}
"""Language → pattern of whole words → the numbers that a translation may make of them."""

_PATTERNS = {
    language: [
        (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), frozenset(Fraction(number) for number in numbers))
        for words, numbers in table.items()
    ]
    for language, table in TABLES.items()
}
_DIGITS = re.compile(r"\d+(?:[.,:/\s'’]\d+)*")


def unread_numbers(text: str, figures: Iterable[Figure], language: str) -> frozenset[Fraction]:
    """Return the numbers that `text` states outside `figures`, whose spans refer to `text`.

    A language without a table gives its digits only.
    """
    remainder = list(text)
    for figure in figures:
        remainder[figure.span.start : figure.span.end] = "|" * len(figure.span)
    rest = "".join(remainder)
    numbers: set[Fraction] = set()
    for pattern, stated in _PATTERNS.get(language, ()):
        if pattern.search(rest):
            numbers |= stated
    for group in _DIGITS.finditer(rest):
        numbers |= _readings(group.group())
    return frozenset(numbers)


def _readings(digits: str) -> set[Fraction]:
    """Return every number that a digit group may be read as: "18.30" is 18, 30, 18.3 and 1830."""
    parts = re.split(r"\D", digits)
    readings = {Fraction(int(part)) for part in parts} | {Fraction(int("".join(parts)))}
    if len(parts) == 2:
        readings.add(Fraction(f"{parts[0]}.{parts[1]}"))
    return readings
