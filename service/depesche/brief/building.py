"""Building the brief: from what verify hands over to the public document, the last step of an article's way.

The same article under the same configuration and models gets the same document byte for byte, but for `timings`, the
name under which it came in and what a folder job links it to; these three are no part of its `id`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from depesche.brief.document import (
    ArticleInfo,
    Brief,
    BriefAttempt,
    BriefClaim,
    BriefFigure,
    BriefQuotation,
    BriefSentence,
    BriefSubject,
    BriefWords,
    ModelInfo,
    PromptInfo,
    Provenance,
    SourceSpan,
    Verification,
    Warning_,
)
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.figures.compare import Match, Outcome, compare_figures, find_counterpart
from depesche.figures.write import write_figure
from depesche.finding import Finding
from depesche.importance import importance
from depesche.quotation import Quotation, QuotationKind
from depesche.source import Source
from depesche.span import Span
from depesche.subjects import Subject, english_noun, english_period
from depesche.translation import Attempt, Status, TranslatedSentence
from depesche.verify import Verified, VerifiedClaim, english_speaker

_SHORTEST_QUOTE, _LONGEST_QUOTE = 0.4, 3.0
"""Words in an English quotation for each German word; a noun compound may take three."""


def build_brief(
    verified: Verified,
    *,
    models: Sequence[ModelInfo],
    prompts: Sequence[PromptInfo],
    config_sha256: str,
    timings: Mapping[str, float],
) -> Brief:
    """Assemble the public document from a verified brief."""
    source = verified.translation.source
    figures = _figures(verified)
    ids = {Span(figure.span.start, figure.span.end): figure.id for figure in figures}
    document = Brief(
        id="",
        status=verified.status,
        headline=_claim(verified.headline, ids),
        summary=tuple(_claim(claim, ids) for claim in verified.summary),
        key_points=tuple(_claim(claim, ids) for claim in verified.key_points),
        figures=tuple(figures),
        quotations=tuple(_quotation(quotation, verified) for quotation in source.quotations),
        warnings=tuple(_warnings(verified)),
        verification=_verification(verified),
        article=_article(source),
        sentences=tuple(_sentence(one) for one in verified.translation.sentences),
        provenance=Provenance(
            generator=_generator(),
            models=tuple(models),
            prompts=tuple(prompts),
            config_sha256=config_sha256,
        ),
    )
    return document.model_copy(update={"id": document.identity(), "timings": dict(timings)})


@cache
def _generator() -> str:
    return f"depesche {version('depesche')}"


def _span(span: Span) -> SourceSpan:
    return SourceSpan(start=span.start, end=span.end)


def _claim(claim: VerifiedClaim, ids: Mapping[Span, str]) -> BriefClaim:
    sources = (match.source.span for match in claim.figures if match.source)
    return BriefClaim(
        text=claim.text,
        evidence=claim.evidence,
        figures=tuple(dict.fromkeys(ids[span] for span in sources if span in ids)),
        status=claim.status,
        method=claim.method,
        attempts=_attempts(claim.attempts) if len(claim.attempts) > 1 or claim.findings else (),
    )


def _attempts(attempts: Sequence[Attempt]) -> tuple[BriefAttempt, ...]:
    return tuple(BriefAttempt(method=a.method, text=a.text, findings=tuple(map(_say, a.findings))) for a in attempts)


def _say(finding: Finding) -> str:
    return f"{finding.code}: {finding.detail}"


def _figures(verified: Verified) -> list[BriefFigure]:
    source = verified.translation.source
    places = _places(verified)
    entries = [(one, figure) for one in verified.translation.sentences for figure in source.figures_of(one.sentence)]
    entries.sort(key=lambda entry: (-importance(entry[1], source, places=places.get(entry[1].span, ())), entry[1].span))
    abouts = {span: _about(subject, verified.translation.sentences) for span, subject in verified.subjects.items()}
    return [
        _figure(rank, one, figure, places, abouts.get(figure.span))
        for rank, (one, figure) in enumerate(entries, start=1)
    ]


def _about(subject: Subject, sentences: Sequence[TranslatedSentence]) -> BriefSubject:
    def words(
        german: str | None, span: Span | None, in_english: Callable[[str, str, str], str | None]
    ) -> BriefWords | None:
        if german is None or span is None:
            return None
        home = next(one for one in sentences if one.sentence.span.contains(span))
        return BriefWords(
            german=german, span=_span(span), english=in_english(german, home.text, home.sentence.language)
        )

    return BriefSubject(
        subject=words(subject.subject, subject.subject_span, english_noun),
        measure=words(subject.measure, subject.measure_span, english_noun),
        period=words(subject.period, subject.period_span, english_period),
    )


def _figure(
    rank: int,
    one: TranslatedSentence,
    figure: Figure,
    places: Mapping[Span, list[str]],
    about: BriefSubject | None,
) -> BriefFigure:
    match = _in_translation(one, figure)
    faithful = match.outcome in {Outcome.KEPT, Outcome.REWORDED}
    said = match.target.text if faithful and match.target else write_figure(figure)
    mended = one.status is Status.REPAIRED
    return BriefFigure(
        id=f"f{figure.span.start}",
        rank=rank,
        kind=figure.kind,
        value=_number(figure.value),
        low=_number(figure.low),
        high=_number(figure.high),
        unit=figure.unit,
        modifier=figure.modifier,
        direction=figure.direction,
        role=figure.role,
        quality=figure.quality,
        english=said,
        german=figure.text,
        span=_span(figure.span),
        about=about,
        sentence=one.sentence.index,
        english_sentence=one.text,
        status=Status.FLAGGED if not faithful else Status.REPAIRED if mended else Status.VERIFIED,
        places=tuple(places.get(figure.span, ())),
    )


def _in_translation(one: TranslatedSentence, figure: Figure) -> Match:
    """Return what became of `figure` in the translated sentence."""
    return find_counterpart(
        figure.shifted(-one.sentence.span.start),
        one.figures,
        source_text=one.sentence.text,
        target_text=one.text,
        source_language=one.sentence.language,
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _places(verified: Verified) -> dict[Span, list[str]]:
    places: dict[Span, list[str]] = {}
    groups = (
        ("headline", (verified.headline,)),
        ("summary", verified.summary),
        ("key_points", verified.key_points),
    )
    for name, claims in groups:
        for match in (match for claim in claims for match in claim.figures if match.source):
            named = places.setdefault(match.source.span, []) if match.source else []
            if name not in named:
                named.append(name)
    return places


def _quotation(quotation: Quotation, verified: Verified) -> BriefQuotation:
    return BriefQuotation(
        kind=quotation.kind,
        german=quotation.text,
        span=_span(quotation.span),
        english=_english_of(quotation, verified),
        speaker=quotation.speaker,
        speaker_span=_span(quotation.speaker_span) if quotation.speaker_span else None,
        resolved_speaker=quotation.resolved_speaker,
        speaker_english=english_speaker(quotation.resolved_speaker or quotation.speaker, verified.translation),
        cue=quotation.cue,
        sentences=quotation.sentences,
    )


def _english_of(quotation: Quotation, verified: Verified) -> str | None:
    """Return the quoted part of the translated sentences; None where the English does not show which part it is."""
    text = " ".join(verified.translation.sentences[i].text for i in quotation.sentences)
    if quotation.kind is QuotationKind.INDIRECT:
        return text or None
    quoted = _quoted_parts(text)
    before = sum(
        other.span.start < quotation.span.start
        for other in verified.translation.source.quotations
        if other.kind is not QuotationKind.INDIRECT and set(other.sentences) & set(quotation.sentences)
    )
    if before >= len(quoted) or not _renders(quotation.text, quoted[before]):
        return None
    return quoted[before]


def _renders(german: str, english: str) -> bool:
    """Say whether an English quotation can be the German one: by its length and its figures."""
    ratio = len(english.split()) / max(1, len(german.split()))
    figures = compare_figures(find_figures(german, "de"), find_figures(english, "en"), target_text=english)
    return _SHORTEST_QUOTE <= ratio <= _LONGEST_QUOTE and figures.faithful


def _quoted_parts(text: str) -> list[str]:
    parts, start = [], -1
    for i, character in enumerate(text):
        if character == "“" and start < 0:
            start = i + 1
        elif character == "”":
            parts.append(text[max(start, 0) : i])
            start = -1
    if start >= 0:
        parts.append(text[start:])
    return parts


def _warnings(verified: Verified) -> list[Warning_]:
    """Return what an editor must know: every flag, then what was mended in the article's translation."""
    found = [_warning(finding, "article") for finding in verified.findings]
    named = [("headline", verified.headline)]
    named += [(f"summary[{i}]", claim) for i, claim in enumerate(verified.summary)]
    named += [(f"key_points[{i}]", claim) for i, claim in enumerate(verified.key_points)]
    found += [_warning(finding, place) for place, claim in named for finding in claim.findings]
    found += [
        _warning(finding, f"sentence[{one.sentence.index}]", one.sentence.span)
        for one in verified.translation.sentences
        for finding in one.findings
    ]
    return found


