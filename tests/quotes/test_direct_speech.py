from __future__ import annotations

from collections.abc import Callable

import pytest

from depesche.quotation import Quotation, QuotationKind

Quotes = Callable[..., tuple[Quotation, ...]]


def direct(found: tuple[Quotation, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(q.text, q.speaker, q.cue) for q in found if q.kind is QuotationKind.DIRECT]


@pytest.mark.parametrize(
    ("text", "words", "speaker", "cue"),
    [
        ("„Wir bauen das Werk aus“, sagte Karin Moll am Dienstag.", "Wir bauen das Werk aus", "Karin Moll", "sagte"),
        (
            "Der Sprecher der Polizei, Jonas Reuter, teilte am Abend mit: „Die Straße bleibt gesperrt.“",
            "Die Straße bleibt gesperrt.",
            "Der Sprecher der Polizei, Jonas Reuter",
            "teilte",
        ),
        (
            "Am Freitag sagte die Ministerin dem „Tagblatt“: „Wir prüfen das.“",
            "Wir prüfen das.",
            "die Ministerin",
            "sagte",
        ),
        (
            "»Das ist keine Lösung«, kritisierte Verbandschef Uwe Lang.",
            "Das ist keine Lösung",
            "Verbandschef Uwe Lang",
            "kritisierte",
        ),
        (
            "«Wir sind enttäuscht», sagte der Zürcher Stadtrat Beat Meier.",
            "Wir sind enttäuscht",
            "der Zürcher Stadtrat Beat Meier",
            "sagte",
        ),
        ('"Wir haben Fehler gemacht", gab der Vorstand zu.', "Wir haben Fehler gemacht", "der Vorstand", "gab"),
        ("„Das Urteil ist falsch“, so Anwalt Dirk Hahn weiter.", "Das Urteil ist falsch", "Anwalt Dirk Hahn", "so"),
        (
            "„Niemand hat uns gefragt“, ärgert sich Landwirt Hans Petersen.",
            "Niemand hat uns gefragt",
            "Landwirt Hans Petersen",
            "ärgert",
        ),
        (
            "„Ein guter Tag für die Stadt“, freute sich Bürgermeister Malte Vogt (SPD).",
            "Ein guter Tag für die Stadt",
            "Bürgermeister Malte Vogt (SPD)",
            "freute",
        ),
        ("„Die Lage ist ernst“, wird der General zitiert.", "Die Lage ist ernst", "der General", "zitiert"),
        ("„Nein“, sagte Kern.", "Nein", "Kern", "sagte"),
        (
            "Gabi Schwab, Leiterin der Schule am Markt, sagte: „Es ist heiß.“",
            "Es ist heiß.",
            "Gabi Schwab, Leiterin der Schule am Markt",
            "sagte",
        ),
        (
            "„Wir rechnen mit Wachstum“, sagte die Chefin der Bank, Lea Sommer, der Nachrichtenagentur dpa.",
            "Wir rechnen mit Wachstum",
            "die Chefin der Bank, Lea Sommer",
            "sagte",
        ),
        ("Am Abend hatte Müller erklärt: „Ich bleibe im Amt.“", "Ich bleibe im Amt.", "Müller", "erklärt"),
        ("Dem widersprach die Gewerkschaft: „Das stimmt so nicht.“", "Das stimmt so nicht.", "die Gewerkschaft", None),
        ("„Es gibt keine Mängel“, heißt es in dem Gutachten.", "Es gibt keine Mängel", "dem Gutachten", "heißt es in"),
        (
            "Nach Ansicht von Mieterbund-Chefin Eva Roth ist das „ein Schlag ins Gesicht“.",
            "ein Schlag ins Gesicht",
            "Mieterbund-Chefin Eva Roth",
            "Nach Ansicht von",
        ),
        ("Die Opposition nannte den Entwurf „völlig unzureichend“.", "völlig unzureichend", "Die Opposition", "nannte"),
        (
            "Grünen-Chef Tim Lorenz bezeichnete die Pläne als „Unsinn“.",
            "Unsinn",
            "Grünen-Chef Tim Lorenz",
            "bezeichnete",
        ),
    ],
)
def test_speaker_and_cue_are_found(quotes: Quotes, text: str, words: str, speaker: str, cue: str | None) -> None:
    assert direct(quotes(text)) == [(words, speaker, cue)]


def test_a_quotation_over_several_sentences_is_one(quotes: Quotes) -> None:
    (found,) = quotes("„Wir haben gewonnen. Wir feiern heute. Morgen auch“, sagte Trainer Böhm.")
    assert found.text == "Wir haben gewonnen. Wir feiern heute. Morgen auch"
    assert found.speaker == "Trainer Böhm"
    assert found.sentences == (0, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "„Das Angebot“, sagte Moll, „ist fair.“",
        "»Das Angebot steht«, sagte Moll, »und es ist fair.«",
        '"Das Angebot steht", sagte Moll, "und es ist fair."',
    ],
)
def test_an_interrupted_quotation_is_two_of_one_speaker(quotes: Quotes, text: str) -> None:
    found = [q for q in quotes(text) if q.kind is QuotationKind.DIRECT]
    assert [q.speaker for q in found] == ["Moll", "Moll"]


