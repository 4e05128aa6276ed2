"""The checks on one claim of a brief, which ask whether all of it is said by the sentences that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from depesche.checks.dates import Dates, compare_dates, find_dates, without_namesakes
from depesche.checks.directions import compare_directions
from depesche.checks.guards import figure_finding
from depesche.checks.hedges import check_claim_hedges
from depesche.checks.intentions import check_claim_intentions
from depesche.checks.names import capitalised, check_invented_names
from depesche.checks.names_exchanged import check_claim_exchanges
from depesche.checks.owners import Owners, find_misplaced
from depesche.checks.roles import check_roles
from depesche.checks.support import Index, build_index, content_of, find_evidence, stems
from depesche.checks.times import compare_times, find_times, joined_times
from depesche.checks.verbs import find_new_verb
from depesche.checks.words import word_table
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.figures.compare import Comparison, compare_figures
from depesche.finding import Finding, FindingCode
from depesche.quotes.attribution import Attribution
from depesche.translation import TranslatedSentence, Translation

_QUOTED = re.compile(r"[“\"„«»]([^“”\"„«»]+)[”\"“»«]|(?<!\w)['‘](?=\w)([^'‘’]{2,})['’](?!\w)")
_CLAUSE_END = re.compile(r"[,;:“”]|\bthat\b|\bwhether\b")
_DIGITS = re.compile(r"digits:\d+")
_FORM = re.compile(r"[^\W_]+_[^\W_]+|[{}]|\[\]")
"""Field names and brackets of JSON."""
_NOUN_WITHIN = 2
"""Content words behind an adjective among which its noun is looked for."""
_OPENING_WORDS = 3
_RARE = 2
"""Most sentences with a word for the word to say which of them is meant."""
_LOWEST_SUPPORT = 0.5
_PLAIN_SUPPORT = 0.7
"""Support from which on another verb is taken for another word for the same."""
_LOWEST_QUOTE_OVERLAP = 0.8
_NEGATION = re.compile(r"\b(?:not|no|never|none|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True)
class Evidence:
    """What the claims of one brief are checked against; made once an article."""

    translation: Translation
    usable: tuple[int, ...]
    attributions: Mapping[int, Attribution]
    owners: Owners

    @cached_property
    def index(self) -> Index:
        """Return the index of the English sentences; a brief of whole sentences needs none."""
        return build_index([one.text for one in self.translation.sentences])

    def english(self, sentences: Iterable[int]) -> list[str]:
        """Return the English of `sentences`."""
        return [self.translation.sentences[i].text for i in sentences]

    def figures(self, sentences: Iterable[int]) -> list[Figure]:
        """Return the German figures of `sentences`, spans into `Article.text`."""
        source = self.translation.source
        return [figure for i in sentences for figure in source.figures_of(source.sentences[i])]


def trace_figures(text: str, evidence: Evidence, sentences: Sequence[int]) -> Comparison:
    """Lay the figures of the claim `text` beside the German ones of the `sentences` that it rests on.

    The matches' `source` figures have spans into `Article.text`.
    """
    source = evidence.translation.source
    joined, figures, originals = "", [], {}
    for i in sentences:
        sentence = source.sentences[i]
        for figure in source.figures_of(sentence):
            moved = figure.shifted(len(joined) - sentence.span.start)
            figures.append(moved)
            originals[moved.span] = figure
        joined += sentence.text + "\n"
    comparison = compare_figures(
        figures, find_figures(text, "en"), complete=False, rounding=True, source_text=joined, target_text=text
    )
    matches = (replace(m, source=originals[m.source.span]) if m.source else m for m in comparison.matches)
    return replace(comparison, matches=tuple(matches))


def find_sentences_for_figures(text: str, evidence: Evidence, sentences: Sequence[int]) -> tuple[int, ...]:
    """Return `sentences`, and after them those that alone hold a figure of `text`.

    The words of a claim may point to one sentence and its figure come from the next.
    """
    chosen = list(sentences)
    for match in trace_figures(text, evidence, chosen).problems:
        if match.target is None:
            continue
        for i in evidence.usable:
            if i in chosen:
                continue
            alone = compare_figures(evidence.figures([i]), [match.target], complete=False, rounding=True)
            if alone.faithful:
                chosen.append(i)
                break
    return tuple(chosen)


def check_claim(text: str, evidence: Evidence, sentences: Sequence[int]) -> tuple[Finding, ...]:
    """Return all that `text` says and `sentences` don't; empty means verified."""
    if not sentences:
        return (Finding(FindingCode.UNSUPPORTED, "nothing in the article says this"),)
    translated = [evidence.translation.sentences[i] for i in sentences]
    findings = [*_check_support(text, evidence, sentences)]
    findings += _check_leaked(text, translated)
    findings += map(figure_finding, trace_figures(text, evidence, sentences).problems)
    findings += _check_misplaced(text, evidence, sentences)
    findings += _check_topic(text, evidence, sentences)
    findings += _check_digits(text, translated)
    findings += _check_dates(text, translated)
    findings += _check_times(text, translated)
    findings += check_invented_names(
        text, [t.text for t in evidence.translation.sentences] + [t.sentence.text for t in translated]
    )
    said, original = " ".join(t.text for t in translated), " ".join(t.sentence.text for t in translated)
    findings += check_claim_exchanges(text, said, original, evidence.owners.people)
    findings += check_roles(text, [one.text for one in evidence.translation.sentences])
    for one in translated[:1]:
        findings += compare_directions(one.sentence.text, one.sentence.language, text)
        findings += _check_negation(text, one, alone=len(translated) == 1)
    findings += check_claim_hedges(text, [one.text for one in translated])
    findings += check_claim_intentions(text, [one.text for one in translated])
    findings += check_quoted(text, translated)
    findings += check_attribution(text, evidence, sentences)
    findings += _check_evidence(text, translated)
    return tuple(findings)


