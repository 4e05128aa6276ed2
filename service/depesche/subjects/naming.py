"""The grammatical subject of each clause of a sentence, and what of it is a measure; the step before the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from depesche.figure import Kind
from depesche.span import Span
from depesche.subjects.clauses import Clause, ClauseKind, Mark, Token
from depesche.subjects.lexicon import Lexicon
from depesche.subjects.phrases import Phrase, phrase_at

_CARRYING_NOUN = {Kind.COUNT, Kind.FRACTION, Kind.QUALITATIVE, Kind.PERCENT}


@dataclass(frozen=True, slots=True)
class Antecedent:
    """A subject that a later pronoun may stand for, with the article that shows its gender."""

    span: Span
    determiner: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a clause says of itself: who has the figures in it, what is measured, or the figure that is its subject."""

    subject: Span | None = None
    measure: Span | None = None
    determiner: str = ""
    counted: int | None = None
    reaches: int = 0
    """Place behind the subject in the clause's tokens."""
    pronoun: bool = False


def name_clauses(clauses: Sequence[Clause], words: Lexicon, before: Antecedent | None) -> list[Named]:
    """Return the naming of each clause; `before` is the subject of the sentence before."""
    named: list[Named] = []
    for i, clause in enumerate(clauses):
        last = antecedent(named) or before
        match clause.kind:
            case ClauseKind.MAIN:
                one = _main(clause, words, last)
            case ClauseKind.FIRST:
                one = _verb_first(clauses, i, named, words, last)
            case ClauseKind.LAST:
                one = _scan(clause, 1, clause.verb or len(clause.tokens), words, last)
            case ClauseKind.RELATIVE:
                one = _relative(clauses, i, words)
            case ClauseKind.BRACKETED:
                one = _bracketed(clauses, i, words)
            case _:
                one = Named()
        named.append(one)
    for i, clause in enumerate(clauses):
        if clause.kind is ClauseKind.INFINITIVE:
            follows = i + 1 < len(clauses) and clauses[i + 1].kind is ClauseKind.FIRST
            model = named[i + 1] if follows else next((n for n in reversed(named[:i]) if n.subject), Named())
            named[i] = Named(model.subject, None, model.determiner)
    return named


def antecedent(named: Sequence[Named]) -> Antecedent | None:
    """Return the first subject of a sentence that is no measure: whom "er" or "sie" will stand for."""
    for one in named:
        if one.measure or one.counted is not None:
            return None
        if one.subject:
            return Antecedent(one.subject, one.determiner)
    return None


def _main(clause: Clause, words: Lexicon, before: Antecedent | None) -> Named:
    verb = clause.verb or 0
    tokens = clause.tokens
    front = _scan(clause, 0, verb, words, before)
    if front.measure and front.reaches == verb and not words.has("determiners.masculine", tokens[0].word):
        after = phrase_at(tokens, verb + 1, words, attached=False)
        if after and (not after.determiner or after.determiner == "der") and _ends_name(tokens, after.end):
            return Named(
                Span(tokens[after.core].span.start, tokens[after.head].span.end), front.measure, after.determiner
            )
    if front.subject or front.measure or front.pronoun or front.counted is not None:
        return front
    return _scan(clause, verb + 1, len(tokens), words, before)


def _bracketed(clauses: Sequence[Clause], i: int, words: Lexicon) -> Named:
    """Return the naming of "Tarn (plus 3 Prozent)"; what comes later in a bracket may be about another."""
    if not i or clauses[i - 1].kind is ClauseKind.BRACKETED:
        return Named()
    return _of(ending_phrase(clauses[i - 1].tokens, words), clauses[i - 1].tokens, words, None)


def _ends_name(tokens: Sequence[Token], end: int) -> bool:
    return end >= len(tokens) or tokens[end].word not in {"zufolge", "nach"}


def _verb_first(
    clauses: Sequence[Clause], i: int, named: Sequence[Named], words: Lexicon, before: Antecedent | None
) -> Named:
    clause = clauses[i]
    if clause.coordinated:
        model = next((n for n in reversed(named) if n.subject or n.measure), None)
        return Named(model.subject, None, model.determiner) if model and not model.measure else Named()
    start = i
    while start and clauses[start - 1].kind in {ClauseKind.RELATIVE, ClauseKind.BARE, ClauseKind.BRACKETED}:
        start -= 1
    for earlier in clauses[start:i] if start < i - 1 or clauses[i - 1].kind is not ClauseKind.BARE else ():
        if earlier.kind is ClauseKind.BARE and not earlier.figures:
            phrase = phrase_at(earlier.tokens, 0, words)
            if phrase and phrase.end == len(earlier.tokens) and not phrase.oblique:
                return _of(phrase, earlier.tokens, words, before)
        if earlier.kind is ClauseKind.BARE:
            break
    found = _scan(clause, 1, len(clause.tokens), words, before)
    if found == Named() and i and clauses[i - 1].kind is ClauseKind.MAIN and not named[i - 1].measure:
        return Named(named[i - 1].subject, None, named[i - 1].determiner)
    return found


