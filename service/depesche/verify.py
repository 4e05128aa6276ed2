"""The verify stage: Translation and Draft → Verified, every claim traced, mended or flagged.

A claim that is not right is mended in this order: its figures put right, its unfounded quotation marks taken off, its
speaker named; then the sentence of the translation in its place; then a flag. A title whose translation misleads gives
way to the best sentence that is short enough. A claim that says nothing the article says is left out. Each step is
kept in the claim's attempts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from depesche.checks.claims import (
    Evidence,
    check_attribution,
    check_claim,
    find_sentences_for_figures,
    is_attributed,
    trace_figures,
)
from depesche.checks.instructions import is_instruction
from depesche.checks.names import capitalised, mid_sentence_names
from depesche.checks.owners import know_owners
from depesche.checks.support import content_of
from depesche.checks.words import word_table
from depesche.draft import Claim, Draft
from depesche.extractive import quote, rank_sentences, usable_sentences
from depesche.figures.compare import Match
from depesche.figures.mend import mend_figures
from depesche.finding import Finding, FindingCode
from depesche.importance import leading_figures
from depesche.quotes.attribution import Attribution, reported_sentences
from depesche.span import Span
from depesche.subjects import Subject
from depesche.translate import set_quotation_marks, weigh
from depesche.translation import Attempt, Method, Status, Translation

_OF = {"von", "vom", "der", "des", "den", "dem", "in", "im", "aus", "zu", "bei", "beim", "für"}
_DETERMINERS = {"der", "die", "das", "des", "dem", "den", "ein", "eine", "eines", "einer", "einem", "einen"}
_PRONOUN = re.compile(r"^(?:He|She)\b(?=\s+(?:also\s+)?\w+(?:ed|d|aid|ote|ays)\b)")
_REPEATED = 0.8
_MISLEADING = 8
"""Weight of findings from which on a verified sentence is a better headline than the title as it was translated."""
_LONGEST_HEADLINE = 25
_FEWEST_KEY_POINTS, _MOST_KEY_POINTS = 3, 6


@dataclass(frozen=True, slots=True)
class VerifiedClaim:
    """One sentence of the brief with the outcome of its checks.

    `figures` are the matches of its figures: `target` as the claim words it, `source` the German one.
    """

    text: str
    evidence: tuple[int, ...]
    method: Method
    status: Status
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]
    figures: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A brief's sentences after verification; `findings` are about the brief or the article as a whole.

    `subjects` are what the article's figures are about.
    """

    translation: Translation
    subjects: Mapping[Span, Subject]
    headline: VerifiedClaim
    summary: tuple[VerifiedClaim, ...]
    key_points: tuple[VerifiedClaim, ...]
    findings: tuple[Finding, ...]

    @property
    def claims(self) -> tuple[VerifiedClaim, ...]:
        """Return every claim, headline first."""
        return (self.headline, *self.summary, *self.key_points)

    @property
    def status(self) -> Status:
        """Return the worst status of any claim; a mended one makes a repaired brief."""
        statuses = {claim.status for claim in self.claims}
        return next(s for s in (Status.FLAGGED, Status.REPAIRED, Status.VERIFIED) if s in statuses)


def verify(translation: Translation, draft: Draft) -> Verified:
    """Check every claim of `draft` against `translation` and its source, and mend what can be mended."""
    usable = usable_sentences(translation)
    evidence = Evidence(
        translation=translation,
        usable=tuple(usable),
        attributions=reported_sentences(translation.source),
        owners=know_owners(translation),
    )
    titles = [i for i in usable if _role(translation, i) == "title"]
    headline = _settle(draft.headline, evidence, chain(titles, _alike(draft.headline.text, evidence)), headline=True)
    taken = set(headline.evidence) if headline.method is Method.EXTRACTIVE else set[int]()
    summary = _settle_all(draft.summary, evidence, taken)
    key_points = _without_repetitions(_settle_all(draft.key_points, evidence, taken), summary)
    key_points += _more_points(key_points, summary, evidence, taken)
    key_points = _cover_figures([headline, *summary], key_points, evidence)
    findings = [*draft.findings, *_instructions(translation)]
    return Verified(
        translation,
        evidence.owners.subjects,
        headline,
        tuple(summary or key_points[:1]),
        tuple(key_points),
        tuple(findings),
    )


