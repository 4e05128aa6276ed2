"""Direct speech: what stands in quotation marks, who says it, and what there is no speech at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from depesche.quotation import QuotationKind
from depesche.quotes.frames import Frame, FrameKind, subject_of
from depesche.quotes.lexicon import MASK, Lexicon, Strength
from depesche.quotes.marks import Quoted
from depesche.quotes.speakers import phrase_at
from depesche.span import Span

SPEECH_WORDS = 3
"""Quoted words from which on a quotation is masked, so that its verbs are not taken for cues."""

_ABBREVIATED = re.compile(r"\s?\([A-ZÄÖÜ][\w-]{0,3}[A-ZÄÖÜ][\w-]{0,3}\)")
_GAP = re.compile(r"[\s,.;–—-]*")
_SOURCE_IN_BRACKETS = re.compile(r"\s*\(")
_LOWER_WORD = re.compile(r"\s([a-zäöüß]+)")
_COMPOUND = re.compile(r"[-‑]\w")
_NAME_SHAPE = re.compile(r"\d|[a-zäöüß](?:\.[a-z]{2}|[A-ZÄÖÜ])")
"""Digits, a domain or a capital inside a word: "c4", "tagesschau.de", "SchoolFox"."""
_GLANCE = 10
_NEAR = 4
"""Most words between a verb of judgement and the words that it judges by ("nannte den Plan „absurd“")."""
_PARTIAL = 4
"""Words from which on words that begin like the middle of a sentence are quoted speech and no name."""
_FREE_STANDING = 6
"""Words from which on a quotation is speech even where no cue is found."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A quotation with the speaker and cue found beside it; `beside` says that the cue touches the quotation."""

    speaker: Span | None
    cue: Span | None
    beside: bool
    strength: Strength | None


def is_speech_like(words: str) -> bool:
    """Say whether quoted words are long enough to hold verbs of their own."""
    return len(words.split()) >= SPEECH_WORDS or words.rstrip().endswith((".", "!", "?", "…"))


def attribute(
    text: str,
    quoted: Quoted,
    before: Sequence[Frame],
    after: Sequence[Frame],
    around: Span,
    lexicon: Lexicon,
    *,
    reported: bool,
) -> Attributed | None:
    """Find who says `quoted`.

    `text` has direct speech masked; `around` holds the sentences that the quotation touches and the rest of the
    paragraph, `before` and `after` are the frames on either side of it; `reported` says that the sentence is reported
    speech, in which a cue further on counts as well.
    """
    start, end = around.start, around.end
    if after and _is_beside(text, quoted, after[0], lexicon):
        return _from(after[0], beside=True)
    bracket = _SOURCE_IN_BRACKETS.match(text, quoted.outer.end, end)
    if bracket and text[quoted.outer.start] == MASK and _stands_alone(text, quoted, start):
        phrase = phrase_at(text, bracket.end(), end, lexicon)
        if phrase is not None and text[phrase.end : phrase.end + 1] == ")":
            return Attributed(phrase, None, beside=True, strength=None)
    named = _goes_on(text, quoted, lexicon) and text[quoted.outer.start] != MASK  # Tempo 30: „Bürgerrat“ wehrt sich
    colon = _before(text, quoted, start).endswith(":") and not named
    if before:
        strongest = max(before, key=lambda frame: (frame.strength, frame.start))
        return _from(strongest, beside=colon or _touches(text, before[-1], quoted, lexicon))
    if colon:
        speaker = None if reported else subject_of(text, Span(start, quoted.outer.start), lexicon)
        return Attributed(speaker, None, beside=True, strength=None)
    spoken = [frame for frame in after if frame.strength is Strength.SPEECH] if reported else []
    return _from(spoken[0], beside=False) if spoken else None


def _stands_alone(text: str, quoted: Quoted, start: int) -> bool:
    return _before(text, quoted, start)[-1:] in {"", ":", ".", MASK}


def _goes_on(text: str, quoted: Quoted, lexicon: Lexicon) -> bool:
    """Say whether the sentence goes on behind a quotation without comma or "und", as it does behind a name."""
    following = _LOWER_WORD.match(text, quoted.outer.end)
    return following is not None and following[1] not in lexicon.joining


def _before(text: str, quoted: Quoted, start: int) -> str:
    """Return the few characters before a quotation, without the white space next to it."""
    return text[max(start, quoted.outer.start - _GLANCE) : quoted.outer.start].rstrip()


def _is_beside(text: str, quoted: Quoted, frame: Frame, lexicon: Lexicon) -> bool:
    """Say whether a frame follows the quotation as its cue, which a comma or the end of a clause tells."""
    gap = text[quoted.outer.end : frame.start]
    if _GAP.fullmatch(gap) is None:
        return False
    if frame.kind is not FrameKind.VERB or "," in gap or "–" in gap:
        return True
    ends_clause = (
        text[frame.cue.end : frame.cue.end + 1] in {",", ".", ";"} or frame.cue.of(text) in lexicon.participles
    )
    if frame.start == frame.cue.start and ends_clause:
        return True
    return frame.strength is Strength.SPEECH and quoted.ends_sentence


