"""Speakers: the noun phrase that names who speaks, before or after a verb; a step of finding quotations.

There is no parser here: a noun phrase is told by its shape (determiner, adjectives, capitalised words, genitives,
an apposition between commas), its case by its determiner, and the subject by where it stands to the verb.
"""

from __future__ import annotations

import re

from depesche.checks.dates import is_weekday
from depesche.quotes.lexicon import Lexicon
from depesche.span import Span

_WORD = re.compile(r"[\w’'-]+")
_FIRST = re.compile(r"[„\"»“]?[\w’'-]+")
_AFTER_APPOSITION = re.compile(r"\s*(?:[,.:;)¤–]|$)")


def phrase_at(text: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """Return the noun phrase or pronoun that begins at `start`, with its attributes and its apposition."""
    first = _FIRST.match(text, start, end)
    if first is None:
        return None
    word = first.group().lower()
    if word in lexicon.pronouns and not (
        word == "sie"
        and text[first.end() : first.end() + 1] == " "
        and text[first.end() + 1 : first.end() + 2].isupper()
    ):
        return Span(*first.span())
    match = lexicon.phrase.match(text, start, end)
    if (
        match is None
        or match.group().lower() in lexicon.determiners
        or (word not in lexicon.determiners and _is_adverb(word, lexicon))
        or _is_weekday(match.group())
    ):
        return None
    position = match.end()
    has_determiner = word in lexicon.determiners
    while attribute := lexicon.attribute.match(text, position, end):
        of_whom = _WORD.search(attribute.group())
        is_dative = of_whom is not None and of_whom.group().lower() in lexicon.ambiguous_genitives
        if is_dative and (not has_determiner or lexicon.recipients.search(attribute.group())):
            break
        position = attribute.end()
    if (apposition := lexicon.apposition.match(text, position, end)) and _is_apposition(text, apposition, end, lexicon):
        position = apposition.end()
    return Span(start, position)


def _is_weekday(phrase: str) -> bool:
    """Say whether a phrase ends in a weekday: "nach Angaben vom Donnerstag" names no speaker."""
    return is_weekday(phrase.split()[-1])


def _is_adverb(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word is one that only the beginning of a sentence capitalises."""
    return word in lexicon.function_words or word.endswith(lexicon.adverb_endings)


def _is_apposition(text: str, apposition: re.Match[str], end: int, lexicon: Lexicon) -> bool:
    first = _WORD.search(apposition.group())
    if first is None or first.group().lower() in lexicon.function_words:
        return False
    return _AFTER_APPOSITION.match(text, apposition.end(), end) is not None


def speaker_after(text: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """Return the subject that follows a verb ending at `start`, past adverbs and those who are spoken to."""
    position = _skip(text, start, end, lexicon)
    for _ in range(2):
        phrase = phrase_at(text, position, end, lexicon)
        if phrase is None:
            return None
        if may_be_subject(text, phrase, lexicon):
            return phrase
        position = _skip(text, phrase.end, end, lexicon)
    return None


def _skip(text: str, start: int, end: int, lexicon: Lexicon) -> int:
    between = lexicon.between.match(text, start, end)
    position = between.end() if between else start
    while position < end and text[position].isspace():
        position += 1
    return position


def may_be_subject(text: str, phrase: Span, lexicon: Lexicon) -> bool:
    """Say whether case and meaning let a phrase be who speaks."""
    words = phrase.of(text).split()
    first = words[0].lower()
    if first in lexicon.determiners:
        if first not in lexicon.nominative:
            return False
        return not (first in lexicon.ambiguous_genitives and lexicon.recipients.search(phrase.of(text)))
    return True


def speaker_before(text: str, start: int, verb: int, lexicon: Lexicon) -> Span | None:
    """Return the subject with which the clause from `start` to a verb at `verb` begins."""
    position = _skip_opening(text, start, verb)
    if particles := lexicon.particles.match(text, position, verb):
        position = particles.end()
    phrase = phrase_at(text, position, verb, lexicon)
    return phrase if phrase is not None and may_be_subject(text, phrase, lexicon) else None


def _skip_opening(text: str, start: int, end: int) -> int:
    while start < end and not text[start].isalnum():
        start += 1
    return start


def phrase_before(text: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """Return the longest noun phrase that ends right before `end`."""
    stop = start + len(text[start:end].rstrip())
    for word in _WORD.finditer(text, start, stop):
        phrase = phrase_at(text, word.start(), stop, lexicon)
        if phrase is not None and phrase.end == stop:
            return phrase
    return None


def is_person(name: str, lexicon: Lexicon) -> bool:
    """Say whether the words look like a person or an office and not like a thing."""
    words = name.lower().split()
    if any(word.endswith(lexicon.masculine + lexicon.feminine) for word in words):
        return True
    return words[0] not in lexicon.determiners and sum(word[0].isupper() for word in name.split()) >= 2
