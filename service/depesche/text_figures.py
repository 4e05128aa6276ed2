"""The figures of one sentence or claim, read once however many stages ask for them.

A sentence is looked at when it is translated, checked, mended, chosen and verified; what it states stays the same.
"""

from __future__ import annotations

from functools import lru_cache

from depesche.figure import Figure
from depesche.figures import find_figures

_KEPT, _LONGEST_KEPT = 2_048, 2_000
"""Texts whose figures are kept, a batch of articles with their translations, and how many characters one may have."""


def text_figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return what `find_figures` does, without looking again at a text of a sentence or so that it knows."""
    return kept_figures(text, language) if len(text) <= _LONGEST_KEPT else find_figures(text, language)


@lru_cache(maxsize=_KEPT)
def kept_figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures of `text` and remember them."""
    return find_figures(text, language)
