"""Read: from the article to its language, paragraphs, sentences, figures and quotations; the stage after ingest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from depesche.article import Article
from depesche.config import ReadConfig
from depesche.errors import LanguageUnsupported
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.quotes import find_quotations
from depesche.read.language import combine, detect_language
from depesche.read.sentences import split_sentences
from depesche.source import UNDETERMINED, Detection, Paragraph, Sentence, Source
from depesche.span import Span

__all__ = ["detect_language", "read_article", "split_sentences"]

_FEWEST_WORDS = 12
_PARAGRAPH = re.compile(r"\S(?:.*\S)?")


def read_article(article: Article, config: ReadConfig = ReadConfig()) -> Source:  # noqa: B008 - frozen
    """Return what can be known of `article` without a model; all spans are offsets into `article.text`.

    A detection below `config.min_confidence` becomes `und`; whether that is an error is for the pipeline to say.
    Text in a language that no table knows has no figures, and quotations without speakers.
    """
    paragraphs = _paragraphs(article)
    detection = _believed(_of_article(article, paragraphs), config)
    paragraphs = tuple(replace(p, detection=_believed(p.detection, config)) for p in paragraphs)
    sentences = _sentences(article, paragraphs, detection.language)
    return Source(
        article=article,
        detection=detection,
        paragraphs=paragraphs,
        sentences=sentences,
        figures=tuple(figure for sentence in sentences for figure in _figures(sentence, detection.language)),
        quotations=find_quotations(
            article.text, [p.span for p in paragraphs], [s.span for s in sentences], detection.language
        ),
    )


def _believed(detection: Detection, config: ReadConfig) -> Detection:
    if detection.confidence >= config.min_confidence:
        return detection
    return replace(detection, language=UNDETERMINED)


def _of_article(article: Article, paragraphs: tuple[Paragraph, ...]) -> Detection:
    """Return the language of most of the text; short paragraphs that agree are judged once more as one text."""
    found = combine([(p.detection, len(p.span)) for p in paragraphs], article.language_hint)
    if len({p.detection.language for p in paragraphs} - {UNDETERMINED}) > 1:
        return found
    return max(found, detect_language(article.text, article.language_hint), key=lambda one: one.confidence)


def _paragraphs(article: Article) -> tuple[Paragraph, ...]:
    paragraphs = []
    for index, match in enumerate(_PARAGRAPH.finditer(article.text)):
        span = Span(*match.span())
        detection = detect_language(match.group(), article.language_hint)
        paragraphs.append(Paragraph(index, span, _role(article, span), detection))
    return tuple(paragraphs)


def _role(article: Article, span: Span) -> Literal["title", "teaser", "body"]:
    if article.title_span is not None and article.title_span.overlaps(span):
        return "title"
    if article.teaser_span is not None and article.teaser_span.overlaps(span):
        return "teaser"
    return "body"


def _sentences(article: Article, paragraphs: tuple[Paragraph, ...], language: str) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    for paragraph in paragraphs:
        own = paragraph.detection.language
        # A short paragraph that seems to be in another language is mostly a name or a headline of the article's own.
        foreign = own not in (UNDETERMINED, language) and len(paragraph.span.of(article.text).split()) >= _FEWEST_WORDS
        code = own if foreign else language
        for span in split_sentences(paragraph.span.of(article.text), code):
            shifted = span.shifted(paragraph.span.start)
            sentences.append(Sentence(len(sentences), shifted, shifted.of(article.text), paragraph.index, code))
    return tuple(sentences)


def _figures(sentence: Sentence, language: str) -> list[Figure]:
    """Return the figures of a sentence; one in a language without a grammar is read by that of the article."""
    for code in (sentence.language, language):
        try:
            return [figure.shifted(sentence.span.start) for figure in find_figures(sentence.text, code)]
        except LanguageUnsupported:
            continue
    return []
