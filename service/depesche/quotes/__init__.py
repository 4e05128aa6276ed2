"""Quotations: who says what in an article; a step of reading, before anything is translated."""

from __future__ import annotations

from depesche.quotes.attribution import Attribution, reported_sentences
from depesche.quotes.finding import find_quotations

__all__ = ["Attribution", "find_quotations", "reported_sentences"]
