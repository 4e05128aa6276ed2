"""Frames: the words of a sentence that say who speaks ("sagte Jassy", "laut Polizei"); a step of finding quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from depesche.quotes.lexicon import MASK, Lexicon, Strength
from depesche.quotes.speakers import is_person, phrase_at, phrase_before, speaker_after, speaker_before
from depesche.span import Span

_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_MARK = re.compile(rf"[,;:{MASK}()–]")
_INQUIT = re.compile(rf"{MASK}\s*,\s+(?P<verb>[a-zäöüß]{{2,}}(?:te|t|ten|ief|ann))\b")
_LONGEST = 2_000
"""Characters of a sentence in which cues are looked for; what is longer is a list or a table."""
_INFINITIVE_WITHIN = 10
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
    """One naming of a speaker: how, by which cue, and who, where that is found.

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
    sentence = Span(sentence.start, min(sentence.end, sentence.start + _LONGEST))
    frames = [*_verbs(text, sentence, lexicon), *_opinions(text, sentence, lexicon)]
    words = {word.lower() for word in _WORD.findall(text, sentence.start, sentence.end)}
    if words & lexicon.source_triggers:
        frames += _sources_before(text, sentence, lexicon)
        frames += _sources_after(text, sentence, lexicon)
        frames += _own_words(text, sentence, lexicon)
    frames += _inquits(text, sentence, frames, lexicon)
    return sorted(frames, key=lambda frame: frame.start)


def subject_of(text: str, sentence: Span, lexicon: Lexicon) -> Span | None:
    """Return the noun phrase that is most likely the subject of a sentence without a cue."""
    colon = text.rfind(": ", sentence.start, sentence.end - 1)
    start = colon + 1 if colon > 0 else sentence.start
    before = speaker_before(text, start, sentence.end, lexicon)
    if before is not None:
        return before
    for position, verb in enumerate(_WORD.finditer(text, start, sentence.end)):
        form = verb.group()
        second = position == 1 and form not in lexicon.function_words and form not in lexicon.determiners
        if second or form in lexicon.finite or form in lexicon.verbs or form in lexicon.separable:
            return speaker_after(text, verb.end(), sentence.end, lexicon)
    return None


def _verbs(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Frame]:
    for word in _WORD.finditer(text, sentence.start, sentence.end):
        form = word.group()
        if form not in lexicon.verbs and form not in lexicon.separable:
            continue
        if lexicon.infinitive.search(text, max(sentence.start, word.start() - _INFINITIVE_WITHIN), word.start()):
            continue
        strength = _strength(text, word, sentence.end, lexicon)
        anchor = _finite_verb(text, word, sentence, lexicon)
        if strength is not None and anchor is not None:
            yield _verb_frame(text, Span(*word.span()), anchor, sentence, strength, lexicon)


def _strength(text: str, word: re.Match[str], end: int, lexicon: Lexicon) -> Strength | None:
    particles = lexicon.separable.get(word.group())
    if particles is not None and particles.search(text, word.end(), min(end, word.end() + _PARTICLE_WITHIN)):
        return Strength.SPEECH
    return lexicon.verbs.get(word.group())


def _finite_verb(text: str, word: re.Match[str], sentence: Span, lexicon: Lexicon) -> Span | None:
    """Return the verb beside which the subject stands: the auxiliary where the cue is a participle."""
    if word.group() not in lexicon.participles:
        return Span(*word.span())
    clause = max(text.rfind(mark, sentence.start, word.start()) for mark in ";:.")
    for auxiliary in reversed(list(_WORD.finditer(text, max(clause, sentence.start), word.start()))):
        if auxiliary.group() in lexicon.auxiliaries:
            return Span(*auxiliary.span())
    following = _WORD.search(text, word.end(), sentence.end)
    has_auxiliary = following is not None and following.group() in lexicon.auxiliaries
    return Span(*word.span()) if has_auxiliary or word.group() not in lexicon.only_participles else None


