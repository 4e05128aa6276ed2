"""Whose figure is it: for each figure of an article the subject, the measure and the time that its clause names.

German tells them by form: verb second, articles with case, capital nouns. What the form leaves open stays open:
no subject is better than a wrong one. The outcome serves the brief and the check for misplaced figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from depesche.figure import Figure, Kind, Role
from depesche.source import Source
from depesche.span import Span
from depesche.subjects.clauses import Clause, ClauseKind, Mark, Token, split_clauses
from depesche.subjects.lexicon import Lexicon, lexicon
from depesche.subjects.naming import Antecedent, Named, antecedent, measure_and_owner, name_clauses
from depesche.subjects.phrases import Phrase, is_attribute, phrase_at

_OF_A_WHOLE = {Kind.PERCENT, Kind.FRACTION, Kind.COUNT, Kind.QUALITATIVE}
_BEFORE_NOUN = {Kind.MONEY, Kind.PERCENT, Kind.QUANTITY, Kind.QUALITATIVE, Kind.COUNT}
_TIME_UNITS = frozenset({"a", "mo", "wk", "d", "h", "min", "s"})
_NOUN_AT_END = re.compile(r"[^\W\d_a-zäöüß](?:[\w-]*\w)?$")
_LONGEST = 1_500
"""Characters of a sentence that is read; what is longer is a list or a table."""
_VERBS = frozenset({ClauseKind.MAIN, ClauseKind.FIRST})
_COUNTED = {Kind.COUNT, Kind.SCORE, Kind.ORDINAL, Kind.AGE, Kind.MULTIPLE, Kind.FRACTION}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about, in the words of the source; spans are offsets into `Article.text`.

    `subject` is who or what has the figure (a name, or a noun phrase without its article), `measure` what is measured
    or counted, `period` the time it is said for. Each is None where the text does not tell plainly.
    """

    subject: str | None
    subject_span: Span | None
    measure: str | None
    measure_span: Span | None
    period: str | None
    period_span: Span | None


