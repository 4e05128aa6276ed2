"""What is only suspected or passed on stays so, in the translation and in the brief."""

from __future__ import annotations

import pytest

from depesche.checks.hedges import check_claim_hedges, check_hedges, find_hedge


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Der mutmaßliche Brandstifter floh zu Fuß.", "The arsonist fled on foot."),
        ("Angeblich plant die Werft Entlassungen.", "The shipyard is planning layoffs."),
        ("Die Bande soll 40 Autos gestohlen haben.", "The gang stole 40 cars."),
        ("Bei dem Angriff sollen zwei Wachleute verletzt worden sein.", "Two guards were injured in the attack."),
        ("Er soll Mitglied der Bande gewesen sein.", "He was a member of the gang."),
        ("Die Brücke könnte im Mai öffnen.", "The bridge will open in May."),
        ("Offenbar fehlte ein Ventil.", "A valve was missing."),
    ],
)
def test_a_lost_hedge_is_found(german: str, english: str) -> None:
    assert [finding.code for finding in check_hedges(german, english)] == ["hedge_lost"]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Der mutmaßliche Brandstifter floh zu Fuß.", "The suspected arsonist fled on foot."),
        ("Die Bande soll 40 Autos gestohlen haben.", "The gang is said to have stolen 40 cars."),
        ("Die Bande soll 40 Autos gestohlen haben.", "Police say the gang stole 40 cars."),
        ("Die Brücke könnte im Mai öffnen.", "The bridge could open in May."),
        ("Offenbar fehlte ein Ventil.", "Apparently, a valve was missing."),
        # a plan or a duty is no hearsay
        ("Die Halle soll im Herbst gebaut werden.", "The hall is to be built in autumn."),
        ("Das Hotel soll 200 Zimmer haben.", "The hotel will have 200 rooms."),
        ("Das Haus soll viel zu bieten haben.", "The house will have much to offer."),
        ("Die Stadt hat die Halle gebaut.", "The city built the hall."),
    ],
)
def test_a_kept_hedge_and_a_plan_are_none(german: str, english: str) -> None:
    assert check_hedges(german, english) == []


def test_a_plan_is_no_hedge() -> None:
    assert find_hedge("Die Halle soll 2027 fertig sein und dem Ort Gäste bringen.") is None


@pytest.mark.parametrize(
    ("claim", "evidence", "word"),
    [
        ("The arsonist fled on foot.", "The alleged arsonist fled on foot through the park.", "alleged"),
        ("The gang stole 40 cars.", "The gang is said to have stolen 40 cars in spring.", "said to"),
        ("The bridge will open in May.", "The bridge could open in May.", "could"),
        ("The shipyard is planning layoffs.", "Reportedly, the shipyard is planning layoffs.", "Reportedly"),
    ],
)
def test_a_claim_that_drops_the_hedge_of_its_evidence_is_found(claim: str, evidence: str, word: str) -> None:
    assert [finding.detail for finding in check_claim_hedges(claim, [evidence])] == [
        f"“{word}” is lost: told as a fact"
    ]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The alleged arsonist fled.", ["The alleged arsonist fled on foot through the park."]),
        ("Police closed the park.", ["Police closed the park, where the alleged arsonist had fled."]),
        ("The fire destroyed three halls.", ["The fire destroyed three halls, and a valve may have been missing."]),
        ("The bridge opens in May.", ["The bridge opens in May."]),
        (
            "The gang stole 40 cars.",
            ["The gang is said to have stolen 40 cars.", "The gang stole the 40 cars in spring."],
        ),
    ],
)
def test_a_claim_about_what_is_certain_is_right(claim: str, evidence: list[str]) -> None:
    assert check_claim_hedges(claim, evidence) == []
