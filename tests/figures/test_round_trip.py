from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.figure import Figure, Kind, Modifier
from depesche.figures import compare_figures, find_figures, write_figure
from depesche.figures.convert import numbers_of
from depesche.span import Span

UNITS = ["km", "m", "cm", "kg", "t", "g", "l", "ha", "km2", "m2", "h", "min", "d", "wk", "mo", "a", "kWh", "MW", "GW"]
RATES = ["km/h", "EUR/t", "EUR/kWh", "USD/mo", "l/100km", "ug/m3", "m3/s", "EUR/h"]

wholes = st.integers(2, 10**13).map(Decimal)
round_wholes = st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(2, 999), st.integers(0, 10))
decimals = st.decimals("0.1", "99999", places=1)
numbers = st.one_of(wholes, round_wholes, decimals)
modifiers = st.sampled_from([None, *Modifier])


def figures(kind: Kind, units: list[str | None], values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Figure]:
    return st.builds(
        lambda value, unit, modifier: Figure(kind, "", Span(0, 0), value, unit=unit, modifier=modifier),
        values,
        st.sampled_from(units),
        modifiers,
    )


def ranges(kind: Kind, units: list[str | None], values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Figure]:
    return st.builds(
        lambda low, more, unit: Figure(kind, "", Span(0, 0), low=low, high=low + more, unit=unit),
        values,
        values,
        st.sampled_from(units),
    )


written = st.one_of(
    figures(Kind.MONEY, ["EUR", "USD", "GBP", "CHF", "JPY"], numbers),
    figures(Kind.PERCENT, ["%"], decimals),
    figures(Kind.PERCENTAGE_POINTS, ["pp"], decimals),
    figures(Kind.PERCENTAGE_POINTS, ["bp"], st.integers(2, 500).map(Decimal)),
    figures(Kind.COUNT, ["people"], wholes | round_wholes),
    figures(Kind.QUANTITY, list(UNITS), st.integers(2, 10**6).map(Decimal) | decimals),
    figures(Kind.RATE, list(RATES), st.integers(2, 10**4).map(Decimal) | decimals),
    figures(Kind.TEMPERATURE, ["Cel"], st.integers(-40, 45).map(Decimal)),
    figures(Kind.AGE, ["a"], st.integers(2, 110).map(Decimal)),
    figures(
        Kind.FRACTION, [None], st.sampled_from([Decimal(n) / d for n, d in ((1, 2), (1, 3), (2, 3), (3, 4), (1, 20))])
    ),
    ranges(Kind.PERCENT, ["%"], st.integers(1, 90).map(Decimal)),
    ranges(Kind.MONEY, ["EUR", "USD"], round_wholes),
    ranges(Kind.QUANTITY, ["km", "t", "d"], st.integers(2, 900).map(Decimal)),
)


@given(written)
def test_a_written_figure_reads_back_as_itself(figure: Figure) -> None:
    noun = "people" if figure.kind is Kind.COUNT else None
    found = find_figures(f"They spoke of {write_figure(figure, noun=noun)} on Monday.", "en")
    assert len(found) == 1, found
    assert numbers_of(found[0]) == numbers_of(figure)
    assert (found[0].kind, found[0].unit, found[0].modifier) == (figure.kind, figure.unit, figure.modifier)


NAMED = [
    Figure(Kind.SCORE, "", Span(0, 0), quality="score:3:1"),
    Figure(Kind.ORDINAL, "", Span(0, 0), Decimal(4)),
    Figure(Kind.ORDINAL, "", Span(0, 0), Decimal(22)),
    Figure(Kind.MULTIPLE, "", Span(0, 0), Decimal(2)),
    Figure(Kind.MULTIPLE, "", Span(0, 0), Decimal(10)),
    Figure(Kind.QUALITATIVE, "", Span(0, 0), quality="digits:3"),
    Figure(Kind.QUALITATIVE, "", Span(0, 0), unit="USD", quality="several:1e9"),
    Figure(Kind.QUALITATIVE, "", Span(0, 0), unit="EUR", quality="digits:3:1e6"),
    Figure(Kind.QUALITATIVE, "", Span(0, 0), unit="EUR", quality="magnitude:1e9"),
    Figure(Kind.QUALITATIVE, "", Span(0, 0), quality="plural:1e3"),
]


@pytest.mark.parametrize("figure", NAMED, ids=lambda figure: figure.quality or f"{figure.kind} {figure.value}")
def test_a_figure_in_words_reads_back_as_the_same_amount(figure: Figure) -> None:
    words = write_figure(figure)
    sentence = (
        f"the {words} win" if figure.kind is Kind.ORDINAL else f"{words} the amount" * (figure.value == 2) or words
    )
    found = find_figures(sentence, "en")
    assert compare_figures([replace(figure, text=words)], found).faithful, found