def _settle_all(claims: Sequence[Claim], evidence: Evidence, taken: set[int]) -> list[VerifiedClaim]:
    """Settle each claim; leave out those without support and those that only repeat a sentence already taken."""
    settled = []
    for claim in claims:
        done = _settle(claim, evidence, [i for i in claim.evidence if i not in taken])
        if FindingCode.UNSUPPORTED in {finding.code for finding in done.findings}:
            continue
        if done.method is Method.EXTRACTIVE:
            if not taken.isdisjoint(done.evidence):
                continue
            taken |= set(done.evidence)
        settled.append(done)
    return settled


def _without_repetitions(points: Sequence[VerifiedClaim], before: Sequence[VerifiedClaim]) -> list[VerifiedClaim]:
    """Return the points that say something which neither `before` nor an earlier point says already."""
    kept: list[VerifiedClaim] = []
    for point in points:
        content = content_of(point.text)
        others = (content_of(other.text) for other in (*before, *kept))
        if all(len(content & other) < _REPEATED * len(content) for other in others):
            kept.append(point)
    return kept


def _ranked(translation: Translation) -> Iterator[int]:
    """Yield the sentences, best first; they are ranked when the first one is asked for, which is seldom."""
    yield from rank_sentences(translation)


def _alike(headline: str, evidence: Evidence) -> Iterator[int]:
    """Yield the sentences that share most with a headline that does not hold, so that another says the same news."""
    content = content_of(headline)
    ranked = rank_sentences(evidence.translation)
    yield from sorted(ranked, key=lambda i: -evidence.index.total(content & evidence.index.sentences[i]))


def _more_points(
    points: Sequence[VerifiedClaim], before: Sequence[VerifiedClaim], evidence: Evidence, taken: set[int]
) -> list[VerifiedClaim]:
    """Return the best sentences that say something new, as many as the brief lacks to its fewest key points."""
    used = taken | {i for point in points for i in point.evidence}
    added: list[VerifiedClaim] = []
    for i in _ranked(evidence.translation) if len(points) < _FEWEST_KEY_POINTS else ():
        if len(points) + len(added) == _FEWEST_KEY_POINTS:
            break
        if i not in used:
            point = _settle(quote(evidence.translation, i), evidence, [])
            added += _without_repetitions([point], (*before, *points, *added))
    return added


def _cover_figures(
    before: Sequence[VerifiedClaim], points: Sequence[VerifiedClaim], evidence: Evidence
) -> list[VerifiedClaim]:
    """Return `points` with the sentence of each leading figure that the brief lacks.

    Such a sentence is added while there is room, and else takes the place of the last point that has no figure.
    """
    points = list(points)
    for figure, i in leading_figures(evidence.translation.source):
        said = {match.source.span for claim in (*before, *points) for match in claim.figures if match.source}
        if figure.span in said or i not in evidence.usable:
            continue
        added = _settle(quote(evidence.translation, i), evidence, [])
        if added.findings:
            continue
        spare = next((n for n in range(len(points) - 1, -1, -1) if not points[n].figures), None)
        if len(points) < _MOST_KEY_POINTS:
            points.append(added)
        elif spare is not None:
            points[spare] = added
    return points


def _settle(claim: Claim, evidence: Evidence, replacements: Iterable[int], *, headline: bool = False) -> VerifiedClaim:
    """Check one claim, mend it where needed, and say how it ended."""
    sentences = tuple(i for i in claim.evidence if i in evidence.usable)
    text = claim.text
    if claim.method is not Method.EXTRACTIVE:
        text = set_quotation_marks(text)
        sentences = find_sentences_for_figures(text, evidence, sentences)
        text = sentence_case(text, evidence) if headline else text
    attempts = _attempts(claim.method, text, evidence, sentences, headline=headline)
    best = min(attempts, key=lambda attempt: weigh(attempt.findings))
    if best.findings and (claim.method is not Method.EXTRACTIVE or (headline and _is_misleading(best))):
        for i in (i for i in replacements if i in evidence.usable):
            own = quote(evidence.translation, i).text
            if headline and len(own.split()) > _LONGEST_HEADLINE:
                continue
            tries = _attempts(Method.EXTRACTIVE, own, evidence, (i,), headline=headline)
            if not tries[-1].findings:
                attempts += tries
                best, sentences = tries[-1], (i,)
                break
    return VerifiedClaim(
        text=best.text,
        evidence=tuple(sorted(sentences)),
        method=best.method,
        status=_status(best, len(attempts)),
        findings=best.findings,
        attempts=tuple(attempts),
        figures=tuple(m for m in trace_figures(best.text, evidence, sentences).matches if m.target),
    )


