"""The translation of a source: one English sentence a source sentence, each with what its checks saw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from depesche.figure import Figure
from depesche.finding import Finding
from depesche.source import Sentence, Source


class Method(StrEnum):
    """How a piece of English came about, in the order in which mending tries them."""

    COPIED = "copied"
    """The source sentence was English already."""
    MODEL = "model"
    HYPOTHESIS = "hypothesis"
    """Another output, of the same model or the second one, asked to keep what the first one lost."""
    PUT_RIGHT = "put_right"
    """The model's sentence with a figure or weekday put right in place."""
    EXTRACTIVE = "extractive"
    """A translated sentence in place of a freely written one."""


class Status(StrEnum):
    """The outcome of checking and mending."""

    VERIFIED = "verified"
    REPAIRED = "repaired"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a sentence or claim, kept whether or not it was used."""

    method: Method
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """The English for one source sentence. Spans of `figures` are offsets into `text` of this value."""

    sentence: Sentence
    text: str
    figures: tuple[Figure, ...]
    status: Status
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """A source with its English; `sentences[i]` renders `source.sentences[i]`."""

    source: Source
    sentences: tuple[TranslatedSentence, ...]
