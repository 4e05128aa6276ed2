"""The documents that the stages answer with when they are asked for on their own. Spans refer to `text`."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from pydantic import BaseModel, Field

from depesche.brief import SourceSpan
from depesche.figure import Direction, Figure, Kind, Modifier, Role
from depesche.quotation import Quotation, QuotationKind
from depesche.source import Source
from depesche.span import Span
from depesche.translation import Method, Status, Translation


class FoundFigure(BaseModel):
    """A figure of a text. Numbers are exact decimal strings; `value`, `low` and `high`, or `quality` is given."""

    kind: Kind
    text: str = Field(description="The words that say it, verbatim.")
    span: SourceSpan
    value: str | None
    low: str | None
    high: str | None
    unit: str | None
    modifier: Modifier | None
    direction: Direction | None
    role: Role | None
    quality: str | None


class Figures(BaseModel):
    """The figures of a text, in its order."""

    text: str = Field(description="The text as it was read; every span refers to it.")
    language: str
    figures: list[FoundFigure]


class FoundQuotation(BaseModel):
    """A quotation with its speaker and cue, as far as the text tells."""

    kind: QuotationKind
    text: str
    span: SourceSpan
    speaker: str | None
    speaker_span: SourceSpan | None
    resolved_speaker: str | None
    cue: str | None
    cue_span: SourceSpan | None


class Quotations(BaseModel):
    """The quotations of a text, in its order."""

    text: str = Field(description="The text as it was read; every span refers to it.")
    language: str
    quotations: list[FoundQuotation]


class DetectedParagraph(BaseModel):
    """A paragraph with its language; `und` where it cannot be told."""

    span: SourceSpan
    language: str
    confidence: float


class DetectedLanguage(BaseModel):
    """The language of a text (ISO 639-1, or `und`) and of each of its paragraphs."""

    text: str = Field(description="The text as it was read; every span refers to it.")
    language: str
    confidence: float
    paragraphs: list[DetectedParagraph]


class SentencePair(BaseModel):
    """A sentence and its checked translation; `findings` are what is wrong with it still."""

    index: int
    paragraph: int
    span: SourceSpan
    german: str
    english: str
    status: Status
    method: Method
    findings: list[str]


class TranslatedText(BaseModel):
    """An article, sentence by sentence."""

    text: str = Field(description="The text as it was read; every span refers to it.")
    language: str
    sentences: list[SentencePair]


def figures_of(source: Source) -> Figures:
    """Return the figures of `source` as a document."""
    return Figures(
        text=source.article.text, language=source.detection.language, figures=[_figure(one) for one in source.figures]
    )


def quotations_of(source: Source) -> Quotations:
    """Return the quotations of `source` as a document."""
    quotations = [_quotation(one) for one in source.quotations]
    return Quotations(text=source.article.text, language=source.detection.language, quotations=quotations)


def language_of(source: Source) -> DetectedLanguage:
    """Return the languages of `source` as a document."""
    paragraphs = [
        DetectedParagraph(
            span=_span(one.span), language=one.detection.language, confidence=round(one.detection.confidence, 4)
        )
        for one in source.paragraphs
    ]
    return DetectedLanguage(
        text=source.article.text,
        language=source.detection.language,
        confidence=round(source.detection.confidence, 4),
        paragraphs=paragraphs,
    )


def translated(translation: Translation) -> TranslatedText:
    """Return `translation` as a document."""
    pairs = [
        SentencePair(
            index=one.sentence.index,
            paragraph=one.sentence.paragraph,
            span=_span(one.sentence.span),
            german=one.sentence.text,
            english=one.text,
            status=one.status,
            method=min(one.attempts, key=lambda attempt: attempt.text != one.text).method,
            findings=[f"{finding.code}: {finding.detail}" for finding in one.findings],
        )
        for one in translation.sentences
    ]
    source = translation.source
    return TranslatedText(text=source.article.text, language=source.detection.language, sentences=pairs)


def _figure(figure: Figure) -> FoundFigure:
    exact = {name: _exact(getattr(figure, name)) for name in ("value", "low", "high")}
    return FoundFigure.model_validate(asdict(figure) | exact)


def _quotation(quotation: Quotation) -> FoundQuotation:
    return FoundQuotation.model_validate(asdict(quotation))


def _exact(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")


def _span(span: Span) -> SourceSpan:
    return SourceSpan(start=span.start, end=span.end)
