"""Frames: the words of a sentence that say who speaks ("sagte Jassy", "laut Polizei"); a step of finding quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from depesche.quotes.lexicon import MASK, Lexicon, Strength
from depesche.quotes.speakers import is_person, phrase_at, phrase_before, speaker_after, speaker_before
from depesche.span import Span

_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_MARK = re.compile(rf"[,;:{MASK}()–]")
_PARTICLE_WITHIN = 160
"""Characters in which the particle of a separable verb is looked for."""


class FrameKind(Enum):
    """How a frame names its source."""

    VERB = "verb"
    AS_SAID = "as said"
    SOURCE = "source"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Frame:
    """One naming of a speaker: the cue, where it begins, where its words end, and the speaker where one is found.

    `start` and `end` bound the words that belong to the frame ("sagte der Minister", "nach Angaben der Polizei").
    """

    kind: FrameKind
    strength: Strength
    cue: Span
    start: int
    end: int
    speaker: Span | None


def find_frames(text: str, sentence: Span, lexicon: Lexicon) -> list[Frame]:
    """Return the frames of one sentence in text order; `text` has direct speech masked."""
    frames = [*_verbs(text, sentence, lexicon), *_sources(text, sentence, lexicon), *_opinions(text, sentence, lexicon)]
    return sorted(frames, key=lambda frame: frame.start)


def _verbs(text: str, sentence: Span, lexicon: Lexicon) -> list[Frame]:
    frames = []
    for word in _WORD.finditer(text, sentence.start, sentence.end):
        form = word.group()
        if form not in lexicon.verbs and form not in lexicon.separable:
            continue
        strength = _strength(text, word, sentence.end, lexicon)
        anchor = _finite_verb(text, word, sentence, lexicon)
        if strength is None or anchor is None:
            continue
        frames.append(_verb_frame(text, Span(*word.span()), anchor, sentence, strength, lexicon))
    return frames


def _strength(text: str, word: re.Match[str], end: int, lexicon: Lexicon) -> Strength | None:
    particles = lexicon.separable.get(word.group())
    if particles is not None and particles.search(text, word.end(), min(end, word.end() + _PARTICLE_WITHIN)):
        return Strength.SPEECH
    return lexicon.verbs.get(word.group())


def _finite_verb(text: str, word: re.Match[str], sentence: Span, lexicon: Lexicon) -> Span | None:
    """Return the verb beside which the subject stands: the auxiliary where the cue is a participle."""
    if word.group() not in lexicon.participles:
        return Span(*word.span())
    clause = max(text.rfind(mark, sentence.start, word.start()) for mark in ";:.¤")
    for auxiliary in reversed(list(_WORD.finditer(text, max(clause, sentence.start), word.start()))):
        if auxiliary.group() in lexicon.auxiliaries:
            return Span(*auxiliary.span())
    following = _WORD.search(text, word.end(), sentence.end)
    has_auxiliary = following is not None and following.group() in lexicon.auxiliaries
    return Span(*word.span()) if has_auxiliary or not word.group().startswith("ge") else None


def _verb_frame(text: str, cue: Span, anchor: Span, sentence: Span, strength: Strength, lexicon: Lexicon) -> Frame:
    marks = [m.end() for m in _CLAUSE_MARK.finditer(text, sentence.start, anchor.start)]
    start = marks[-1] if marks else sentence.start
    as_said = lexicon.as_said.search(text, start, anchor.start)
    if as_said and not text[start : as_said.start()].strip(' „"»'):
        speaker = _within(text, as_said.end(), anchor.start, lexicon)
        return Frame(FrameKind.AS_SAID, strength, cue, as_said.start(), max(cue.end, anchor.end), speaker)
    speaker = _subject(text, start, anchor, sentence, lexicon)
    end = max(cue.end, speaker.end if speaker else 0)
    begin = min(anchor.start, speaker.start) if speaker else anchor.start
    return Frame(FrameKind.VERB, strength, cue, begin, end, speaker)


def _subject(text: str, start: int, anchor: Span, sentence: Span, lexicon: Lexicon) -> Span | None:
    """Return the subject of the finite verb at `anchor` in the clause that begins at `start`."""
    after = speaker_after(text, anchor.end, sentence.end, lexicon)
    if not text[start : anchor.start].strip():
        return after or speaker_before(text, sentence.start, anchor.start, lexicon)
    subordinate = lexicon.subordinate.search(text, start, anchor.start)
    if subordinate and not text[start : subordinate.start()].strip() and start != sentence.start:
        return _within(text, subordinate.end(), anchor.start, lexicon)
    before = speaker_before(text, start, anchor.start, lexicon)
    if before is None or (after and is_person(after.of(text), lexicon) and not is_person(before.of(text), lexicon)):
        return after or before or speaker_before(text, sentence.start, anchor.start, lexicon)
    return before


def _within(text: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """Return the first phrase between a conjunction and the verb at the end of its clause."""
    return speaker_after(text, start, end, lexicon)


def _sources(text: str, sentence: Span, lexicon: Lexicon) -> list[Frame]:
    frames = []
    for match in lexicon.source_before.finditer(text, sentence.start, sentence.end):
        cue = Span(match.start(), match.start() + len(match.group().rstrip()))
        phrase = phrase_at(text, match.end(), sentence.end, lexicon)
        end = phrase.end if phrase else cue.end
        if phrase is not None or match["noun"]:
            frames.append(Frame(FrameKind.SOURCE, Strength.SPEECH, cue, cue.start, end, phrase))
    for match in lexicon.source_after.finditer(text, sentence.start, sentence.end):
        phrase = phrase_before(text, sentence.start, match.start(), lexicon)
        if phrase is not None:
            frames.append(
                Frame(FrameKind.SOURCE, Strength.SPEECH, Span(*match.span()), phrase.start, match.end(), phrase)
            )
    for match in lexicon.own_word.finditer(text, sentence.start, sentence.end):
        phrase = speaker_after(text, match.end(), sentence.end, lexicon)
        if phrase is not None and text[match.start() : match.start() + 1] in (",", MASK, " "):
            word = match.group().strip(" ,")
            begin = text.index(word, match.start())
            cue = Span(begin, begin + len(word))
            frames.append(Frame(FrameKind.SOURCE, Strength.SPEECH, cue, begin, phrase.end, phrase))
    return frames


def _opinions(text: str, sentence: Span, lexicon: Lexicon) -> list[Frame]:
    frames = []
    for match in lexicon.opinion.finditer(text, sentence.start, sentence.end):
        if not re.match(r",\s", text[match.end() : match.end() + 2]):
            continue
        speaker = speaker_before(text, sentence.start, match.start(), lexicon)
        if speaker is not None and speaker.end < match.start():
            frames.append(
                Frame(FrameKind.OPINION, Strength.SPEECH, Span(*match.span()), speaker.start, match.end(), speaker)
            )
    return frames