def find_subjects(source: Source) -> dict[Span, Subject]:
    """Return what the figures of `source` are about, by the figure's span; those without any clue are left out.

    A sentence in a language without a table (`languages/*.toml`) gives nothing.
    """
    found: dict[Span, Subject] = {}
    title: Antecedent | None = None
    before: Antecedent | None = None
    paragraph = -1
    last = {sentence.paragraph: sentence.index for sentence in source.sentences if source.figures_of(sentence)}
    for sentence in source.sentences:
        words = lexicon(sentence.language)
        if words is None or len(sentence.span) > _LONGEST:
            continue
        if sentence.paragraph != paragraph:
            before, title, paragraph = title, None, sentence.paragraph
        is_title = source.paragraphs[paragraph].role == "title"
        if sentence.index > last.get(paragraph, -1) and not is_title:
            continue  # no figure follows in its paragraph, and the next paragraph looks back to a title alone
        clauses = split_clauses(source.article.text, sentence.span, source.figures_of(sentence), words)
        named = name_clauses(clauses, words, before)
        found |= _Sentence(source.article.text, clauses, named, words).subjects()
        before = antecedent(named) or (before if any(one.pronoun for one in named) else None)
        if is_title:
            title = before
    return found


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence cut and named, while its figures are read."""

    text: str
    clauses: Sequence[Clause]
    named: Sequence[Named]
    words: Lexicon

    def subjects(self) -> dict[Span, Subject]:
        """Return the subject of each figure that has one."""
        found: dict[Span, Subject] = {}
        measures: dict[int, tuple[Kind, Span | None]] = {}
        for i, clause in enumerate(self.clauses):
            for place in clause.figures:
                figure = clause.tokens[place].figure
                if figure is None:
                    continue
                subject, measure = self._read(i, place, figure, measures)
                measures[i] = (figure.kind, measure)
                period = _period(clause, place, self.words)
                if subject or measure or period:
                    found[figure.span] = Subject(*self._said(subject), *self._said(measure), *self._said(period))
        return found

    def _said(self, span: Span | None) -> tuple[str | None, Span | None]:
        return (span.of(self.text) if span else None, span)

    def _read(
        self, i: int, place: int, figure: Figure, measures: dict[int, tuple[Kind, Span | None]]
    ) -> tuple[Span | None, Span | None]:
        clause, named = self.clauses[i], self.named[i]
        if _is_timing(clause.tokens, place, figure, self.words):
            return None, None
        own = _own_measure(clause.tokens, place, figure, self.words)
        if clause.kind is ClauseKind.BARE:
            return self._read_bare(i, place, figure, own, measures)
        if clause.kind is ClauseKind.BRACKETED:
            return named.subject, own or named.measure
        if _is_circumstance(clause.tokens, place, figure, self.words):
            return None, own
        subject = named.subject
        near = self._nearest_measure(clause.tokens, named.reaches, place)
        if near and near[1] and (subject is None or self._is_owned(near[1], clause.tokens)):
            subject = near[1]
        measure = own or (near[0] if near else None) or named.measure
        if named.measure and figure.unit and self.words.has("measures.levels", figure.unit):
            measure = named.measure
        if measure is None:
            measure = self._other_measure(clause, place) or self._purpose(clause, figure)
        if subject is None and (named.measure or named.counted is not None or named.pronoun):
            subject = self._place(clause)
        if subject and measure and subject.overlaps(measure):
            measure = None
        return subject, measure

    def _read_bare(
        self, i: int, place: int, figure: Figure, own: Span | None, measures: dict[int, tuple[Kind, Span | None]]
    ) -> tuple[Span | None, Span | None]:
        """Read a figure in a clause without a verb, which takes the verb of the clause before ("…, Tarn nur um 2")."""
        tokens, words = self.clauses[i].tokens, self.words
        base = next((n for n in range(i - 1, -1, -1) if self.clauses[n].kind in _VERBS), None)
        if _is_circumstance(tokens, place, figure, words):
            return None, own
        phrase = phrase_at(tokens, 0, words)
        if base is None:
            return self._after(tokens, place), own
        if self.clauses[i].before in {":", "–", "—"}:
            return None, own
        subject = self.named[base].subject
        if phrase is None or phrase.end > place:
            return subject, own
        if any(token.mark is Mark.NOUN for token in tokens[phrase.end : place]):
            return None, own
        if any(words.is_measure(tokens[n].word) for n in range(phrase.core, phrase.head + 1)):
            measured, owner = measure_and_owner(phrase, tokens, words)
            return owner or subject, own or measured
        if phrase.oblique:
            return subject, own
        kind, measure = measures.get(base, (None, None))
        same = kind is figure.kind and not (self.named[base].measure and self.named[base].subject is None)
        return phrase.span(tokens), own or (measure if same else None)

    def _nearest_measure(self, tokens: Sequence[Token], start: int, place: int) -> tuple[Span, Span | None] | None:
        """Return the last noun of measure between the subject and the figure that stands after no preposition."""
        found = None
        for phrase in self._objects(tokens, start, place):
            if any(self.words.is_measure(tokens[n].word) for n in range(phrase.core, phrase.head + 1)):
                found = measure_and_owner(phrase, tokens, self.words)
        return found

    def _is_owned(self, owner: Span, tokens: Sequence[Token]) -> bool:
        """Say whether a genitive or "von" ties `owner` to its measure, and no preposition of place."""
        before = [token.word for token in tokens if token.span.end <= owner.start][-1:]
        return not any(self.words.has("prepositions.places", word) for word in before)

    def _other_measure(self, clause: Clause, place: int) -> Span | None:
        """Return the object that is measured where it opens the clause or follows the figure."""
        tokens = clause.tokens
        objects = self._objects(tokens, 0, clause.verb or 0) if clause.kind is ClauseKind.MAIN else []
        objects = [phrase for phrase in objects if phrase.oblique]
        if place == clause.verb or not any(token.figure for token in tokens[place + 1 :]):
            objects += self._objects(tokens, place + 1, len(tokens))
        for phrase in objects:
            if any(self.words.is_measure(tokens[n].word) for n in range(phrase.core, phrase.head + 1)):
                return measure_and_owner(phrase, tokens, self.words)[0]
        return None

    def _objects(self, tokens: Sequence[Token], start: int, stop: int) -> list[Phrase]:
        """Return the noun phrases between two places that no preposition governs."""
        found, i = [], start
        while i < stop:
            governed = tokens[i].mark is Mark.WORD and self.words.has("prepositions.all", tokens[i].word)
            phrase = phrase_at(tokens, i + governed, self.words)
            if phrase and phrase.first < stop:
                if not governed:
                    found.append(phrase)
                i = phrase.end
            else:
                i += 1
        return found

    def _purpose(self, clause: Clause, figure: Figure) -> Span | None:
        """Return for what money is spent, where one phrase with "für" or "in den" says so."""
        tokens, words = clause.tokens, self.words
        if figure.kind is not Kind.MONEY or figure.role is not None:
            return None
        found = []
        for i, token in enumerate(tokens[:-1]):
            if token.mark is not Mark.WORD or not words.has("prepositions.purpose", token.word):
                continue
            phrase = phrase_at(tokens, i + 1, words)
            if phrase is None or words.has("times.nouns", tokens[phrase.head].word):
                continue
            plain = not phrase.determiner and tokens[phrase.core].mark is Mark.NOUN
            accusative = words.has("determiners.accusative", phrase.determiner) if phrase.determiner else not plain
            if accusative or (plain and token.word == "für"):
                found.append(Span(tokens[phrase.head].span.start, tokens[phrase.head].span.end))
        return found[0] if len(found) == 1 else None

    def _place(self, clause: Clause) -> Span | None:
        """Return the place or body that a clause opens with: "In Bayern lag …", "Bei Kettwig arbeiten …"."""
        tokens, words = clause.tokens, self.words
        if tokens[0].mark is not Mark.WORD or not words.has("prepositions.places", tokens[0].word):
            return None
        phrase = phrase_at(tokens, 1, words)
        if phrase is None or tokens[phrase.core].mark is not Mark.NOUN or phrase.end != clause.verb:
            return None
        headed = words.has("places.heads", tokens[phrase.core].word)
        bare = not phrase.determiner and words.has("prepositions.bare_places", tokens[0].word)
        return phrase.span(tokens) if headed or bare else None

    def _after(self, tokens: Sequence[Token], place: int) -> Span | None:
        """Return the name behind "bei" or "von" in a headline without a verb ("12 Prozent mehr Gewinn bei Tarn")."""
        for i in range(place + 1, len(tokens) - 1):
            if tokens[i].mark is Mark.WORD and tokens[i].word in {"bei", "von"}:
                phrase = phrase_at(tokens, i + 1, self.words)
                return phrase.span(tokens) if phrase and not phrase.determiner else None
        return None


def _own_measure(tokens: Sequence[Token], place: int, figure: Figure, words: Lexicon) -> Span | None:
    """Return the noun that the figure or its neighbours say: "14 Schiffe", "3 Euro Lohn", "Plus von 3 %"."""
    if figure.kind is Kind.COUNT and figure.unit and " " in figure.text and (noun := _NOUN_AT_END.search(figure.text)):
        return Span(figure.span.start + noun.start(), figure.span.end)
    after = place + 1
    if figure.kind in _BEFORE_NOUN:
        while after < len(tokens) and words.has("prepositions.comparing", tokens[after].word):
            after += 1
        if after < len(tokens) and tokens[after].mark is Mark.NOUN and _is_free(tokens, after):
            return tokens[after].span
    of_a_whole = figure.kind in _OF_A_WHOLE and after == place + 1 and after < len(tokens)
    if of_a_whole and words.has("determiners.genitive", tokens[after].word):
        whole = phrase_at(tokens, after, words, attached=False)
        return tokens[whole.head].span if whole else None
    return _measure_before(tokens, place, figure, words)


def _is_timing(tokens: Sequence[Token], place: int, figure: Figure, words: Lexicon) -> bool:
    """Say whether the figure only tells when or how fast something happens: "binnen eines Jahres", "vor zwei Tagen"."""
    if figure.kind is not Kind.QUANTITY or figure.unit not in _TIME_UNITS:
        return False
    around = [tokens[place + 1].word] if place + 1 < len(tokens) else []
    for token in reversed(tokens[max(0, place - 3) : place]):
        if token.mark is not Mark.WORD:
            break
        around.append(token.word)
    return any(words.has("prepositions.timing", word) for word in around)


def _is_circumstance(tokens: Sequence[Token], place: int, figure: Figure, words: Lexicon) -> bool:
    """Say whether a count hangs on a preposition that parts it from the clause's subject: "vor 130 Journalisten"."""
    if place + 2 < len(tokens) and figure.kind is not Kind.COUNT and is_attribute(tokens, place + 1, words):
        return True
    if figure.kind not in _COUNTED or figure.role is not None or not place:
        return False
    if any(words.has("determiners.genitive", token.word) for token in tokens[max(1, place - 2) : place]):
        return True
    joined = place > 2 and tokens[place - 1].word in {"und", "oder"} and tokens[place - 2].figure
    at = place - 3 if joined else place - 1
    return words.has("prepositions.circumstantial", tokens[at].word)


