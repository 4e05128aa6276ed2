"""The article once it has been read: language, paragraphs, sentences, figures and quotations with offsets."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Literal

from depesche.article import Article
from depesche.figure import Figure
from depesche.quotation import Quotation
from depesche.span import Span

UNDETERMINED = "und"
"""ISO 639-2 code for a language that cannot be told."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A language (ISO 639-1, or `und`) with the confidence of the detector, 0 to 1."""

    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `role` tells title and teaser from the body."""

    index: int
    span: Span
    role: Literal["title", "teaser", "body"]
    detection: Detection


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `text` is `article.text` over `span`.

    `language` is that of its paragraph or, where that is undetermined, of the article.
    """

    index: int
    span: Span
    text: str
    paragraph: int
    language: str


@dataclass(frozen=True, slots=True)
class Source:
    """What `read` knows of an article. All spans are offsets into `article.text`."""

    article: Article
    detection: Detection
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    quotations: tuple[Quotation, ...]

    def figures_of(self, sentence: Sentence) -> tuple[Figure, ...]:
        """Return the figures that lie in `sentence`, in text order."""
        first = bisect_left(self.figures, sentence.span.start, key=lambda figure: figure.span.start)
        rest = islice(self.figures, first, None)
        return tuple(takewhile(lambda figure: sentence.span.contains(figure.span), rest))
