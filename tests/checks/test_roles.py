"""A role that a claim gives to somebody whom the article never calls so is seen."""

from __future__ import annotations

import pytest

from depesche.checks.roles import check_roles

ARTICLE = [
    "Analysts had expected less.",
    "Chief executive Mara Voss attributed this to lower prices.",
    "She spoke of a good year.",
    "The works council, led by Silke Thomsen, warned against moving.",
    "Its spokeswoman Tanja Wiesner was surprised.",
    "The judge was not.",
    "Hendrik Graf of the union said so.",
]


@pytest.mark.parametrize(
    ("claim", "details"),
    [
        ("Analyst Mara Voss attributed this to lower prices.", ["nowhere is Mara Voss called “Analyst”"]),
        ("Mara Voss, the economist, spoke of a good year.", ["nowhere is Mara Voss called “economist”"]),
        ("It was minister Silke Thomsen who warned.", ["nowhere is Silke Thomsen called “minister”"]),
    ],
)
def test_a_role_of_somebody_else_is_found(claim: str, details: list[str]) -> None:
    assert [finding.detail for finding in check_roles(claim, ARTICLE)] == details


@pytest.mark.parametrize(
    "claim",
    [
        "Chief executive Mara Voss spoke of a good year.",
        "CEO Mara Voss spoke of a good year.",
        "Mara Voss, the company's boss, spoke of a good year.",
        "Spokesperson Tanja Wiesner was surprised.",
        "Judge Hendrik Graf said so.",  # it stands beside him: nothing certain
        "Analyst Petra Unknown expected less.",  # whether there is such a person is for the check of names
        "The analyst said that Mara Voss was right.",
    ],
)
def test_what_the_article_calls_somebody_in_other_words_is_fine(claim: str) -> None:
    assert check_roles(claim, ARTICLE) == []