def test_a_quotation_that_goes_on_keeps_its_speaker(quotes: Quotes) -> None:
    first, second = quotes("„Wer zahlt das alles?“, fragt Anwohnerin Ute Kern. „Wir jedenfalls nicht!“")
    assert first.speaker == "Anwohnerin Ute Kern"
    assert (second.speaker, second.resolved_speaker) == (None, "Anwohnerin Ute Kern")


def test_er_is_nobody_whose_full_name_is_a_womans(quotes: Quotes) -> None:
    found = quotes("„Ich zahle“, sagte Lena Dierks. Landwirt Heinrich Kolbe stand auf. „Ich nicht“, rief er.")
    assert found[-1].resolved_speaker == "Landwirt Heinrich Kolbe"


def test_quotations_joined_by_und_share_the_cue(quotes: Quotes) -> None:
    found = quotes("„Wir halten durch bis zum Schluss“ und „Wir geben nie auf“, zitiert CNN die Besatzung.")
    assert [q.speaker for q in found] == ["CNN", "CNN"]


@pytest.mark.parametrize(
    ("text", "speaker", "resolved"),
    [
        ("Kanzlerin Eva Roth schwieg. „Es reicht“, sagte sie dann.", "sie", "Kanzlerin Eva Roth"),
        (
            "Finanzminister Jan Petersen reiste ab. „Wir reden weiter“, sagte der Minister.",
            "der Minister",
            "Jan Petersen",
        ),
        ("„Ich gehe“, sagte Trainer Ole Brandt. „Es reicht“, fügte er hinzu.", "er", "Trainer Ole Brandt"),
        (
            "Kanzlerin Eva Roth kam. Die CDU-Politikerin sagte: „Es ist nötig.“",
            "Die CDU-Politikerin",
            "Kanzlerin Eva Roth",
        ),
        ("Es regnete in Kiel. „Wir warten“, sagte er.", "er", None),
    ],
)
def test_pronouns_and_offices_stand_for_a_name_the_text_tells(
    quotes: Quotes, text: str, speaker: str, resolved: str | None
) -> None:
    last = quotes(text)[-1]
    assert (last.speaker, last.resolved_speaker) == (speaker, resolved)


def test_whose_opinion_it_is_is_told_by_a_possessive(quotes: Quotes) -> None:
    found = quotes("Trainer Ole Brandt sagte: „Es reicht.“ Seiner Ansicht nach „fehlt es an allem“.")
    assert (found[-1].speaker, found[-1].resolved_speaker) == ("Seiner", "Trainer Ole Brandt")


def test_a_letter_speaks_for_its_author(quotes: Quotes) -> None:
    found = quotes("Laut dem Brief von Jan Müller steigt der Preis. Er sagte, dass es Gründe gebe.")
    assert [q.resolved_speaker for q in found] == ["Jan Müller", "Jan Müller"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Die Firmen sollten jetzt „aggressiv“ in Chips investieren.", QuotationKind.SCARE),
        ("Die sogenannte „Bierdeckel-Steuer“ kommt nicht.", QuotationKind.TITLE),
        ("Das Magazin „Stern“ zeigte die Bilder.", QuotationKind.TITLE),
        ("Der Roman „Die lange Nacht“ erscheint im Mai.", QuotationKind.TITLE),
        ("Die „Gorch Fock“ lief am Montag aus.", QuotationKind.TITLE),
        ("Der Schlager „99 Luftballons“ lief im Radio.", QuotationKind.SCARE),
        ("Der Wald gilt als „grüne Lunge der ganzen Region“.", QuotationKind.SCARE),
        ("Der Vertrag regelt die „Rückgabe aller geliehenen Werke an die Erben“.", QuotationKind.SCARE),
        ("Wegen „unterlassener Hilfeleistung im Amt“ steht er vor Gericht.", QuotationKind.SCARE),
        ("Die Ausstellung „Von der Mühle zum Kraftwerk“ öffnet am Montag.", QuotationKind.TITLE),
        ("Die Stadt will mit dem „Gesetz über die Pflege der Wege“ beginnen.", QuotationKind.TITLE),
        ("Der Rat hat den Freitag zum „Großen Lesetag“ erklärt.", QuotationKind.TITLE),
        ("Er sprach mit Blick auf die „Tag X“-Formulierung.", QuotationKind.TITLE),
        ("Mehr Bürgernähe: „Rathausbus“ fährt über die Dörfer.", QuotationKind.SCARE),
    ],
)
def test_scare_quotes_and_titles_are_no_speech(quotes: Quotes, text: str, kind: QuotationKind) -> None:
    (found,) = quotes(text)
    assert found.kind is kind
    assert found.speaker is None