def _is_free(tokens: Sequence[Token], at: int) -> bool:
    """Say whether the noun at `at` stands alone and is no name of two words."""
    return at + 1 >= len(tokens) or tokens[at + 1].mark is not Mark.NOUN


def _measure_before(tokens: Sequence[Token], place: int, figure: Figure, words: Lexicon) -> Span | None:
    """Return the noun in "ein Wachstum von 0,4 Prozent", "ein Paket in Höhe von 3 Mio. Euro"."""
    at = place
    if at and figure.text.lower().startswith("zwischen"):
        at += 1
    elif not at or not words.has("prepositions.amount", tokens[at - 1].word) or figure.role is Role.FROM:
        return None
    at -= 2
    if at > 0 and words.has("prepositions.height", tokens[at].word):
        at -= 2
    if at < 0 or tokens[at].mark is not Mark.NOUN or (figure.kind is Kind.COUNT and not figure.unit):
        return None
    if at and tokens[at - 1].mark is Mark.NOUN:
        return None
    return tokens[at].span


def _period(clause: Clause, place: int, words: Lexicon) -> Span | None:
    """Return the time said right behind the figure, else the only one of the clause that no other figure has."""
    tokens = clause.tokens
    times = [i for i, t in enumerate(tokens) if t.mark is Mark.PERIOD and not _is_comparison(t.word, words)]
    if place + 1 in times:
        return tokens[place + 1].span
    free = [i for i in times if i == 0 or not tokens[i - 1].figure]
    return tokens[free[0]].span if len(free) == 1 else None


def _is_comparison(period: str, words: Lexicon) -> bool:
    return words.has("times.comparing", period.split()[0])
