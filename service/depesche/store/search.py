"""Search over stored briefs: by words, dates, language, status and figures, a page at a time.

A page goes on behind the last brief of the one before it (keyset paging), so briefs that arrive meanwhile neither
repeat one nor hide one, and the thousandth page costs what the first one does.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, literal, select, text, tuple_

from depesche.errors import BadRequest
from depesche.store.columns import in_utc
from depesche.store.database import Dialect
from depesche.store.query import LARGEST_PAGE, BriefPage, BriefQuery, BriefSummary, Neighbours, Place, decode_cursor
from depesche.store.schema import briefs, feedback, figures
from depesche.store.word_index import matching, number_for
from depesche.store.words import query_terms
from depesche.translation import Status

_SUMMARY = ("id", "headline", "summary", "status", "language", "article_name", "title", "published", "created")


def search(connection: Connection, query: BriefQuery, dialect: Dialect) -> BriefPage:
    """Return a page of the briefs that `query` asks for. Raises `BadRequest` for what cannot be asked."""
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise BadRequest(f"a page has 1 to {LARGEST_PAGE} briefs", place="limit", remedy="ask for so many")
    _find_words_by_index(connection, query, dialect)
    keys = _order(query)
    given = select(func.count()).where(feedback.c.brief == briefs.c.number).scalar_subquery().label("feedback")
    columns = [*(briefs.c[name] for name in _SUMMARY), briefs.c.figures, briefs.c.flags, given]
    statement = (
        select(*columns, briefs.c.flagged, briefs.c.number)
        .where(*_conditions(query, dialect))
        .order_by(*(key.desc() for key in keys))
        .limit(query.limit + 1)
    )
    if query.cursor is not None:
        place = decode_cursor(query.cursor, query.order)
        values: list[Any] = [literal(getattr(place, key.name), key.type) for key in keys]
        statement = statement.where(tuple_(*keys) < tuple_(*values))
    rows = connection.execute(statement).all()
    shown = rows[: query.limit]
    last = shown[-1] if len(rows) > query.limit else None
    return BriefPage(
        items=tuple(
            BriefSummary(
                **{name: getattr(row, name) for name in _SUMMARY if name != "status"},
                status=Status(row.status),
                figures=row.figures,
                flags=row.flags,
                feedback=row.feedback,
            )
            for row in shown
        ),
        next=None if last is None else Place(query.order, last.flagged, last.created, last.number).encode(),
    )


def tally(connection: Connection, query: BriefQuery, dialect: Dialect) -> dict[Status, int]:
    """Return how many briefs of each status `query` asks for, whatever its limit and cursor."""
    _find_words_by_index(connection, query, dialect)
    rows = connection.execute(
        select(briefs.c.status, func.count()).where(*_conditions(query, dialect)).group_by(briefs.c.status)
    )
    return {Status(status): count for status, count in rows}


def neighbours(connection: Connection, query: BriefQuery, id: str, dialect: Dialect) -> Neighbours:  # noqa: A002
    """Return the briefs that stand before and after one among those that `query` asks for; it need not be of them."""
    _find_words_by_index(connection, query, dialect)
    keys = _order(query)
    row = connection.execute(select(*keys).where(briefs.c.id == id)).first()
    if row is None:
        return Neighbours(None, None)
    here = tuple_(*(literal(getattr(row, key.name), key.type) for key in keys))
    wanted = select(briefs.c.id).where(*_conditions(query, dialect)).limit(1)
    before = wanted.where(tuple_(*keys) > here).order_by(*(key.asc() for key in keys))
    after = wanted.where(tuple_(*keys) < here).order_by(*(key.desc() for key in keys))
    return Neighbours(connection.execute(before).scalar(), connection.execute(after).scalar())


def _find_words_by_index(connection: Connection, query: BriefQuery, dialect: Dialect) -> None:
    """Keep PostgreSQL from reading the words of all briefs, for the rest of the transaction.

    They lie out of line (TOAST), and its planner does not count what it costs to fetch them: it takes that for cheaper
    than the index, and of 10,000 briefs it took twenty times as long.
    """
    if dialect == "postgresql" and query.text is not None:
        connection.execute(text("SET LOCAL enable_seqscan = off"))


def _order(query: BriefQuery) -> list[Column[Any]]:
    """Return the columns that briefs are ordered by, all descending."""
    flagged = [briefs.c.flagged] if query.order == "flagged_first" else []
    return [*flagged, briefs.c.created, briefs.c.number]


def _conditions(query: BriefQuery, dialect: Dialect) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.text is not None and query.text.strip():
        conditions.append(matching(query_terms(query.text), dialect))
    if query.published_from is not None:
        conditions.append(briefs.c.published_at >= _begin(query.published_from))
    if query.published_until is not None:
        conditions.append(briefs.c.published_at < _end(query.published_until))
    if query.created_from is not None:
        conditions.append(briefs.c.created >= _begin(query.created_from))
    if query.created_until is not None:
        conditions.append(briefs.c.created < _end(query.created_until))
    if query.language is not None:
        conditions.append(briefs.c.language == query.language)
    if query.status is not None:
        conditions.append(briefs.c.status == Status(query.status).value)
    of_figure = _figure_conditions(query)
    if of_figure:
        conditions.append(number_for(dialect).in_(select(figures.c.brief).where(*of_figure)))
    return conditions


def _figure_conditions(query: BriefQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, bound in (("min", query.minimum), ("max", query.maximum)):
        if bound is not None and not bound.is_finite():
            raise BadRequest(f"{bound} is no number to compare with", place=name, remedy="give a decimal number")
    if query.unit is not None:
        conditions.append(figures.c.unit == query.unit)
    if query.kind is not None:
        conditions.append(figures.c.kind == query.kind)
    if query.minimum is not None:
        conditions.append(figures.c.high >= query.minimum)
    if query.maximum is not None:
        conditions.append(figures.c.low <= query.maximum)
    return conditions


def _begin(day: date) -> datetime:
    """Return the beginning of a day, or the moment that is given."""
    return in_utc(day) if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def _end(day: date) -> datetime:
    """Return the end of a day, or the moment that is given."""
    if isinstance(day, datetime):
        return in_utc(day)
    return datetime.max.replace(tzinfo=UTC) if day == date.max else _begin(day + timedelta(days=1))
