"""Where the figures and quotations of a brief stand in its English sentences; the brief itself keeps German spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from depesche.brief import BriefFigure, BriefQuotation
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.span import Span

_QUOTATION_MARKS = "“”‘’\"'„‚«»‹› "


def figure_spans(text: str, figures: Sequence[BriefFigure]) -> dict[str, Span]:
    """Return by figure id the stretch of an English `text` that says each figure, where one plainly does.

    The figure's own English words are looked for first, in order; then any words of the same amount. A figure that
    the text does not say has no stretch.
    """
    found: dict[str, Span] = {}
    for figure in sorted(figures, key=lambda figure: figure.span.start):
        if span := _free_place(text, figure.english, found.values()):
            found[figure.id] = span
    missing = [figure for figure in figures if figure.id not in found]
    if missing:
        stated = find_figures(text, "en")
        for figure in missing:
            for other in stated:
                if _is_same_amount(figure, other) and not any(other.span.overlaps(span) for span in found.values()):
                    found[figure.id] = other.span
                    break
    return found


def quotation_span(text: str, quotation: BriefQuotation) -> Span | None:
    """Return the stretch of an English sentence that is the quotation's English, or the part of it that is there."""
    wanted = (quotation.english or "").strip(_QUOTATION_MARKS)
    if not wanted:
        return None
    if (at := text.find(wanted)) >= 0:
        return Span(at, at + len(wanted))
    # Speech that goes over several sentences: the whole sentence is part of it.
    whole = text.strip(_QUOTATION_MARKS)
    if whole and whole in wanted:
        at = text.index(whole)
        return Span(at, at + len(whole))
    return None


def _free_place(text: str, words: str, taken: Iterable[Span]) -> Span | None:
    if not words.strip():
        return None
    occupied = list(taken)
    # Not inside a longer number or word: "5" is not said by "15" or "5.2".
    for match in re.finditer(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)", text):
        span = Span(*match.span())
        if not any(span.overlaps(other) for other in occupied):
            return span
    return None


def _is_same_amount(figure: BriefFigure, other: Figure) -> bool:
    if figure.kind != other.kind or figure.quality != other.quality:
        return False
    ours = (figure.value, figure.low, figure.high)
    theirs = (other.value, other.low, other.high)
    return all(
        (one is None) == (two is None) and (one is None or two is None or two == type(two)(one))
        for one, two in zip(ours, theirs, strict=True)
    )
