"""Right numbers, exchanged owners: "Nordwind 3 Prozent, Tarn 5 Prozent" told as Nordwind 5 and Tarn 3.

The comparison of figures finds both numbers in place and raises no alarm; here the names tell. Only a strict exchange
counts: two figures of one kind, each behind a name in its sentence that either text has once, and the English has each
figure behind the other's name. Another order of the clauses is no exchange.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from depesche.checks.names import countries
from depesche.figure import Figure
from depesche.figures.compare import Match
from depesche.finding import Finding, FindingCode
from depesche.span import Span

_NAME = re.compile(r"[^\W\d_][\w&.-]*\w")
_SENTENCE_END = re.compile(r"[.!?][”“\"]?\s+(?=[„“\"]?[A-ZÄÖÜ])")
_MOST_FIGURES = 24
"""Figures of a sentence that are looked at; a list with more is a table."""


def find_exchanged(german: str, english: str, matches: Iterable[Match]) -> list[Finding]:
    """Return a finding for each pair of faithful `matches` whose owners `english` exchanges.

    Spans of the matches' figures refer to the two texts; those of the findings to `german`.
    """
    pairs = [(m.source, m.target) for m in matches if m.source is not None and m.target is not None][:_MOST_FIGURES]
    sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
    alike = [(i, j) for i, j in combinations(range(len(pairs)), 2) if _are_alike(sources[i], sources[j])]
    if not alike:
        return []
    names = _shared_names(german, english)
    before = _owners(german, sources, names)
    after = _owners(english, targets, {name: name for name in names.values()})
    return [
        Finding(FindingCode.MISPLACED_FIGURE, f"“{targets[i].text}” is a figure of {before[i]}", sources[i].span)
        for i, j in alike
        if None not in (before[i], before[j])
        and before[i] != before[j]
        and (before[i], before[j]) == (after[j], after[i])
    ]


def _are_alike(one: Figure, other: Figure) -> bool:
    """Say whether two figures could stand in each other's place."""
    same = (one.value, one.low, one.high, one.quality) == (other.value, other.low, other.high, other.quality)
    return one.kind is other.kind and one.unit == other.unit and not same


def _shared_names(german: str, english: str) -> dict[str, str]:
    """Return the capitalised words that both texts have once, by the German word; a country by its English name."""
    there = _once(english)
    names = {}
    for word in _once(german):
        forms = (word, word.removesuffix("s"), *countries().get(word, ())[-1:])
        form = next((form for form in forms if form in there), None)
        if form is not None:
            names[word] = form
    return names


def _once(text: str) -> frozenset[str]:
    counts = Counter(match[0] for match in _NAME.finditer(text) if match[0][0].isupper())
    return frozenset(word for word, count in counts.items() if count == 1)


def _owners(text: str, figures: Sequence[Figure], names: Mapping[str, str]) -> list[str | None]:
    """Return for each figure the last of `names` before it in its sentence; a name inside a figure is none."""
    taken = [figure.span for figure in figures]
    places = [
        match
        for match in _NAME.finditer(text)
        if match[0] in names and not any(span.overlaps(Span(*match.span())) for span in taken)
    ]
    starts = [place.start() for place in places]
    owners: list[str | None] = []
    for figure in figures:
        index = bisect_left(starts, figure.span.start)
        nearest = places[index - 1] if index else None
        parted = nearest is not None and _SENTENCE_END.search(text, nearest.end(), figure.span.start)
        owners.append(names[nearest[0]] if nearest is not None and not parted else None)
    return owners
