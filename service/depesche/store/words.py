"""The words of briefs and of queries, cut and folded the same way, so that both databases find the same.

Small letters without accents, ß as ss, the parts of a hyphenated word one after the other; beside them the stems of
all words (Snowball), by which a word is found in its other forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import snowballstemmer

Language = Literal["german", "english", "french", "spanish"]
STEMMED: dict[str, Language] = {"de": "german", "en": "english", "fr": "french", "es": "spanish"}

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[\"“”„‟«»]([^\"“”„‟«»]*)(?:[\"“”„‟«»]|$)|([^\s\"“”„‟«»]+)")
_LONGEST_WORD = 64
_MOST_STEMMED = 5_000
"""A stem takes 0.1 ms; what stands behind so many words of an article is found as it is written."""
_MOST_QUERY_WORDS = 50
_TO_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_FROM_TWO_LETTERS = {"ae": "ä", "oe": "ö", "ue": "ü"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words that follow each other; the last one may be only the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What must be found: one of the spellings, or one of the stems."""

    spellings: tuple[Spelling, ...]
    stems: tuple[str, ...] = ()


def fold(text: str) -> list[str]:
    """Return the words of `text` in their order, as they are indexed."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(bare.casefold())]


def stems(text: str, language: str) -> set[str]:
    """Return the stems of the first 5,000 words of `text`, folded like words; none in a language we cannot stem."""
    if language not in STEMMED:
        return set()
    small = unicodedata.normalize("NFC", text[: _MOST_STEMMED * _LONGEST_WORD]).casefold()
    return {_stem(word, STEMMED[language]) for word in _WORD.findall(small)[:_MOST_STEMMED]} - {""}


def query_terms(query: str) -> list[Term]:
    """Return what must be found.

    Words must all occur, in any form that has the same German or English stem; "words in quotation marks" as they
    stand, and so the parts of a hyphenated word; `word*` is the beginning of a word. A word with ä may be written ae,
    and the other way round. Only the first 50 words count.
    """
    terms: list[Term] = []
    left = _MOST_QUERY_WORDS
    for phrase, word in _PIECE.findall(query):
        ways = _ways_to_write(phrase or word)
        spelled = {tuple(fold(way)[:left]) for way in ways} - {()}
        if spelled:
            prefix = bool(word) and word.endswith("*")
            single = bool(word) and not prefix and all(len(words) == 1 for words in spelled)
            stemmed = (
                set().union(*(stems(way, language) for way in ways for language in ("de", "en"))) if single else ()
            )
            terms.append(Term(tuple(Spelling(words, prefix) for words in sorted(spelled)), tuple(sorted(stemmed))))
            left -= max(map(len, spelled))
        if left <= 0:
            break
    return terms


def _ways_to_write(piece: str) -> Iterable[str]:
    """Return `piece` as it is, with ae for ä, with ä for ae."""
    small = unicodedata.normalize("NFC", piece.casefold())
    joined = re.sub("ae|oe|ue", lambda two: _FROM_TWO_LETTERS[two[0]], small)
    return {small, small.translate(_TO_TWO_LETTERS), joined}


@lru_cache(maxsize=50_000)
def _stem(word: str, language: Language) -> str:
    return "".join(fold(snowballstemmer.stemmer(language).stemWord(word[:_LONGEST_WORD])))
