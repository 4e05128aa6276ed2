"""A demand, a plan or an expectation is not told as done, neither in the translation nor in the brief."""

from __future__ import annotations

import pytest

from depesche.checks.intentions import check_claim_intentions, check_intentions


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Gefordert hatte die Gewerkschaft 8 Prozent.", "The union had earned 8 percent."),
        ("Die Opposition verlangt einen Untersuchungsausschuss.", "The opposition has a committee of inquiry."),
        ("Die Werft plant den Abbau von 200 Stellen.", "The shipyard cut 200 jobs."),
        ("Die Stadt will 40 Busse kaufen.", "The city bought 40 buses."),
        ("Das Museum soll im Mai öffnen.", "The museum opened in May."),
        ("Die Bank erwartet einen Gewinn von 3 Millionen Euro.", "The bank made a profit of 3 million euros."),
        ("Sie rechnet mit 500 Gästen.", "She received 500 guests."),
    ],
)
def test_an_intention_told_as_a_fact_is_found(german: str, english: str) -> None:
    assert [finding.code for finding in check_intentions(german, english)] == ["intention_lost"]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Gefordert hatte die Gewerkschaft 8 Prozent.", "The union had called for 8 percent."),
        ("Die Werft plant den Abbau von 200 Stellen.", "The shipyard is planning to cut 200 jobs."),
        ("Die Stadt will 40 Busse kaufen.", "The city aims to buy 40 buses."),
        ("Das Museum soll im Mai öffnen.", "The museum is to open in May."),
        ("Die Bank erwartet einen Gewinn von 3 Millionen Euro.", "The bank forecasts a profit of 3 million euros."),
        # hearsay, a condition and a headline are said in other ways
        ("Der Zeuge will den Täter gesehen haben.", "The witness claims to have seen the perpetrator."),
        ("Nach Angaben der Behörde sollen keine Stoffe ausgetreten sein.", "According to the authority, none escaped."),
        ("Sollten die Bürger zustimmen, beginnt der Bau.", "If the citizens agree, construction begins."),
        ("US-Regierung will Aufnahme von Flüchtlingen einschränken", "US government to restrict admission of refugees"),
        # words that only contain such a word
        ("Die Herausforderung ist groß.", "The challenge is great."),
        (
            "Die Polizei forderte Verstärkung an und befragte Zeugen.",
            "Police called in support and questioned witnesses.",
        ),
    ],
)
def test_an_intention_in_other_words_is_none(german: str, english: str) -> None:
    assert check_intentions(german, english) == []


@pytest.mark.parametrize(
    ("claim", "evidence", "word"),
    [
        ("Workers get 8 percent more pay.", "The union demands 8 percent more pay for workers.", "demands"),
        ("The shipyard cut 200 jobs.", "The shipyard plans to cut 200 jobs by 2027.", "plans to"),
        ("Profit rose to 3 million euros.", "The bank expected profit to rise to 3 million euros.", "expected"),
    ],
)
def test_a_claim_that_tells_it_as_done_is_found(claim: str, evidence: str, word: str) -> None:
    assert [finding.detail.partition(" is lost")[0] for finding in check_claim_intentions(claim, [evidence])] == [
        f"“{word}”"
    ]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The shipyard will cut 200 jobs.", "The shipyard plans to cut 200 jobs by 2027."),
        ("The shipyard employs 900 people.", "The shipyard, which employs 900 people, plans to cut 200 jobs."),
        ("Profit rose to 3 million euros.", "Profit rose to 3 million euros, as analysts expected."),
    ],
)
def test_a_claim_that_keeps_it_or_is_about_something_else_is_none(claim: str, evidence: str) -> None:
    assert check_claim_intentions(claim, [evidence]) == []
