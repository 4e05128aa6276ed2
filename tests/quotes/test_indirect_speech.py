from __future__ import annotations

from collections.abc import Callable

import pytest

from depesche.quotation import Quotation, QuotationKind

Quotes = Callable[..., tuple[Quotation, ...]]


def indirect(found: tuple[Quotation, ...]) -> list[tuple[str, str | None]]:
    return [(q.text, q.resolved_speaker or q.speaker) for q in found if q.kind is QuotationKind.INDIRECT]


@pytest.mark.parametrize(
    ("text", "clause", "speaker"),
    [
        ("Otte sagte, dass der Umsatz steige.", "dass der Umsatz steige", "Otte"),
        ("Otte ist der Meinung, dass der Umsatz steigt.", "dass der Umsatz steigt", "Otte"),
        ("Die Bahn kündigte an, die Preise zu senken.", "die Preise zu senken", "Die Bahn"),
        ("Laut Innenministerium wurden 30 Menschen verletzt.", "wurden 30 Menschen verletzt", "Innenministerium"),
        ("Nach Angaben der Feuerwehr brach das Feuer im Keller aus.", "brach das Feuer im Keller aus", "der Feuerwehr"),
        ("Nach Polizeiangaben flohen zwei Männer.", "flohen zwei Männer", "Polizeiangaben"),
        ("Otte zufolge ist das Geschäft stabil.", "ist das Geschäft stabil", "Otte"),
        ("Wie die Stadtwerke mitteilten, steigt der Gaspreis.", "steigt der Gaspreis", "die Stadtwerke"),
        (
            "Der Umsatz werde steigen, kündigte Finanzchef Bernd Otte an.",
            "Der Umsatz werde steigen",
            "Finanzchef Bernd Otte",
        ),
        ("Zeugen berichteten, ein Wagen sei bei Rot gefahren.", "ein Wagen sei bei Rot gefahren", "Zeugen"),
        (
            "Die Forscherin erklärte, der Fund werfe neue Fragen auf.",
            "der Fund werfe neue Fragen auf",
            "Die Forscherin",
        ),
        (
            "Der Konzern streicht 500 Stellen. Das bestätigte eine Sprecherin.",
            "Der Konzern streicht 500 Stellen",
            "eine Sprecherin",
        ),
        ("Man sei „zuversichtlich“, hieß es aus dem Ministerium.", "Man sei „zuversichtlich“", "dem Ministerium"),
        ("Ministerin Eva Roth beruhigte: Der Bau sei sicher.", "Der Bau sei sicher", "Ministerin Eva Roth"),
        ("Der Export sei gesunken, hieß es aus dem Ministerium.", "Der Export sei gesunken", "dem Ministerium"),
    ],
)
def test_reported_clause_and_its_source_are_found(quotes: Quotes, text: str, clause: str, speaker: str) -> None:
    assert indirect(quotes(text)) == [(clause, speaker)]


def test_konjunktiv_without_a_cue_goes_on_with_the_last_speaker(quotes: Quotes) -> None:
    found = quotes("Der Präsident sagte, er trete nicht zurück. Das Land brauche Ruhe. Er habe noch viel vor.")
    assert [speaker for _, speaker in indirect(found)] == ["Der Präsident"] * 3


def test_wuerde_counts_only_after_reported_speech(quotes: Quotes) -> None:
    assert indirect(quotes("Das würde viel Geld kosten.")) == []
    assert len(indirect(quotes("Otte sagte, der Plan sei gut. Er würde viel Geld sparen."))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Der Zug fuhr pünktlich ab.",
        "Es sei denn, es regnet, beginnt das Fest um acht.",
        "Die Stadt baut eine neue Schule.",
        "Sie erhielt einen Preis, der seit 1990 vergeben wird.",
    ],
)
def test_plain_statements_are_not_reported(quotes: Quotes, text: str) -> None:
    assert indirect(quotes(text)) == []


def test_a_claim_after_the_writers_own_clause_is_the_subjects(quotes: Quotes) -> None:
    (clause,) = indirect(quotes("Fraktionschef Jan Wolf lehnt den Verkauf ab, er bringe nichts ein."))
    assert clause == ("er bringe nichts ein", "Fraktionschef Jan Wolf")


def test_a_clause_keeps_the_closing_mark_of_its_last_word(quotes: Quotes) -> None:
    found = [
        q.text for q in quotes("Laut Minister Behr ist die Lage „angespannt“.") if q.kind is QuotationKind.INDIRECT
    ]
    assert found == ["ist die Lage „angespannt“"]