def _from(frame: Frame, *, beside: bool) -> Attributed:
    return Attributed(frame.speaker, frame.cue, beside, frame.strength)


def _touches(text: str, frame: Frame, quoted: Quoted, lexicon: Lexicon) -> bool:
    """Say whether hardly anything, or a preposition such as "von", stands between the frame and the quotation."""
    between = [word.lower() for word in text[frame.end : quoted.outer.start].split()]
    if all(word in lexicon.determiners for word in between) or between[-1] in lexicon.introducing:
        return True
    ends_clause = text[quoted.outer.end : quoted.outer.end + 1] in {".", ",", ";", ""}
    return frame.strength is Strength.ATTITUDE and ends_clause and len(between) <= _NEAR


def kind_of(
    text: str,
    quoted: Quoted,
    attributed: Attributed | None,
    *,
    reported: bool,
    within: bool,
    alone: bool,
    speakable: bool,
    lexicon: Lexicon | None,
) -> QuotationKind:
    """Tell speech from scare quotes and titles.

    `reported` says that the sentence is reported speech, `within` that the quotation stands in a reported clause,
    `alone` that it begins its sentence, `speakable` that the sentence's subject may be somebody who speaks.
    """
    words = quoted.inner.of(text).split()
    ends = quoted.inner.of(text).rstrip().endswith((".", "!", "?", "…"))
    if ends and alone:
        return QuotationKind.DIRECT
    beside = attributed is not None and attributed.beside
    if attributed is not None and attributed.speaker is not None and attributed.speaker.overlaps(quoted.outer):
        return QuotationKind.TITLE
    strength = attributed.strength if attributed is not None else None
    judged = beside and strength is Strength.ATTITUDE and bool(words) and words[0][0].islower()
    if _is_title(text, quoted, words, lexicon) and not (beside and ends) and not judged:
        return QuotationKind.TITLE
    charged = lexicon is not None and _word_before(text, quoted) in lexicon.grounds
    nobody = attributed is None and not reported and not speakable  # der Wald gilt als „grüne Lunge der Stadt“
    if not ends and (nobody or (charged and strength is not Strength.SPEECH)):
        return QuotationKind.TITLE if _is_named(words) else QuotationKind.SCARE
    partial = len(words) >= _PARTIAL and words[0][0].islower()
    cued_after = attributed is not None and attributed.cue is not None and attributed.cue.start >= quoted.outer.end
    if lexicon and cued_after and not ends and _is_named(words) and _goes_on(text, quoted, lexicon):
        return QuotationKind.TITLE  # zum „Nationalen Gedenktag“ erklärt
    if beside or partial or len(words) >= _FREE_STANDING or (ends and len(words) > 1):
        return QuotationKind.DIRECT
    if _is_named(words):
        return QuotationKind.TITLE
    if within or (len(words) > 1 and (attributed is not None or reported)):
        return QuotationKind.DIRECT
    return QuotationKind.SCARE


def _is_named(words: list[str]) -> bool:
    """Say whether several words are all capitalised, as in a name."""
    capitals = words and words[0][0].isupper() and all(word[0].isupper() or word[0].isdigit() for word in words)
    return bool(capitals) and len(words) > 1


def _is_title(text: str, quoted: Quoted, words: list[str], lexicon: Lexicon | None) -> bool:
    """Say whether quoted words are a name: a title noun or outlet preposition before them, or letters and digits."""
    if lexicon is None or not words:
        return False
    word = _word_before(text, quoted)
    adjacent = not _before(text, quoted, 0).endswith((":", ",", "."))
    if adjacent and word.endswith(lexicon.title_heads):
        return True
    if _ABBREVIATED.match(text, quoted.outer.end) or _COMPOUND.match(text, quoted.outer.end):
        return True
    if words[0] in lexicon.title_beginnings and len(words) > 1 and words[1].islower():
        return True
    named = len(words) <= 4 and all(w[0].isupper() or w[0].isdigit() or len(w) <= 3 for w in words)
    if len(words) == 1 and (_NAME_SHAPE.search(words[0]) or _is_explained(text, quoted, words[0])):
        return True
    return adjacent and named and word in lexicon.outlet_prepositions and words[0][0].isupper()


def _is_explained(text: str, quoted: Quoted, word: str) -> bool:
    """Say whether a capitalised word has an explanation in brackets behind it: „Küstenbund“ (Alliance of the Coast)."""
    return word[0].isupper() and text.startswith(" (", quoted.outer.end)


def _word_before(text: str, quoted: Quoted) -> str:
    """Return the last word before a quotation on its line, in lower case, or nothing."""
    previous = re.findall(r"[\w-]+", text[max(0, quoted.outer.start - 60) : quoted.outer.start].rpartition("\n")[2])
    return previous[-1].lower() if previous else ""
