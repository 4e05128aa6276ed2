"""The brief as a summarizer proposes it, before anything in it is believed."""

from __future__ import annotations

from dataclasses import dataclass

from depesche.finding import Finding
from depesche.translation import Method


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a brief and the indices of the source sentences that it rests on."""

    text: str
    evidence: tuple[int, ...]
    method: Method


@dataclass(frozen=True, slots=True)
class Draft:
    """Headline, summary and key points. `findings` says what was wrong with the model's output as a whole."""

    headline: Claim
    summary: tuple[Claim, ...]
    key_points: tuple[Claim, ...]
    findings: tuple[Finding, ...] = ()
