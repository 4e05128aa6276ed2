"""The filters of the list of briefs: from the address of a page to a query of the store, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self
from urllib.parse import urlencode

from depesche.errors import BadRequest
from depesche.store import BriefQuery
from depesche.translation import Status

_LONGEST = 400
_PAGE = 50
_DETAILS = ("published_from", "published_until", "language", "unit", "min", "max")


@dataclass(frozen=True, slots=True)
class Filters:
    """What was entered into the form, word for word; empty is no filter."""

    text: str = ""
    status: str = ""
    order: str = "flagged_first"
    published_from: str = ""
    published_until: str = ""
    language: str = ""
    unit: str = ""
    min: str = ""
    max: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """Return the filters in the parameters of an address; others are left alone."""
        given = {
            field.name: parameters.get(field.name, "").replace("\0", "").strip()[:_LONGEST] for field in fields(cls)
        }
        return cls(**{name: value for name, value in given.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Say whether any brief may be left out."""
        return replace(self, order="", cursor="") != Filters(order="")

    @property
    def uses_details(self) -> bool:
        """Say whether a filter is in use that the form folds away."""
        return any(getattr(self, name) for name in _DETAILS)

    @property
    def suffix(self) -> str:
        """Return what an address has to carry for a brief's page to know its neighbours in this list."""
        return _query(replace(self, cursor=""))

    @property
    def first_page(self) -> str:
        """Return the address of the first page."""
        return f"/desk/briefs{self.suffix}"

    def page_after(self, cursor: str) -> str:
        """Return the address of the page that begins at `cursor`."""
        return f"/desk/briefs{_query(replace(self, cursor=cursor))}"

    def query(self) -> BriefQuery:
        """Return the store's query. Raises `BadRequest` for what is no date, number, status or order."""
        if self.order not in ("flagged_first", "newest"):
            raise BadRequest("no such order", place="order", remedy="choose one from the list")
        return BriefQuery(
            text=self.text or None,
            published_from=_day(self.published_from, "published from"),
            published_until=_day(self.published_until, "published until"),
            language=self.language or None,
            status=_status(self.status),
            unit=self.unit or None,
            minimum=_number(self.min, "at least"),
            maximum=_number(self.max, "at most"),
            order="newest" if self.order == "newest" else "flagged_first",
            limit=_PAGE,
            cursor=self.cursor or None,
        )


def _query(filters: Filters) -> str:
    given = {name: value for name, value in asdict(filters).items() if value and value != getattr(Filters(), name)}
    return f"?{urlencode(given)}" if given else ""


def _day(text: str, place: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest("no date", place=place, remedy="write it as 2025-04-30") from error


def _status(text: str) -> Status | None:
    try:
        return Status(text) if text else None
    except ValueError as error:
        raise BadRequest("no such status", place="status", remedy="choose one from the list") from error


def _number(text: str, place: str) -> Decimal | None:
    """Return a number as people write it: `1,000,000`, `1e9`, `2.5`."""
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "").replace(" ", "").replace("\u202f", ""))
    except InvalidOperation as error:
        raise BadRequest("no number", place=place, remedy="write it as 1000000, 1,000,000, 2.5 or 1e9") from error
    if not number.is_finite() or abs(number.adjusted()) > 60:
        raise BadRequest("no number to compare with", place=place, remedy="write it as 1000000 or 1e9")
    return number
