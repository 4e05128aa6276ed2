from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.article import Origin
from depesche.ingest.canonical import Parts, assemble, byline_names, clean, clean_line, iso_date, looks_like_title

ORIGIN = Origin(name="probe.txt", format="text", encoding="utf-8", sha256="0" * 64)
LEAD = "Der Umsatz stieg um 4,2 Prozent auf 1,3 Milliarden Euro."
BODY = "Der Vorstand rechnet für das laufende Jahr mit einem Ergebnis von 90 bis 95 Millionen Euro."


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("Mu\u0308nchen", "München"),
        ("Wirt\u00adschafts\u00administer", "Wirtschaftsminister"),
        ("10\u00a0000 Euro", "10\u00a0000 Euro"),
        ("1,5\u202fMrd. Euro", "1,5\u202fMrd. Euro"),
        ("10\u2009000 Tonnen", "10\u202f000 Tonnen"),
        ("10\u2007000 Tonnen", "10\u202f000 Tonnen"),
        ("ein\u2009Wort", "ein Wort"),
        ("rund \u00a0 12\t Prozent", "rund 12 Prozent"),
        ("\ufeffAm Montag\u200b", "Am Montag"),
        ("100\u202e000\u202c Euro", "100000 Euro"),
        ("30\u2011prozentige", "30-prozentige"),
        ("\ufb01nanziell", "finanziell"),
        ("Gewinn\x00\x07 sank", "Gewinn sank"),
        ("„Ja“ – €", "„Ja“ – €"),
        ("Zeile\r\nZeile\rZeile\x85Zeile\u2028Zeile", "Zeile\nZeile\nZeile\nZeile\nZeile"),
        ("Absatz\u2029Absatz", "Absatz\n\nAbsatz"),
        ("kaputt \ud800 hier", "kaputt hier"),
        ("\U000e0041unsichtbar", "unsichtbar"),
    ],
)
def test_characters_become_canonical(raw: str, canonical: str) -> None:
    assert clean(raw) == canonical


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_clean_text_is_nfc_and_can_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")


def test_order_is_title_teaser_body_with_spans() -> None:
    article = assemble(
        Parts(title="Umsatz steigt", teaser="Ein gutes Jahr für die Werft.", paragraphs=(LEAD, BODY)), ORIGIN
    )
    assert article.text == f"Umsatz steigt\n\nEin gutes Jahr für die Werft.\n\n{LEAD}\n\n{BODY}"
    assert article.title_span is not None
    assert article.title_span.of(article.text) == article.title == "Umsatz steigt"
    assert article.teaser_span is not None
    assert article.teaser_span.of(article.text) == article.teaser == "Ein gutes Jahr für die Werft."


def test_teaser_that_the_body_repeats_is_not_put_in_front_of_it() -> None:
    article = assemble(Parts(title="Umsatz steigt", teaser=LEAD, paragraphs=(LEAD, BODY)), ORIGIN)
    assert article.text == f"Umsatz steigt\n\n{LEAD}\n\n{BODY}"
    assert article.teaser_span is not None
    assert article.teaser_span.of(article.text) == LEAD


def test_teaser_cut_short_by_the_page_is_no_teaser() -> None:
    article = assemble(Parts(title="Umsatz steigt", teaser=f"{LEAD[:30]}…", paragraphs=(LEAD, BODY)), ORIGIN)
    assert article.teaser is None
    assert article.teaser_span is None


def test_title_repeated_below_itself_is_dropped() -> None:
    article = assemble(Parts(title="Umsatz steigt", paragraphs=("UMSATZ STEIGT", LEAD, BODY)), ORIGIN)
    assert article.text.startswith(f"Umsatz steigt\n\n{LEAD}")


def test_first_paragraph_that_reads_as_a_headline_is_the_title() -> None:
    article = assemble(Parts(paragraphs=("Werft baut 200 Stellen ab", LEAD)), ORIGIN)
    assert article.title == "Werft baut 200 Stellen ab"


@pytest.mark.parametrize("opening", [LEAD, "Die Lage bleibt ernst:", "wort " * 40])
def test_first_paragraph_that_is_a_sentence_is_no_title(opening: str) -> None:
    assert assemble(Parts(paragraphs=(opening, BODY)), ORIGIN).title is None


@pytest.mark.parametrize("title", ["Kommt jetzt die Maut?", "„Wir schaffen das“", "Gewinn: 1,5 Mrd. Euro", "So nicht!"])
def test_headlines_may_ask_exclaim_and_quote(title: str) -> None:
    assert looks_like_title(title)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Henrike Osterkamp", "Henrike Osterkamp"),
        ("Von Anna Berger und Jürgen von der Heide, Brüssel", "Anna Berger und Jürgen von der Heide, Brüssel"),
        ("Text: Karl-Heinz Wölfl", "Karl-Heinz Wölfl"),
        ("Von Rekord kann keine Rede sein", None),
        ("Von 12 auf 15 Prozent", None),
    ],
)
def test_bylines_are_told_from_sentences(line: str, names: str | None) -> None:
    assert byline_names(line) == names


def test_byline_below_the_title_leaves_the_text() -> None:
    article = assemble(Parts(paragraphs=("Werft baut 200 Stellen ab", "Von Henrike Osterkamp", LEAD)), ORIGIN)
    assert article.byline == "Henrike Osterkamp"
    assert "Osterkamp" not in article.text


@pytest.mark.parametrize(
    ("given_date", "kept"),
    [
        ("2026-03-17", "2026-03-17"),
        ("2026-03-17T06:30:00+01:00", "2026-03-17T06:30:00+01:00"),
        ("Tue, 17 Mar 2026 06:30:00 +0100", "2026-03-17T06:30:00+01:00"),
        ("gestern", None),
        (None, None),
    ],
)
def test_dates_are_iso_or_nothing(given_date: str | None, kept: str | None) -> None:
    assert iso_date(given_date) == kept
