"""One of two texts that are compared, with its figures and the words around them.

The comparison asks it where a figure alone does not say enough: a modifier, a rate or an age may stand apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from depesche.figure import Figure
from depesche.figures.unread import Stated, unread_numbers

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]")
_REACH = 160
"""Characters around a figure in which its words are looked for."""


@dataclass
class Side:
    """A text with its figures; without the text it knows no words."""

    figures: Sequence[Figure]
    text: str
    language: str

    @cached_property
    def words(self) -> Counter[Stated] | None:
        """Return the numbers that words state; few comparisons need them, and finding them costs the most."""
        return unread_numbers(self.text, self.figures, self.language) if self.text else None

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        starts = sorted(figure.span.start for figure in self.figures)
        ends = sorted(figure.span.end for figure in self.figures)
        return starts, ends

    def before(self, figure: Figure) -> str:
        """Return what stands before a figure, as far as the figure before it or the beginning of the clause."""
        _, ends = self._bounds
        place = bisect_right(ends, figure.span.start)
        floor = max(ends[place - 1] if place else 0, figure.span.start - _REACH)
        return _CLAUSE_ENDS.split(self.text[floor : figure.span.start])[-1]

    def after(self, figure: Figure) -> str:
        """Return what stands behind a figure, as far as the next figure or the end of the clause."""
        starts, _ = self._bounds
        place = bisect_left(starts, figure.span.end)
        end = min(starts[place] if place < len(starts) else len(self.text), figure.span.end + _REACH)
        return _CLAUSE_ENDS.split(self.text[figure.span.end : end])[0]

    def clause_after(self, figure: Figure) -> str:
        """Return the rest of a figure's clause with the figures in it blanked out."""
        rest = self.text[figure.span.end : figure.span.end + _REACH]
        for other in self.figures:
            start, end = other.span.start - figure.span.end, other.span.end - figure.span.end
            if start >= 0 and start < len(rest):
                rest = rest[:start] + "|" * (min(end, len(rest)) - start) + rest[end:]
        return _CLAUSE_ENDS.split(rest)[0]


def words_of(text: str) -> list[str]:
    """Return the words of a text, case-folded."""
    return [word.casefold() for word in _WORD.findall(text)]
