"""Briefs made for tests of the store, and the time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from batch.written_briefs import brief as written_brief
from depesche.brief import Brief, BriefFigure
from depesche.figure import Kind
from depesche.translation import Status


class Clock:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self, now: datetime = datetime(2026, 3, 17, 6, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, time: timedelta) -> None:
        self.now += time


def figure(
    value: str | None = None,
    unit: str | None = "EUR",
    *,
    low: str | None = None,
    high: str | None = None,
    kind: Kind = Kind.MONEY,
) -> BriefFigure:
    """A figure with the number that is given, or a qualitative one."""
    return (
        written_brief()
        .figures[0]
        .model_copy(
            update={
                "kind": Kind.QUALITATIVE if value is low is None else kind,
                "value": None if value is None else str(Decimal(value)),
                "low": low,
                "high": high,
                "unit": unit,
                "quality": "several:1e9" if value is low is None else None,
            }
        )
    )


def a_brief(
    id: str,  # noqa: A002 - the field's name
    *,
    headline: str = "Ferry to Langenau is running again",
    text: str | None = None,
    figures: Iterable[BriefFigure] = (),
    status: Status = Status.VERIFIED,
    **article: Any,
) -> Brief:
    """A brief of this id, of a written one with some of its parts replaced."""
    base = written_brief()
    changes = article if text is None else {**article, "text": text}
    return base.model_copy(
        update={
            "id": id,
            "status": status,
            "headline": base.headline.model_copy(update={"text": headline}),
            "figures": tuple(figures),
            "article": base.article.model_copy(update=changes),
        }
    )
