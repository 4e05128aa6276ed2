from __future__ import annotations

from depesche.article import Article, Origin
from depesche.quotes import reported_sentences
from depesche.read import read_article

TEXT = "\n\n".join(
    (
        "Werk schließt im Herbst",
        "Der Pumpenbauer Nordwind schließt sein Werk in Kassel. „Wir bedauern das sehr“, sagte Vorstandschefin Karin "
        "Moll am Montag. Die Nachfrage sei um 30 Prozent gesunken. Das Werk besteht seit 1950.",
        "Die Gewerkschaft nannte den Schritt „völlig unverständlich“ und will mit dem Betriebsrat beraten, wie es nun "
        "mit den Stellen weitergeht.",
    )
)


def article() -> Article:
    return Article(TEXT, Origin("test", "text", "utf-8", "0" * 64))


def test_each_sentence_knows_whose_claim_it_is() -> None:
    source = read_article(article())
    found = reported_sentences(source)
    by_words = {source.sentences[i].text[:12]: (a.kind, a.speaker, a.whole) for i, a in found.items()}
    assert by_words == {
        "„Wir bedauer": ("direct", "Vorstandschefin Karin Moll", True),
        "Die Nachfrag": ("indirect", "Vorstandschefin Karin Moll", True),
        "Die Gewerksc": ("direct", "Die Gewerkschaft", False),
    }


def test_the_writers_own_sentences_have_no_attribution() -> None:
    source = read_article(article())
    own = [s.text for s in source.sentences if s.index not in reported_sentences(source)]
    assert own == [
        "Werk schließt im Herbst",
        "Der Pumpenbauer Nordwind schließt sein Werk in Kassel.",
        "Das Werk besteht seit 1950.",
    ]


def test_words_that_name_nobody_are_not_the_last_speakers_and_an_adjective_is_no_subjunctive() -> None:
    text = (
        "Streit um den Hafen\n\n„Wir warten seit Wochen“, sagte der Hafenmeister Ole Petersen. "
        "Dabei stützt das reiche Nordland seit Jahren alle Häfen im Süden der Bucht.\n\n"
        "Der Umschlag stieg nach Angaben vom Donnerstag um 14,6 Prozent auf drei Millionen Tonnen."
    )
    source = read_article(Article(text, Origin("test", "text", "utf-8", "0" * 64)))
    found = {source.sentences[i].text[:10]: a.speaker for i, a in reported_sentences(source).items()}
    assert found == {"„Wir warte": "der Hafenmeister Ole Petersen", "Der Umschl": None}
