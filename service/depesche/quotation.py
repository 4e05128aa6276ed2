"""A quotation: what a text says that somebody said, with speaker and cue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from depesche.span import Span


class QuotationKind(StrEnum):
    """Direct speech stands in quotation marks; indirect speech is marked by grammar or cue; the rest is no speech."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    SCARE = "scare"
    """A word or phrase set in quotation marks inside a sentence of the writer's ("aggressiv")."""
    TITLE = "title"
    """The name of a work, a ship, an outlet: „Spiegel“."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation with offsets into `Article.text`.

    `span` covers the quoted words without the marks; for indirect speech the reported clause.
    `speaker` is the words that name the speaker where the text does so next to the quotation;
    `resolved_speaker` is the name that "er" or "der Minister" stands for, where the text tells.
    `sentences` are the indices of the `Source` sentences that the quotation touches.
    """

    kind: QuotationKind
    text: str
    span: Span
    speaker: str | None = None
    speaker_span: Span | None = None
    resolved_speaker: str | None = None
    cue: str | None = None
    cue_span: Span | None = None
    sentences: tuple[int, ...] = ()
