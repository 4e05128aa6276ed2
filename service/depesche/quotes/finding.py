"""Finding quotations: marks, frames and reported clauses put together, sentence by sentence in text order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from depesche.quotation import Quotation, QuotationKind
from depesche.quotes.direct import Attributed, attribute, is_speech_like, kind_of
from depesche.quotes.frames import Frame, find_frames, subject_of
from depesche.quotes.indirect import find_clauses
from depesche.quotes.lexicon import MASK, Lexicon, Strength, lexicon
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
    table = lexicon(language)
    quoted = [_closed(text, one, table) for one in find_marks(text, paragraphs, sentences) if one.level == 0]
    if table is None:
        return tuple(_unattributed(text, one, sentences) for one in quoted)
    return tuple(_Finder(text, paragraphs, sentences, quoted, table).find())


_BESIDE = re.compile(r"\s*,\s([a-zäöüß]+)")
_LONGEST_CHAIN = 6
"""Quotations joined by "und" that may share one cue."""
_LAST_WORD = re.compile(r"(\w+)\s$")


def _is_beside_cue(text: str, quoted: Quoted, table: Lexicon) -> bool:
    """Say whether quoted words, however short, look like speech before its cue: „Nein“, sagte er."""
    following = _BESIDE.match(text, quoted.outer.end)
    previous = _LAST_WORD.search(text[max(0, quoted.outer.start - 20) : quoted.outer.start])
    named = previous is not None and previous[1].lower() in table.determiners
    return following is not None and not named and following[1] not in table.determiners


def _unattributed(text: str, quoted: Quoted, sentences: Sequence[Span]) -> Quotation:
    kind = kind_of(text, quoted, None, reported=False, within=False, alone=False, speakable=True, lexicon=None)
    return Quotation(kind, quoted.inner.of(text), quoted.inner, sentences=_touched(quoted.inner, sentences))


def _closed(text: str, quoted: Quoted, table: Lexicon | None) -> Quoted:
    """End a quotation whose closing mark was forgotten before its cue: „Wir kommen, sagte Müller."""
    if table is None or quoted.outer.end != quoted.inner.end or quoted.continued:
        return quoted
    for comma in re.finditer(r",\s(\w+)\s", quoted.inner.of(text)):
        if table.verbs.get(comma[1]) is Strength.SPEECH:
            end = quoted.inner.start + comma.start()
            return replace(quoted, outer=Span(quoted.outer.start, end), inner=Span(quoted.inner.start, end))
    return quoted


def _touched(span: Span, sentences: Sequence[Span]) -> tuple[int, ...]:
    first = max(bisect_right(sentences, span.start, key=lambda sentence: sentence.start) - 1, 0)
    last = bisect_right(sentences, span.end, key=lambda sentence: sentence.start)
    return tuple(index for index in range(first, last) if sentences[index].overlaps(span))


def _masked(text: str, quoted: Sequence[Quoted], table: Lexicon) -> str:
    pieces, position = [], 0
    for one in quoted:
        if is_speech_like(one.inner.of(text)) or _is_beside_cue(text, one, table):
            pieces += [text[position : one.outer.start], MASK * len(one.outer)]
            position = one.outer.end
    return "".join([*pieces, text[position:]])


def _without_stop(text: str, sentence: Span) -> Span:
    return Span(sentence.start, sentence.start + len(sentence.of(text).rstrip(" .!?")))


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
        self._masked = _masked(text, quoted, table)
        self._starts = [sentence.start for sentence in sentences]
        self._paragraphs = paragraphs
        self._paragraph_starts = [paragraph.start for paragraph in paragraphs]
        self._frames = [find_frames(self._masked, sentence, table) for sentence in sentences]
        self._voices = Voices(text, table)

    def find(self) -> list[Quotation]:
        found: list[Quotation] = []
        pending = 0
        goes_on = False
        for index, sentence in enumerate(self._sentences):
            indirect = self._indirect(index, goes_on=goes_on)
            found += indirect
            goes_on = bool(indirect)
            if not indirect and (subject := subject_of(self._masked, sentence, self._lexicon)):
                self._voices.mention(subject, index, self._paragraph(sentence.start))
            while pending < len(self._quoted) and self._quoted[pending].outer.start < sentence.end:
                quoted = self._quoted[pending]
                pending += 1
                chain = self._chain(quoted, self._quoted[pending : pending + _LONGEST_CHAIN])
                quotation = self._direct(quoted, index, chain, indirect, reported=goes_on)
                found.append(quotation)
                goes_on = goes_on or quotation.kind is QuotationKind.DIRECT
        return sorted(found, key=lambda quotation: (quotation.span.start, -quotation.span.end))

    def _chain(self, quoted: Quoted, following: Sequence[Quoted]) -> list[Quoted]:
        """Return the quotations that "und" or a comma joins to `quoted`."""
        chain: list[Quoted] = []
        for one in following:
            gap = self._masked[(chain[-1] if chain else quoted).outer.end : one.outer.start]
            if gap.strip(" ,").lower() not in self._lexicon.joining or "\n" in gap:
                break
            chain.append(one)
        return chain

    def _paragraph(self, offset: int) -> int:
        return bisect_right(self._paragraph_starts, offset) - 1

    def _indirect(self, index: int, *, goes_on: bool) -> list[Quotation]:
        sentence = self._sentences[index]
        quotations = []
        for clause in find_clauses(self._masked, sentence, self._frames[index], self._lexicon, goes_on=goes_on):
            speaker = clause.frame.speaker if clause.frame else None
            cue = clause.frame.cue if clause.frame else None
            fallback = None if speaker else self._subject_before(index)
            if clause.frame is None and clause.span.start > sentence.start:
                speaker = self._subject_of(Span(sentence.start, clause.span.start))
            quotations.append(
                self._quotation(QuotationKind.INDIRECT, clause.span, speaker, cue, index, fallback=fallback)
            )
        if not quotations and (source := self._said_next(index)) is not None:
            span = _without_stop(self._text, sentence)
            quotations.append(self._quotation(QuotationKind.INDIRECT, span, source.speaker, source.cue, index))
        return quotations

    def _said_next(self, index: int) -> Frame | None:
        """Return the frame of the next sentence where that is "Das sagte X" and says nothing else."""
        if index + 1 >= len(self._sentences) or MASK in self._sentences[index].of(self._masked):
            return None
        following = self._sentences[index + 1]
        same = self._paragraph(following.start) == self._paragraph(self._sentences[index].start)
        opening = self._lexicon.retrospective.match(self._masked, following.start, following.end)
        frames = self._frames[index + 1]
        if not same or opening is None or not frames or frames[0].strength is not Strength.SPEECH:
            return None
        says_more = self._lexicon.complement.search(self._masked, following.start, following.end)
        return frames[0] if frames[0].cue.start == opening.end() and not says_more and frames[0].speaker else None

    def _direct(
        self, quoted: Quoted, index: int, chain: Sequence[Quoted], clauses: Sequence[Quotation], *, reported: bool
    ) -> Quotation:
        """Judge what stands in quotation marks; `clauses` are the reported clauses of the sentence."""
        clause = next((one for one in clauses if one.span.contains(quoted.inner)), None)
        last = self._sentence_at(quoted.outer.end - 1)
        attributed = self._attributed(quoted, index, chain, reported=reported)
        alone = quoted.outer.start == self._sentences[index].start
        subject = subject_of(self._masked, self._sentences[index], self._lexicon)
        kind = kind_of(
            self._text,
            quoted,
            attributed,
            reported=reported,
            within=clause is not None,
            alone=alone,
            speakable=subject is not None and self._voices.may_speak(subject.of(self._text)),
            lexicon=self._lexicon,
        )
        if kind is not QuotationKind.DIRECT:
            return self._quotation(kind, quoted.inner, None, None, last)
        if clause is not None and clause.speaker_span is not None and not (attributed and attributed.beside):
            return self._quotation(kind, quoted.inner, clause.speaker_span, clause.cue_span, last)
        if attributed is not None and attributed.speaker is not None:
            return self._quotation(kind, quoted.inner, attributed.speaker, attributed.cue, last)
        cue = attributed.cue if attributed else None
        speaker = None if alone or reported or attributed else subject
        fallback = self._subject_before(index) if alone else None
        return self._quotation(kind, quoted.inner, speaker, cue, last, fallback=fallback)

    def _attributed(self, quoted: Quoted, index: int, chain: Sequence[Quoted], *, reported: bool) -> Attributed | None:
        """Find the frame of a quotation; those joined to it by "und" (`chain`) share what follows the last of them."""
        end = chain[-1].outer.end if chain else quoted.outer.end
        last = self._sentence_at(end - 1)
        stop = self._paragraph_end(end)
        before = [frame for frame in self._frames[index] if frame.start < quoted.outer.start]
        after = [frame for frame in self._frames[last] if frame.start >= end]
        whole = replace(quoted, outer=Span(quoted.outer.start, end))
        start = self._sentences[index].start
        return (
            attribute(self._masked, whole, before, after, Span(start, stop), self._lexicon, reported=reported)
            or self._introduced(quoted, index)
            or self._said_afterwards(quoted, index, last)
        )

    def _introduced(self, quoted: Quoted, index: int) -> Attributed | None:
        """Take the speaker from the sentence before, where that ends with a colon."""
        if index == 0 or quoted.outer.start != self._sentences[index].start:
            return None
        previous = self._sentences[index - 1]
        if not previous.of(self._masked).rstrip().endswith(":"):
            return None
        around = Span(previous.start, quoted.outer.end)
        return attribute(self._masked, quoted, self._frames[index - 1], [], around, self._lexicon, reported=False)

    def _said_afterwards(self, quoted: Quoted, index: int, last: int) -> Attributed | None:
        """Take the speaker from the sentence after, where that is "Das sagte X" and the quotation stands alone."""
        sentence = self._sentences[last]
        tail = sentence.of(self._text)[quoted.outer.end - sentence.start :]
        if quoted.outer.start != self._sentences[index].start or tail.strip(" .") or last + 1 >= len(self._sentences):
            return None
        following = self._sentences[last + 1]
        if not self._lexicon.retrospective.match(self._masked, following.start, following.end):
            return None
        speaker = subject_of(self._masked, following, self._lexicon)
        return Attributed(speaker, None, beside=True, strength=None) if speaker else None

    def _subject_of(self, sentence: Span) -> Span | None:
        """Return the subject of the writer's clause that a reported one follows, where it may be who speaks."""
        subject = subject_of(self._masked, sentence, self._lexicon)
        return subject if subject is not None and self._voices.is_plausible(subject.of(self._text)) else None

    def _subject_before(self, index: int) -> str | None:
        """Return the subject of the sentence before in the same paragraph, for a quotation that stands alone."""
        if index == 0 or self._paragraph(self._starts[index]) != self._paragraph(self._starts[index - 1]):
            return None
        subject = subject_of(self._masked, self._sentences[index - 1], self._lexicon)
        name = subject.of(self._text) if subject else None
        return name if name is not None and self._voices.is_plausible(name) else None

    def _sentence_at(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _paragraph_end(self, offset: int) -> int:
        return self._paragraphs[self._paragraph(offset - 1)].end

    def _quotation(
        self,
        kind: QuotationKind,
        span: Span,
        speaker: Span | None,
        cue: Span | None,
        index: int,
        *,
        fallback: str | None = None,
    ) -> Quotation:
        resolved = None
        if kind in (QuotationKind.DIRECT, QuotationKind.INDIRECT):
            paragraph = self._paragraph(span.start)
            if speaker:
                resolved = self._voices.resolve(speaker, index)
            elif kind is QuotationKind.DIRECT or cue is None:  # "nach Angaben vom Montag" names nobody on purpose
                resolved = self._carried(index, paragraph) or fallback
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

    def _carried(self, index: int, paragraph: int) -> str | None:
        """Return who goes on speaking: the last speaker, unless that was long ago."""
        last = self._voices.last
        if last is None or paragraph - last.paragraph > 1:
            return None
        return last.name if paragraph == last.paragraph or index - last.sentence == 1 else None
