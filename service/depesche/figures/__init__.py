"""Find every stated amount in a text; the first half of the promise that no figure changes on the way.

`find_figures` is used three times in the way of an article: on the source, on each translated sentence and on the
brief. `README.md` beside this file says what counts as a figure where the conventions leave a choice.
"""

from __future__ import annotations

from depesche.figure import Figure
from depesche.figures.compare import Comparison, Match, Outcome, compare_figures
from depesche.figures.grammar import find_figures
from depesche.figures.mend import Mend, mend_figures
from depesche.figures.write import write_figure

__all__ = [
    "Comparison",
    "Figure",
    "Match",
    "Mend",
    "Outcome",
    "compare_figures",
    "find_figures",
    "mend_figures",
    "write_figure",
]
