"""Indirect speech: the clauses that report what somebody said without quoting it; a step of finding quotations.

German marks reported speech in its grammar: Konjunktiv I, and würde, hätte or wäre where Konjunktiv I looks like the
indicative (Duden, Die Grammatik, "Indirekte Rede"). A main clause in Konjunktiv I without a speaker of its own goes
on with what the last speaker said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from depesche.quotes.frames import Frame, FrameKind
from depesche.quotes.lexicon import MASK, Lexicon, Strength
from depesche.quotes.speakers import phrase_at
from depesche.span import Span

_WORD = re.compile(r"[^\W\d_]+")
_SEGMENT = re.compile(rf"[^,;:{MASK}–()]+")
_COMMA = re.compile(r",\s+")
_INFINITIVE = re.compile(r"\b(?:zu\s\w+en|\w+zu\w+en)\b")
_REGULAR = re.compile(r"\s(?P<verb>[a-zäöüß]{2,}(?<!t)e)\b(?!\s[A-ZÄÖÜ]\w+\b\s*(?:[,.]|$))")
_TRIM = " ,;:–-—\n\t"
_MARKS = '„“”"«»'
_FINAL = _TRIM + '.!?…“”"«»'
_LEAST_LETTERS = 5
_LEAST_WORDS = 3
_TOLD_WITHIN = 40
"""Characters in which those who are told may stand before "that" ("told reporters in Berlin that")."""
_LONGEST_DETERMINER = 12
_IDIOM_WITHIN = 20
"""Characters around a subjunctive in which an idiom ("es sei denn") is looked for."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause; `frame` is None where the sentence does not say who speaks."""

    span: Span
    frame: Frame | None


def find_clauses(
    text: str, sentence: Span, frames: Sequence[Frame], lexicon: Lexicon, *, goes_on: bool
) -> list[Clause]:
    """Return the reported clauses of one sentence in text order.

    `text` has direct speech masked. `goes_on` says that the sentence before was reported speech, which makes würde
    and its like count as well.
    """
    clauses: list[Clause] = []
    for frame in frames:
        span = _clause_of(text, sentence, frame, lexicon)
        if span is not None and _has_words(text, span) and not any(c.span.overlaps(span) for c in clauses):
            clauses.append(Clause(span, frame))
    if not clauses:
        free = _free_clause(text, sentence, lexicon, substitutes=goes_on)
        clauses += [Clause(free, None)] if free is not None and _has_words(text, free) else []
    whole = (Clause(_with_closing_mark(text, clause.span), clause.frame) for clause in clauses)
    return sorted(whole, key=lambda clause: clause.span)


def _with_closing_mark(text: str, span: Span) -> Span:
    """Return a clause with the closing mark of a word that it has in quotation marks at its end."""
    marks = sum(span.of(text).count(mark) for mark in _MARKS)
    closes = text[span.end : span.end + 1] in set(_MARKS)
    return Span(span.start, span.end + 1) if marks % 2 and closes else span


def _clause_of(text: str, sentence: Span, frame: Frame, lexicon: Lexicon) -> Span | None:
    match frame.kind:
        case FrameKind.SOURCE | FrameKind.AS_SAID:
            return _around(text, sentence, frame)
        case FrameKind.OPINION:
            return _after_comma(text, sentence, frame, lexicon)
        case FrameKind.VERB:
            bare = _after_verb(text, sentence, frame, lexicon) if lexicon.bare_complement else None
            return bare or _after_comma(text, sentence, frame, lexicon) or _before_comma(text, sentence, frame)


def _around(text: str, sentence: Span, frame: Frame) -> Span | None:
    """Return the sentence without its source: what follows it, what comes before it, or all where it is inside."""
    before = _trimmed(text, sentence.start, frame.start, _TRIM)
    after = _trimmed(text, frame.end, sentence.end, _FINAL)
    if not any(map(str.isalpha, before.of(text))):
        return after
    if not any(map(str.isalpha, after.of(text))):
        return before
    return _trimmed(text, sentence.start, sentence.end, _FINAL)


def _after_comma(text: str, sentence: Span, frame: Frame, lexicon: Lexicon) -> Span | None:
    """Return the clause after "sagte X," where it is a dass-clause, an infinitive or in the subjunctive."""
    for comma in _COMMA.finditer(text, frame.end, sentence.end):
        if MASK in text[frame.end : comma.start()]:
            return None
        rest = _trimmed(text, comma.end(), sentence.end, _FINAL)
        first = _WORD.match(text, rest.start, rest.end)
        if first is None:
            continue
        asks = comma.start() == frame.end and lexicon.questions.fullmatch(first.group())
        if asks or lexicon.complement.fullmatch(first.group()):
            return rest
        if frame.strength is Strength.ATTITUDE and frame.kind is FrameKind.VERB:
            continue
        if _is_reported(text, rest, lexicon, substitutes=True) or _INFINITIVE.search(text, rest.start, rest.end):
            return rest
        if not lexicon.nouns_capitalised:
            return None
    return None


