"""What the tables say of jobs and their articles, as the values that `Jobs` gives out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from depesche import errors
from depesche.batch.schema import articles
from depesche.errors import BadRequest, DepescheError
from depesche.jobs.schema import events
from depesche.jobs.views import ArticleOutcome, JobView

_REMEDY = " Remedy: "


def views_of(connection: Connection, chosen: Select[Any], now: datetime) -> list[JobView]:
    """Return the jobs of a query over the table of jobs."""
    rows = connection.execute(chosen).all()
    ids = [row.id for row in rows]
    counts = _counted(connection, ids, articles.c.state)
    statuses = _counted(connection, ids, articles.c.status)
    return [_view(row, counts.get(row.id, {}), statuses.get(row.id, {}), now) for row in rows]


def _counted(connection: Connection, ids: Sequence[str], column: Any) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    groups = (
        select(articles.c.job, column, func.count())
        .where(articles.c.job.in_(ids), column.is_not(None))
        .group_by(articles.c.job, column)
        .order_by(articles.c.job, column)
    )
    for job, value, count in connection.execute(groups) if ids else ():
        counted.setdefault(job, {})[value] = count
    return counted


def _view(row: Row[Any], counts: Mapping[str, int], statuses: Mapping[str, int], now: datetime) -> JobView:
    return JobView(
        id=row.id,
        state=row.state,
        client=row.client,
        label=row.label,
        created=row.created,
        started=row.started,
        ended=row.ended,
        articles=row.articles,
        events=row.events,
        counts=counts,
        statuses=statuses,
        seconds_left=_seconds_left(row, now),
    )


def _seconds_left(row: Row[Any], now: datetime) -> float | None:
    worked_on = row.events - row.refused
    if row.state != "running" or row.started is None or worked_on <= 0:
        return None
    pace: float = (now - row.started).total_seconds() / worked_on
    left: int = row.articles - row.events
    return round(left * max(pace, 0.0), 1)


def outcomes_of(connection: Connection, job: str, after: int, limit: int) -> list[ArticleOutcome]:
    """Return outcomes of a job from the one that follows number `after`, in their order."""
    chosen = (
        select(events.c.number, articles)
        .join(articles, (articles.c.job == events.c.job) & (articles.c.name == events.c.name))
        .where(events.c.job == job, events.c.number > after)
        .order_by(events.c.number)
        .limit(limit)
    )
    return [_outcome(row) for row in connection.execute(chosen)]


def _outcome(row: Row[Any]) -> ArticleOutcome:
    return ArticleOutcome(
        number=row.number,
        name=row.name,
        state=row.state,
        status=row.status,
        brief_id=row.brief_id,
        headline=row.headline,
        seconds=row.seconds or {},
        error=error_of(row.error_code, row.error_text or "") if row.state == "failed" else None,
    )


def error_of(code: str, text: str) -> DepescheError:
    """Return the error that a ledger has as its code and what `str` made of it."""
    said, _, remedy = text.removeprefix(f"[{code}] ").partition(_REMEDY)
    return _CLASSES.get(code, DepescheError)(said, remedy=remedy or None)


def _classes() -> dict[str, type[DepescheError]]:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DepescheError)]
    return {one.code: one for one in found}


_CLASSES = _classes()


def encode_cursor(view: JobView) -> str:
    """Return the cursor of the page that begins after a job."""
    return base64.urlsafe_b64encode(json.dumps([view.created.isoformat(), view.id]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """Return creation and id of the job after which a page begins. Raises `BadRequest`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        created, job = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = datetime.fromisoformat(created), bytes.fromhex(job).hex()
    except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadRequest(
            "this cursor is none that a page of jobs had", place="cursor", remedy="begin again without a cursor"
        ) from error
    return place
