"""Names that must survive, and names that no source has."""

from __future__ import annotations

import pytest

from depesche.checks.names import (
    check_identifiers,
    check_invented_names,
    check_names,
    confirmed_names,
    find_identifiers,
    put_names_right,
    put_spelling_right,
)


def test_a_word_that_the_english_keeps_is_a_name_and_must_be_kept_everywhere() -> None:
    pairs = [
        (
            "Vorstandschefin Lena Ostermann sprach von Rückenwind.",
            "The chief executive Lena Ostermann spoke of tailwind.",
        ),
        ("Ostermanns Vertrag läuft bis März.", "Her contract runs until March."),
    ]
    names = confirmed_names(pairs)
    assert {"Lena", "Ostermann"} <= names
    assert "Rückenwind" not in names
    assert [finding.detail for finding in check_names(*pairs[1], names)] == ["Ostermann is lost"]
    assert check_names(*pairs[0], names) == []


def test_a_noun_that_is_mostly_translated_is_no_name_though_left_in_german_once() -> None:
    pairs = [
        ("Die Landesregierung plant neue Brücken.", "The Landesregierung plans new bridges."),
        ("Später will die Landesregierung auch Tunnel bauen.", "Later, the state government wants tunnels, too."),
        ("Der Landesregierung fehlt dafür das Geld.", "The state government lacks the money."),
        ("Damit hat die Firma Tolberg nicht gerechnet.", "The company Tolberg did not expect that."),
        ("Nun baut Tolberg selbst.", "Now the company is building itself."),
        ("Später will Tolberg verkaufen.", "Later the company wants to sell."),
    ]
    assert confirmed_names(pairs) == {"Tolberg"}


def test_a_word_with_its_capital_from_the_start_of_a_sentence_is_no_name() -> None:
    pairs = [("Die Partei tagt, die Tür ist zu.", "The party of Die Neue meets, the door is shut.")]
    assert "Die" not in confirmed_names(pairs)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Die Preise in Neuseeland steigen.", "Prices in New Zealand are rising."),
        ("Niedersachsens Häfen wachsen.", "The ports of Lower Saxony are growing."),
        ("In den USA sinken sie.", "In the United States they are falling."),
        ("Der IWF warnt.", "The International Monetary Fund (IMF) warns."),
    ],
)
def test_the_english_name_of_a_place_is_no_loss(german: str, english: str) -> None:
    names = frozenset({"Neuseeland", "Niedersachsen", "USA", "IWF"})
    assert check_names(german, english, names) == []
    assert check_names(german, "Nothing of the kind.", names) != []


@pytest.mark.parametrize(
    ("english", "right"),
    [
        ("Gruenbaum left, and Kohler stayed.", "Grünbaum left, and Köhler stayed."),
        ("Grunbaum's plan failed.", "Grünbaum's plan failed."),
        ("The Kohlers stayed in Zurich.", "The Kohlers stayed in Zurich."),
    ],
)
def test_a_name_without_its_umlaut_is_put_right_and_an_english_one_is_left(english: str, right: str) -> None:
    names = frozenset({"Grünbaum", "Köhler", "Zürich"})
    assert put_spelling_right(english, "Grünbaum ging, Köhler blieb in Zürich.", names) == right


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("Der neue A380-Flug und der G7-Gipfel", ["A380", "G7"]),
        ("Amazons Trainium2-Chips", ["Trainium2"]),
        ("rund 30 Prozent, 2024 und 1.000 Stück", []),
        ("die 100-Millionen-Grenze", []),
        ("Covid-19 und die U21", ["Covid-19", "U21"]),
    ],
)
def test_identifiers_are_names_with_digits(text: str, identifiers: list[str]) -> None:
    assert find_identifiers(text) == identifiers


def test_a_mangled_identifier_is_lost() -> None:
    findings = check_identifiers("Jassy nannte Trainium2-Chips", "Jassy named trainable 2-chips")
    assert [finding.code for finding in findings] == ["identifier_lost"]
    assert check_identifiers("Covid-19-Fälle", "COVID 19 cases") == []


def test_an_english_name_without_source_is_invented_and_a_sentence_start_is_none() -> None:
    evidence = ["Profit at Nordwind rose, said Ostermann."]
    assert check_invented_names("Shares of Nordwind rose", evidence) == []
    assert [f.detail for f in check_invented_names("Shares of Siemens rose", evidence)] == [
        "Siemens is not in the article"
    ]


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Siemens was the buyer.", ["Siemens"]),
        ("Tolberg announced a rise.", ["Tolberg"]),
        ("Tolberg's profit rose.", ["Tolberg"]),
        ("BASF rose by a third.", ["BASF"]),
        ("Karla Tolberg left the board.", ["Karla", "Tolberg"]),
        ("“Tolberg is the buyer.”", ["Tolberg"]),
        ("Nordwind grew.", []),
        ("Profits were higher.", []),
        ("Ostermann's profit rose.", []),
        # words that begin a sentence without an article, and are not in the article
        ("Inflation was higher.", []),
        ("Experts warned of floods.", []),
        ("However, profit rose.", []),
        ("Construction has begun.", []),
        ("Residents fled.", []),
        ("Three plants closed.", []),
    ],
)
def test_an_unknown_name_at_the_beginning_is_invented(claim: str, names: list[str]) -> None:
    findings = check_invented_names(claim, ["The profit at Nordwind rose, said Ostermann."])
    assert [finding.detail.split()[0] for finding in findings] == names


@pytest.mark.parametrize(
    ("german", "english", "right"),
    [
        (
            "Jassys Äußerungen folgten dem Brief.",
            "Jessy's comments followed the letter.",
            "Jassy's comments followed the letter.",
        ),
        ("Das sagte Ostermann.", "That was said by Osterman.", "That was said by Ostermann."),
        ("Das Beben traf Christchurch.", "The quake hit Christ Church.", "The quake hit Christchurch."),
    ],
)
def test_a_bent_name_is_put_right(german: str, english: str, right: str) -> None:
    assert put_names_right(english, german, frozenset({"Jassy", "Ostermann", "Christchurch"})) == right


@pytest.mark.parametrize(
    ("german", "english", "names"),
    [
        ("In Europa wächst die Sorge.", "In Europe, concern is growing.", {"Europa"}),
        ("Viele Muslime kamen.", "Many Muslims came.", {"Muslime"}),
        ("Das sagten Meier und Maier.", "That was said by Meier.", {"Meier", "Maier"}),
        ("Jassy schwieg.", "Jassy was silent, Jessy said.", {"Jassy"}),
        ("Jassy schwieg.", "Jessy and Jussy were silent.", {"Jassy"}),
        ("Jassy schwieg.", "Jessy was silent.", set()),
    ],
)
def test_what_may_be_another_name_or_english_is_left_alone(german: str, english: str, names: set[str]) -> None:
    assert put_names_right(english, german, frozenset(names)) == english
