"""Noun phrases: what German's capitals, articles and cases tell of them without a dictionary of nouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from depesche.figure import Kind
from depesche.span import Span
from depesche.subjects.clauses import Mark, Token
from depesche.subjects.lexicon import Lexicon

_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: places in the clause's tokens.

    `first` is its determiner or first word, `core` its first word after that, `head` the place of the last noun of
    the core and `end` the place behind all of it, genitives and attached prepositions included.
    """

    first: int
    core: int
    head: int
    end: int
    determiner: str
    oblique: bool = False
    """Article or adjective endings say that it is no nominative."""
    owner: Phrase | None = None
    """What a genitive or "von" behind the core names."""
    owner_by: str = ""

    def span(self, tokens: Sequence[Token]) -> Span:
        """Return the core without determiner, with a genitive that belongs to it."""
        return Span(tokens[self.core].span.start, tokens[self.head].span.end)


def phrase_at(tokens: Sequence[Token], at: int, words: Lexicon, *, attached: bool = True) -> Phrase | None:
    """Return the noun phrase that begins at `at`, None where none does."""
    core, determiner = at, ""
    if core < len(tokens) and tokens[core].mark is Mark.WORD and _is_determiner(tokens[core].word, words):
        determiner = tokens[core].word
        core += 1
    nouns = core
    while nouns < len(tokens) and _is_adjective(tokens, nouns, words):
        nouns += 1
    end = nouns
    while end < len(tokens) and (tokens[end].mark is Mark.NOUN or _links(tokens, end, words)):
        end += 1
    if end == nouns + 1 and not determiner and tokens[nouns].word.endswith("s") and _is_adjective(tokens, end, words):
        end = _behind_nouns(tokens, end, words)
    if end == nouns or end - nouns > _LONGEST_NAME or tokens[end - 1].word.endswith("-"):
        return None
    oblique = words.has("determiners.oblique", determiner) or _weak(tokens[core:nouns], determiner)
    phrase = Phrase(at, core, end - 1, end, determiner, oblique)
    return _with_owner(tokens, phrase, words) if attached else phrase


def is_attribute(tokens: Sequence[Token], at: int, words: Lexicon) -> bool:
    """Say whether a participle before a noun stands at `at`: "die 70 Milliarden Euro ausmachende Steuervermeidung"."""
    ending = tokens[at].word.endswith(("nde", "nden", "nder", "ndes", "te", "ten", "ter", "tes"))
    return ending and not words.has("prepositions.comparing", tokens[at].word) and _is_adjective(tokens, at, words)


def _weak(adjectives: Sequence[Token], determiner: str) -> bool:
    """Say whether an adjective's ending rules the nominative out: "der fünffachen Siegerin", "zuständigen Behörden"."""
    if not adjectives or determiner not in {"", "der", "ein", "eine", "das"}:
        return False
    return any(one.mark is Mark.WORD and one.word.endswith(("en", "em")) for one in adjectives)


def _behind_nouns(tokens: Sequence[Token], at: int, words: Lexicon) -> int:
    """Return the place behind "größte Finanzaffäre" in "Bulgariens größte Finanzaffäre"."""
    while _is_adjective(tokens, at, words):
        at += 1
    while at < len(tokens) and tokens[at].mark is Mark.NOUN:
        at += 1
    return at


def _is_determiner(word: str, words: Lexicon) -> bool:
    return words.has("determiners.nominative", word) or words.has("determiners.oblique", word)


def _is_adjective(tokens: Sequence[Token], i: int, words: Lexicon) -> bool:
    """Say whether an inflected adjective stands at `i`, with a noun to come."""
    if i >= len(tokens):
        return False
    token = tokens[i]
    if token.figure and token.figure.kind in {Kind.AGE, Kind.ORDINAL}:
        return i + 1 < len(tokens) and tokens[i + 1].mark is Mark.NOUN
    if token.mark is not Mark.WORD or not token.word.endswith(("e", "en", "er", "es", "em")):
        return False
    if any(words.has(group, token.word) for group in ("prepositions.all", "verbs.auxiliary", "verbs.strong")):
        return False
    if _is_determiner(token.word, words) or words.has("conjunctions.subordinate", token.word):
        return False
    rest = tokens[i + 1 : i + 4]
    return bool(rest) and (rest[0].mark is Mark.NOUN or (len(rest) > 1 and _is_adjective(tokens, i + 1, words)))


def _links(tokens: Sequence[Token], i: int, words: Lexicon) -> bool:
    """Say whether the word at `i` ties two bare nouns to one phrase: "Bosch und Mahle", "Stade de France"."""
    if not words.has("conjunctions.linking", tokens[i].word) or i + 1 >= len(tokens) or i == 0:
        return False
    return tokens[i - 1].mark is Mark.NOUN and tokens[i + 1].mark is Mark.NOUN


def _with_owner(tokens: Sequence[Token], phrase: Phrase, words: Lexicon) -> Phrase:
    at = phrase.end
    if at >= len(tokens) or tokens[at].mark is not Mark.WORD:
        return phrase
    word = tokens[at].word
    if words.has("determiners.genitive", word):
        owner, by = phrase_at(tokens, at, words), "genitive"
    elif (
        words.has("prepositions.possessors", word)
        or words.has("prepositions.purpose", word)
        or words.has("measures.extending", word)
    ):
        owner, by = phrase_at(tokens, at + 1, words), word
    else:
        return phrase
    if owner is None:
        return phrase
    return replace(phrase, end=owner.end, owner=owner, owner_by=by)