def check_quoted(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    """Return a finding for each quoted stretch of `text` that the translation does not quote."""
    quoted = [_fold(stretch) for one in translated for stretch in find_quoted(_joined(one.text))]
    return [
        Finding(FindingCode.QUOTATION_INVENTED, f"“{stretch}” is no quotation of the article")
        for stretch in find_quoted(text)
        if not any(_within(_fold(stretch), q) for q in quoted)
    ]


def find_quoted(text: str) -> list[str]:
    """Return what stands in double or single quotation marks in an English text; apostrophes are none."""
    return [double or single for double, single in _QUOTED.findall(text)]


def check_attribution(text: str, evidence: Evidence, sentences: Sequence[int]) -> list[Finding]:
    """Return a finding where every sentence behind `text` is somebody's word and `text` tells it as a fact."""
    attributions = [evidence.attributions.get(i) for i in sentences]
    own = {name for a in attributions if a and a.speaker for name in capitalised(a.speaker)[-1:]}
    others = {name for a in evidence.attributions.values() if a.speaker for name in capitalised(a.speaker)[-1:]} - own
    full = {name for a in attributions if a and a.speaker and a.speaker[0].isupper() for name in capitalised(a.speaker)}
    if own and is_attributed(text) and not (own | full) & set(capitalised(text)):
        for other in sorted(others & set(_named_as_speakers(text))):
            who = ", ".join(sorted(own))
            return [Finding(FindingCode.ATTRIBUTION_CHANGED, f"{who} says this, and not {other}")]
    if not all(a and a.whole for a in attributions) or is_attributed(text):
        return []
    speakers = [a.speaker for a in attributions if a and a.speaker]
    if any(word in text for speaker in speakers for word in capitalised(speaker)[-1:]):
        return []
    who = speakers[0] if speakers else "somebody in the article"
    return [Finding(FindingCode.ATTRIBUTION_LOST, f"{who} says this; the brief tells it as a fact")]


def _named_as_speakers(text: str) -> tuple[str, ...]:
    """Return the capitalised words of an English text that stand where a speaker does: by a verb, or behind "to".

    "China" is none in "Manufacturers claim that China's subsidies", nor in "According to a statement, China will".
    """
    reporting = word_table("en").reporting
    if reporting is None:
        return ()
    near: tuple[str, ...] = ()
    for match in reporting.pattern.finditer(text):
        before = _CLAUSE_END.split(text[: match.start()])[-1]
        after = _CLAUSE_END.split(text[match.end() :])[0]
        follows = match[0].lower().endswith("to") or before.count(" ") == 0
        near += capitalised(before) + (capitalised(after) if follows else ())
    return near


def is_attributed(text: str) -> bool:
    """Say whether an English sentence says that somebody said it."""
    reporting = word_table("en").reporting
    return bool(reporting and reporting.search(text))


def _check_evidence(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    """Return a finding where the claim rests on a translation that itself is in doubt.

    A source that the translation lost is no doubt about a claim that names one.
    """
    harmless = {FindingCode.QUOTATION_MARKS_LOST}
    if is_attributed(text):
        harmless.add(FindingCode.ATTRIBUTION_LOST)
    return [
        Finding(FindingCode.EVIDENCE_FLAGGED, f"rests on sentence {one.sentence.index}: {finding.detail}", finding.span)
        for one in translated
        for finding in one.findings
        if finding.code not in harmless
    ]


def _check_leaked(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    """Return a finding where the form that a model fills in got into the words: "key_points CHF 4.7 million"."""
    return [
        Finding(FindingCode.CHATTER, f"“{mark}” is of the form and not of the article")
        for mark in _FORM.findall(text)
        if not any(mark in one.text for one in translated)
    ]


def _check_support(text: str, evidence: Evidence, sentences: Sequence[int]) -> list[Finding]:
    _, support = find_evidence(evidence.index, text, sentences)
    if support < _LOWEST_SUPPORT:
        return [Finding(FindingCode.UNSUPPORTED, f"the article holds {support:.0%} of what this says")]
    verb = find_new_verb(text, evidence.english(sentences)) if support < _PLAIN_SUPPORT else None
    if verb is None:
        return []
    return [
        Finding(FindingCode.UNSUPPORTED, f"the article holds {support:.0%} of what this says, and not that it “{verb}”")
    ]


def _check_misplaced(text: str, evidence: Evidence, sentences: Sequence[int]) -> list[Finding]:
    """Right number, wrong company: a figure that the claim gives to somebody else than the article does."""
    matches = trace_figures(text, evidence, sentences).matches
    pairs = [(match.source, match.target) for match in matches if match.source and match.target]
    return [
        Finding(
            FindingCode.MISPLACED_FIGURE,
            f"“{target.text}” is a figure of {', '.join(sorted(evidence.owners.of(source)))}",
            source.span,
        )
        for source, target in find_misplaced(text, pairs, evidence.owners)
    ]


def _check_topic(text: str, evidence: Evidence, sentences: Sequence[int]) -> list[Finding]:
    """Right number, wrong thing: a claim with a figure that opens with what another sentence gives figures of.

    "For electricity, CHF 4.7 million" where the surplus is 4.7 million and electricity cost 11 percent less.
    """
    index, source = evidence.index, evidence.translation.source
    if not any(match.source for match in trace_figures(text, evidence, sentences).matches):
        return []
    said = frozenset().union(*(index.sentences[i] for i in sentences))
    for stem in stems(" ".join(text.split()[:_OPENING_WORDS])):
        elsewhere = [i for i, content in enumerate(index.sentences) if stem in content]
        if stem in said or not 0 < len(elsewhere) <= _RARE:
            continue
        other = next((i for i in elsewhere if source.figures_of(source.sentences[i])), None)
        if other is not None:
            detail = f"“{stem}” is of sentence {other}, and the figures are not"
            return [Finding(FindingCode.MISPLACED_FIGURE, detail, source.sentences[other].span)]
    return []


def _check_digits(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    """Return a finding where "triple-digit" is said of something else: growth rates that became the revenue itself."""
    content = content_of(text)
    findings = []
    for own in (figure for figure in find_figures(text, "en") if _DIGITS.fullmatch(figure.quality or "")):
        said_of = [
            stems(one.text[figure.span.end :])[:_NOUN_WITHIN]
            for one in translated
            for figure in one.figures
            if figure.quality == own.quality
        ]
        if said_of and not any(content.intersection(nouns) or not nouns for nouns in said_of):
            findings.append(Finding(FindingCode.MISPLACED_FIGURE, f"“{own.text}” is said of {' '.join(said_of[0])}"))
    return findings


def _check_dates(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    found = [find_dates(t.sentence.text, t.sentence.language) for t in translated]
    known = Dates(
        weekdays=frozenset().union(*(d.weekdays for d in found)),
        months=frozenset().union(*(d.months for d in found)),
        years=frozenset().union(*(d.years for d in found)),
        numeric_months=frozenset().union(*(d.numeric_months for d in found)),
        days=frozenset().union(*(d.days for d in found)),
    )
    own = find_dates(text, "en", figures=[figure.span for figure in find_figures(text, "en")])
    german = " ".join(t.sentence.text for t in translated)
    return compare_dates(known, without_namesakes(own, german), complete=False)


def _check_times(text: str, translated: Sequence[TranslatedSentence]) -> list[Finding]:
    known = joined_times(find_times(t.sentence.text, t.sentence.language) for t in translated)
    own = find_times(text, "en", figures=[figure.span for figure in find_figures(text, "en")])
    return compare_times(known, own, complete=False)


def _check_negation(text: str, translated: TranslatedSentence, *, alone: bool) -> list[Finding]:
    if not alone or not _NEGATION.search(translated.text):
        return []
    if word_table("en").negation.search(text) or _NEGATION.search(text):
        return []
    return [Finding(FindingCode.NEGATION_LOST, "the sentence behind this denies something, the brief does not")]


def _within(stretch: str, quoted: str) -> bool:
    """Say whether `stretch` is in `quoted`, give or take a word."""
    if stretch in quoted:
        return True
    own, other = stretch.split(), set(quoted.split())
    return len(own) > 2 and sum(word in other for word in own) / len(own) >= _LOWEST_QUOTE_OVERLAP


def _fold(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _joined(text: str) -> str:
    """Return `text` with its quotation closed at both ends where it goes on over the sentence's."""
    opens, closes = text.count("“"), text.count("”")
    return "“" * (closes > opens) + text + "”" * (opens > closes)
