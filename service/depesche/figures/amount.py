"""The state of reading one text: its tokens, its language, and an amount while the grammar puts it together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from depesche.figure import Direction, Figure, Kind, Modifier, Role
from depesche.figures.language import Language
from depesche.figures.tokens import Shape, Token
from depesche.span import Span


@dataclass(slots=True)
class Amount:
    """A figure in the making, by token indices: `[first, last)`.

    `bare` says that no unit or noun was found, so that a neighbour's may be shared ("von 1,3 auf 0,2 Prozent");
    `scaled` that a magnitude word belongs to it.
    """

    first: int
    last: int
    kind: Kind
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    quality: str | None = None
    modifier: Modifier | None = None
    direction: Direction | None = None
    role: Role | None = None
    bare: bool = False
    scaled: bool = False
    compound: bool = False
    magnitude: Decimal = Decimal(1)
    factor: Decimal = Decimal(1)


@dataclass(slots=True)
class Scan:
    """A text cut into tokens, with the language that it is read in."""

    tokens: Sequence[Token]
    language: Language
    known: dict[tuple[str, int], Any] = field(default_factory=dict)
    """What was read at a token, by the reader's name: several rules ask the same of the same place."""

    def at(self, index: int) -> Token:
        """Return the token at an index; a break stands beyond either end (see `MARGIN`)."""
        try:
            return self.tokens[index]
        except IndexError:
            return self.tokens[-1]

    def is_word(self, index: int) -> bool:
        """Say whether a word stands at an index."""
        return self.at(index).shape is Shape.WORD

    def in_set(self, index: int, name: str) -> bool:
        """Say whether the word at an index is in the set `section.name` of the language's table."""
        return self.at(index).key in self.language.sets[name]

    def figure(self, amount: Amount, text: str) -> Figure:
        """Return the finished figure, its span in characters of `text`."""
        start, end = self.tokens[amount.first].start, self.tokens[amount.last - 1].end
        return Figure(
            kind=amount.kind,
            text=text[start:end],
            span=Span(start, end),
            value=amount.value,
            low=amount.low,
            high=amount.high,
            unit=amount.unit,
            modifier=amount.modifier,
            direction=amount.direction,
            role=amount.role,
            quality=amount.quality,
        )
