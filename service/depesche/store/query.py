"""What stored briefs are asked for, and the pages of the answer."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from depesche.errors import BadRequest
from depesche.figure import Kind
from depesche.store.columns import in_utc
from depesche.translation import Status

Order = Literal["newest", "flagged_first"]
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class BriefQuery:
    """Which briefs are wanted: those to which everything given applies.

    `text`: every word must occur in headline, summary, key points or the German article, in any form of it; "in
    quotation marks" as it stands; `word*` for its beginning. No case, no accents. Moments without a zone are UTC; a
    date as `…_until` is included whole, a moment is not. `unit`, `minimum`, `maximum` and `kind` must apply to one and
    the same figure; a range is found by any number within it, and a qualitative figure by none.
    """

    text: str | None = None
    published_from: date | None = None
    published_until: date | None = None
    created_from: date | None = None
    created_until: date | None = None
    language: str | None = None
    status: Status | None = None
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    kind: Kind | None = None
    order: Order = "newest"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """A stored brief in a list. `flags` counts the warnings that a strict run fails for, `feedback` its entries."""

    id: str
    headline: str
    summary: str
    status: Status
    language: str
    article_name: str
    title: str | None
    published: str | None
    created: datetime
    figures: int
    flags: int
    feedback: int


@dataclass(frozen=True, slots=True)
class BriefPage:
    """Briefs, and the cursor of the page after them, or None at the end."""

    items: tuple[BriefSummary, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids of the briefs on either side of one, None at the ends."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the values by which its last brief stands where it does."""

    order: Order
    flagged: int
    created: datetime
    number: int

    def encode(self) -> str:
        """Return the place as a cursor."""
        values = [self.order, self.flagged, self.created.isoformat(), self.number]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, order: Order) -> Place:
    """Return the place that a cursor means. Raises `BadRequest` if it is none, or one of another order."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        its_order, flagged, created, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        valid = its_order == order and {type(flagged), type(number)} == {int} and 0 <= number < 2**63
        place = Place(order, min(max(flagged, 0), 1), in_utc(datetime.fromisoformat(created)), number)
    except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _bad_cursor() from error
    if not valid:
        raise _bad_cursor()
    return place


def _bad_cursor() -> BadRequest:
    return BadRequest(
        "this cursor is none that a page of this order had", place="cursor", remedy="begin again without a cursor"
    )
