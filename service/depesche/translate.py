"""The translate stage: Source → Translation, sentence by sentence, every sentence checked and mended.

Mending goes in this order: the other hypotheses of the beam search, which are there anyway → an instructed model,
told what must not get lost → the figure or weekday put right in place → a flag. Every attempt is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from depesche.catalogue import InstalledModel
from depesche.checks.dates import date_terms, find_dates, put_weekday_right
from depesche.checks.guards import FIGURE_CODES, check_sentence
from depesche.checks.names import (
    confirmed_names,
    find_identifiers,
    put_genitives_right,
    put_names_right,
    put_spelling_right,
)
from depesche.checks.words import find_terms, put_terms_right
from depesche.engines import Engine, Generation, Request
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.figures.mend import mend_figures
from depesche.figures.write import write_figure
from depesche.finding import Finding, FindingCode
from depesche.prompts import Prompt, load_prompt
from depesche.source import Sentence, Source
from depesche.translation import Attempt, Method, Status, TranslatedSentence, Translation

_WEIGHTS = {
    FindingCode.EMPTY: 100,
    FindingCode.UNTRANSLATED: 50,
    FindingCode.CHATTER: 40,
    FindingCode.REPETITION: 40,
    FindingCode.FIGURE_MISSING: 10,
    FindingCode.FIGURE_CHANGED: 10,
    FindingCode.FIGURE_INVENTED: 10,
    FindingCode.UNIT_CHANGED: 10,
    FindingCode.NEGATION_LOST: 8,
    FindingCode.NEGATION_INVENTED: 8,
    FindingCode.DIRECTION_CHANGED: 8,
    FindingCode.SENSE_REVERSED: 8,
    FindingCode.HEDGE_LOST: 8,
    FindingCode.INTENTION_LOST: 8,
    FindingCode.TERM_UNTRANSLATED: 1,
    FindingCode.NAME_CHANGED: 1,
    FindingCode.QUOTATION_MARKS_LOST: 2,
}
_OTHER_WEIGHT = 4
_UNPAIRED = {FindingCode.FIGURE_MISSING, FindingCode.FIGURE_INVENTED}
"""A figure without a counterpart can't be put right in place, and nothing beside it is safe to touch."""
_TRANSLATED = {"de"}
"""Languages whose words the guards know (checks/words.toml); a foreign paragraph is left as it is, and flagged."""
_LONGEST_OUTPUT = 512
_ENDS_QUOTATION = re.compile(r"[\"“](?:$|[\s,.;:!?])")
_LABEL = re.compile(r"^\s*(?:(?:english\s+)?translation|in english|english)\s*:\s*", re.IGNORECASE)
_FINAL_STOP = re.compile(r"[.!?…:;]['\"”“»«’)\]]*$")


class Translator(Protocol):
    """What the stage needs of a model.

    `batch_parity` says that a sentence comes out the same whatever else is in its batch.
    """

    @property
    def batch_parity(self) -> bool:
        """Say whether sentences of many articles may go into one call without changing each other."""
        ...

    def translate(self, sentences: Sequence[str]) -> list[list[Generation]]:
        """Return for each sentence, in order, the renderings that one search finds, at least one, the best first."""
        ...

    def again(self, sentences: Sequence[str], required: Sequence[Sequence[str]]) -> list[list[Generation]]:
        """Return other renderings of each sentence, told which English words in `required` must be there.

        None, where the model can't be told.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelTranslator:
    """A translator made of an engine: instructed by a prompt, or trained to translate (template "none")."""

    engine: Engine
    model: InstalledModel
    hypotheses: int
    """How many hypotheses of a beam search are looked at, if the engine searches with that many beams."""
    retries: int
    """How many renderings are asked for again."""
    beams: int | None = None
    """The most beams of that search; None: as many as the model's publisher recommends."""
    second: ModelTranslator | None = None
    """An instructed model that is asked in place of this one where a sentence failed, told what must be there."""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Return the prompts that the model gets: its own, the general ones, or none if it takes bare sentences."""
        card = self.model.card
        if card.prompt:
            return (load_prompt(card.prompt),)
        if card.template == "none":
            return ()
        return load_prompt("translate"), load_prompt("translate-again")

    @property
    def batch_parity(self) -> bool:
        """Say what the model's card promises."""
        return self.model.card.promises.batch_parity

    def translate(self, sentences: Sequence[str]) -> list[list[Generation]]:
        """Return up to `hypotheses` renderings of each sentence, all sentences in one call of the engine."""
        requests = [self._request(text) for text in sentences]
        return self.engine.generate(
            [replace(request, hypotheses=self.hypotheses, beam_only=True, beams=self.beams) for request in requests]
        )

    def again(self, sentences: Sequence[str], required: Sequence[Sequence[str]]) -> list[list[Generation]]:
        """Return up to `retries` other renderings of each sentence, by the second model where there is one."""
        if self.second is not None:
            return self.second.again(sentences, required)
        if len(self.prompts) < 2:  # told nothing, it would only repeat itself
            return [[] for _ in sentences]
        requests = [self._request(text, terms) for text, terms in zip(sentences, required, strict=True)]
        return self.engine.generate([replace(request, hypotheses=self.retries) for request in requests])

    def _request(self, sentence: str, required: Sequence[str] = ()) -> Request:
        prompts, template = self.prompts, self.model.card.template
        if not prompts:
            return Request(prompt=sentence, max_tokens=self._bound(sentence, _LONGEST_OUTPUT))
        if required and len(prompts) > 1:
            prompt = prompts[1]
            text = prompt.render(template, sentence=sentence, required="; ".join(required))
        else:
            prompt = prompts[0]
            text = prompt.render(template, sentence=sentence)
        # A model that starts a second line has begun to talk about the first.
        return Request(prompt=text, max_tokens=self._bound(sentence, prompt.max_tokens), stop=("\n",))

    def _bound(self, sentence: str, most: int) -> int:
        return min(most, 40 + len(sentence))


