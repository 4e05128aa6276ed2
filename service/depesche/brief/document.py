"""The brief as a document: the versioned public types, and the JSON Schema that they make.

`spans` in it are `[start, end)` character offsets into `article.text`, and the text there is the German quoted.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from depesche.figure import Direction, Kind, Modifier, Role
from depesche.quotation import QuotationKind
from depesche.translation import Method, Status

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSpan(_Part):
    """Half-open range of characters of `article.text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Warning_(_Part):  # noqa: N801 - `Warning` is a builtin; the schema calls it Warning
    """Something that an editor should know; `code` never changes its meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Warning")

    code: str
    detail: str
    place: str = Field(description="headline, summary[0], key_points[2], sentence[7], article")
    span: SourceSpan | None = None


class ArticleInfo(_Part):
    """The German article as it was read. `text` is the canonical text that every span refers to."""

    title: str | None
    teaser: str | None
    byline: str | None
    published: str | None
    url: str | None
    name: str = Field(description="Path or URL as given, or - for standard input.")
    format: str
    encoding: str
    sha256: str = Field(description="Of the bytes as read.")
    language: str
    language_confidence: float
    words: int
    text: str


class BriefAttempt(_Part):
    """One try at a sentence, with what was wrong with it."""

    method: Method
    text: str
    findings: tuple[str, ...]


class BriefClaim(_Part):
    """One sentence of the brief, the sentences it rests on, and how it was checked."""

    text: str
    evidence: tuple[int, ...] = Field(description="Indices into `sentences`.")
    figures: tuple[str, ...] = Field(description="Ids of the figures in it.")
    status: Status
    method: Method
    attempts: tuple[BriefAttempt, ...] = Field(description="What was tried before, where the first try did not hold.")


class BriefWords(_Part):
    """Words of the article; `english` is a stretch of its translation, None where that does not show one."""

    german: str
    span: SourceSpan
    english: str | None


class BriefSubject(_Part):
    """What a figure is about, as far as the article plainly says so."""

    subject: BriefWords | None = Field(description="Who or what has the figure.")
    measure: BriefWords | None = Field(description="What is measured or counted.")
    period: BriefWords | None = Field(description="The time it is said for.")


class BriefFigure(_Part):
    """One figure of the article. Exactly one of `value`, `low` and `high`, or `quality` is given.

    Numbers are decimal strings: exact, never rounded through binary floating point.
    """

    id: str
    rank: int = Field(ge=1, description="1 is the most important.")
    kind: Kind
    value: str | None
    low: str | None
    high: str | None
    unit: str | None
    modifier: Modifier | None
    direction: Direction | None
    role: Role | None
    quality: str | None = Field(description="Key of a qualitative figure, which has no number: digits:3, several:1e9.")
    english: str = Field(description="The figure in English words, as the translated sentence has it.")
    german: str = Field(description="The German words, verbatim.")
    span: SourceSpan
    about: BriefSubject | None = Field(description="Whom and what the figure is about; None where nothing tells.")
    sentence: int = Field(description="Index into `sentences`.")
    english_sentence: str
    status: Status = Field(description="flagged: the translated sentence does not say this figure as the German does.")
    places: tuple[str, ...] = Field(description="Where in the brief it is used: headline, summary, key_points.")


class BriefQuotation(_Part):
    """One quotation; `german` is verbatim, `english` what the translation has for it."""

    kind: QuotationKind
    german: str
    span: SourceSpan
    english: str | None
    speaker: str | None
    speaker_span: SourceSpan | None
    resolved_speaker: str | None
    speaker_english: str | None = Field(description="The speaker's name as the English text has it.")
    cue: str | None
    sentences: tuple[int, ...]


class BriefSentence(_Part):
    """One sentence of the article with its translation."""

    index: int
    paragraph: int
    span: SourceSpan
    german: str
    english: str
    status: Status
    method: Method
    findings: tuple[str, ...]
    attempts: tuple[BriefAttempt, ...]


class Verification(_Part):
    """What the checks came to, in numbers."""

    status: Status
    claims: dict[Status, int]
    sentences: dict[Status, int]
    figures: int = Field(description="Figures in headline, summary and key points.")
    figures_traced: int = Field(description="Those of them that are traced to a German span.")


class ModelInfo(_Part):
    """A model that had a part in the brief."""

    role: Literal["translate", "summarize"]
    name: str
    sha256: str | None = Field(description="None for the extractive summarizer, which has no weights.")
    engine: str


class PromptInfo(_Part):
    """A prompt that a model got."""

    id: str
    version: int
    sha256: str


class Provenance(_Part):
    """How the brief came about."""

    generator: str
    models: tuple[ModelInfo, ...]
    prompts: tuple[PromptInfo, ...]
    config_sha256: str


class Brief(_Part):
    """A verified English brief of one German article."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    id: str
    status: Status
    headline: BriefClaim
    summary: tuple[BriefClaim, ...]
    key_points: tuple[BriefClaim, ...]
    figures: tuple[BriefFigure, ...]
    quotations: tuple[BriefQuotation, ...]
    warnings: tuple[Warning_, ...]
    verification: Verification
    article: ArticleInfo
    sentences: tuple[BriefSentence, ...]
    provenance: Provenance
    timings: dict[str, float] = Field(default_factory=dict, description="Seconds a stage; no part of the id.")

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the document as JSON, German characters as they are."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    def identity(self) -> str:
        """Return the hash of everything but the id itself, the timings and the name under which the article came in.

        It is the `id` unless the document was edited.
        """
        nameless = self.model_dump(mode="json", exclude={"id": True, "timings": True, "article": {"name"}})
        canonical = json.dumps(nameless, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def brief_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the document."""
    schema = Brief.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:depesche:brief:1.0", **schema}
