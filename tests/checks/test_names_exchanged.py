"""A name in the place of another is seen, also where both are names of the article."""

from __future__ import annotations

import pytest

from depesche.checks.names_exchanged import check_claim_exchanges, check_exchanged_names

NAMES = frozenset({"Tolberg", "Wiesenau", "Human", "Rights", "Watch", "Israel"})


@pytest.mark.parametrize(
    ("german", "english", "details"),
    [
        ("Die SPD lehnt das ab.", "The CDU rejects that.", ["CDU stands for SPD"]),
        ("Für die FDP ist das zu teuer.", "For the FPD, that is too expensive.", ["FPD stands for FDP"]),
        ("In Wiesenau steht das Werk still.", "In Tolberg the plant stands still.", ["Tolberg is not in the sentence"]),
    ],
)
def test_an_exchanged_name_is_found_in_a_translation(german: str, english: str, details: list[str]) -> None:
    findings = check_exchanged_names(german, english, NAMES)
    assert [finding.detail for finding in findings] == details


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Die SPD lehnt das ab.", "The SPD rejects that."),
        ("Der Vorstandschef der VW AG ging.", "The CEO of VW left."),
        ("Die EZB hob die Zinsen an.", "The ECB raised interest rates."),
        ("Die Mehrwertsteuer bleibt, sagt der DGB.", "VAT stays, says the Confederation of Trade Unions."),
        ("Das sagt auch Joe Stork von HRW.", "Joe Stork of Human Rights Watch says so, too."),
        ("Die israelische Regierung schweigt.", "The government of Israel is silent."),
        ("Die Tolberger Werke wachsen.", "The plants of Tolberg are growing."),
    ],
)
def test_what_english_calls_otherwise_is_no_exchange(german: str, english: str) -> None:
    assert check_exchanged_names(german, english, NAMES) == []


@pytest.mark.parametrize(
    ("claim", "english", "german", "code"),
    [
        ("The CDU rejects the budget.", "The SPD rejects the budget.", "Die SPD lehnt den Haushalt ab.", True),
        ("Norway raises taxes.", "Sweden raises taxes.", "Schweden erhöht Steuern.", True),
        ("Brandt left the room.", "Petersen left the room.", "Petersen verließ den Raum.", True),
        ("The SPD rejects the budget.", "The SPD rejects the budget.", "Die SPD lehnt den Haushalt ab.", False),
        # a name from elsewhere in the article, with nothing gone for it
        ("The board of VW left the room.", "Petersen left the room.", "Petersen verließ den Raum.", False),
        ("Brandt left.", "She left the room.", "Sie verließ den Raum.", False),
    ],
)
def test_an_exchanged_name_is_found_in_a_claim(claim: str, english: str, german: str, *, code: bool) -> None:
    found = check_claim_exchanges(claim, english, german, frozenset({"Brandt", "Petersen"}))
    assert bool(found) is code
