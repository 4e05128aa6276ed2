"""A sentence cut into clauses, each with its finite verb; the ground on which a figure's subject is looked for.

Figures and stretches of time are one token each, so that a comma in a number or a month with its year cuts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from depesche.figure import Figure
from depesche.quotes.lexicon import lexicon as speech_lexicon
from depesche.span import Span
from depesche.subjects.lexicon import Lexicon

_TOKEN = re.compile(r"[^\W\d_](?:[\w&'’./-]*\w)?(?:-(?=\s))?|\d[\w.,]*|[^\w\s]")
_BREAKS = frozenset(',;:–—()[]„“”»«"!?…')
_PARTICIPLE = re.compile(r"ge\w+(?:en|t)|\w+(?:ge)\w+(?:en|t)|\w+iert")


class Mark(Enum):
    """What a token is."""

    WORD = "word"
    NOUN = "noun"
    FIGURE = "figure"
    PERIOD = "period"
    BREAK = "break"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `span` refers to the article's text, `word` is in lower case but for nouns and names."""

    mark: Mark
    word: str
    span: Span
    figure: Figure | None = None


class ClauseKind(Enum):
    """How a clause is built, by where its verb stands."""

    MAIN = "main"
    FIRST = "verb first"
    LAST = "subordinate"
    RELATIVE = "relative"
    INFINITIVE = "infinitive"
    BARE = "no verb"
    BRACKETED = "in brackets"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of tokens between two breaks; `verb` is the place of the finite verb in `tokens`."""

    tokens: tuple[Token, ...]
    kind: ClauseKind
    verb: int | None = None
    coordinated: bool = False
    before: str = field(default="")

    @property
    def figures(self) -> list[int]:
        """Return the places of the figures in `tokens`."""
        return [i for i, token in enumerate(self.tokens) if token.figure]


def split_clauses(text: str, sentence: Span, figures: Sequence[Figure], words: Lexicon) -> list[Clause]:
    """Return the clauses of one sentence of `text` in order."""
    tokens = tokenize(text, sentence, figures, words)
    clauses: list[Clause] = []
    piece: list[Token] = []
    mark, depth = "", 0
    for i, token in enumerate(tokens):
        joined = _joins(tokens, i, piece, words)
        if token.mark is Mark.BREAK or joined:
            _add(clauses, piece, mark, words, bracketed=depth > 0)
            piece, mark = [], token.word
            depth += (token.word in "([") - (token.word in ")]")
        else:
            piece.append(token)
    _add(clauses, piece, mark, words, bracketed=depth > 0)
    return clauses


def tokenize(text: str, sentence: Span, figures: Iterable[Figure], words: Lexicon) -> list[Token]:
    """Return the tokens of one sentence of `text`."""
    held: list[tuple[Span, Mark, Figure | None]] = [(figure.span, Mark.FIGURE, figure) for figure in figures]
    spans = [figure.span for figure in figures]
    for match in words.period.finditer(text, sentence.start, sentence.end):
        span = Span(match.start(), match.end())
        if not any(span.overlaps(other) for other in spans):
            held.append((span, Mark.PERIOD, None))
    tokens: list[Token] = []
    at = sentence.start
    for span, mark, held_figure in sorted(held, key=lambda entry: entry[0]):
        tokens += _words(text, at, span.start)
        tokens.append(Token(mark, span.of(text).lower(), span, held_figure))
        at = max(at, span.end)
    tokens += _words(text, at, sentence.end)
    return _with_beginnings(tokens, words)


def _words(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        word, span = match[0], Span(match.start(), match.end())
        if word in _BREAKS:
            mark = Mark.BREAK
        elif not word[0].isalpha():
            mark = Mark.OTHER
        else:
            mark = Mark.NOUN if word[0].isupper() else Mark.WORD
        tokens.append(Token(mark, word, span))
    return tokens


def _with_beginnings(tokens: list[Token], words: Lexicon) -> list[Token]:
    """Return `tokens` with words that only their place capitalises told from nouns."""
    for i, token in enumerate(tokens):
        if token.mark is not Mark.NOUN or (i and tokens[i - 1].word not in {":", "„", "“", "»", "«", '"', "–"}):
            continue
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if _is_function_word(token.word.lower(), after, words):
            tokens[i] = Token(Mark.WORD, token.word.lower(), token.span)
    return tokens


def _is_function_word(word: str, after: Token | None, words: Lexicon) -> bool:
    if word in words.closed:
        return True
    speech = speech_lexicon("de")
    if speech and (word in speech.function_words or word.endswith(speech.adverb_endings)):
        return True
    if after is None or after.mark is Mark.FIGURE:
        return after is not None
    return bool(_PARTICIPLE.fullmatch(word)) and words.has("verbs.auxiliary", after.word)


def _joins(tokens: Sequence[Token], i: int, piece: Sequence[Token], words: Lexicon) -> bool:
    """Say whether the conjunction at `i` joins two clauses: an amount is on either side of it."""
    if tokens[i].mark is not Mark.WORD or not words.has("conjunctions.coordinate", tokens[i].word):
        return False
    if not any(is_finite(piece, n, words) for n in range(len(piece))):
        return False
    rest = []
    for token in tokens[i + 1 :]:
        if token.mark is Mark.BREAK:
            break
        rest.append(token)
    amounts = any(token.figure for token in piece) and any(token.figure for token in rest[1:])
    return amounts or (bool(rest) and is_finite(rest, 0, words))


def is_finite(tokens: Sequence[Token], i: int, words: Lexicon) -> bool:
    """Say whether the token at `i` can be a finite verb and no adjective before a noun."""
    token = tokens[i]
    if token.mark not in {Mark.WORD, Mark.FIGURE} or not words.is_verb(token.word):
        return False
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    attributive = (
        before is not None
        and before.mark is Mark.WORD
        and after is not None
        and after.mark is Mark.NOUN
        and any(words.has(f"determiners.{case}", before.word) for case in ("nominative", "oblique"))
    )
    return not attributive


def _add(clauses: list[Clause], piece: list[Token], mark: str, words: Lexicon, *, bracketed: bool) -> None:
    if not piece:
        return
    coordinated = words.has("conjunctions.coordinate", mark) if mark else False
    if piece[0].mark is Mark.WORD and words.has("conjunctions.coordinate", piece[0].word):
        coordinated, piece = True, piece[1:]
    if piece:
        kind, verb = _kind(piece, mark, words)
        kind = ClauseKind.BRACKETED if bracketed else kind
        clauses.append(Clause(tuple(piece), kind, verb, coordinated, mark))


def _kind(piece: Sequence[Token], mark: str, words: Lexicon) -> tuple[ClauseKind, int | None]:
    finite = [i for i in range(len(piece)) if is_finite(piece, i, words)]
    first, last = piece[0].word, len(piece) - 1
    while last > 0 and piece[last].mark is Mark.OTHER:
        last -= 1
    if (
        last > 1
        and any(piece[i].word == "zu" and not piece[i + 1].figure for i in range(last))
        and not _early(finite, last)
    ):
        infinitive = piece[last].mark is Mark.WORD and piece[last].word.endswith("n") and piece[last - 1].word == "zu"
        if infinitive:
            return ClauseKind.INFINITIVE, None
    ends = piece[last].mark is Mark.WORD and (last in finite or piece[last].word.endswith(("t", "te", "ten")))
    opens = piece[0].mark is Mark.WORD and words.has("conjunctions.subordinate", first)
    if opens and words.has("prepositions.all", first):
        opens = ends and (not finite or finite[0] == last)
    if opens:
        return (ClauseKind.LAST, last) if ends else (ClauseKind.BARE, None)
    if mark == "," and ends and _is_relative(piece, finite, last, words):
        return ClauseKind.RELATIVE, last
    if not finite:
        guess = _guess_verb(piece, words)
        return (ClauseKind.MAIN, guess) if guess else (ClauseKind.BARE, None)
    return (ClauseKind.FIRST, 0) if finite[0] == 0 else (ClauseKind.MAIN, finite[0])


def _early(finite: Sequence[int], last: int) -> bool:
    return bool(finite) and finite[0] < last - 1


def _is_relative(piece: Sequence[Token], finite: Sequence[int], last: int, words: Lexicon) -> bool:
    at = 1 if words.has("prepositions.all", piece[0].word) else 0
    if at >= len(piece) or piece[at].mark is not Mark.WORD or not words.has("pronouns.relative", piece[at].word):
        return False
    return last > at + 2 - (piece[at + 1].mark is Mark.FIGURE) and all(i >= last - 1 for i in finite)


def _guess_verb(piece: Sequence[Token], words: Lexicon) -> int | None:
    """Return the place of a word that looks and stands like a finite verb the table lacks."""
    for i in range(1, len(piece)):
        word = piece[i].word
        after = piece[i + 1] if i + 1 < len(piece) else None
        if (
            piece[i].mark is Mark.WORD
            and piece[i - 1].mark in {Mark.NOUN, Mark.PERIOD}
            and len(word) > 3
            and word.endswith(("te", "ten", "t"))
            and not _PARTICIPLE.fullmatch(word)
            and not _is_function_word(word, after, words)
            and (after is None or after.mark is not Mark.NOUN or word.endswith(("t", "te")))
        ):
            return i
    return None
