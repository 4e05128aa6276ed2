"""Find every stated amount in a text; the first half of the promise that no figure changes on the way.

`find_figures` is used three times in the way of an article: on the source, on each translated sentence and on the
brief. `README.md` beside this file says what counts as a figure where the conventions leave a choice.
"""

from __future__ import annotations

from depesche.figure import Figure
from depesche.figures.grammar import find_figures

__all__ = ["Figure", "find_figures"]
