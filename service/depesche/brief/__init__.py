"""The brief: the versioned public document, and how it is built from what verify hands over."""

from __future__ import annotations

from depesche.brief.building import build_brief
from depesche.brief.document import (
    SCHEMA_VERSION,
    ArticleInfo,
    Brief,
    BriefAttempt,
    BriefClaim,
    BriefFigure,
    BriefQuotation,
    BriefSentence,
    BriefSubject,
    BriefWords,
    ModelInfo,
    PromptInfo,
    Provenance,
    SourceSpan,
    Verification,
    Warning_,
    brief_schema,
)

__all__ = [
    "SCHEMA_VERSION",
    "ArticleInfo",
    "Brief",
    "BriefAttempt",
    "BriefClaim",
    "BriefFigure",
    "BriefQuotation",
    "BriefSentence",
    "BriefSubject",
    "BriefWords",
    "ModelInfo",
    "PromptInfo",
    "Provenance",
    "SourceSpan",
    "Verification",
    "Warning_",
    "brief_schema",
    "build_brief",
]
