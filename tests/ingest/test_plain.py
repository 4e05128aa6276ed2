from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.ingest.plain import paragraphs

LEAD = (
    "Die Hamburger Reederei Elbstern hat im vergangenen Jahr 1,8 Milliarden Euro umgesetzt, gut vier Prozent mehr als "
    "im Jahr davor. Der Gewinn sank dagegen von 96 auf 71 Millionen Euro, wie das Unternehmen am Montag mitteilte."
)
SECOND = (
    "Vorstandschef Malte Brügge sprach von einem schwierigen Umfeld. Die Frachtraten seien um ein Drittel gefallen, "
    "während der Treibstoff 12 Prozent teurer geworden sei. Für das laufende Jahr rechnet er mit keiner Besserung."
)


@pytest.mark.parametrize("width", [50, 64, 72, 80, 100])
def test_hard_wrapped_lines_are_joined(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(text, width, break_on_hyphens=False) for text in (LEAD, SECOND))
    assert paragraphs(wrapped) == (LEAD, SECOND)


@pytest.mark.parametrize("width", [64, 72, 80])
def test_short_last_line_ends_a_paragraph_without_a_blank_line(width: int) -> None:
    short = LEAD + " Mehr war nicht zu erfahren, hieß es am Abend noch dazu aus Hamburg in aller Kürze dort."
    lines = textwrap.wrap(short, width)
    if len(lines[-1]) < width / 2:
        wrapped = "\n".join([*lines, *textwrap.wrap(SECOND, width)])
        assert paragraphs(wrapped) == (short, SECOND)


def test_long_lines_are_paragraphs() -> None:
    assert paragraphs(f"{LEAD}\n{SECOND}\n{LEAD}") == (LEAD, SECOND, LEAD)


def test_blank_lines_with_spaces_part_paragraphs() -> None:
    assert paragraphs(f"{LEAD}\n \t\n\u00a0\n{SECOND}\n\n\n") == (LEAD, SECOND)


def test_title_directly_above_the_text_stays_a_line_of_its_own() -> None:
    wrapped = "Reederei verdient weniger\n" + textwrap.fill(LEAD, 72)
    assert paragraphs(wrapped) == ("Reederei verdient weniger", LEAD)


def test_rules_of_dashes_or_stars_are_no_paragraphs() -> None:
    assert paragraphs(f"Reederei verdient weniger\n=========\n{LEAD}\n***\n{SECOND}") == (
        "Reederei verdient weniger",
        LEAD,
        SECOND,
    )


def test_list_items_stay_apart() -> None:
    text = "Die Beschlüsse im Überblick:\n- Der Beitrag steigt auf 3,4 Prozent.\n- Das Alter bleibt bei 67 Jahren."
    assert len(paragraphs(text)) == 3


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("Der Wirtschafts-\nminister kam.", "Der Wirtschaftsminister kam."),
        ("Die Ein-\nund Ausfuhren sanken.", "Die Ein- und Ausfuhren sanken."),
        ("Für 20 US-\nDollar je Stück.", "Für 20 US-Dollar je Stück."),
        ("Eine 30-\nprozentige Steigerung.", "Eine 30-prozentige Steigerung."),
        ("Das war im Jahr –\nso heißt es – anders.", "Das war im Jahr – so heißt es – anders."),
    ],
)
def test_words_parted_at_the_line_end_are_made_whole(wrapped: str, joined: str) -> None:
    assert paragraphs(wrapped) == (joined,)


@given(st.text(alphabet=st.sampled_from("aB1 .-\n,„“\u00a0ä•=*"), max_size=300))
def test_paragraphs_of_paragraphs_are_the_same(text: str) -> None:
    once = paragraphs(text)
    assert all("\n" not in line and line.strip() for line in once)
    assert paragraphs("\n\n".join(once)) == once
