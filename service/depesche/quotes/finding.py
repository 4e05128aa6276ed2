"""Finding quotations: marks, frames and reported clauses put together, sentence by sentence in text order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from depesche.quotation import Quotation, QuotationKind
from depesche.quotes.direct import Attributed, attribute, is_speech_like, kind_of
from depesche.quotes.frames import Frame, find_frames
from depesche.quotes.indirect import find_clauses
from depesche.quotes.lexicon import MASK, Lexicon, lexicon
from depesche.quotes.marks import Quoted, find_marks
from depesche.quotes.resolution import Voices
from depesche.span import Span


def find_quotations(
    text: str, paragraphs: Sequence[Span], sentences: Sequence[Span], language: str
) -> tuple[Quotation, ...]:
    """Return the quotations of `text` in text order; spans are offsets into `text`.

    `paragraphs` and `sentences` are the spans of the text's paragraphs and sentences, in order. A `language` without
    a table gets what its quotation marks tell, without speakers.
    """
    quoted = [one for one in find_marks(text, paragraphs, sentences) if one.level == 0]
    table = lexicon(language)
    if table is None:
        return tuple(_unattributed(text, one, sentences) for one in quoted)
    return tuple(_Finder(text, paragraphs, sentences, quoted, table).find())


def _unattributed(text: str, quoted: Quoted, sentences: Sequence[Span]) -> Quotation:
    kind = kind_of(text, quoted, None, reported=False, lexicon=None)
    return Quotation(kind, quoted.inner.of(text), quoted.inner, sentences=_touched(quoted.inner, sentences))


def _touched(span: Span, sentences: Sequence[Span]) -> tuple[int, ...]:
    return tuple(index for index, sentence in enumerate(sentences) if sentence.overlaps(span))


def _masked(text: str, quoted: Sequence[Quoted]) -> str:
    pieces, position = [], 0
    for one in quoted:
        if is_speech_like(one.inner.of(text)):
            pieces += [text[position : one.outer.start], MASK * len(one.outer)]
            position = one.outer.end
    return "".join([*pieces, text[position:]])


class _Finder:
    """One pass over one text; keeps who spoke last."""

    def __init__(
        self,
        text: str,
        paragraphs: Sequence[Span],
        sentences: Sequence[Span],
        quoted: Sequence[Quoted],
        table: Lexicon,
    ) -> None:
        self._text = text
        self._sentences = sentences
        self._lexicon = table
        self._quoted = quoted
        self._masked = _masked(text, quoted)
        self._starts = [sentence.start for sentence in sentences]
        self._paragraph_starts = [paragraph.start for paragraph in paragraphs]
        self._frames = [find_frames(self._masked, sentence, table) for sentence in sentences]
        self._voices = Voices(text, table)

    def find(self) -> list[Quotation]:
        found: list[Quotation] = []
        pending = list(self._quoted)
        goes_on = False
        for index, sentence in enumerate(self._sentences):
            indirect = self._indirect(index, goes_on=goes_on)
            found += indirect
            goes_on = bool(indirect)
            while pending and pending[0].outer.start < sentence.end:
                quotation = self._direct(pending.pop(0), index, reported=goes_on)
                found.append(quotation)
                goes_on = goes_on or quotation.kind is QuotationKind.DIRECT
        return sorted(found, key=lambda quotation: (quotation.span.start, -quotation.span.end))

    def _paragraph(self, offset: int) -> int:
        return bisect_right(self._paragraph_starts, offset) - 1

    def _indirect(self, index: int, *, goes_on: bool) -> list[Quotation]:
        sentence = self._sentences[index]
        quotations = []
        for clause in find_clauses(self._masked, sentence, self._frames[index], self._lexicon, goes_on=goes_on):
            speaker = clause.frame.speaker if clause.frame else None
            cue = clause.frame.cue if clause.frame else None
            quotations.append(self._quotation(QuotationKind.INDIRECT, clause.span, speaker, cue, index))
        return quotations

    def _direct(self, quoted: Quoted, index: int, *, reported: bool) -> Quotation:
        last = max(bisect_right(self._starts, quoted.outer.end - 1) - 1, index)
        before = [frame for frame in self._frames[index] if frame.start < quoted.outer.start]
        after = [frame for frame in self._frames[last] if frame.start >= quoted.outer.end]
        attributed = attribute(
            self._masked, quoted, before, after, self._sentences[index].start, self._sentences[last].end, self._lexicon
        ) or self._introduced(quoted, index)
        kind = kind_of(self._text, quoted, attributed, reported=reported, lexicon=self._lexicon)
        speaker = attributed.speaker if attributed else None
        cue = attributed.cue if attributed else None
        if kind is not QuotationKind.DIRECT:
            speaker = cue = None
        return self._quotation(kind, quoted.inner, speaker, cue, last)

    def _introduced(self, quoted: Quoted, index: int) -> Attributed | None:
        """Take the speaker from the sentence before, where that ends with a colon."""
        if index == 0 or quoted.outer.start != self._sentences[index].start:
            return None
        previous = self._sentences[index - 1]
        if not previous.of(self._masked).rstrip().endswith(":"):
            return None
        return attribute(
            self._masked, quoted, self._frames[index - 1], [], previous.start, quoted.outer.end, self._lexicon
        )

    def _quotation(
        self, kind: QuotationKind, span: Span, speaker: Span | None, cue: Span | None, index: int
    ) -> Quotation:
        resolved = None
        if kind in (QuotationKind.DIRECT, QuotationKind.INDIRECT):
            paragraph = self._paragraph(span.start)
            resolved = self._voices.resolve(speaker, index) if speaker else self._carried(span, paragraph)
            self._voices.hear(speaker, resolved, index, paragraph)
        return Quotation(
            kind,
            span.of(self._text),
            span,
            speaker=speaker.of(self._text) if speaker else None,
            speaker_span=speaker,
            resolved_speaker=resolved,
            cue=cue.of(self._text) if cue else None,
            cue_span=cue,
            sentences=_touched(span, self._sentences),
        )

    def _carried(self, span: Span, paragraph: int) -> str | None:
        """Return who goes on speaking: the last speaker of this paragraph or of the one before it."""
        last = self._voices.last
        return last.name if last is not None and paragraph - last.paragraph <= 1 else None
