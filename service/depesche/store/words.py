"""The words of briefs, so that they are found: FTS5 on SQLite, a tsvector under a GIN index on PostgreSQL.

Both get the same words, cut and folded here, so that both find the same: small letters without accents, ß as ss,
parts of a hyphenated word one after the other. A query is made of such words only, so no character of it is ever an
operator of the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, text

from depesche.brief import Brief
from depesche.store.database import Dialect
from depesche.store.schema import briefs

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[\"“”„‟«»]([^\"“”„‟«»]*)(?:[\"“”„‟«»]|$)|([^\s\"“”„‟«»]+)")
_LONGEST_WORD = 64
_MOST_BYTES = 500_000
_MOST_WORDS = 80_000
"""Of one field: PostgreSQL's tsvector holds 1 MB, words and places together."""
_MOST_QUERY_WORDS = 50
_FIELD_GAP = 100
"""Places between two fields, so that no phrase is found across them."""
_LAST_PLACE = 16_383
"""The last place that a tsvector knows; words behind it are found, though not in phrases."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; the last one may be only the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


def fold(text: str) -> list[str]:
    """Return the words of `text` in their order, as they are indexed."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(bare.casefold())]


def query_terms(query: str) -> list[list[Term]]:
    """Return what must be found, each as the spellings of which one is enough.

    Words must all occur; "words in quotation marks" as they stand, and so the parts of a hyphenated word; `word*`
    is the beginning of a word. A word with ä may be written ae, and the other way round. Only the first 50 words count.
    """
    terms: list[list[Term]] = []
    left = _MOST_QUERY_WORDS
    for phrase, word in _PIECE.findall(query):
        piece = phrase or word
        spellings = {tuple(fold(spelling)[:left]) for spelling in _spellings(piece)} - {()}
        if spellings:
            prefix = bool(word) and word.endswith("*")
            terms.append([Term(words, prefix) for words in sorted(spellings)])
            left -= max(map(len, spellings))
        if left <= 0:
            break
    return terms


def _spellings(piece: str) -> Iterable[str]:
    small = unicodedata.normalize("NFC", piece.casefold())
    return {small, small.translate(_UMLAUTS), re.sub("([aou])e", r"\1", small)}


def matching(terms: list[list[Term]], dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition on `briefs` that all of `terms` are found; of no terms at all, nothing is found."""
    if not terms:
        return literal_column("1") == 0
    if dialect == "sqlite":
        found = text("SELECT rowid FROM brief_words WHERE brief_words MATCH :words")
        return briefs.c.number.in_(found.bindparams(bindparam("words", _for_fts5(terms))))
    found = text("SELECT brief FROM brief_words WHERE words @@ CAST(:words AS tsquery)")
    return briefs.c.number.in_(found.bindparams(bindparam("words", _for_tsquery(terms))))


def _for_fts5(terms: list[list[Term]]) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{" ".join(term.words)}"{" *" if term.prefix else ""}' for term in spellings) + ")"
        for spellings in terms
    )


def _for_tsquery(terms: list[list[Term]]) -> str:
    return " & ".join(
        "("
        + " | ".join(
            "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.prefix else "") + ")"
            for term in spellings
        )
        + ")"
        for spellings in terms
    )


def index_words(connection: Connection, number: int, brief: Brief, dialect: Dialect) -> None:
    """Enter the words of a brief in place of those that are there for its number."""
    fields = [_capped(fold(field)) for field in _fields(brief)]
    if dialect == "sqlite":
        connection.execute(text("DELETE FROM brief_words WHERE rowid = :number"), {"number": number})
        connection.execute(
            text(
                "INSERT INTO brief_words (rowid, headline, summary, key_points, german)"
                " VALUES (:number, :headline, :summary, :key_points, :german)"
            ),
            {"number": number}
            | {
                name: " ".join(words)
                for name, words in zip(("headline", "summary", "key_points", "german"), fields, strict=True)
            },
        )
    else:
        connection.execute(
            text(
                "INSERT INTO brief_words (brief, words) VALUES (:number, CAST(:words AS tsvector))"
                " ON CONFLICT (brief) DO UPDATE SET words = excluded.words"
            ),
            {"number": number, "words": _tsvector(fields)},
        )


def _fields(brief: Brief) -> tuple[str, str, str, str]:
    """Return headline, summary, key points and German text."""
    article = brief.article
    german = "\n\n".join(part for part in (article.title, article.teaser, article.text) if part)
    return (
        brief.headline.text,
        " ".join(claim.text for claim in brief.summary),
        " ".join(claim.text for claim in brief.key_points),
        german,
    )


def _capped(words: list[str]) -> list[str]:
    total = 0
    for count, word in enumerate(words[:_MOST_WORDS]):
        total += len(word.encode())
        if total > _MOST_BYTES:
            return words[:count]
    return words[:_MOST_WORDS]


def _tsvector(fields: list[list[str]]) -> str:
    """Return PostgreSQL's notation of words and places; it drops what is too much of one word by itself."""
    places: dict[str, list[int]] = {}
    begin = 1
    for words in fields:
        for offset, word in enumerate(words):
            places.setdefault(word, []).append(min(begin + offset, _LAST_PLACE))
        begin += len(words) + _FIELD_GAP
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())
