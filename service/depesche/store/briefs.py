"""Stored briefs: kept as the documents they are, beside what they are found by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from depesche.brief import Brief
from depesche.figure import Kind
from depesche.store.columns import in_utc
from depesche.store.database import Database
from depesche.store.query import BriefPage, BriefQuery, Neighbours
from depesche.store.schema import briefs, figures
from depesche.store.search import neighbours, search, tally
from depesche.store.word_index import index_words
from depesche.translation import Status


@dataclass(frozen=True, slots=True)
class StoredBrief:
    """A brief as it is kept; `created` is when it was first stored, `client` who had it made."""

    id: str
    brief: Brief
    created: datetime
    client: str | None


class Briefs:
    """The briefs of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, brief: Brief, *, client: str | None = None) -> StoredBrief:
        """Keep a brief. One of the same id is replaced, and stays where it is in the order of the briefs."""
        now = self._database.now()
        values = _columns(brief) | {"updated": now}
        statement = self._database.insert(briefs).values(**values, created=now, client=client)
        with self._database.transaction() as connection:
            kept = connection.execute(
                statement.on_conflict_do_update(index_elements=[briefs.c.id], set_=values).returning(
                    briefs.c.number, briefs.c.created, briefs.c.client
                )
            ).one()
            connection.execute(delete(figures).where(figures.c.brief == kept.number))
            if rows := _figure_rows(brief, kept.number):
                connection.execute(insert(figures), rows)
            index_words(connection, kept.number, brief, self._database.dialect)
        return StoredBrief(brief.id, brief, kept.created, kept.client)

    def get(self, id: str) -> StoredBrief | None:  # noqa: A002 - the field's name
        """Return a brief, or None."""
        with self._database.transaction(write=False) as connection:
            row = connection.execute(
                select(briefs.c.id, briefs.c.document, briefs.c.created, briefs.c.client).where(briefs.c.id == id)
            ).first()
        if row is None:
            return None
        return StoredBrief(row.id, Brief.model_validate_json(row.document), row.created, row.client)

    def delete(self, id: str) -> bool:  # noqa: A002 - the field's name
        """Delete a brief with its feedback; say whether there was one."""
        with self._database.transaction() as connection:
            return connection.execute(delete(briefs).where(briefs.c.id == id)).rowcount > 0

    def search(self, query: BriefQuery) -> BriefPage:
        """Return a page of the briefs that `query` asks for. Raises `BadRequest` for a cursor that is none of ours."""
        with self._database.transaction(write=False) as connection:
            return search(connection, query, self._database.dialect)

    def tally(self, query: BriefQuery) -> dict[Status, int]:
        """Return how many briefs of each status `query` asks for, whatever its limit and cursor."""
        with self._database.transaction(write=False) as connection:
            return tally(connection, query, self._database.dialect)

    def neighbours(self, id: str, query: BriefQuery) -> Neighbours:  # noqa: A002 - the field's name
        """Return the briefs before and after one in the order of `query`, whatever its limit and cursor."""
        with self._database.transaction(write=False) as connection:
            return neighbours(connection, query, id, self._database.dialect)


def _columns(brief: Brief) -> dict[str, Any]:
    article = brief.article
    return {
        "id": brief.id,
        "document": brief.to_json(indent=None),
        "status": brief.status.value,
        "flagged": int(brief.status is Status.FLAGGED),
        "language": article.language,
        "article_name": article.name,
        "title": article.title,
        "headline": brief.headline.text,
        "summary": " ".join(claim.text for claim in brief.summary),
        "published": article.published,
        "published_at": _moment(article.published),
        "figures": len(brief.figures),
        # What makes `depesche brief --strict` fail: what a single sentence of the translation lacks is not counted.
        "flags": sum(not warning.place.startswith("sentence") for warning in brief.warnings),
    }


def _moment(published: str | None) -> datetime | None:
    """Return an ISO 8601 date or date-time as a moment, a date as its beginning; None for what is neither."""
    try:
        return in_utc(datetime.fromisoformat(published)) if published else None
    except (ValueError, OverflowError):
        return None


def _figure_rows(brief: Brief, number: int) -> list[dict[str, Any]]:
    """Return what each figure is found by; one that is qualitative has no number."""
    rows = []
    for position, figure in enumerate(brief.figures):
        low, high = (figure.low, figure.high) if figure.value is None else (figure.value, figure.value)
        numeric = figure.kind is not Kind.QUALITATIVE and low is not None and high is not None
        rows.append(
            {
                "brief": number,
                "position": position,
                "kind": figure.kind.value,
                "unit": figure.unit,
                "low": Decimal(low) if numeric and low is not None else None,
                "high": Decimal(high) if numeric and high is not None else None,
            }
        )
    return rows
