"""The summarize stage: Translation → Draft, by a model under a prompt; nothing that it writes is believed here.

The model sees the English sentences without those that address a language model, and answers in JSON. An article
longer than the model's window goes in by sections, whose key points are then made into one brief. Evidence is not
asked of the model (small ones number at random): each claim is laid beside the sentences and rests on those that
hold its content. A draft that is no JSON or lacks a part is replaced by the extractive one, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from depesche.catalogue import InstalledModel
from depesche.checks.support import build_index, find_evidence
from depesche.draft import Claim, Draft
from depesche.engines import Engine, Generation, Request
from depesche.extractive import ExtractiveSummarizer, choose_headline, rank_sentences, usable_sentences
from depesche.figures.write import write_figure
from depesche.finding import Finding, FindingCode
from depesche.importance import leading_figures
from depesche.prompts import Prompt, load_prompt
from depesche.read.sentences import split_sentences
from depesche.translation import Method, Status, Translation

_LONGEST_POINT = 320
_SENTENCE = {"type": "string", "minLength": 8, "maxLength": _LONGEST_POINT}
_MOST_ROUNDS = 3
_PROMPT_TOKENS = 300
_MOST_SUMMARY_SENTENCES = 3
_MOST_HEADLINE_CHARACTERS = 140
_SECTION_POINTS = 4
_OPENING_SENTENCES = 3
_LONGEST_SENTENCE = 1500
_TRAINED_TOKENS = 420
"""Tokens of the longest articles that the compact summarizer was trained on."""


class Summarizer(Protocol):
    """What the stage needs: drafts for translations, in order."""

    def summarize(self, translations: Sequence[Translation]) -> list[Draft]:
        """Return one draft for each translation."""
        ...


@dataclass(frozen=True, slots=True)
class ModelSummarizer:
    """A summarizer made of an engine and the prompts `brief` and `section`."""

    engine: Engine
    model: InstalledModel
    key_points: int

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Return the prompts that the model gets."""
        return load_prompt("brief"), load_prompt("section")

    def summarize(self, translations: Sequence[Translation]) -> list[Draft]:
        """Return one draft for each translation; the articles' requests go to the engine together."""
        inputs = self._condense([_visible_text(translation) for translation in translations])
        schema = brief_schema(self.key_points)
        answers = self.engine.generate(
            [
                self._request("brief", schema, article=text, figures=_leading_figures(translation))
                for translation, text in zip(translations, inputs, strict=True)
            ]
        )
        return [
            self._draft(translation, generations[0])
            for translation, generations in zip(translations, answers, strict=True)
        ]

    def _condense(self, texts: Sequence[str]) -> list[str]:
        """Return `texts` with those that don't fit the window replaced by the key points of their sections.

        Points are condensed again while they are too long; what a stubborn model leaves is cut at a line's end.
        """
        condensed = list(texts)
        for _ in range(_MOST_ROUNDS):
            jobs = [(n, part) for n, text in enumerate(condensed) for part in self._sections(text)]
            jobs = [(n, part) for n, part in jobs if sum(n == m for m, _ in jobs) > 1]
            if not jobs:
                break
            condensed = self._condense_once(condensed, jobs)
        return [self._sections(text)[0] for text in condensed]

    def _condense_once(self, texts: Sequence[str], jobs: Sequence[tuple[int, str]]) -> list[str]:
        """Return `texts` with the sections in `jobs` (text number, section) replaced by their key points."""
        schema = section_schema(_SECTION_POINTS)
        answers = self.engine.generate([self._request("section", schema, article=part) for _, part in jobs])
        points: dict[int, list[str]] = {n: [] for n, _ in jobs}
        for (n, part), generations in zip(jobs, answers, strict=True):
            found = _strings(_parse(generations[0].text).get("key_points"))[:_SECTION_POINTS]
            points[n] += found or [line[:_LONGEST_POINT] for line in part.split("\n")[:_SECTION_POINTS]]
        # The opening says what the article is about; the sections' points say the rest.
        return [
            "\n".join([*text.split("\n")[:_OPENING_SENTENCES], *points[n]]) if n in points else text
            for n, text in enumerate(texts)
        ]

    def _sections(self, text: str) -> list[str]:
        """Return `text` cut at line ends into parts that fit the window with prompt and answer."""
        room = self.engine.window - load_prompt("brief").max_tokens - _PROMPT_TOKENS
        if self.engine.count_tokens(text) <= room:
            return [text]
        parts: list[list[str]] = [[]]
        used = 0
        for line in text.split("\n"):
            tokens = self.engine.count_tokens(line) + 1
            if parts[-1] and used + tokens > room // 2:
                parts.append([])
                used = 0
            parts[-1].append(line)
            used += tokens
        return ["\n".join(part) for part in parts]

    def _request(self, name: str, schema: dict[str, Any], **values: str) -> Request:
        prompt = load_prompt(name)
        points = schema["properties"]["key_points"]["maxItems"]
        rendered = prompt.render(self.model.card.template, key_points=str(points), **values)
        return Request(prompt=rendered, max_tokens=prompt.max_tokens, json_schema=schema)

    def _draft(self, translation: Translation, generation: Generation) -> Draft:
        answer = _parse(generation.text)
        headline = answer.get("headline")
        summary = _summary_sentences(answer.get("summary"))
        points = _strings(answer.get("key_points"))
        return _checked(translation, headline if isinstance(headline, str) else "", summary, points, self.key_points)


