"""Figures of one kind in one sentence, each told of the other's owner."""

from __future__ import annotations

import pytest

from depesche.checks.exchanged import find_exchanged
from depesche.figures import find_figures
from depesche.figures.compare import compare_figures


def details(german: str, english: str) -> list[str]:
    comparison = compare_figures(
        find_figures(german, "de"), find_figures(english, "en"), source_text=german, target_text=english
    )
    assert comparison.faithful, "figures that are wrong in themselves say nothing here"
    return [finding.detail for finding in find_exchanged(german, english, comparison.matches)]


GROWTH = "Nordwind wuchs um 3 Prozent, Tarn um 5 Prozent."


@pytest.mark.parametrize(
    ("german", "english", "found"),
    [
        (GROWTH, "Nordwind grew by 5 percent, Tarn by 3 percent.", "“3 percent” is a figure of Nordwind"),
        (
            "Frankreich zahlt 3 Millionen Euro, Spanien 5 Millionen Euro.",
            "France pays €5 million, Spain €3 million.",
            "“€3 million” is a figure of France",
        ),
        (
            "Die FDP kam auf 21 Prozent, die CSU auf 28 Prozent.",
            "The FDP received 28 percent, the CSU 21 percent.",
            "“21 percent” is a figure of FDP",
        ),
        (
            "Nordwinds Gewinn betrug 3 Euro, Tarns Gewinn 5 Euro.",
            "Nordwind's profit was 5 euros, Tarn's 3 euros.",
            "“3 euros” is a figure of Nordwind",
        ),
    ],
)
def test_exchanged_figures_are_found(german: str, english: str, found: str) -> None:
    assert details(german, english) == [found]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        (GROWTH, "Nordwind grew by 3 percent, Tarn by 5 percent."),
        (GROWTH, "Tarn grew by 5 percent, Nordwind by 3 percent."),
        (GROWTH, "Nordwind and Tarn grew by 3 and 5 percent respectively."),
        ("Um 3 Prozent wuchs Nordwind, um 5 Prozent Tarn.", "Nordwind grew by 3 percent, Tarn by 5 percent."),
        (
            "Nach 5 Prozent im Vorjahr wuchs Nordwind um 3 Prozent, sagte Tarn.",
            "Nordwind grew by 3 percent after 5 percent the year before, Tarn said.",
        ),
        (
            "Nordwind zahlt 3 Euro. Nordwind wollte erst nur 5 Euro zahlen, wie Tarn.",
            "Like Tarn, Nordwind at first wanted to pay only 5 euros. Nordwind pays 3 euros.",
        ),
        ("Nordwind hat 3 Werke, Tarn 3 Werke.", "Tarn has 3 plants, Nordwind 3 plants."),
        ("Nordwind hat 3 Werke, Tarn 5 Prozent.", "Tarn has 5 percent, Nordwind 3 plants."),
    ],
)
def test_another_order_is_no_exchange(german: str, english: str) -> None:
    assert details(german, english) == []