def _relative(clauses: Sequence[Clause], i: int, words: Lexicon) -> Named:
    clause = clauses[i]
    tokens, first = clause.tokens, clause.tokens[0].word
    end = clause.verb or len(tokens)
    if not words.has("pronouns.relative", first):
        return _scan(clause, 2, end, words, None)
    phrase = _antecedent_phrase(clauses, i, first, words)
    span = phrase.span(clauses[i - 1].tokens) if phrase else None
    if words.has("pronouns.relative_possessive", first):
        owned = phrase_at(tokens, 1, words)
        measure = owned.span(tokens) if owned and words.is_measure(_last(tokens, owned)) else None
        return Named(span, measure, reaches=owned.end if owned else 0)
    if not words.has("pronouns.relative_subject", first):
        return _scan(clause, 1, end, words, None)
    rival = phrase_at(tokens, 1, words)
    if rival and rival.determiner in {"", "der", "die", "das"}:
        return Named()
    return Named(span, None, phrase.determiner if phrase else "", reaches=1)


def _antecedent_phrase(clauses: Sequence[Clause], i: int, pronoun: str, words: Lexicon) -> Phrase | None:
    if not i:
        return None
    phrase = ending_phrase(clauses[i - 1].tokens, words)
    if phrase is None or not phrase.determiner:
        return phrase
    genders = {"der": "masculine", "die": "feminine", "das": "neuter"}
    wanted = genders.get(pronoun)
    fits = wanted is None or words.has(f"determiners.{wanted}", phrase.determiner)
    return phrase if fits or words.has("determiners.oblique", phrase.determiner) else None


def ending_phrase(tokens: Sequence[Token], words: Lexicon) -> Phrase | None:
    """Return the innermost noun phrase that ends where `tokens` end."""
    found = None
    for at in range(len(tokens)):
        if at and tokens[at].mark is Mark.NOUN and tokens[at - 1].mark is Mark.NOUN:
            continue
        phrase = phrase_at(tokens, at, words, attached=False)
        if phrase and phrase.end == len(tokens) and (found is None or found.end != phrase.end or not found.determiner):
            found = found if found and found.determiner and not phrase.determiner else phrase
    if found and words.has("determiners.genitive", found.determiner) and found.first:
        return None if tokens[found.first - 1].mark is Mark.NOUN else found
    return found


def _scan(clause: Clause, start: int, stop: int, words: Lexicon, before: Antecedent | None) -> Named:
    """Return the first phrase between two places that can be a subject: no preposition, no accusative or dative."""
    tokens, i = clause.tokens, start
    while i < stop:
        token = tokens[i]
        if token.mark is Mark.FIGURE:
            if _is_counted(tokens, i, words):
                return Named(counted=i, reaches=i + 1)
            if token.figure and token.figure.kind in _CARRYING_NOUN - {Kind.PERCENT}:
                return Named()
            i += 1
            continue
        if token.mark is Mark.WORD and words.has("prepositions.all", token.word):
            i = _behind_preposition(tokens, i, words) or stop
            continue
        if token.mark is Mark.NOUN and token.word.endswith("-"):
            return Named()
        phrase = phrase_at(tokens, i, words) if token.mark in {Mark.WORD, Mark.NOUN} else None
        if phrase and not phrase.oblique:
            return _of(phrase, tokens, words, before)
        if phrase:
            i = phrase.end
            continue
        if token.mark is Mark.WORD and any(words.has(f"pronouns.{p}", token.word) for p in ("nobody", "expletive")):
            return Named(pronoun=True, reaches=i + 1)
        if token.mark is Mark.WORD and token.word in {"er", "sie"}:
            if i and clause.kind is ClauseKind.MAIN:
                return Named(pronoun=True)
            return _stands_for(token.word, before, words)
        i += 1
    return Named()


