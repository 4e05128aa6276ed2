from __future__ import annotations

from decimal import Decimal

import pytest

from depesche.figure import Figure, Kind, Modifier
from depesche.figures.write import has_english_unit, write_figure
from depesche.span import Span


def fig(kind: Kind, number: str | None, unit: str | None = None, **more: object) -> Figure:
    values: dict[str, object] = {}
    if number is not None and "–" in number:
        low, high = number.split("–")
        values = {"low": Decimal(low), "high": Decimal(high)}
    elif number is not None:
        values = {"value": Decimal(number)}
    return Figure(kind=kind, text="", span=Span(0, 0), unit=unit, **values, **more)  # type: ignore[arg-type]


M, Q, R, C = Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.COUNT
WRITTEN = [
    (fig(M, "1500000000", "EUR"), "€1.5 billion"),
    (fig(M, "100000000000", "USD"), "$100 billion"),
    (fig(M, "300000000", "CHF"), "CHF 300 million"),
    (fig(M, "1500000000–2000000000", "EUR"), "€1.5–2 billion"),
    (fig(M, "800000–1200000", "EUR"), "€800,000 to €1.2 million"),
    (fig(M, "0.95", "EUR"), "€0.95"),
    (fig(M, "1234567", "GBP"), "£1,234,567"),
    (fig(M, "-5000000", "EUR"), "minus €5 million"),
    (fig(M, "2000000000000", "EUR"), "€2 trillion"),
    (fig(M, "20", "EUR", modifier=Modifier.MORE_THAN), "more than €20"),
    (fig(Kind.PERCENT, "30–40", "%"), "30–40%"),
    (fig(Kind.PERCENT, "0.2", "%"), "0.2%"),
    (fig(Kind.PERCENT, "10", "%", modifier=Modifier.ALMOST), "almost 10%"),
    (fig(Kind.PERCENTAGE_POINTS, "2.3", "pp"), "2.3 percentage points"),
    (fig(Kind.PERCENTAGE_POINTS, "1", "pp"), "1 percentage point"),
    (fig(Kind.PERCENTAGE_POINTS, "25", "bp"), "25 basis points"),
    (fig(C, "1000", "Anwendungen"), "1,000"),
    (fig(C, "3"), "three"),
    (fig(C, "50", modifier=Modifier.LESS_THAN), "fewer than 50"),
    (fig(C, "50", modifier=Modifier.AT_LEAST), "at least 50"),
    (fig(C, "12500000"), "12.5 million"),
    (fig(Q, "18", "mo"), "18 months"),
    (fig(Q, "1", "a"), "one year"),
    (fig(Q, "1.5", "a"), "1.5 years"),
    (fig(Q, "250", "ha"), "250 hectares"),
    (fig(Q, "5", "km"), "5 km"),
    (fig(Q, "40", "t"), "40 tonnes"),
    (fig(Q, "6", "in"), "6 inches"),
    (fig(Q, "1", "ft"), "1 foot"),
    (fig(Q, "2.5", "km2"), "2.5 square kilometres"),
    (fig(Kind.TEMPERATURE, "3.5", "Cel"), "3.5 °C"),
    (fig(Kind.TEMPERATURE, "-5", "Cel"), "-5 °C"),
    (fig(R, "120", "km/h"), "120 km/h"),
    (fig(R, "90", "EUR/t"), "€90 per tonne"),
    (fig(R, "0.3", "EUR/kWh"), "€0.30 per kWh"),
    (fig(R, "3.2", "l/100km"), "3.2 litres per 100 km"),
    (fig(R, "370", "EUR/Kopf"), "€370 per head"),
    (fig(R, "65", "ug/m3"), "65 µg/m³"),
    (fig(Kind.AGE, "30", "a"), "30 years old"),
    (fig(Kind.FRACTION, str(Decimal(1) / 3)), "a third"),
    (fig(Kind.FRACTION, str(Decimal(2) / 3)), "two thirds"),
    (fig(Kind.FRACTION, "0.5"), "half"),
    (fig(Kind.FRACTION, "0.75"), "three quarters"),
    (fig(Kind.FRACTION, "0.05"), "one in 20"),
    (fig(Kind.MULTIPLE, "2"), "double"),
    (fig(Kind.MULTIPLE, "10"), "10 times"),
    (fig(Kind.ORDINAL, "4"), "fourth"),
    (fig(Kind.ORDINAL, "22"), "22nd"),
    (fig(Kind.ORDINAL, "112"), "112th"),
    (fig(Kind.SCORE, None, quality="score:3:1"), "3-1"),
    (fig(Kind.QUALITATIVE, None, quality="digits:3"), "triple-digit"),
    (fig(Kind.QUALITATIVE, None, "USD", quality="several:1e9"), "several billion dollars"),
    (fig(Kind.QUALITATIVE, None, "EUR", quality="digits:3:1e6"), "hundreds of millions of euros"),
    (fig(Kind.QUALITATIVE, None, quality="plural:1e2"), "hundreds"),
]


@pytest.mark.parametrize(("figure", "words"), WRITTEN)
def test_a_figure_is_written_by_english_convention(figure: Figure, words: str) -> None:
    assert write_figure(figure) == words
    assert has_english_unit(figure)


def test_a_unit_without_an_english_name_keeps_its_own() -> None:
    bottle = fig(R, "0.95", "EUR/Flasche")
    assert write_figure(bottle) == "€0.95 per Flasche"
    assert not has_english_unit(bottle)


def test_the_counted_noun_comes_from_the_caller() -> None:
    assert write_figure(fig(C, "3", "Minister"), noun="ministers") == "three ministers"
    hundreds = fig(Kind.QUALITATIVE, None, "Menschen", quality="plural:1e2")
    assert write_figure(hundreds, noun="people") == "hundreds of people"


def test_only_english_is_written() -> None:
    with pytest.raises(ValueError, match="English only"):
        write_figure(fig(C, "3"), language="fr")