@dataclass(frozen=True, slots=True)
class TrainedSummarizer:
    """A summarizer that was trained on one prompt (its card's `brief_prompt`) and answers in lines.

    The first line is the headline, the second the summary, each further one a key point. Of an article that is longer
    than those of its training it sees the title and the most important sentences, in their order. A title that the
    article has is the better headline: its translation was checked, and a small model's own says more than is true.
    """

    engine: Engine
    model: InstalledModel
    key_points: int

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Return the prompt that the model gets."""
        return (load_prompt(self.model.card.brief_prompt or "brief"),)

    def summarize(self, translations: Sequence[Translation]) -> list[Draft]:
        """Return one draft for each translation; the articles' requests go to the engine together."""
        (prompt,) = self.prompts
        template = self.model.card.template
        requests = [
            Request(prompt.render(template, article=self._shortened(translation)), prompt.max_tokens)
            for translation in translations
        ]
        return [
            self._draft(translation, generations[0].text)
            for translation, generations in zip(translations, self.engine.generate(requests), strict=True)
        ]

    def _shortened(self, translation: Translation) -> str:
        """Return the sentences that the model sees, as one line."""
        chosen: list[int] = []
        left = _TRAINED_TOKENS
        for i in [*_titles(translation), *rank_sentences(translation)]:
            left -= self.engine.count_tokens(translation.sentences[i].text)
            if left < 0 and chosen:
                break
            chosen.append(i)
        return " ".join(" ".join(translation.sentences[i].text[:_LONGEST_SENTENCE].split()) for i in sorted(chosen))

    def _draft(self, translation: Translation, text: str) -> Draft:
        headline, *rest = [line for line in map(str.strip, text.split("\n")) if line] or [""]
        draft = _checked(translation, headline, _summary_sentences(rest[:1]), _strings(rest[1:]), self.key_points)
        return replace(draft, headline=choose_headline(translation, ())) if _titles(translation) else draft


def _titles(translation: Translation) -> list[int]:
    """Return the usable sentences of the article's title."""
    usable = usable_sentences(translation)
    return [i for i in usable if translation.source.paragraphs[_paragraph(translation, i)].role == "title"]


def _paragraph(translation: Translation, i: int) -> int:
    return translation.sentences[i].sentence.paragraph


def _checked(
    translation: Translation, headline: str, summary: Sequence[str], points: Sequence[str], key_points: int
) -> Draft:
    """Return what a model wrote as a draft with its evidence, or the extractive draft where a part is missing."""
    points = list(dict.fromkeys(points))
    if not headline.strip() or not summary or not points:
        draft = ExtractiveSummarizer(key_points=key_points).summarize([translation])[0]
        finding = Finding(FindingCode.DRAFT_UNUSABLE, "the model's draft was no complete brief")
        return replace(draft, findings=(finding,))
    index = build_index([translated.text for translated in translation.sentences])
    usable = usable_sentences(translation)

    def claim(text: str) -> Claim:
        return Claim(text, find_evidence(index, text, usable)[0], Method.MODEL)

    return Draft(
        headline=claim(" ".join(headline.split()).removesuffix(".")),
        summary=tuple(map(claim, summary[:_MOST_SUMMARY_SENTENCES])),
        key_points=tuple(map(claim, points[:key_points])),
    )


def brief_schema(key_points: int) -> dict[str, Any]:
    """Return the JSON Schema of what the model is to write."""
    return {
        "type": "object",
        "properties": {
            "headline": {"type": "string", "minLength": 8, "maxLength": _MOST_HEADLINE_CHARACTERS},
            "summary": {
                "type": "array",
                "items": _SENTENCE,
                "minItems": 2,
                "maxItems": _MOST_SUMMARY_SENTENCES,
            },
            "key_points": {"type": "array", "items": _SENTENCE, "minItems": 3, "maxItems": key_points},
        },
        "required": ["headline", "summary", "key_points"],
        "additionalProperties": False,
    }


def section_schema(key_points: int) -> dict[str, Any]:
    """Return the JSON Schema of a section's key points."""
    return {
        "type": "object",
        "properties": {"key_points": {"type": "array", "items": _SENTENCE, "minItems": 1, "maxItems": key_points}},
        "required": ["key_points"],
        "additionalProperties": False,
    }


def _visible_text(translation: Translation) -> str:
    """Return the English sentences that the model may see, one a line; an endless one is cut."""
    return "\n".join(translation.sentences[i].text[:_LONGEST_SENTENCE] for i in usable_sentences(translation))


def _leading_figures(translation: Translation) -> str:
    """Return the English of the article's most important figures, which the brief should not be without."""
    usable = set(usable_sentences(translation))
    chosen = [
        figure
        for figure, i in leading_figures(translation.source)
        if i in usable and translation.sentences[i].status is not Status.FLAGGED
    ]
    return "; ".join(dict.fromkeys(map(write_figure, chosen)))


def _parse(text: str) -> dict[str, Any]:
    """Return the JSON object in `text`; what was cut off in a list is lost, what stands before it is kept."""
    start = text.find("{")
    for end in ("", '"]}', "]}", "}", '"}'):
        try:
            value = json.loads(text[start:] + end) if start >= 0 else None
        except json.JSONDecodeError:
            continue
        if isinstance(value, dict):
            return value
    return {}


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [" ".join(item.split()) for item in value if isinstance(item, str) and item.strip()]


def _summary_sentences(value: object) -> list[str]:
    text = " ".join(_strings(value)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return []
    text = " ".join(text.split())
    return [span.of(text) for span in split_sentences(text, "en")]
