"""Quotation marks: which opening mark belongs to which closing mark; the first step of finding quotations.

Newspapers mix „…“, »…«, "…" and “…” and forget marks. Pairs are therefore sought paragraph by paragraph, the
direction of an ambiguous mark is told from its neighbours, and a mark without a partner swallows one sentence
at most, except where the next paragraphs plainly go on with the quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from depesche.span import Span

_CLOSED_BY = {
    "„": '“”"',
    "“": '”“"',
    "”": "”",
    "»": "«",
    "«": "»",
    "›": "‹",
    "‹": "›",
    "‚": "‘’",
    "‘": "’",
    '"': '"“”',
    "'": "'",
}
_SINGLE = "›‹‚‘’'"
_MARK = re.compile("[" + "".join(_CLOSED_BY) + "’]")
_OPENING_PUNCTUATION = "([{–—-/…„“»«›‹‚‘\"'"
_DEEPEST = 6
"""Quotations inside one another; a text with more has lost its closing marks."""
_MOST_PARAGRAPHS = 3
"""Further paragraphs that one quotation without repeated marks may run over."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Quoted words: `outer` with the marks, `inner` without; `level` 0 is the outermost.

    `continued` says that the closing mark is missing because the next paragraph opens the quotation again.
    """

    outer: Span
    inner: Span
    level: int = 0
    continued: bool = False
    ends_sentence: bool = False
    """Whether the words end with a stop, or with the comma that English puts inside the marks."""


@dataclass(slots=True)
class _Paired:
    """What one paragraph holds: whole pairs, opening marks without a partner, closing marks without one."""

    pairs: list[Quoted] = field(default_factory=list)
    openings: list[int] = field(default_factory=list)
    closings: list[int] = field(default_factory=list)


def find_marks(text: str, paragraphs: Sequence[Span], sentences: Sequence[Span]) -> list[Quoted]:
    """Return everything in quotation marks in text order, the outer before the inner; offsets into `text`."""
    paired = [_pair(text, paragraph) for paragraph in paragraphs]
    found = [quoted for one in paired for quoted in one.pairs]
    for index, one in enumerate(paired):
        for opening in one.openings:
            last = opening == one.openings[-1] and all(p.outer.end <= opening for p in one.pairs if p.level == 0)
            found.append(_complete(text, opening, index, paragraphs, paired, sentences, last=last))
    return _with_levels(found)


def _pair(text: str, paragraph: Span) -> _Paired:
    paired = _Paired()
    stack: list[int] = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        position, mark = match.start(), match.group()
        partner = next((o for o in reversed(stack) if mark in _CLOSED_BY[text[o]]), None)
        opens = _may_open(text, position, paragraph)
        if partner is not None and not (opens and mark != "“") and not _is_apostrophe(text, position, paragraph):
            for lost in stack[stack.index(partner) + 1 :]:
                if text[lost] not in _SINGLE:
                    paired.openings.append(lost)
            del stack[stack.index(partner) :]
            ends = text[position - 1] in ".!?…,"
            paired.pairs.append(Quoted(Span(partner, position + 1), Span(partner + 1, position), ends_sentence=ends))
        elif mark in _CLOSED_BY and opens:
            if len(stack) == _DEEPEST and text[lost := stack.pop(0)] not in _SINGLE:
                paired.openings.append(lost)
            stack.append(position)
        elif mark in '“”"«»' and not stack:
            paired.closings.append(position)
    paired.openings.extend(position for position in stack if text[position] not in _SINGLE)
    paired.openings.sort()
    return paired


def _may_open(text: str, position: int, paragraph: Span) -> bool:
    """Say whether the neighbours of a mark are those of an opening one."""
    mark = text[position]
    before = text[position - 1] if position > paragraph.start else " "
    after = text[position + 1] if position + 1 < paragraph.end else " "
    if mark == "„":
        return not after.isspace() or before.isspace()
    if mark in "«»" and before.isspace() and after.isspace():
        return mark == "«"
    return (before.isspace() or before in _OPENING_PUNCTUATION) and (after.isalnum() or after in "„“»«›‹‚‘\"'([…-–$€")


def _is_apostrophe(text: str, position: int, paragraph: Span) -> bool:
    after = text[position + 1] if position + 1 < paragraph.end else " "
    return text[position] in "’'‘" and after.isalpha()


def _complete(
    text: str,
    opening: int,
    index: int,
    paragraphs: Sequence[Span],
    paired: Sequence[_Paired],
    sentences: Sequence[Span],
    *,
    last: bool,
) -> Quoted:
    """Find the end of a quotation whose closing mark is not in its paragraph."""
    if last and index + 1 < len(paragraphs) and text[paragraphs[index + 1].start] == text[opening]:
        end = paragraphs[index].end
        return Quoted(Span(opening, end), Span(opening + 1, end), continued=True)
    if last:
        for later in paired[index + 1 : index + 1 + _MOST_PARAGRAPHS]:
            if later.closings:
                closing = later.closings[0]
                if all(p.outer.start > closing for p in later.pairs):
                    return Quoted(Span(opening, closing + 1), Span(opening + 1, closing))
            if later.pairs or later.openings:
                break
    around = bisect_right(sentences, opening, key=lambda sentence: sentence.start) - 1
    end = sentences[around].end if around >= 0 else paragraphs[index].end
    end = max(min(end, paragraphs[index].end), opening + 1)
    return Quoted(Span(opening, end), Span(opening + 1, end))


def _with_levels(found: list[Quoted]) -> list[Quoted]:
    """Sort and number the nesting; of two that cross, which only forgotten marks produce, the first stands."""
    levelled: list[Quoted] = []
    around: list[Quoted] = []
    for quoted in sorted(found, key=lambda q: (q.outer.start, -q.outer.end)):
        while around and around[-1].outer.end <= quoted.outer.start:
            around.pop()
        if around and not around[-1].outer.contains(quoted.outer):
            continue
        levelled.append(replace(quoted, level=len(around)))
        around.append(levelled[-1])
    return levelled
