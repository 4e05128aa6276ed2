"""The summarizer without a model: chooses translated sentences by position, figures and centrality.

It is a choice of its own (`summarize.model = "extractive"`) and the fallback for whatever a model writes that
cannot be verified. Its claims are whole translated sentences (less the dateline), so it can select badly but invent
nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from depesche.checks.instructions import is_instruction
from depesche.checks.support import Index, build_index
from depesche.draft import Claim, Draft
from depesche.figure import Kind
from depesche.finding import FindingCode
from depesche.translation import Method, Status, TranslatedSentence, Translation

_WEIGHTY = {Kind.MONEY, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.QUALITATIVE, Kind.RATE, Kind.QUANTITY, Kind.SCORE}
_FEWEST_WORDS, _MOST_WORDS = 5, 60
_LEANS_ON_CONTEXT = re.compile(
    r"(?:he|she|they|his|her|their|its|it(?! (?:is|was|has been|remains) )|this|these|that|those|here|then"
    r"|there(?! (?:is|are|was|were|has|have|had|will|would)\b)|such an?|but|and|so|also|however|instead|therefore|thus"
    r"|moreover|nevertheless|besides|meanwhile|otherwise|in addition|for this|because of this)\b",
    re.IGNORECASE,
)
"""How a sentence begins that is hard to understand without the one before it."""
_DATELINE = re.compile(r"(?!(?:Der|Die|Das|Eine?|The|An?) )[A-ZÄÖÜ][\w /.,'-]{1,40}? ?\([^()\d]{2,40}\) ?[–—-]+ (?=\S)")
"""“BERLIN (dda) – ”: place and agency, as agencies open a report."""
_SAME = 0.6
_MOST_RANKED = 40


class ExtractiveSummarizer:
    """Headline from the title, summary and key points from the best sentences."""

    def __init__(self, *, key_points: int = 5) -> None:
        self._key_points = key_points

    def summarize(self, translations: Sequence[Translation]) -> list[Draft]:
        """Return one draft for each translation."""
        return [self._summarize(translation) for translation in translations]

    def _summarize(self, translation: Translation) -> Draft:
        order = rank_sentences(translation)
        headline = choose_headline(translation, order)
        rest = [i for i in order if i not in headline.evidence]
        lead = sorted(rest[:2]) if len(rest) > self._key_points else rest[:1]
        points = sorted([i for i in rest if i not in lead][: self._key_points])
        return Draft(
            headline=headline,
            summary=tuple(quote(translation, i) for i in lead),
            key_points=tuple(quote(translation, i) for i in points),
        )


def quote(translation: Translation, index: int) -> Claim:
    """Return the translated sentence `index`, without a dateline, as a claim that rests on itself."""
    translated = translation.sentences[index]
    text = _without_dateline(translated.text) if _DATELINE.match(translated.sentence.text) else translated.text
    return Claim(text, (index,), Method.EXTRACTIVE)


def _without_dateline(text: str) -> str:
    found = _DATELINE.match(text)
    return text[found.end() :] if found else text


def usable_sentences(translation: Translation) -> list[int]:
    """Return the sentences that a brief may rest on.

    Left out are those that address a language model with the rest of their paragraph, and those left untranslated.
    """
    usable = []
    tainted = -1
    for i, translated in enumerate(translation.sentences):
        if is_instruction(translated.sentence.text) or is_instruction(translated.text):
            tainted = translated.sentence.paragraph
        foreign = any(finding.code is FindingCode.UNTRANSLATED for finding in translated.findings)
        if translated.sentence.paragraph != tainted and not foreign:
            usable.append(i)
    return usable


def choose_headline(translation: Translation, order: Sequence[int]) -> Claim:
    """Return the translated title as a claim; without a usable one, the best sentence."""
    usable = set(usable_sentences(translation))
    titles = [i for i in sorted(usable) if _role(translation, i) == "title"]
    if titles:
        text = " ".join(translation.sentences[i].text for i in titles)
        return Claim(text, tuple(titles), Method.EXTRACTIVE)
    return quote(translation, order[0] if order else 0)


def rank_sentences(translation: Translation) -> list[int]:
    """Return the usable body and teaser sentences, most important first, without near repetitions."""
    index = build_index([translated.text for translated in translation.sentences])
    usable = [i for i in usable_sentences(translation) if _role(translation, i) != "title"]
    norms = [math.sqrt(math.fsum(index.weight(s) ** 2 for s in sorted(content))) for content in index.sentences]
    centre = _centre(index, norms)
    scores = {i: _score(translation, index, i, norms, centre) for i in usable}
    order: list[int] = []
    for i in sorted(usable, key=lambda i: (-scores[i], i)):
        if len(order) == _MOST_RANKED:
            break
        if all(_similarity(index, norms, i, j) < _SAME for j in order):
            order.append(i)
    return order


def _centre(index: Index, norms: Sequence[float]) -> dict[str, float]:
    """Return the sum of all sentences' unit vectors: a sentence's product with it is its similarity to all others."""
    centre: dict[str, float] = {}
    for content, norm in zip(index.sentences, norms, strict=True):
        for stem in sorted(content):
            centre[stem] = centre.get(stem, 0.0) + index.weight(stem) / norm
    return centre


def _score(translation: Translation, index: Index, i: int, norms: Sequence[float], centre: dict[str, float]) -> float:
    translated = translation.sentences[i]
    length = len(translated.text.split())
    if not _FEWEST_WORDS <= length <= _MOST_WORDS:
        return 0.0
    count = len(translation.sentences)
    position = 1.0 / (1.0 + i) + (0.15 if i < count / 3 else 0.0)
    likeness = math.fsum(index.weight(stem) * centre[stem] for stem in index.sentences[i])
    centrality = (likeness / norms[i] - 1.0) / max(1, count - 1) if norms[i] else 0.0
    figures = sum(figure.kind in _WEIGHTY for figure in translation.source.figures_of(translated.sentence))
    score = 1.2 * position + 2.0 * centrality + 0.25 * min(figures, 3)
    if _LEANS_ON_CONTEXT.match(translated.text):
        score *= 0.5
    return score * _trust(translated)


def _trust(translated: TranslatedSentence) -> float:
    return 0.4 if translated.status is Status.FLAGGED else 1.0


def _similarity(index: Index, norms: Sequence[float], i: int, j: int) -> float:
    """Return the cosine of two sentences' stems, weighted by rarity."""
    shared = math.fsum(index.weight(stem) ** 2 for stem in index.sentences[i] & index.sentences[j])
    return shared / (norms[i] * norms[j]) if shared else 0.0


def _role(translation: Translation, i: int) -> str:
    return translation.source.paragraphs[translation.sentences[i].sentence.paragraph].role
