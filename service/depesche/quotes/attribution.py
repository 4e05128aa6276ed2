"""Attribution: for each sentence, whether it is reported speech and whose; `verify` keeps a brief to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from depesche.quotation import Quotation, QuotationKind
from depesche.source import Source


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what a sentence says.

    `speaker` is the resolved name where there is one, else the words of the text; None where the text leaves open
    who speaks. `whole` says that hardly anything in the sentence is the writer's own claim.
    """

    sentence: int
    speaker: str | None
    kind: Literal["direct", "indirect"]
    cue: str | None
    whole: bool


_WHOLE = 0.6
"""Share of a sentence's characters from which on it counts as wholly reported."""


def reported_sentences(source: Source) -> dict[int, Attribution]:
    """Return the attribution of every sentence that is reported speech in whole or in part, by sentence index.

    Where a sentence holds several quotations, the one that covers most of it speaks for it.
    """
    found: dict[int, tuple[int, Quotation]] = {}
    for quotation in source.quotations:
        if quotation.kind not in (QuotationKind.DIRECT, QuotationKind.INDIRECT):
            continue
        for index in quotation.sentences:
            sentence = source.sentences[index].span
            covered = sum(
                max(0, min(sentence.end, part.end) - max(sentence.start, part.start))
                for part in (quotation.span, quotation.speaker_span, quotation.cue_span)
                if part is not None
            )
            if index not in found or covered > found[index][0]:
                found[index] = (covered, quotation)
    return {
        index: Attribution(
            sentence=index,
            speaker=quotation.resolved_speaker or quotation.speaker,
            kind="direct" if quotation.kind is QuotationKind.DIRECT else "indirect",
            cue=quotation.cue,
            whole=covered >= _WHOLE * len(source.sentences[index].span),
        )
        for index, (covered, quotation) in sorted(found.items())
    }
