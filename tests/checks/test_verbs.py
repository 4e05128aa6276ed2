"""What a claim says that happened: its main verb, and whether the evidence has it."""

from __future__ import annotations

import pytest

from depesche.checks.verbs import find_new_verb, main_verb


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("The group sold its division.", "sold"),
        ("The group will soon sell its division.", "sell"),
        ("Nordwind has been sued by Hansa.", "sued"),
        ("The company is building a plant.", "building"),
        ("The council adopted the budget.", "adopted"),
        ("Profit was higher.", None),
        ("The shares, which fell, are cheap.", None),
        ("Record revenue", None),
    ],
)
def test_the_main_verb_is_found_where_it_is_plain(text: str, verb: str | None) -> None:
    assert main_verb(text) == verb


def test_a_verb_that_the_evidence_lacks_is_new() -> None:
    evidence = ["The group is reviewing the future of its pump division.", "It will sell the site."]
    assert find_new_verb("The group closed its pump division.", evidence) == "closed"
    assert find_new_verb("The group sold its pump division.", evidence) is None
    assert find_new_verb("The group announced a review.", evidence) is None
    assert find_new_verb("The group sold the site.", ["The sale of the site is certain."]) is None
