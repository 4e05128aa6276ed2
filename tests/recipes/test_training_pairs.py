"""What the compact translator may learn from, and how pairs are varied."""

from __future__ import annotations

from random import Random

import pytest
from models.recipes.compact.agreement import figures_disagree
from models.recipes.compact.augment import (
    CURRENCIES,
    MAGNITUDES,
    MEASURES,
    MODIFIERS,
    NUMBER_WORDS,
    ORDINALS,
    TIMES_DATIVE,
    WEEKDAYS,
    add_modifier,
    augmented,
    german_quotes,
    joined,
    restyled,
    to_points,
    varied,
    vary_numbers,
    vary_words,
)
from models.recipes.compact.data import FILTERS, Pair, read_own, select, thinned


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def pair(german: str, english: str) -> Pair:
    return Pair(german, english, "test:1")


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Der Umsatz stieg auf 1.234,5 Mio. Euro.", "Revenue rose to 1,234.5 million euros."),
        ("Die Sitzung beginnt um 15 Uhr.", "The session begins at 3 p.m."),
        ("Am 3. Oktober bleibt das Rathaus geschlossen.", "The town hall will be closed on October 3."),
        ("Sie fand 3 Fehler.", "She found three mistakes."),
        ("Das Haus wurde 1912 gebaut.", "The house was built in 1912."),
    ],
)
def test_pairs_that_say_the_same_figures_agree(german: str, english: str) -> None:
    assert not figures_disagree(german, english)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Der Umsatz stieg auf 1,3 Mrd. Euro.", "Revenue rose to 1.3 million euros."),
        ("Mehr als 200 Gäste kamen.", "Less than 200 guests came."),
        ("Das Haus wurde 1912 gebaut.", "The house was built in 1921."),
        ("Die Quote stieg um 2 Prozentpunkte.", "The rate rose by 2 percent."),
        ("Der Bus fasst 48 Fahrgäste.", "The bus is full."),
    ],
)
def test_a_pair_with_another_figure_is_left_out(german: str, english: str) -> None:
    kept, reasons = select([pair(german, english)], FILTERS)
    assert kept == []
    assert reasons["figures disagree"] == 1


@pytest.mark.parametrize(
    ("german", "english", "reason"),
    [
        ("Ja", "Yes, and this is a very long answer to it, longer than any translation of yes", "length ratio"),
        ("libxyz0 – gemeinsame Bibliotheken", "libxyz0 -- shared libraries", "listing or markup"),
        (
            "The mayor was re-elected for the third time on Sunday",
            "The mayor was re-elected for the third time on Sunday",
            "copied",
        ),
        (
            "Die Stadt hat die Brücke für den Verkehr gesperrt.",
            "Die Brücke ist für den Verkehr nicht mehr offen und das bleibt so.",
            "English side is not English",
        ),
    ],
)
def test_pairs_that_teach_nothing_are_left_out_with_the_reason(german: str, english: str, reason: str) -> None:
    kept, reasons = select([pair(german, english)], FILTERS)
    assert kept == []
    assert reasons[reason] == 1


def test_held_out_sentences_and_doubles_are_not_learnt() -> None:
    one, other = pair("Es regnet seit Tagen.", "It has rained for days."), pair("Der Fluss steigt.", "The river rises.")
    kept, reasons = select([one, other, other], FILTERS, without=[one])
    assert kept == [other]
    assert reasons["double"] == 2


@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_replaced_alike_on_both_sides(seed: int) -> None:
    source = pair(
        "Der Gewinn stieg von 1.250 auf 12.480,5 Millionen Euro.",
        "Profit rose from 1,250 to 12,480.5 million euros.",
    )
    copy = vary_numbers(source, seeded(seed))
    assert copy.german != source.german
    assert not figures_disagree(copy.german, copy.english)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("kind", "german", "english"),
    [
        (WEEKDAYS, "Am Freitag wird gestreikt.", "There will be a strike on Friday."),
        (MAGNITUDES, "Es geht um 4,2 Millionen Tonnen.", "4.2 million tonnes are at stake."),
        (CURRENCIES, "Das kostet 30 Euro.", "That costs 30 euros."),
        (NUMBER_WORDS, "Sie schrieb drei Romane.", "She wrote three novels."),
        (ORDINALS, "Am zweiten Tag regnete es.", "On the second day it rained."),
        (TIMES_DATIVE, "Er kam vor 20 Jahren.", "He came 20 years ago."),
        (MEASURES, "Es fielen 40 Liter Regen.", "There were 40 litres of rain."),
    ],
)
def test_a_word_is_replaced_by_another_of_its_kind_on_both_sides(
    kind: tuple[tuple[str, str], ...], german: str, english: str, seed: int
) -> None:
    copy = vary_words(pair(german, english), kind, seeded(seed))
    before, after = [(g, e) for g, e in kind if g in german], [(g, e) for g, e in kind if g in copy.german]
    assert len(before) == len(after) == 1
    assert before != after
    assert after[0][1] in copy.english