def _stands_for(pronoun: str, before: Antecedent | None, words: Lexicon) -> Named:
    gender = "masculine" if words.has("pronouns.masculine", pronoun) else "feminine"
    fits = before and (not before.determiner or words.has(f"determiners.{gender}", before.determiner))
    return Named(before.span if before and fits else None, determiner=before.determiner if before else "", pronoun=True)


def _is_counted(tokens: Sequence[Token], i: int, words: Lexicon) -> bool:
    """Say whether the figure at `i` brings its noun with it and can be a subject."""
    figure = tokens[i].figure
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if figure is None or (after and after.mark is Mark.NOUN):
        return figure is not None
    if figure.kind is Kind.COUNT and figure.unit:
        return True
    return figure.kind in _CARRYING_NOUN and bool(after and words.has("determiners.genitive", after.word))


def _behind_preposition(tokens: Sequence[Token], i: int, words: Lexicon) -> int | None:
    """Return the place behind what the preposition at `i` governs, None where that cannot be told."""
    at = i + 1
    while at < len(tokens) and tokens[at].mark in {Mark.FIGURE, Mark.PERIOD, Mark.OTHER}:
        at += 1
    phrase = phrase_at(tokens, at, words)
    if phrase and (at == i + 1 or not phrase.determiner):
        return phrase.end
    nested = (
        at == i + 1
        and at < len(tokens)
        and any(words.has(f"determiners.{case}", tokens[at].word) for case in ("nominative", "oblique"))
    )
    return None if nested else at


def _of(phrase: Phrase | None, tokens: Sequence[Token], words: Lexicon, before: Antecedent | None) -> Named:
    """Return who has the figures and what is measured, where `phrase` is the subject."""
    if phrase is None:
        return Named()
    nouns = [i for i in range(phrase.core, phrase.head + 1) if tokens[i].mark is Mark.NOUN]
    measured = [i for i in nouns if words.is_measure(tokens[i].word)]
    if not measured:
        if phrase.core == phrase.head and len(tokens[phrase.core].word) == 1:
            return Named()
        end = phrase.head
        if phrase.owner and phrase.owner_by == "genitive":
            end = phrase.owner.head
        return Named(
            Span(tokens[phrase.core].span.start, tokens[end].span.end), None, phrase.determiner, reaches=phrase.end
        )
    measure, owner = measure_and_owner(phrase, tokens, words)
    if owner is None and words.has("determiners.possessive", phrase.determiner) and before:
        pronoun = "er" if phrase.determiner.startswith("sein") else "sie"
        owner = _stands_for(pronoun, before, words).subject
    return Named(owner, measure, phrase.determiner, reaches=phrase.end)


def measure_and_owner(phrase: Phrase, tokens: Sequence[Token], words: Lexicon) -> tuple[Span, Span | None]:
    """Split a phrase with a noun of measure into what is measured and who has it.

    "Nordwinds Schulden", "Umsatz von Nordwind", "Zahl der Apotheken im Landkreis Rodau", "Preise für Heizöl".
    """
    nouns = [i for i in range(phrase.core, phrase.head + 1) if tokens[i].mark is Mark.NOUN]
    first = next(i for i in nouns if words.is_measure(tokens[i].word))
    if first > nouns[0] and tokens[first - 1].word.endswith(("s", "’", "'")) and not phrase.determiner:
        return tokens[first].span, Span(tokens[phrase.core].span.start, tokens[first - 1].span.end)
    core, outer, by = phrase.span(tokens), phrase.owner, phrase.owner_by
    if outer and words.is_open(tokens[phrase.head].word) and (by == "genitive" or words.has("measures.extending", by)):
        core = Span(core.start, tokens[outer.head].span.end)
        by, outer = outer.owner_by, outer.owner
    return core, _owner(outer, by, tokens, words)


def _owner(owner: Phrase | None, by: str, tokens: Sequence[Token], words: Lexicon) -> Span | None:
    if owner is None or words.is_measure(tokens[owner.head].word):
        return None
    if by == "genitive" or words.has("prepositions.possessors", by):
        placed = not owner.determiner or words.has("places.heads", tokens[owner.core].word)
        in_place = words.has("prepositions.places", by) or by in {"am", "aus"}
        if not in_place or (placed and (by in {"in", "bei"} or words.has("places.heads", tokens[owner.core].word))):
            return owner.span(tokens)
        return _owner(owner.owner, owner.owner_by, tokens, words)
    return None


def _last(tokens: Sequence[Token], phrase: Phrase) -> str:
    return tokens[phrase.head].word