def needs_translation(source: Source) -> bool:
    """Say whether a sentence of `source` has to go to a translator."""
    return any(sentence.language in _TRANSLATED for sentence in source.sentences)


def translate(sources: Sequence[Source], translator: Translator) -> list[Translation]:
    """Translate all `sources`, in as few calls of the engine as their briefs' identity allows.

    Sentences of many articles go into one call where the model promises that they don't change each other; else
    each article is a call of its own, so that a brief never depends on what it was made with. Identical
    sentences of a call are translated once. English sentences are copied. Raises `GenerationFailed` only when the
    engine fails as a whole.
    """
    if translator.batch_parity:
        return _translate_together(sources, translator)
    return [translation for source in sources for translation in _translate_together([source], translator)]


def _translate_together(sources: Sequence[Source], translator: Translator) -> list[Translation]:
    texts = list(
        dict.fromkeys(
            sentence.text for source in sources for sentence in source.sentences if sentence.language in _TRANSLATED
        )
    )
    found = dict(zip(texts, translator.translate(texts), strict=True)) if texts else {}
    drafts = [_draft(source, found) for source in sources]
    _put_terms_right(drafts)
    _look_further(drafts, found)
    _try_again(drafts, translator)
    return [
        Translation(draft.source, tuple(_settle(candidate, draft.names) for candidate in draft.candidates))
        for draft in drafts
    ]


@dataclass(slots=True)
class _Candidate:
    """A sentence on its way: all attempts so far."""

    sentence: Sentence
    figures: tuple[Figure, ...]
    attempts: list[Attempt]

    @property
    def best(self) -> Attempt:
        return min(self.attempts, key=lambda attempt: weigh(attempt.findings))


@dataclass(slots=True)
class _Draft:
    source: Source
    names: frozenset[str]
    candidates: list[_Candidate]


def weigh(findings: Iterable[Finding]) -> int:
    """Return how bad `findings` are together; 0 is none."""
    return sum(_WEIGHTS.get(finding.code, _OTHER_WEIGHT) for finding in findings)


def _draft(source: Source, found: Mapping[str, Sequence[Generation]]) -> _Draft:
    english = [
        _tidy(sentence.text, found[sentence.text][0].text) if sentence.language in _TRANSLATED else sentence.text
        for sentence in source.sentences
    ]
    names = confirmed_names(
        (sentence.text, text)
        for sentence, text in zip(source.sentences, english, strict=True)
        if sentence.language in _TRANSLATED
    )
    candidates = []
    for sentence, text in zip(source.sentences, english, strict=True):
        figures = source.figures_of(sentence)
        if sentence.language == "en":
            attempt = Attempt(Method.COPIED, text, ())
        elif sentence.language not in _TRANSLATED:
            reason = Finding(
                FindingCode.UNTRANSLATED, f"in {sentence.language}, which is not translated", sentence.span
            )
            attempt = Attempt(Method.COPIED, text, (reason,))
        else:
            finished = found[sentence.text][0].finished
            attempt = _attempt(Method.MODEL, sentence, figures, text, names, finished=finished)
        candidates.append(_Candidate(sentence, figures, [attempt]))
    return _Draft(source, names, candidates)


def _attempt(
    method: Method,
    sentence: Sentence,
    figures: tuple[Figure, ...],
    text: str,
    names: frozenset[str],
    *,
    finished: bool = True,
) -> Attempt:
    found = find_figures(text, "en")
    return Attempt(method, text, check_sentence(sentence, figures, text, found, finished=finished, names=names))


def _put_terms_right(drafts: Sequence[_Draft]) -> None:
    """Put right abbreviations, genitives, umlauts and bent names, which is sure to be right, before all else."""
    for draft in drafts:
        for candidate in draft.candidates:
            sentence, figures, text = candidate.sentence, candidate.figures, candidate.best.text
            mended = _with_terms_right(sentence, text, draft.names)
            if sentence.language in _TRANSLATED and mended != text:
                candidate.attempts.append(_attempt(Method.PUT_RIGHT, sentence, figures, mended, draft.names))


def _with_terms_right(sentence: Sentence, english: str, names: frozenset[str]) -> str:
    """Return `english` with abbreviations, genitives, umlauts and names put right."""
    text = put_genitives_right(put_terms_right(english), names)
    return put_names_right(put_spelling_right(text, sentence.text, names), sentence.text, names)


