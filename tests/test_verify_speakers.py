"""Whose word a claim is: a name is set only where the article leaves no doubt, and no bystander counts as speaker."""

from __future__ import annotations

import pytest

from depesche.draft import Claim, Draft
from depesche.finding import FindingCode
from depesche.translate import translate
from depesche.translation import Method, Status, Translation
from depesche.verify import VerifiedClaim, english_speaker, institution, verify
from stand_ins import ScriptedTranslator, source_of

PAIRS = {
    "Streit um den Hafen von Altenfurt": "Dispute over the port of Altenfurt",
    "Der Hafen sei marode, sagte Paula Brandt, Sprecherin der Werft Hansa Nord, am Montag.": (
        "The port is dilapidated, Paula Brandt, spokeswoman for the shipyard Hansa Nord, said on Monday."
    ),
    "Die Kräne seien dreißig Jahre alt und gefährlich.": "The cranes are thirty years old and dangerous.",
    "Einige Reeder behaupten, Brandt verschweige die wahren Kosten.": (
        "Some shipping companies claim that Brandt is concealing the true costs."
    ),
    "Der Rat der Stadt tagt dazu am Donnerstag im alten Zollhaus.": (
        "The city council meets on this in the old customs house on Thursday."
    ),
    "Das Ergebnis stehe bereits fest.": "The result is already certain.",
    "„Wir haben sechs Wochen gewartet.": "“We have waited for six weeks.",
    "Jetzt reicht es uns“, sagte der Hafenmeister Ole Petersen.": (
        "Now we have had enough,” said harbour master Ole Petersen."
    ),
    "Der Umschlag stieg nach Angaben vom Donnerstag um 14,6 Prozent.": "Turnover rose by 14.6 percent on Thursday.",
    "Die Pacht sinkt im kommenden Jahr auf 2,1 Millionen Euro.": "The rent will fall to €2.1 million next year.",
    "Dies teilte das Unternehmen am Freitag mit.": "This was announced by the company on Friday.",
}  # fmt: skip
SENTENCES = list(PAIRS)
TEXT = "\n\n".join(
    [
        SENTENCES[0],
        " ".join(SENTENCES[1:4]),
        " ".join(SENTENCES[4:6]),
        " ".join(SENTENCES[6:8]),
        SENTENCES[8],
        " ".join(SENTENCES[9:]),
    ]
)


@pytest.fixture(scope="module")
def translation() -> Translation:
    (done,) = translate([source_of(TEXT)], ScriptedTranslator(PAIRS))
    assert [one.sentence.text for one in done.sentences] == SENTENCES
    return done


def quoted(translation: Translation, index: int) -> VerifiedClaim:
    claim = Claim(translation.sentences[index].text, (index,), Method.EXTRACTIVE)
    headline = Claim("Dispute over the port of Altenfurt", (0,), Method.EXTRACTIVE)
    return verify(translation, Draft(headline, (claim,), ())).summary[0]


def test_reported_speech_that_goes_on_gets_the_name_of_the_sentence_before(translation: Translation) -> None:
    claim = quoted(translation, 2)
    assert claim.text == "The cranes are thirty years old and dangerous, according to Paula Brandt."
    assert claim.status is Status.REPAIRED


def test_reported_speech_far_from_any_name_stays_reported_and_gets_none(translation: Translation) -> None:
    claim = quoted(translation, 5)
    assert claim.text == "The result is already certain, it was said."
    assert FindingCode.ATTRIBUTION_LOST in {finding.code for finding in claim.attempts[0].findings}
    assert claim.status is Status.REPAIRED


def test_what_is_said_by_words_that_name_nobody_gets_no_name(translation: Translation) -> None:
    assert quoted(translation, 8).text == "Turnover rose by 14.6 percent on Thursday, it was said."


def test_what_an_institution_says_is_said_to_be_its_word(translation: Translation) -> None:
    claim = quoted(translation, 9)
    assert claim.text == "The rent will fall to €2.1 million next year, according to the company."
    assert claim.status is Status.REPAIRED


def test_a_quotation_that_goes_on_is_closed_before_its_speaker_is_named(translation: Translation) -> None:
    assert quoted(translation, 6).text == "“We have waited for six weeks,” according to Ole Petersen."


def test_who_is_only_spoken_of_is_not_taken_for_the_speaker(translation: Translation) -> None:
    assert quoted(translation, 3).status is Status.VERIFIED


def test_who_is_made_the_speaker_is_seen(translation: Translation) -> None:
    claim = Claim("According to Ole Petersen, the port is dilapidated.", (1,), Method.MODEL)
    headline = Claim("Dispute over the port of Altenfurt", (0,), Method.EXTRACTIVE)
    verified = verify(translation, Draft(headline, (claim,), ())).summary[0]
    assert FindingCode.ATTRIBUTION_CHANGED in {finding.code for finding in verified.attempts[0].findings}


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("der Hafenmeister Ole Petersen", "Ole Petersen"),
        ("Paula Brandt, Sprecherin der Werft", "Paula Brandt"),
        ("der Sprecher der Werft, Ole Petersen", "Ole Petersen"),
        ("der Sprecher der Werft Hansa Nord", None),
        ("ein Sprecher", None),
        ("Paula Brandt von der Werft Hansa", "Paula Brandt"),
        ("Brandt von der Werft Hansa", None),
    ],
)
def test_the_name_of_a_speaker_is_told_from_the_office(
    translation: Translation, german: str, english: str | None
) -> None:
    assert english_speaker(german, translation) == english


@pytest.mark.parametrize(
    ("speaker", "english"),
    [
        ("das Unternehmen", "the company"),
        ("Die Behörden", "the authorities"),
        ("ein Sprecher", "a spokesman"),
        ("eine Behörde", "an authority"),
        ("die Forscher", "the researchers"),
        ("der Forscher", None),
        ("Polizei", "the police"),
        ("das Zürcher Unternehmen", None),
        ("jedes Unternehmen", None),
        (None, None),
    ],
)
def test_an_institution_is_a_speaker_by_what_it_is(speaker: str | None, english: str | None) -> None:
    assert institution(speaker) == english
