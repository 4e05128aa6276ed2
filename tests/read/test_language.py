from __future__ import annotations

import pytest

from depesche.read.language import combine, detect_language
from depesche.source import UNDETERMINED, Detection


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Minister sagte am Montag, dass die Steuern sinken sollen.", "de"),
        ("Die Strasse war gross und heiss, sagte der Stadtpräsident von Zürich.", "de"),
        ("Im Jänner beschloss der Nationalrat die Erhöhung der Pensionen um 5,8 Prozent.", "de"),
        ("POLIZEI SUCHT NACH ZEUGEN IN BERLIN UND BITTET UM HINWEISE", "de"),
        ("The minister said on Monday that taxes would be cut next year.", "en"),
        ("Le ministre a déclaré lundi que les impôts allaient baisser l'année prochaine.", "fr"),
        ("De minister zei maandag dat de belastingen volgend jaar omlaag gaan.", "nl"),
        ("Ministeren sagde mandag, at skatterne skal sænkes til næste år.", "da"),
    ],
)
def test_a_sentence_is_enough_to_tell_the_language(text: str, language: str) -> None:
    detection = detect_language(text)
    assert detection.language == language
    assert detection.confidence >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!! ???",
        "Halle 7",
        "Karin Moll, Ole Brandt, Eva Roth, Tim Lorenz",
        "2023 2024 2025 Umsatz 1,2 3,4 5,6 Mio. 7,8 9,0",
    ],
)
def test_names_numbers_and_scraps_are_undetermined(text: str) -> None:
    assert detect_language(text) == Detection(UNDETERMINED, 0.0)


def test_few_words_are_believed_less_than_many() -> None:
    short = detect_language("Bahn erhöht die Preise")
    long = detect_language("Die Bahn erhöht zum Jahreswechsel die Preise, weil der Strom teurer geworden ist.")
    assert short.confidence < 0.8 <= long.confidence


def test_a_paragraph_that_changes_its_language_is_undetermined() -> None:
    german = "Der Bundestag hat das Gesetz am Freitag beschlossen, und der Bundesrat will noch im Mai zustimmen. " * 2
    english = "The parliament has passed the law on Friday, and the upper house will agree before the end of May. " * 2
    assert detect_language(german + english).language == UNDETERMINED


def test_detection_does_not_change_from_call_to_call() -> None:
    text = "Bank senkt Zinsen weiter als gedacht"
    assert len({detect_language(text) for _ in range(5)}) == 1


def test_the_article_speaks_the_language_of_most_of_its_text() -> None:
    found = combine([(Detection("de", 1.0), 900), (Detection("en", 1.0), 100)])
    assert found == Detection("de", 0.9)


def test_the_declared_language_decides_between_equals_only() -> None:
    equal = [(Detection("de", 1.0), 500), (Detection("nl", 1.0), 500)]
    assert combine(equal, "de").language == "de"
    assert combine(equal, "nl").language == "nl"
    assert combine([(Detection("de", 1.0), 600), (Detection("nl", 1.0), 400)], "nl").language == "de"
