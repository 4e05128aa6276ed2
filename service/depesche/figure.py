"""A figure: an amount that a text states, with its exact value and the words that say it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from depesche.span import Span


class Kind(StrEnum):
    """What sort of amount a figure is. A range is no kind: any kind may have `low` and `high`."""

    MONEY = "money"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    COUNT = "count"
    QUANTITY = "quantity"
    RATE = "rate"
    TEMPERATURE = "temperature"
    AGE = "age"
    MULTIPLE = "multiple"
    FRACTION = "fraction"
    SCORE = "score"
    ORDINAL = "ordinal"
    QUALITATIVE = "qualitative"


class Modifier(StrEnum):
    """How exactly a figure is meant; both languages' words map to these ("rund", "about")."""

    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    APPROXIMATELY = "approximately"
    ALMOST = "almost"
    SLIGHTLY_MORE_THAN = "slightly_more_than"
    UP_TO = "up_to"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Role(StrEnum):
    """The part a figure plays in a change ("von 1,3 auf 0,2 Prozent" is two figures)."""

    FROM = "from"
    TO = "to"
    BY = "by"


class Direction(StrEnum):
    """Which way the measured thing moved, where the sentence says so ("stieg um", "sank auf")."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Figure:
    """One stated amount.

    Exactly one of these holds: `value` is set; `low` and `high` are set (a range); or `quality` is set and
    the kind is `qualitative` ("dreistellig" has no number and is never given one).

    `unit` is an ISO 4217 code for money, "%" for percent, "pp" or "bp" for percentage points, the counted
    noun as written for counts (or None), a UCUM-like symbol for quantities, `a/b` for rates, "Cel" or
    "[degF]" for temperature, "a" for age, None for the rest.
    `quality` is a language-independent key for a qualitative figure, such as "digits:3",
    "several:1e9", "plural:1e2".
    `span` refers to the text that was searched; `text` is the characters there, verbatim.
    """

    kind: Kind
    text: str
    span: Span
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    modifier: Modifier | None = None
    direction: Direction | None = None
    role: Role | None = None
    quality: str | None = None

    @property
    def is_range(self) -> bool:
        """Say whether the figure states two ends instead of one value."""
        return self.low is not None

    def shifted(self, offset: int) -> Figure:
        """Return the figure with its span moved by `offset`, as when a sentence is put back into its article."""
        return Figure(
            self.kind,
            self.text,
            self.span.shifted(offset),
            self.value,
            self.low,
            self.high,
            self.unit,
            self.modifier,
            self.direction,
            self.role,
            self.quality,
        )
