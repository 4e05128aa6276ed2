"""What the service answers, as plain values; a brief itself is `depesche.Brief`.

Spans are half-open character offsets into `text` beside them. Fields that a newer service adds are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from depesche.brief import Brief, ModelInfo, PromptInfo, SourceSpan
from depesche.client.failures import error_of
from depesche.errors import DepescheError
from depesche.figure import Direction, Kind, Modifier, Role
from depesche.quotation import QuotationKind
from depesche.translation import Method, Status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of many; `next` is the cursor of the page after it, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """A stored brief in a list; `flags` counts the warnings that a strict request fails for."""

    id: str
    headline: str
    summary: str
    status: Status
    language: str
    article_name: str
    title: str | None
    published: str | None
    created: datetime
    figures: int
    flags: int
    feedback: int


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure of a text. Numbers are exact decimal strings; `value`, `low` and `high`, or `quality` is given."""

    kind: Kind
    text: str
    span: SourceSpan
    value: str | None
    low: str | None
    high: str | None
    unit: str | None
    modifier: Modifier | None
    direction: Direction | None
    role: Role | None
    quality: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a text, in its order."""

    text: str
    language: str
    figures: tuple[FoundFigure, ...]


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """A quotation with its speaker and cue, as far as the text tells."""

    kind: QuotationKind
    text: str
    span: SourceSpan
    speaker: str | None
    speaker_span: SourceSpan | None
    resolved_speaker: str | None
    cue: str | None
    cue_span: SourceSpan | None


@dataclass(frozen=True, slots=True)
class Quotations:
    """The quotations of a text, in its order."""

    text: str
    language: str
    quotations: tuple[FoundQuotation, ...]


@dataclass(frozen=True, slots=True)
class DetectedParagraph:
    """A paragraph with its language; `und` where it cannot be told."""

    span: SourceSpan
    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """The language of a text (ISO 639-1, or `und`) and of each of its paragraphs."""

    text: str
    language: str
    confidence: float
    paragraphs: tuple[DetectedParagraph, ...]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence and its checked translation; `findings` are what is wrong with it still."""

    index: int
    paragraph: int
    span: SourceSpan
    german: str
    english: str
    status: Status
    method: Method
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """An article, sentence by sentence."""

    text: str
    language: str
    sentences: tuple[SentencePair, ...]


@dataclass(frozen=True, slots=True)
class ApiFeedback:
    """What an editor said of a part of a brief."""

    id: int
    brief_id: str
    target: str
    index: int
    verdict: str
    created: datetime
    correction: str | None = None
    note: str | None = None
    editor: str | None = None


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that there is a card for."""

    name: str
    tasks: tuple[str, ...]
    licence: str
    bytes: int
    state: Literal["installed", "partial", "absent"]


@dataclass(frozen=True, slots=True)
class Models:
    """The models and prompts that briefs are made with, and all models there are cards for."""

    used: tuple[ModelInfo, ...]
    prompts: tuple[PromptInfo, ...]
    config_sha256: str
    known: tuple[KnownModel, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `skipped` among the counts are articles that a cancelled job no longer did."""

    id: str
    state: Literal["queued", "running", "done", "cancelled"]
    label: str | None
    created: datetime
    started: datetime | None
    ended: datetime | None
    articles: int
    counts: dict[str, int]
    statuses: dict[str, int]
    seconds_left: float | None

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will happen to it."""
        return self.state in {"done", "cancelled"}


@dataclass(frozen=True, slots=True)
class NewJob(Job):
    """A job that was just taken in; `passed_over` is what an archive held beside articles, and how often."""

    passed_over: dict[str, int]


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """How an article of a job ended, the `number`-th of its job: with a brief, or with the problem in its place."""

    number: int
    name: str
    state: Literal["done", "failed"]
    brief: Brief | None = None
    problem: dict[str, Any] | None = None

    @property
    def error(self) -> DepescheError | None:
        """Return the problem as the error that it is."""
        return error_of(self.problem) if self.problem else None


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Outcomes in the order in which they came about; `next` is the number to go on after, None at the end so far."""

    items: tuple[ArticleOutcome, ...]
    next: int | None = None


@dataclass(frozen=True, slots=True)
class EndedArticle:
    """What an event says of an article that has ended."""

    number: int
    name: str
    state: Literal["done", "failed"]
    status: Status | None = None
    brief_id: str | None = None
    headline: str | None = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job: `article` says which article has ended, otherwise `job` how the job stands."""

    kind: Literal["article", "progress", "end"]
    job: Job | None = None
    article: EndedArticle | None = None
