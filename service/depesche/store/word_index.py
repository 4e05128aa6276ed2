"""The index of the words of briefs: FTS5 on SQLite, a tsvector under a GIN index on PostgreSQL.

Both get words that are cut and folded already, and a query is made of such words only: no character of it is ever an
operator of the database.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, literal_column, text

from depesche.brief import Brief
from depesche.store.database import Dialect
from depesche.store.schema import briefs
from depesche.store.words import Spelling, Term, fold, stems

_MOST_WORDS = 50_000
_MOST_BYTES = 330_000
"""Of one field. PostgreSQL's tsvector holds 1 MB: words, their places and stems together."""
_FIELD_GAP = 100
"""Places between two fields, so that no phrase is found across them."""
_LAST_PLACE = 16_383
"""The last place that a tsvector knows; words behind it are found, though not in phrases."""
_FIELDS = ("headline", "summary", "key_points", "german")
_STEM = "~"
"""Begins a stem in a tsvector, where words and stems stand together: no word has such a character."""


def index_words(connection: Connection, number: int, brief: Brief, dialect: Dialect) -> None:
    """Enter the words of a brief in place of those that are there for its number."""
    texts = _texts(brief)
    words = [_capped(fold(part)) for part in texts]
    english = " ".join(texts[:-1])
    stemmed = _capped(sorted(stems(english, "en") | stems(texts[-1], brief.article.language)))
    if dialect == "sqlite":
        connection.execute(text("DELETE FROM brief_words WHERE rowid = :number"), {"number": number})
        connection.execute(
            text(
                "INSERT INTO brief_words (rowid, headline, summary, key_points, german, stems)"
                " VALUES (:number, :headline, :summary, :key_points, :german, :stems)"
            ),
            {"number": number, "stems": " ".join(stemmed)}
            | {name: " ".join(part) for name, part in zip(_FIELDS, words, strict=True)},
        )
    else:
        connection.execute(
            text(
                "INSERT INTO brief_words (brief, words) VALUES (:number, CAST(:words AS tsvector))"
                " ON CONFLICT (brief) DO UPDATE SET words = excluded.words"
            ),
            {"number": number, "words": _tsvector(words, stemmed)},
        )


def matching(terms: list[Term], dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition on `briefs` that all of `terms` are found; of no terms at all, nothing is found."""
    if not terms:
        return literal_column("1") == 0
    if dialect == "sqlite":
        found = text("SELECT rowid FROM brief_words WHERE brief_words MATCH :words")
        return number_for(dialect).in_(found.bindparams(bindparam("words", " AND ".join(map(_for_fts5, terms)))))
    found = text("SELECT brief FROM brief_words WHERE words @@ CAST(:words AS tsquery)")
    return number_for(dialect).in_(found.bindparams(bindparam("words", " & ".join(map(_for_tsquery, terms)))))


def number_for(dialect: Dialect) -> ColumnElement[int]:
    """Return the number of a brief, to be looked for among others.

    SQLite would take each brief that is found from its table and then sort them all. By the unary + it goes through
    an index in the order that is wanted, and stops when the page is full (sqlite.org/optoverview.html, 4).
    """
    return literal_column("+briefs.number", Integer()) if dialect == "sqlite" else briefs.c.number


def _for_fts5(term: Term) -> str:
    """Return a term in the language of FTS5 (sqlite.org/fts5.html, 3): every word in quotation marks, and no other."""
    spelled = " OR ".join(f'"{" ".join(one.words)}"{" *" if one.prefix else ""}' for one in term.spellings)
    stemmed = " OR ".join(f'"{stem}"' for stem in term.stems)
    in_words = f"{{{' '.join(_FIELDS)}}} : ({spelled})"
    return f"({in_words} OR {{stems}} : ({stemmed}))" if stemmed else f"({in_words})"


def _for_tsquery(term: Term) -> str:
    """Return a term as PostgreSQL's tsquery."""
    stemmed = [f"'{_STEM}{stem}'" for stem in term.stems]
    return "(" + " | ".join([*map(_phrase, term.spellings), *stemmed]) + ")"


def _phrase(spelling: Spelling) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in spelling.words) + (":*" if spelling.prefix else "") + ")"


def _texts(brief: Brief) -> tuple[str, str, str, str]:
    """Return headline, summary, key points and the article."""
    article = brief.article
    return (
        brief.headline.text,
        " ".join(claim.text for claim in brief.summary),
        " ".join(claim.text for claim in brief.key_points),
        "\n\n".join(part for part in (article.title, article.teaser, article.text) if part),
    )


def _capped(words: list[str]) -> list[str]:
    total = 0
    for count, word in enumerate(words[:_MOST_WORDS]):
        total += len(word.encode())
        if total > _MOST_BYTES:
            return words[:count]
    return words[:_MOST_WORDS]


def _tsvector(fields: list[list[str]], stemmed: list[str]) -> str:
    """Return PostgreSQL's notation of words with their places; it drops what is too much of one word by itself."""
    places: dict[str, list[int]] = {}
    begin = 1
    for words in fields:
        for offset, word in enumerate(words):
            places.setdefault(word, []).append(min(begin + offset, _LAST_PLACE))
        begin += len(words) + _FIELD_GAP
    entries = [f"'{word}':{','.join(map(str, found))}" for word, found in places.items()]
    return " ".join(entries + [f"'{_STEM}{stem}'" for stem in stemmed])