def _failed(drafts: Sequence[_Draft]) -> list[tuple[_Draft, _Candidate]]:
    return [
        (draft, candidate)
        for draft in drafts
        for candidate in draft.candidates
        if candidate.best.findings and candidate.sentence.language in _TRANSLATED
    ]


def _look_further(drafts: Sequence[_Draft], found: Mapping[str, Sequence[Generation]]) -> None:
    """Where the best hypothesis failed, check the next ones, up to the first that passes."""
    for draft, candidate in _failed(drafts):
        _add_hypotheses(draft, candidate, found[candidate.sentence.text][1:])


def _try_again(drafts: Sequence[_Draft], translator: Translator) -> None:
    failed = _failed(drafts)
    if not failed:
        return
    required = [required_terms(candidate.sentence, candidate.figures) for _, candidate in failed]
    answers = translator.again([candidate.sentence.text for _, candidate in failed], required)
    for (draft, candidate), generations in zip(failed, answers, strict=True):
        _add_hypotheses(draft, candidate, generations)


def _add_hypotheses(draft: _Draft, candidate: _Candidate, generations: Iterable[Generation]) -> None:
    """Add the renderings that are new to the attempts, up to the first without findings."""
    sentence, figures = candidate.sentence, candidate.figures
    for generation in generations:
        text = _with_terms_right(sentence, _tidy(sentence.text, generation.text), draft.names)
        if text in {attempt.text for attempt in candidate.attempts}:
            continue
        attempt = _attempt(Method.HYPOTHESIS, sentence, figures, text, draft.names, finished=generation.finished)
        candidate.attempts.append(attempt)
        if not attempt.findings:
            return


def required_terms(sentence: Sentence, figures: Sequence[Figure]) -> list[str]:
    """Return the English words that a translation of `sentence` must have: figures, dates, names with digits."""
    local = [figure.span.shifted(-sentence.span.start) for figure in figures]
    dates = find_dates(sentence.text, sentence.language, figures=local)
    terms = [write_figure(figure) for figure in figures]
    terms += [english for _, english in find_terms(sentence.text)]
    return list(dict.fromkeys([*terms, *date_terms(dates), *find_identifiers(sentence.text)]))


def _settle(candidate: _Candidate, names: frozenset[str]) -> TranslatedSentence:
    """Put right in place what can be put right, choose the best attempt, and say how it ended."""
    for attempt in sorted(candidate.attempts, key=lambda attempt: weigh(attempt.findings)):
        if not attempt.findings or attempt.method is Method.COPIED:
            break
        if text := _put_right(candidate, attempt, names):
            mended = _attempt(Method.PUT_RIGHT, candidate.sentence, candidate.figures, text, names)
            candidate.attempts.append(mended)
            if not mended.findings:
                break
    best = candidate.best
    if best.findings:
        status = Status.FLAGGED
    elif best.method in {Method.MODEL, Method.COPIED}:
        status = Status.VERIFIED
    else:
        status = Status.REPAIRED
    return TranslatedSentence(
        sentence=candidate.sentence,
        text=best.text,
        figures=find_figures(best.text, "en"),
        status=status,
        findings=best.findings,
        attempts=tuple(candidate.attempts),
    )


def _put_right(candidate: _Candidate, attempt: Attempt, names: frozenset[str]) -> str | None:
    """Return the attempt's text with wrong figures, weekday, abbreviations and genitives put right.

    None if nothing could be.
    """
    sentence, english = candidate.sentence, attempt.text
    figures = [figure.shifted(-sentence.span.start) for figure in candidate.figures]
    text = english
    codes = {finding.code for finding in attempt.findings}
    if codes & FIGURE_CODES and not codes & _UNPAIRED:
        found = find_figures(english, "en")
        text = mend_figures(sentence.text, figures, english, found).text or english
    dates = find_dates(sentence.text, sentence.language, figures=[figure.span for figure in figures])
    text = put_weekday_right(dates, find_dates(text, "en"), text) or text
    text = _with_terms_right(sentence, text, names)
    return text if text != english else None


def _tidy(source: str, english: str) -> str:
    """Return the model's output without label and stray space, with typographic quotation marks.

    A headline without a full stop gets none in English either.
    """
    text = _LABEL.sub("", " ".join(english.split()))
    if not _FINAL_STOP.search(source) and text.endswith(".") and not text.endswith(("..", "U.S.")):
        text = text.removesuffix(".")
    return set_quotation_marks(text)


def set_quotation_marks(text: str) -> str:
    """Return `text` with straight and German double quotation marks as English typographic ones."""
    marks = [i for i, c in enumerate(text) if c in '"„“”«»']
    characters = list(text)
    opened = False
    for i in marks:
        opens = not opened if characters[i] == '"' else characters[i] in "„»" or (characters[i] == "“" and not opened)
        if not opened and characters[i] in '"“' and _ENDS_QUOTATION.match(text, i) and i and not text[i - 1].isspace():
            opens = False  # the end of a quotation that began in an earlier sentence
        characters[i] = "“" if opens else "”"
        opened = opens
    return "".join(characters)
