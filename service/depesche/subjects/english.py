"""The English for a subject, a measure or a time: always a stretch of the translated sentence, never our own words."""

from __future__ import annotations

import re

from depesche.subjects.lexicon import Lexicon, lexicon

_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_][\w&'’.-]*\w|[^\W\d_]")
_SHORTEST_NAME = 3


def english_noun(german: str, english: str, language: str = "de") -> str | None:
    """Return what a translated sentence has for a German subject or measure, None where that is not plain.

    A name is what English keeps letter for letter; a noun is looked up in the table and must stand in `english`.
    """
    words = lexicon(language)
    name = _name(german, english)
    if name or words is None:
        return name
    nouns = [word for word in _WORD.findall(german) if word[0].isupper()]
    if len(nouns) != 1:
        return None
    return _from_table(nouns[0].lower(), english, words)


def english_period(german: str, english: str, language: str = "de") -> str | None:
    """Return the time in a translated sentence that is the German one, None where it does not show."""
    words = lexicon(language)
    year = _YEAR.search(german)
    for own, other in words.english_times if words else ():
        if own.search(german.lower()) and (found := other.search(english)):
            said = found[0]
            return said if not year or year[0] in said else None
    return year[0] if year and re.search(rf"\b{year[0]}\b", english) else None


def _name(german: str, english: str) -> str | None:
    """Return the longest row of a phrase's last words that the English has letter for letter, capitals and all."""
    parts = german.split()
    for start in range(len(parts)):
        if not parts[start][0].isupper():
            continue
        said = " ".join(parts[start:])
        for form in (said, said.removesuffix("s")):
            capital = len(form) >= _SHORTEST_NAME and re.search(rf"\b{re.escape(form)}(?![\w-])", english)
            if capital:
                return form
    return None


def _from_table(noun: str, english: str, words: Lexicon) -> str | None:
    for ending, candidates in words.english:
        if not ending.search(noun):
            continue
        for candidate in candidates:
            if found := re.search(rf"\b{re.escape(candidate)}\b", english, re.IGNORECASE):
                return found[0]
        return None
    return None