def _after_verb(text: str, sentence: Span, frame: Frame, lexicon: Lexicon) -> Span | None:
    """Return the clause of "X said (that) …", which has no comma; a quotation in it is no reported clause."""
    if frame.strength is not Strength.SPEECH or frame.speaker is None or frame.speaker.start > frame.cue.start:
        return None
    rest = _trimmed(text, frame.cue.end, sentence.end, _FINAL)
    complement = lexicon.complement.search(text, rest.start, min(rest.end, rest.start + _TOLD_WITHIN))
    if complement is not None:
        return Span(complement.start(), rest.end)
    is_clause = rest.start == frame.cue.end + 1 and len(rest.of(text).split()) >= _LEAST_WORDS
    return rest if is_clause and MASK not in rest.of(text) else None


def _before_comma(text: str, sentence: Span, frame: Frame) -> Span | None:
    """Return the clause before ", sagte X", which must be the writer's words and not quoted ones."""
    if frame.strength is not Strength.SPEECH:
        return None
    before = text[sentence.start : frame.start].rstrip()
    own = before.replace(MASK, "").strip(_FINAL)
    if not before.endswith(",") or before.startswith(MASK) or not own or own.endswith(":"):
        return None
    return _trimmed(text, sentence.start, frame.start, _TRIM)


def _trimmed(text: str, start: int, end: int, characters: str) -> Span:
    while start < end and text[start] in characters:
        start += 1
    while end > start and text[end - 1] in characters:
        end -= 1
    return Span(start, end)


def _has_words(text: str, span: Span) -> bool:
    return sum(map(str.isalpha, text[span.start : span.end])) >= _LEAST_LETTERS


def _free_clause(text: str, sentence: Span, lexicon: Lexicon, *, substitutes: bool) -> Span | None:
    """Return what a sentence without a cue reports: all of it, or what follows a clause of the writer's own."""
    verb = next(_subjunctives(text, sentence, lexicon, substitutes=substitutes), None)
    if verb is None:
        return None
    colon = text.rfind(": ", sentence.start, verb.start)
    if colon >= 0 and MASK not in text[sentence.start : colon]:
        return _trimmed(text, colon + 1, sentence.end, _FINAL)
    comma = text.rfind(", ", sentence.start, verb.start)
    if comma < 0:
        return sentence
    phrase = phrase_at(text, comma + 2, verb.start, lexicon)
    own = phrase is not None and not text[phrase.end : verb.start].strip()
    return _trimmed(text, comma + 2, sentence.end, _FINAL) if own else sentence


def _is_reported(text: str, span: Span, lexicon: Lexicon, *, substitutes: bool) -> bool:
    """Say whether a main clause in `span` stands in the subjunctive of reported speech."""
    return any(True for _ in _subjunctives(text, span, lexicon, substitutes=substitutes))


def _subjunctives(text: str, span: Span, lexicon: Lexicon, *, substitutes: bool) -> Iterator[Span]:
    """Yield the verbs of main clauses that stand in the subjunctive, in text order."""
    forms = lexicon.reported_or_substitute if substitutes else lexicon.reported
    for segment in _SEGMENT.finditer(text, span.start, span.end):
        first = segment.start() == span.start
        words = _WORD.finditer(text, segment.start(), segment.end())
        verbs = [
            Span(*word.span())
            for word in words
            if word.group() in forms and not _is_adjective(text, Span(*word.span()), lexicon)
        ]
        if not verbs and (regular := _regular(text, segment, lexicon)) is not None:
            verbs.append(regular)
        for verb in verbs:
            if not _is_idiom(text, verb, span, lexicon) and not _is_subordinate(
                text, segment, verb, lexicon, first=first
            ):
                yield verb


def _is_adjective(text: str, word: Span, lexicon: Lexicon) -> bool:
    """Say whether a form such as "reiche" stands between a determiner and a noun: "das reiche Land"."""
    before = text[max(0, word.start - _LONGEST_DETERMINER) : word.start].split()
    return (
        bool(before)
        and before[-1].lower() in lexicon.determiners
        and text[word.end : word.end + 1] == " "
        and text[word.end + 1 : word.end + 2].isupper()
    )


def _is_idiom(text: str, verb: Span, around: Span, lexicon: Lexicon) -> bool:
    start, end = max(around.start, verb.start - _IDIOM_WITHIN), min(around.end, verb.end + _IDIOM_WITHIN)
    return any(
        idiom.start() < verb.end and verb.start < idiom.end() for idiom in lexicon.idioms.finditer(text, start, end)
    )


def _regular(text: str, segment: re.Match[str], lexicon: Lexicon) -> Span | None:
    """Return a Konjunktiv I that no list holds: a word in -e right after the subject that begins the clause."""
    start = segment.start() + len(segment.group()) - len(segment.group().lstrip())
    phrase = phrase_at(text, start, segment.end(), lexicon)
    if phrase is None:
        return None
    verb = _REGULAR.match(text, phrase.end, segment.end())
    if verb is None:
        return None
    form = verb["verb"]
    if form in lexicon.no_verbs or form in lexicon.function_words or form in lexicon.reported_or_substitute:
        return None
    return Span(*verb.span("verb"))


def _is_subordinate(text: str, segment: re.Match[str], verb: Span, lexicon: Lexicon, *, first: bool) -> bool:
    """Say whether the verb ends a clause that a conjunction or a relative pronoun opens."""
    words = list(_WORD.finditer(text, segment.start(), segment.end()))
    opens = words[0].group()
    if first and opens.lower() in lexicon.determiners:
        return False
    at_end = not text[verb.end : segment.end()].strip(' .!?“”"')
    opener = any(lexicon.subordinate.fullmatch(word.group()) for word in words[:2])
    return at_end and opener