def _verb_frame(text: str, cue: Span, anchor: Span, sentence: Span, strength: Strength, lexicon: Lexicon) -> Frame:
    as_said = _as_said(text, sentence, anchor, lexicon)
    if as_said is not None:
        speaker = speaker_after(text, as_said.end, anchor.start, lexicon)
        return Frame(FrameKind.AS_SAID, strength, cue, as_said.start, max(cue.end, anchor.end), speaker)
    if anchor.of(text) in lexicon.passive and cue.of(text) not in lexicon.quoted_participles:
        speaker = _agent(text, anchor, cue, lexicon)
        return Frame(FrameKind.VERB, strength, cue, min(anchor.start, cue.start), max(anchor.end, cue.end), speaker)
    marks = [m.end() for m in _CLAUSE_MARK.finditer(text, sentence.start, anchor.start)]
    speaker = _subject(text, marks[-1] if marks else sentence.start, anchor, sentence, lexicon)
    if speaker is not None and speaker.of(text) in lexicon.impersonal:
        speaker = phrase_at(text, speaker.end + 1, sentence.end, lexicon)
    end = max(cue.end, speaker.end if speaker else 0)
    begin = min(anchor.start, speaker.start) if speaker else anchor.start
    return Frame(FrameKind.VERB, strength, cue, begin, end, speaker)


def _as_said(text: str, sentence: Span, anchor: Span, lexicon: Lexicon) -> Span | None:
    """Return the "wie" of "wie X in Berlin mitteilte", where the verb ends its clause."""
    if text[anchor.end : anchor.end + 1] not in {",", ".", ""}:
        return None
    for word in lexicon.as_said.finditer(text, sentence.start, anchor.start):
        opens = word.start() == sentence.start or text[: word.start()].rstrip()[-1:] in {",", MASK, "–", "(", ""}
        if opens:
            return Span(*word.span())
    return None


def _agent(text: str, anchor: Span, cue: Span, lexicon: Lexicon) -> Span | None:
    """Return by whom in the passive: "wurde im „Standard“ als … bezeichnet"."""
    start, end = min(anchor.end, cue.end), max(anchor.start, cue.start)
    for preposition in lexicon.agents.finditer(text, start, end):
        phrase = phrase_at(text, preposition.end() + 1, end, lexicon)
        if phrase is not None:
            return phrase
    return None


def _subject(text: str, start: int, anchor: Span, sentence: Span, lexicon: Lexicon) -> Span | None:
    """Return the subject of the finite verb at `anchor` in the clause that begins at `start`."""
    after = speaker_after(text, anchor.end, sentence.end, lexicon)
    if not text[start : anchor.start].strip():
        first = speaker_before(text, sentence.start, anchor.start, lexicon)
        if first is not None and _is_interrupted(text, first, anchor.start, lexicon):
            return first
        return after or first
    whole = speaker_before(text, sentence.start, anchor.start, lexicon)
    if whole is not None and not text[whole.end : anchor.start].strip():
        return whole
    if text[start : anchor.start].strip().lower() in lexicon.joining:
        return speaker_before(text, sentence.start, anchor.start, lexicon) or after
    subordinate = lexicon.subordinate.search(text, start, anchor.start)
    if subordinate and not text[start : subordinate.start()].strip() and start != sentence.start:
        within = speaker_after(text, subordinate.end(), anchor.start, lexicon)
        if within is None and lexicon.relative.fullmatch(subordinate.group()):
            return phrase_before(text, sentence.start, max(sentence.start, start - 1), lexicon)
        return within
    before = speaker_before(text, start, anchor.start, lexicon)
    if before is None or (after and is_person(after.of(text), lexicon) and not is_person(before.of(text), lexicon)):
        return after or before or speaker_before(text, sentence.start, anchor.start, lexicon)
    return before


