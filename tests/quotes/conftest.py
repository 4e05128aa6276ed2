"""Quotations of a text that is split as reading splits it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from depesche.quotation import Quotation
from depesche.quotes import find_quotations
from depesche.read import split_sentences
from depesche.span import Span

Quotes = Callable[..., tuple[Quotation, ...]]


@pytest.fixture
def quotes() -> Quotes:
    def find(text: str, language: str = "de") -> tuple[Quotation, ...]:
        paragraphs = [Span(*match.span()) for match in re.finditer(r"\S(?:.*\S)?", text)]
        sentences = [s.shifted(p.start) for p in paragraphs for s in split_sentences(p.of(text), language)]
        return find_quotations(text, paragraphs, sentences, language)

    return find