def _warning(finding: Finding, place: str, span: Span | None = None) -> Warning_:
    where = finding.span or span
    return Warning_(code=finding.code, detail=finding.detail, place=place, span=_span(where) if where else None)


def _verification(verified: Verified) -> Verification:
    claims = Counter(claim.status for claim in verified.claims)
    sentences = Counter(one.status for one in verified.translation.sentences)
    matches = [match for claim in verified.claims for match in claim.figures]
    return Verification(
        status=verified.status,
        claims={status: claims[status] for status in Status},
        sentences={status: sentences[status] for status in Status},
        figures=len(matches),
        figures_traced=sum(match.outcome is not Outcome.INVENTED for match in matches),
    )


def _article(source: Source) -> ArticleInfo:
    article = source.article
    return ArticleInfo(
        title=article.title,
        teaser=article.teaser,
        byline=article.byline,
        published=article.published,
        url=article.url,
        name=article.origin.name,
        format=article.origin.format,
        encoding=article.origin.encoding,
        sha256=article.origin.sha256,
        language=source.detection.language,
        language_confidence=round(source.detection.confidence, 4),
        words=len(article.text.split()),
        text=article.text,
    )


def _sentence(one: TranslatedSentence) -> BriefSentence:
    mended = one.status is not Status.VERIFIED
    return BriefSentence(
        index=one.sentence.index,
        paragraph=one.sentence.paragraph,
        span=_span(one.sentence.span),
        german=one.sentence.text,
        english=one.text,
        status=one.status,
        method=min(one.attempts, key=lambda a: a.text != one.text).method,
        findings=tuple(map(_say, one.findings)),
        attempts=_attempts(one.attempts) if mended else (),
    )