def test_words_quoted_within_reported_speech_belong_to_its_speaker(quotes: Quotes) -> None:
    found = quotes("Im Brief schrieb Vorstandschef Kai Dorn, die Krise sei „noch nicht vorbei“.")
    assert direct(found) == [("noch nicht vorbei", "Vorstandschef Kai Dorn", "schrieb")]


def test_a_language_without_a_table_has_quotations_without_speakers(quotes: Quotes) -> None:
    (found,) = quotes("« Nous allons construire une nouvelle usine à Lyon », a dit Marie Dupont.", "fr")
    assert found.kind is QuotationKind.DIRECT
    assert found.speaker is None


def test_source_in_brackets_after_a_quotation_is_its_speaker(quotes: Quotes) -> None:
    (found,) = quotes("„Die Wahlen sind frei und fair abgelaufen.“ (Nordwind-Stiftung).")
    assert found.speaker == "Nordwind-Stiftung"


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("Der Fahrer habe dem Wagen einen „Schubs“ gegeben, sagte die Polizei.", "Schubs", "die Polizei"),
        ("Nach Angaben des Sprechers sei die Lage „angespannt“.", "angespannt", "des Sprechers"),
        ("Bauer Hinz kündigte an, man werde gegen den „Vandalismus“ vorgehen.", "Vandalismus", "Bauer Hinz"),
    ],
)
def test_a_single_word_quoted_in_a_reported_clause_is_its_speakers(
    quotes: Quotes, text: str, words: str, speaker: str
) -> None:
    found = direct(quotes(text))
    assert [(said, by) for said, by, _ in found] == [(words, speaker)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sie habe im „Adler“ gegessen, sagte sie.", QuotationKind.TITLE),
        ("Er lese das Magazin „Stern“, sagte er.", QuotationKind.TITLE),
        ("Ziel sei der „Küstenbund“ (Alliance of the Coast), sagte sie.", QuotationKind.TITLE),
        ("Er nutze „SchulPost“ täglich, sagte der Lehrer.", QuotationKind.TITLE),
    ],
)
def test_a_name_in_a_reported_clause_is_no_speech(quotes: Quotes, text: str, kind: QuotationKind) -> None:
    assert [q.kind for q in quotes(text) if q.kind is not QuotationKind.INDIRECT] == [kind]


def test_a_body_may_be_quoted_without_a_cue(quotes: Quotes) -> None:
    found = quotes("Die Kommission will „einen neuen Anlauf im Herbst wagen“.")
    assert [(words, by) for words, by, _ in direct(found)] == [("einen neuen Anlauf im Herbst wagen", "Die Kommission")]


def test_a_judgement_in_one_word_is_no_title(quotes: Quotes) -> None:
    found = quotes("Der Stadtrat nannte den Plan „unausgereift“.")
    assert direct(found) == [("unausgereift", "Der Stadtrat", "nannte")]


def test_an_adverb_that_begins_the_sentence_is_no_speaker(quotes: Quotes) -> None:
    found = quotes("Passend dazu sagte die Wirtin: „Der Keller steht unter Wasser.“")
    assert direct(found) == [("Der Keller steht unter Wasser.", "die Wirtin", "sagte")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Der Minister sieht das Land als „Spielball Kleins“ und erklärte: „Wir bleiben.“", "Spielball Kleins"),
        ("Die Trainerin rief: „Keine Panik“ und lachte.", "Keine Panik"),
        ("„Keine Panik“, rief die Trainerin.", "Keine Panik"),
    ],
)
def test_speech_all_in_capitals_is_no_name(quotes: Quotes, text: str, words: str) -> None:
    assert direct(quotes(text))[0][0] == words
