"""Which figures matter most: for the order of the list, the summarizer's prompt and what a brief must cover."""

from __future__ import annotations

from collections.abc import Collection

from depesche.figure import Figure, Kind
from depesche.source import Source

_KIND_WEIGHT = {
    Kind.MONEY: 6,
    Kind.PERCENT: 5,
    Kind.PERCENTAGE_POINTS: 5,
    Kind.RATE: 4,
    Kind.SCORE: 4,
    Kind.QUALITATIVE: 4,
    Kind.QUANTITY: 3,
    Kind.MULTIPLE: 3,
    Kind.FRACTION: 3,
    Kind.TEMPERATURE: 3,
    Kind.COUNT: 2,
    Kind.ORDINAL: 1,
    Kind.AGE: 1,
}
_PLACE_WEIGHT = {"headline": 8, "summary": 5, "key_points": 3}
_IN_TITLE = 4
_SMALL_COUNT, _LARGE_COUNT = 12, 1000
_TIME_UNITS = {"a", "mo", "wk", "d", "h", "min", "s"}
_LEADING = 3
_LEAST_IMPORTANCE = 4.0


def importance(figure: Figure, source: Source, *, places: Collection[str] = ()) -> float:
    """Return how much a figure matters to an editor: what kind it is, how large, where it stands.

    `places` are the parts of the brief that use it ("headline", "summary", "key_points").
    """
    score = float(_KIND_WEIGHT[figure.kind]) + sum(_PLACE_WEIGHT[place] for place in places)
    title = source.article.title_span
    score += _IN_TITLE * bool(title and title.contains(figure.span))
    score += 2.0 * (1 - figure.span.start / max(1, len(source.article.text)))
    largest = figure.value if figure.value is not None else figure.high
    if figure.kind is Kind.COUNT and largest is not None:
        score += 2.0 * (largest >= _LARGE_COUNT) - 1.5 * (largest <= _SMALL_COUNT)
    if figure.kind is Kind.QUANTITY and figure.unit in _TIME_UNITS:
        score -= 1.5
    return score


def leading_figures(source: Source, most: int = _LEADING) -> list[tuple[Figure, int]]:
    """Return the most important figures, best first, each with the index of its sentence."""
    entries = [(figure, sentence.index) for sentence in source.sentences for figure in source.figures_of(sentence)]
    weighty = [entry for entry in entries if importance(entry[0], source) >= _LEAST_IMPORTANCE]
    weighty.sort(key=lambda entry: (-importance(entry[0], source), entry[0].span))
    return weighty[:most]