def _is_interrupted(text: str, subject: Span, verb: int, lexicon: Lexicon) -> bool:
    """Say whether only an apposition or a relative clause stands between a subject and its verb."""
    between = text[subject.end : verb].strip()
    if between == ",":
        return True
    if not between.startswith(",") or not between.endswith(",") or MASK in between:
        return False
    first = _WORD.search(between)
    return first is not None and lexicon.relative.fullmatch(first.group()) is not None


def _sources_before(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Frame]:
    for match in lexicon.source_before.finditer(text, sentence.start, sentence.end):
        cue = Span(match.start(), match.start() + len(match.group().rstrip()))
        phrase = phrase_at(text, match.end(), sentence.end, lexicon)
        if phrase is not None:
            yield Frame(FrameKind.SOURCE, Strength.SPEECH, cue, cue.start, phrase.end, phrase)
        elif match["noun"]:
            whole = Span(text.index(" ", cue.start) + 1, match.end("noun"))
            named = any(word[0].isupper() for word in whole.of(text).split()[:-1])
            yield Frame(FrameKind.SOURCE, Strength.SPEECH, cue, cue.start, cue.end, whole if named else None)
    for match in lexicon.compound_source.finditer(text, sentence.start, sentence.end):
        source = Span(*match.span("source"))
        yield Frame(FrameKind.SOURCE, Strength.SPEECH, source, match.start(), match.end(), source)
    for match in lexicon.possessive.finditer(text, sentence.start, sentence.end):
        whose = Span(*match.span("whose" if match["whose"] else "whose_after"))
        yield Frame(FrameKind.SOURCE, Strength.SPEECH, Span(*match.span()), match.start(), match.end(), whose)


def _sources_after(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Frame]:
    for match in lexicon.source_after.finditer(text, sentence.start, sentence.end):
        phrase = phrase_before(text, sentence.start, match.start(), lexicon)
        if phrase is not None:
            yield Frame(FrameKind.SOURCE, Strength.SPEECH, Span(*match.span()), phrase.start, match.end(), phrase)


def _own_words(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Frame]:
    for match in lexicon.own_word.finditer(text, sentence.start, sentence.end):
        phrase = speaker_after(text, match.end(), sentence.end, lexicon)
        if phrase is not None:
            cue = Span(match.start(), match.end() - 1)
            yield Frame(FrameKind.SOURCE, Strength.SPEECH, cue, cue.start, phrase.end, phrase)
    for match in lexicon.it_says.finditer(text, sentence.start, sentence.end):
        cue = Span(match.start(), match.start() + len(match.group().rstrip()))
        phrase = phrase_at(text, match.end(), sentence.end, lexicon)
        yield Frame(FrameKind.VERB, Strength.SPEECH, cue, cue.start, phrase.end if phrase else cue.end, phrase)


def _inquits(text: str, sentence: Span, known: Sequence[Frame], lexicon: Lexicon) -> Iterator[Frame]:
    """Yield the verbs that no table knows but that direct speech and a comma mark as cues: „…“, schmunzelte X."""
    for match in _INQUIT.finditer(text, sentence.start, sentence.end):
        verb = Span(*match.span("verb"))
        form = match["verb"]
        if form in lexicon.function_words or form in lexicon.determiners or any(f.start == verb.start for f in known):
            continue
        speaker = speaker_after(text, verb.end, sentence.end, lexicon)
        if speaker is not None:
            yield Frame(FrameKind.VERB, Strength.SPEECH, verb, verb.start, speaker.end, speaker)


def _opinions(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Frame]:
    for match in lexicon.opinion.finditer(text, sentence.start, sentence.end):
        if text[match.end() : match.end() + 2] != ", ":
            continue
        speaker = speaker_before(text, sentence.start, match.start(), lexicon)
        if speaker is not None and speaker.end < match.start():
            yield Frame(FrameKind.OPINION, Strength.SPEECH, Span(*match.span()), speaker.start, match.end(), speaker)