def _is_misleading(attempt: Attempt) -> bool:
    """Say whether a translated title says something else than the German; a lost name or an odd word does not."""
    return weigh(attempt.findings) >= _MISLEADING


def _status(best: Attempt, attempts: int) -> Status:
    if best.findings:
        return Status.FLAGGED
    return Status.VERIFIED if attempts == 1 else Status.REPAIRED


def _attempts(
    method: Method, text: str, evidence: Evidence, sentences: Sequence[int], *, headline: bool
) -> list[Attempt]:
    """Return the claim as it stands and, where that is not right, as it can be put right."""
    findings = _check(method, text, evidence, sentences)
    attempts = [Attempt(method, text, findings)]
    mended = _mend(text, findings, evidence, sentences, headline=headline) if findings else None
    if mended:
        attempts.append(Attempt(Method.PUT_RIGHT, mended, _check(method, mended, evidence, sentences)))
    return attempts


def _check(method: Method, text: str, evidence: Evidence, sentences: Sequence[int]) -> tuple[Finding, ...]:
    """Return what is wrong with a claim.

    A translated sentence was checked against its German by the stage before; what that saw counts here, and that a
    sentence in the subjunctive, out of its paragraph, no longer shows whose word it is.
    """
    if method is not Method.EXTRACTIVE:
        return check_claim(text, evidence, sentences)
    seen = [
        finding
        for i in sentences
        for finding in evidence.translation.sentences[i].findings
        if not (finding.code is FindingCode.ATTRIBUTION_LOST and is_attributed(text))
    ]
    return (*seen, *check_attribution(text, evidence, sentences), *_check_pronoun(text, evidence, sentences))


def _check_pronoun(text: str, evidence: Evidence, sentences: Sequence[int]) -> list[Finding]:
    """Return a finding where a sentence begins with "He" and, out of its paragraph, leaves open who that is."""
    if not _PRONOUN.match(text) or not _speaker(evidence, sentences):
        return []
    return [Finding(FindingCode.CONTEXT_MISSING, f"“{text.split()[0]}” stands for {_speaker(evidence, sentences)}")]


def _mend(
    text: str, findings: Sequence[Finding], evidence: Evidence, sentences: Sequence[int], *, headline: bool
) -> str | None:
    """Return `text` with figures put right, unfounded quotation marks off and its speaker named; None if unchanged."""
    codes = {finding.code for finding in findings}
    mended = text
    if codes & {FindingCode.FIGURE_CHANGED, FindingCode.UNIT_CHANGED, FindingCode.MODIFIER_CHANGED}:
        source = evidence.translation.source.article.text
        figures = evidence.figures(sentences)
        mended = mend_figures(source, figures, mended, complete=False, rounding=True).text or mended
    if FindingCode.QUOTATION_INVENTED in codes:
        mended = re.sub(r"[“”\"„«»]|(?<!\w)['‘](?=\w)|(?<=[\w.,!?])['’](?!\w)", "", mended)
    if FindingCode.ATTRIBUTION_LOST in codes:
        mended = _name_speaker(mended, evidence, sentences, headline=headline) or mended
    if FindingCode.CONTEXT_MISSING in codes:
        mended = _PRONOUN.sub(_speaker(evidence, sentences) or "", mended, count=1)
    return mended if mended != text else None


def _name_speaker(text: str, evidence: Evidence, sentences: Sequence[int], *, headline: bool) -> str | None:
    """Return `text` with its speaker, where the speaker has a name that the English text has too.

    A German sentence that shows by its mood alone that it is reported, or whose words name nobody ("nach Angaben vom
    Donnerstag"), gets no name either.
    """
    name = _speaker(evidence, sentences, institutions=True)
    if name is None:
        attributions = [evidence.attributions.get(i) for i in sentences]
        nameless = all(a and a.kind == "indirect" and None in (a.cue, a.speaker) for a in attributions)
        return f"{text.rstrip('.')}, it was said." if nameless and not headline else None
    if headline:
        return f"{text}, {name} says" if name[0].isupper() else f"{text}, according to {name}"
    if text.count("“") > text.count("”"):  # a quotation that goes on in the next sentence
        return f"{text.rstrip('.')},” according to {name}."
    return f"{text.rstrip('.')}, according to {name}."


