"""Ranks without a noun must not change: "ist wieder Zweiter" is no third place."""

from __future__ import annotations

import pytest

from depesche.checks.ranks import check_ranks


@pytest.mark.parametrize(
    ("german", "english", "alarm"),
    [
        ("Die HSG gewinnt mit 31:28 und ist wieder Zweiter.", "HSG wins with 31:28 and is third.", True),
        ("Die HSG gewinnt mit 31:28 und ist wieder Zweiter.", "HSG wins 31:28 and is second again.", False),
        ("Sie wurde Vierte hinter Anna Maier.", "She came fifth behind Anna Maier.", True),
        ("Er wurde Dritter und Tabellenzweiter zugleich.", "He was third and is now second.", False),
        ("Der Verein bleibt Zehnter.", "The club remains in tenth place.", False),
        ("Der Verein bleibt Zehnter.", "The club remains in ninth place.", True),
        ("Im zweiten Drittel lag sie vorn.", "In the second third she was ahead.", False),
        ("Er unterlag ihr knapp.", "He came second.", False),
        ("Als Zweiter ging er nach drei Runden ins Ziel.", "After three rounds he finished second.", False),
    ],
)
def test_a_rank_that_the_german_does_not_have_is_found(german: str, english: str, alarm: bool) -> None:
    assert bool(check_ranks(german, english)) is alarm
