"""Types of columns that hold the same on SQLite and PostgreSQL: moments, texts of any origin, exact numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_LARGEST_EXPONENT = 10_000
"""Far beyond what news states, and within what PostgreSQL's numeric holds (131,072 digits)."""
_OFFSET = 20_000
"""Makes every exponent that is kept a positive number of five digits."""
_COMPLEMENT = str.maketrans("0123456789", "9876543210")


class Moment(TypeDecorator[datetime]):
    """A point in time, UTC, to the microsecond. SQLite keeps it without its zone, in an order that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC; one without a zone is UTC already."""
        if value is None:
            return None
        aware = in_utc(value)
        return aware.replace(tzinfo=None) if dialect.name == "sqlite" else aware

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the moment with its zone."""
        return None if value is None else in_utc(value)


class PlainText(TypeDecorator[str]):
    """Text from anywhere. What UTF-8 or PostgreSQL cannot hold (lone surrogates, U+0000) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return `value` as both databases can hold it."""
        return None if value is None else storable(value)


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal number that compares exactly: `numeric` on PostgreSQL, and on SQLite a text that sorts like it.

    SQLite's own numbers are binary floating point, to which 999999999999999999.99 is 1e18.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type the database has for it."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Return the number as it is kept."""
        if value is None:
            return None
        held = _within_bounds(value)
        return sort_key(held) if dialect.name == "sqlite" else held

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the number. Not to be asked for on SQLite, where the kept text is for comparing only."""
        if dialect.name == "sqlite":
            raise NotImplementedError("the exact number stands in the brief")
        return None if value is None else Decimal(value)


def in_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; one without a zone is UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def storable(text: str) -> str:
    """Return `text` with U+FFFD for what UTF-8 or PostgreSQL cannot hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")


def sort_key(number: Decimal) -> str:
    """Return a text such that texts compare, character by character, as the finite numbers do.

    A sign, the exponent of the first digit, and the digits without trailing zeros; for a negative number the
    complement of both, and an end that sorts behind every digit, since of -1 and -1.5 the shorter one is the greater.
    """
    if number == 0:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).lstrip("0").rstrip("0")
    exponent = f"{number.adjusted() + _OFFSET:05d}"
    if number > 0:
        return f"2{exponent}{digits}"
    return f"0{(exponent + digits).translate(_COMPLEMENT)}~"


def _within_bounds(number: Decimal) -> Decimal:
    """Return `number`, or the nearest that is kept, for such as no article means."""
    if number == 0 or abs(number.adjusted()) <= _LARGEST_EXPONENT:
        return number
    exponent = _LARGEST_EXPONENT + 1
    return Decimal((int(number < 0), (1,), exponent if number.adjusted() > 0 else -exponent))
