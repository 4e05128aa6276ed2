"""Quotations: who says what in an article; a step of reading, before anything is translated."""

from __future__ import annotations

from collections.abc import Sequence

from depesche.quotation import Quotation, QuotationKind
from depesche.quotes.marks import find_marks
from depesche.span import Span

__all__ = ["find_quotations"]


def find_quotations(
    text: str, paragraphs: Sequence[Span], sentences: Sequence[Span], language: str
) -> tuple[Quotation, ...]:
    """Return the quotations of `text` in text order; spans are offsets into `text`.

    `paragraphs` and `sentences` are the spans of the text's paragraphs and sentences, in order.
    """
    found = []
    for quoted in find_marks(text, paragraphs, sentences):
        if quoted.level:
            continue
        touched = tuple(i for i, s in enumerate(sentences) if s.overlaps(quoted.inner))
        kind = QuotationKind.DIRECT if len(quoted.inner.of(text).split()) > 2 else QuotationKind.SCARE
        found.append(Quotation(kind, quoted.inner.of(text), quoted.inner, sentences=touched))
    return tuple(found)