def _speaker(evidence: Evidence, sentences: Sequence[int], *, institutions: bool = False) -> str | None:
    """Return the English name of whoever says what `sentences` say; None where that is nobody known, or several.

    With `institutions` it may also be one that has no name here: "the company".
    """
    found = (evidence.attributions.get(i) for i in sentences)
    near = [a for a in found if a and _is_near(a, evidence)]
    names = (english_speaker(a.speaker, evidence.translation) for a in near)
    known = {name for name in names if name}
    if institutions and not known:
        known = {name for a in near if (name := institution(a.speaker))}
        if len(known) == 1 and any(institution(a.speaker) is None for a in near):
            return None
    return known.pop() if len(known) == 1 else None


def institution(speaker: str | None) -> str | None:
    """Return the English of a German speaker that is an institution and nothing more ("die Polizei")."""
    *determiner, noun = (speaker or "").split() or [""]
    known = word_table("de").institutions
    english = known.get(f"{' '.join(determiner).lower()} {noun}") or known.get(noun)
    if english is None or len(determiner) > 1 or not _DETERMINERS.issuperset(word.lower() for word in determiner):
        return None
    if determiner and determiner[0].lower().startswith("ein"):
        return f"{'an' if english[0] in 'aeiou' else 'a'} {english}"
    return f"the {english}"


def _is_near(attribution: Attribution, evidence: Evidence) -> bool:
    """Say whether it is plain who speaks, so that a name may be set: a verb of saying or a quotation names somebody.

    Reported speech without a verb may go on from the sentence before, if that one names a person.
    """
    if attribution.cue or attribution.kind == "direct":
        return True
    source, speaker = evidence.translation.source, attribution.speaker or ""
    here = source.sentences[attribution.sentence]
    before = source.sentences[max(0, here.index - 1)]
    context = f"{before.text} {here.text}" if before.paragraph == here.paragraph else here.text
    names = capitalised(speaker.partition(",")[0])[-1:]
    return bool(names) and names[0] in context and speaker.split()[0].lower() not in _DETERMINERS


def english_speaker(speaker: str | None, translation: Translation) -> str | None:
    """Return the longest name in a German `speaker` that the English text has letter for letter.

    It stands at the end ("der Minister Ali Rahmani"), on either side of a comma ("Mara Voss, Sprecherin der Bank") or,
    if it has more than one word, before what it belongs to ("Mara Voss von der Bank").
    """
    english = " ".join(one.text for one in translation.sentences)
    parts = [part.split() for part in (speaker or "").split(",")]
    found = (_name_at_end(words, english) for words in parts)
    if name := next((name for name in found if name), None):
        return name
    before = (_name_at_end(list(takewhile(lambda word: word.lower() not in _OF, words)), english) for words in parts)
    return next((name for name in before if name and " " in name), None)


def _name_at_end(words: Sequence[str], english: str) -> str | None:
    if words and words[0].lower() in _DETERMINERS:
        words = words[1:]
    for start in range(len(words)):
        if start and words[start - 1].lower() in _OF:
            return None  # "Sprecher der Universität Bonn" is not Bonn
        name = " ".join(words[start:])
        if words[start][0].isupper() and re.search(rf"\b{re.escape(name)}\b", english):
            return name
    return None


def sentence_case(headline: str, evidence: Evidence) -> str:
    """Return a headline in title case as a sentence: names keep their capitals, other words lose them."""
    words = headline.split()
    capitals = sum(word[0].isupper() for word in words)
    if capitals * 2 < len(words):
        return headline
    english = evidence.english(range(len(evidence.translation.sentences)))
    names = {name for text in english for name in mid_sentence_names(text)}
    lower = {word for text in english for word in re.findall(r"\b[a-z]\w*", text)}

    def cased(position: int, word: str) -> str:
        bare = re.sub(r"\W+$|['’]s$", "", word)
        if position == 0 or bare in names or not word[0].isupper() or not bare[1:].islower():
            return word
        return word[0].lower() + word[1:] if bare.lower() in lower or bare not in " ".join(english) else word

    return " ".join(cased(position, word) for position, word in enumerate(words))


def _instructions(translation: Translation) -> list[Finding]:
    """Return a finding for each sentence that addresses a language model; none of them is in the brief."""
    return [
        Finding(
            FindingCode.INSTRUCTION_IN_TEXT,
            "this sentence addresses a language model; the brief leaves it out",
            one.sentence.span,
        )
        for one in translation.sentences
        if is_instruction(one.sentence.text) or is_instruction(one.text)
    ]


def _role(translation: Translation, i: int) -> str:
    return translation.source.paragraphs[translation.sentences[i].sentence.paragraph].role
