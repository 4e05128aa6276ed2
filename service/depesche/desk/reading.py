"""A brief made ready to be read on a page: every part with its marks, its counterpart and what editors said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from depesche.brief import Brief, BriefAttempt, BriefClaim, BriefFigure, BriefQuotation, BriefSentence, Warning_
from depesche.desk.english import figure_spans, quotation_span
from depesche.desk.feedback import Review, reviews_of
from depesche.desk.marks import Mark, mark_up
from depesche.quotation import QuotationKind
from depesche.span import Span
from depesche.store import StoredFeedback
from depesche.translation import Status


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim of the brief; `place` is what warnings call it, `lights` the keys of what lies behind it."""

    claim: BriefClaim
    place: str
    text: Markup
    lights: str
    reasons: Sequence[str]
    review: Review


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure in the table of figures."""

    figure: BriefFigure
    lights: str
    review: Review


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """Speech, with the keys of its mark and of its sentences."""

    quotation: BriefQuotation
    key: str
    lights: str
    review: Review


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence of the translation."""

    sentence: BriefSentence
    text: Markup
    reasons: Sequence[str]
    review: Review


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the article beside its translation."""

    german: Markup
    sentences: Sequence[ShownSentence]


@dataclass(frozen=True, slots=True)
class Mended:
    """A place where the first try did not hold: why, and what was tried."""

    place: str
    target: str
    status: Status
    german: str | None
    english: str
    findings: Sequence[str]
    attempts: Sequence[BriefAttempt]


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """A warning; `target` is the id of the element that it is about, `key` its mark in the German where it has one."""

    warning: Warning_
    target: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything on a brief's page."""

    brief: Brief
    headline: ShownClaim
    summary: Sequence[ShownClaim]
    key_points: Sequence[ShownClaim]
    figures: Sequence[ShownFigure]
    quotations: Sequence[ShownQuotation]
    paragraphs: Sequence[Paragraph]
    mended: Sequence[Mended]
    """With the warnings about them as reasons."""
    warnings: Sequence[ShownWarning]
    """Those about nothing in `mended`."""
    reviewed: int


def make_reading(brief: Brief, given: Sequence[StoredFeedback]) -> Reading:
    """Return `brief` with the feedback on it, ready for the page."""
    reviews = reviews_of(given)

    def review(target: str, index: int) -> Review:
        return reviews.get((target, index)) or Review(target, index, ())

    sentences = [_sentence(brief, one, review("sentence", n)) for n, one in enumerate(brief.sentences)]
    claims = [_claim(brief, place, one, review("claim", n)) for n, (place, one) in enumerate(places_of(brief))]
    mended = list(_mended(brief))
    after_summary = 1 + len(brief.summary)
    return Reading(
        brief=brief,
        headline=claims[0],
        summary=claims[1:after_summary],
        key_points=claims[after_summary:],
        figures=[
            ShownFigure(figure, f"s{figure.sentence}", review("figure", n)) for n, figure in enumerate(brief.figures)
        ],
        quotations=[
            ShownQuotation(one, f"q{n}", _keys(one.sentences), review("quotation", n))
            for n, one in enumerate(brief.quotations)
            if one.kind is QuotationKind.DIRECT
        ],
        paragraphs=list(_paragraphs(brief, sentences)),
        mended=mended,
        warnings=[
            _warning(brief, n, one)
            for n, one in enumerate(brief.warnings)
            if one.place not in {place.place for place in mended}
        ],
        reviewed=sum(one.standing is not None for one in reviews.values()),
    )


def places_of(brief: Brief) -> list[tuple[str, BriefClaim]]:
    """Return the claims with their places, counted as feedback counts them: headline, summary, key points."""
    return [
        ("headline", brief.headline),
        *((f"summary[{n}]", claim) for n, claim in enumerate(brief.summary)),
        *((f"key_points[{n}]", claim) for n, claim in enumerate(brief.key_points)),
    ]


