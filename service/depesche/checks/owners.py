"""Right number, wrong company: whether a claim gives a figure to somebody else than the article does.

Both sides are read alike: in the claim and in the translated sentence that has the figure, the owner is whoever the
figure's clause names, else whom the clauses before it name. The German subject is an owner too. Where the sentence
names nobody, the title and the sentence before may: "Der Gewinn stieg um 30 Prozent" is about the company of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from depesche.checks.names import capitalised, countries, mid_sentence_names
from depesche.figure import Figure
from depesche.figures import find_figures
from depesche.figures.compare import find_counterpart
from depesche.span import Span
from depesche.subjects import Subject, find_subjects
from depesche.translation import TranslatedSentence, Translation

_CUT = re.compile(r"[,;:–—()“”\"]\s|\s[–—]\s|(?<=[\w%)])[.!?]\s|\b(?:while|whereas|but|versus)\b")
_AND = re.compile(r"\band\b")
_NOT_OWNING = re.compile(
    r"\b(?:in|near|on|from|to|with|against|over|than|after|before|since|around|into|under|behind|via|between|like|unlike|"
    r"alongside|without|through|as)\s+(?:[a-z][\w-]*\s+){0,3}$"
)
_SAYING = r"(?:said|says|told|tells|added|explained|stated|warned|confirmed)"
_SAID_BY = re.compile(rf"\b{_SAYING}\s+(?:[a-z][\w-]*\s+){{0,4}}$")
_SAYS = re.compile(rf"^\s+{_SAYING}\b")
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|The|This|That"
)
_WORD = re.compile(r"[^\W\d_][\w&.-]*\w|[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Owners:
    """What an article knows of whose its figures are; made once an article."""

    translation: Translation
    subjects: Mapping[Span, Subject]
    names: frozenset[str]
    people: frozenset[str]

    def of(self, figure: Figure) -> frozenset[str]:
        """Return the words of all names that may own the German `figure`; empty where the article names nobody."""
        home = next(i for i, s in enumerate(self.translation.sentences) if s.sentence.span.contains(figure.span))
        one = self.translation.sentences[home]
        place = _place_in_translation(one, figure)
        if place is None:
            return self._named(one.text) | self._context(home)
        clause = _clause_at(one.text, place)
        owning = owning_names(one.text, place, self.names) | self._german(figure)
        if owning and not owning <= self.people:
            return owning | self._named(clause.of(one.text))
        return self._named(one.text) | self._context(home)

    def _german(self, figure: Figure) -> frozenset[str]:
        subject = self.subjects.get(figure.span)
        words = capitalised(subject.subject) if subject and subject.subject else ()
        forms = {form for word in words for form in (word, word.removesuffix("s"))}
        forms |= {part for form in forms for part in countries().get(form, ())}
        return frozenset(forms) & self.names

    def _context(self, home: int) -> frozenset[str]:
        """Return the names of the title and those that the nearest sentence before with any is about."""
        source = self.translation.source
        titles = [s.text for s in self.translation.sentences if source.paragraphs[s.sentence.paragraph].role != "body"]
        before = (self._topic(one.text) - self.people for one in reversed(self.translation.sentences[:home]))
        return self._named(" ".join(titles)) | next((names for names in before if names), frozenset())

    def _topic(self, text: str) -> frozenset[str]:
        """Return the names in the first clause that has an owner."""
        found = (frozenset(_owning(clause.of(text), self.names)) for clause in _clauses(text))
        return next((names for names in found if names), frozenset())

    def _named(self, text: str) -> frozenset[str]:
        return frozenset(capitalised(text)) & self.names


def know_owners(translation: Translation) -> Owners:
    """Return what `translation` and its source tell of whose the figures are."""
    english = " ".join(one.text for one in translation.sentences)
    german = set(capitalised(translation.source.article.text))
    names = {name for one in translation.sentences for name in mid_sentence_names(one.text)}
    small = set(re.findall(r"\b[a-z]\w+", english))
    names |= {word for word in capitalised(english) if word in german and word.lower() not in small}
    names |= {part for word in german for part in countries().get(word, ()) if part in english}
    return Owners(
        translation=translation,
        subjects=find_subjects(translation.source),
        names=frozenset(name for name in names if not _CALENDAR.fullmatch(name)),
        people=_people(translation),
    )


def find_misplaced(text: str, pairs: Iterable[tuple[Figure, Figure]], owners: Owners) -> list[tuple[Figure, Figure]]:
    """Return those of the `pairs` (German figure, figure of the claim `text`) that `text` gives to another owner.

    A claim that names nobody the article knows by name is none of this check's business.
    """
    misplaced = []
    for source, target in pairs:
        claimed = owning_names(text, target.span, owners.names)
        allowed = owners.of(source)
        if claimed and allowed and not claimed & allowed and not claimed <= owners.people:
            misplaced.append((source, target))
    return misplaced


def owning_names(text: str, figure: Span, names: frozenset[str]) -> frozenset[str]:
    """Return the words of `names` that own the figure at `figure` in an English text.

    These are the names in its clause that no preposition and no verb of saying parts from it; where there are none,
    those of the nearest clause before.
    """
    clauses = [clause for clause in _clauses(text) if clause.start <= figure.start]
    for clause in reversed(clauses):
        found = frozenset(_owning(clause.of(text), names))
        if found:
            return found
    return frozenset()


def _owning(clause: str, names: frozenset[str]) -> Iterable[str]:
    for start, end, words in _groups(clause, names):
        before, after = clause[:start], clause[end:]
        if not (_NOT_OWNING.search(f" {before}".lower()) or _SAID_BY.search(before) or _SAYS.match(after)):
            yield from words


def _groups(clause: str, names: frozenset[str]) -> list[tuple[int, int, list[str]]]:
    """Return the rows of neighbouring name words in `clause` with their ends."""
    groups: list[tuple[int, int, list[str]]] = []
    for match in _WORD.finditer(clause):
        word = re.sub(r"['’]s?$", "", match[0])
        if word not in names or not word[0].isupper():
            continue
        if groups and clause[groups[-1][1] : match.start()].strip() == "":
            groups[-1] = (groups[-1][0], match.end(), [*groups[-1][2], word])
        else:
            groups.append((match.start(), match.end(), [word]))
    return groups


def _clauses(text: str) -> list[Span]:
    """Return the clauses of an English text; "and" cuts where an amount stands on either side of it."""
    figures = [figure.span for figure in find_figures(text, "en")]
    cuts = [
        match.span() for match in _CUT.finditer(text) if not any(f.start <= match.start() < f.end - 1 for f in figures)
    ]
    ends = sorted({0, len(text)} | {end for _, end in cuts})
    for match in _AND.finditer(text):
        start = max(end for end in ends if end <= match.start())
        stop = min(end for end in ends if end >= match.start())
        inside = any(f.start < match.start() < f.end for f in figures)
        left = any(start <= f.start and f.end <= match.start() for f in figures)
        right = any(match.end() <= f.start and f.end <= stop for f in figures)
        if left and right and not inside:
            cuts.append(match.span())
    bounds = sorted({0, len(text)} | {end for _, end in cuts})
    return [Span(start, end) for start, end in pairwise(bounds)]


def _clause_at(text: str, figure: Span) -> Span:
    return next(clause for clause in reversed(_clauses(text)) if clause.start <= figure.start)


def _place_in_translation(one: TranslatedSentence, figure: Figure) -> Span | None:
    """Return where the translated sentence says the German `figure`."""
    here = figure.shifted(-one.sentence.span.start)
    match = find_counterpart(here, one.figures, source_text=one.sentence.text, target_text=one.text)
    return match.target.span if match.target else None


def _people(translation: Translation) -> frozenset[str]:
    """Return the names of those who speak in the article and are not in its title: people, not the company itself."""
    source = translation.source
    speakers = (quotation.resolved_speaker or quotation.speaker or "" for quotation in source.quotations)
    return frozenset(word for speaker in speakers for word in capitalised(speaker)) - set(
        capitalised(source.article.title or "")
    )