@pytest.mark.parametrize("seed", range(30))
def test_an_amount_gets_the_same_modifier_on_both_sides(seed: int) -> None:
    bare = pair("Der Bau kostet 1.250 Euro.", "Construction costs €1,250.")
    copy = add_modifier(bare, seeded(seed))
    translation = next(english for german, english in MODIFIERS if f" {german} 1" in copy.german)
    assert f" {translation} €" in copy.english
    assert not figures_disagree(copy.german, copy.english)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Etwa 200 Gäste kamen.", "Around 200 guests came."),
        ("Die 200 Gäste kamen.", "The 200 guests came."),
        ("Eine 200 Meter lange Mauer steht da.", "There is a 200-metre wall."),
        ("Zwischen 200 und 300 Gäste kamen.", "Between 200 and 300 guests came."),
        ("Im Jahr 1912 kamen sie.", "They came in 1912."),
    ],
)
def test_no_modifier_where_none_can_stand(german: str, english: str) -> None:
    for seed in range(10):
        assert add_modifier(pair(german, english), seeded(seed)) == pair(german, english)


def test_a_modifier_at_the_beginning_is_capitalized() -> None:
    copy = add_modifier(pair("200 Gäste kamen.", "200 guests came."), seeded(1))
    assert copy.german[0].isupper()
    assert copy.english[0].isupper()


def test_several_copies_are_made_of_a_pair_with_figures() -> None:
    rows = list(augmented([pair("Es kamen 4.321 Gäste.", "4,321 guests came.")], seed=1, figures=3))
    assert len(rows) == 4
    assert len({row.german for row in rows}) == 4


def test_of_pairs_without_figures_only_a_part_is_used() -> None:
    plain = [pair(f"Es regnet in {place}.", f"It is raining in {place}.") for place in "ABCDEFGHIJKLMNOPQRST"]
    figure = pair("Es kamen 4.321 Gäste.", "4,321 guests came.")
    assert thinned([*plain, figure], plain=0.0, seed=1) == [figure]
    assert 3 < len(thinned(plain, plain=0.5, seed=1)) < 17


def test_only_neighbouring_lines_of_a_file_are_joined() -> None:
    rows = [Pair("Eins.", "One.", "a:1"), Pair("Zwei.", "Two.", "a:2"), Pair("Vier.", "Four.", "a:4")]
    assert [row.german for row in joined([*rows, Pair("Fünf.", "Five.", "b:5")], seed=1, part=1.0)] == ["Eins. Zwei."]
    assert list(joined(rows, seed=1, part=1.0, longest=10)) == []


def test_a_pair_with_two_weekdays_keeps_them() -> None:
    two = pair("Von Montag bis Freitag ist offen.", "It is open from Monday to Friday.")
    assert vary_words(two, WEEKDAYS, seeded(1)) == two


def test_percent_becomes_percentage_points_only_where_both_sides_state_a_change() -> None:
    change = pair("Die Quote sank um 1,5 Prozent.", "The rate fell by 1.5 percent.")
    assert to_points(change).german == "Die Quote sank um 1,5 Prozentpunkte."
    assert to_points(change).english == "The rate fell by 1.5 percentage points."
    share = pair("Die Quote liegt bei 8 Prozent.", "The rate is 8 percent.")
    assert to_points(share) == share


def test_a_pair_without_figures_has_no_varied_copy() -> None:
    assert varied(pair("Es regnet.", "It rains."), seeded(1)) is None


def test_straight_quotation_marks_become_german_ones_in_pairs() -> None:
    assert german_quotes('"Ja", sagte sie, "gern."') == "„Ja“, sagte sie, „gern.“"


def test_a_dateline_stands_on_both_sides() -> None:
    source = pair(
        "Der Stadtrat hat am Abend nach langer Debatte den Haushalt beschlossen.",
        "The city council passed the budget in the evening after a long debate.",
    )
    chance = seeded(3)
    told = [one for one in (restyled(source, chance) for _ in range(400)) if one.origin.endswith("dateline")]
    assert told
    assert all(") " in one.german and ") " in one.english for one in told)
    assert all(one.german.endswith(source.german) and one.english.endswith(source.english) for one in told)


def test_our_own_sentences_are_pairs_that_the_filters_keep() -> None:
    own = list(read_own())
    kept, reasons = select(own, FILTERS)
    assert len(kept) > 0.97 * len(own), reasons
    assert not reasons["double"]
    assert not [pair for pair in own if pair.german != pair.german.strip() or pair.english != pair.english.strip()]