def german_marks(brief: Brief) -> list[Mark]:
    """Return everything that is marked in the German text; figures are links to the table of figures."""
    return [
        *(Mark(_span(one), f"s{one.index}", "sentence", f"de-s{one.index}") for one in brief.sentences),
        *(
            Mark(_span(one), f"q{n}", "quotation", f"de-q{n}")
            for n, one in enumerate(brief.quotations)
            if one.kind is QuotationKind.DIRECT
        ),
        *(
            Mark(_span(one), f"w{n}", "doubt", f"de-w{n}")
            for n, one in enumerate(brief.warnings)
            if _is_narrow(brief, one)
        ),
        *(Mark(_span(one), one.id, "figure", f"de-{one.id}", f"figure-{one.id}") for one in brief.figures),
    ]


def english_marks(brief: Brief, sentence: BriefSentence) -> list[Mark]:
    """Return what is marked in the translation of one sentence; figures are links to their German."""
    figures = [figure for figure in brief.figures if figure.sentence == sentence.index]
    marks = [
        Mark(span, key, "figure", f"en-{key}", f"de-{key}")
        for key, span in figure_spans(sentence.english, figures).items()
    ]
    for n, quotation in enumerate(brief.quotations):
        if quotation.kind is QuotationKind.DIRECT and sentence.index in quotation.sentences:
            span = quotation_span(sentence.english, quotation)
            if span:
                marks.append(Mark(span, f"q{n}", "quotation"))
    return marks


def reasons_of(part: BriefClaim | BriefSentence) -> Sequence[str]:
    """Return why a part is not simply verified: what is wrong with it now, or was with its first try."""
    if part.status is Status.VERIFIED or not part.attempts:
        return ()
    return part.attempts[-1 if part.status is Status.FLAGGED else 0].findings


def _sentence(brief: Brief, sentence: BriefSentence, review: Review) -> ShownSentence:
    return ShownSentence(
        sentence, mark_up(sentence.english, english_marks(brief, sentence)), reasons_of(sentence), review
    )


def _claim(brief: Brief, place: str, claim: BriefClaim, review: Review) -> ShownClaim:
    by_id = {figure.id: figure for figure in brief.figures}
    figures = [by_id[name] for name in claim.figures if name in by_id]
    marks = [Mark(span, key, "figure", target=f"de-{key}") for key, span in figure_spans(claim.text, figures).items()]
    return ShownClaim(claim, place, mark_up(claim.text, marks), _keys(claim.evidence), reasons_of(claim), review)


def _paragraphs(brief: Brief, sentences: Sequence[ShownSentence]) -> Iterator[Paragraph]:
    """Yield the paragraphs; a sentence belongs to the one in which it begins."""
    text, marks, at = brief.article.text, german_marks(brief), 0
    for words in text.split("\n\n"):
        window = Span(at, at + len(words))
        inside = [one for one in sentences if window.start <= one.sentence.span.start < max(window.end, at + 1)]
        if words:
            yield Paragraph(mark_up(text, marks, window), inside)
        at = window.end + 2


def _mended(brief: Brief) -> Iterator[Mended]:
    for n, (place, claim) in enumerate(places_of(brief)):
        if claim.status is not Status.VERIFIED:
            yield Mended(place, f"claim-{n}", claim.status, None, claim.text, reasons_of(claim), claim.attempts)
    for one in brief.sentences:
        if one.status is not Status.VERIFIED:
            place = f"sentence[{one.index}]"
            target, reasons = f"en-s{one.index}", reasons_of(one)
            yield Mended(place, target, one.status, one.german, one.english, reasons, one.attempts)


def _warning(brief: Brief, number: int, warning: Warning_) -> ShownWarning:
    targets = {place: f"claim-{n}" for n, (place, _) in enumerate(places_of(brief))}
    targets |= {f"sentence[{one.index}]": f"en-s{one.index}" for one in brief.sentences}
    key = f"w{number}" if _is_narrow(brief, warning) else None
    return ShownWarning(warning, targets.get(warning.place), key)


def _is_narrow(brief: Brief, warning: Warning_) -> bool:
    """Say whether a warning is about words within a sentence; one about all of it is not marked as words."""
    if warning.span is None:
        return False
    return all(_span(one) != _span(warning) for one in brief.sentences)


def _span(part: BriefSentence | BriefQuotation | BriefFigure | Warning_) -> Span:
    span = part.span
    return Span(span.start, max(span.start, span.end)) if span else Span(0, 0)


def _keys(sentences: Iterable[int]) -> str:
    return " ".join(f"s{index}" for index in sentences)
