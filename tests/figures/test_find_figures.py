"""What one sentence says, in four languages: a table that reads like the conventions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from depesche.errors import LanguageUnsupported
from depesche.figure import Direction, Figure, Kind, Modifier, Role
from depesche.figures import find_figures


def shown(figure: Figure) -> str:
    """Return a figure in one line: kind, numbers or quality, unit, modifier."""
    numbers = f"{figure.low:f}..{figure.high:f}" if figure.low is not None and figure.high is not None else ""
    numbers = f"{figure.value.normalize():f}" if figure.value is not None else numbers or str(figure.quality)
    parts = (figure.kind, numbers, figure.unit, figure.modifier)
    return " ".join(str(part) for part in parts if part)


GERMAN = [
    ("Der Vorstand will knapp 1,5 Mrd. Euro sparen.", {"knapp 1,5 Mrd. Euro": "money 1500000000 EUR almost"}),
    ("Es geht um 100-Millionen-Euro-Pakete.", {"100-Millionen-Euro-Pakete": "money 100000000 EUR"}),
    ("Die Quote liegt zwischen 30 und 40 Prozent.", {"zwischen 30 und 40 Prozent": "percent 30..40 %"}),
    ("Zwölftausend Zuschauer kamen.", {"Zwölftausend Zuschauer": "count 12000 Zuschauer"}),
    ("Sie fand „drei alte Karten“ im Keller.", {"drei alte Karten": "count 3 Karten"}),
    ("Er lief eine gute Stunde.", {"eine gute Stunde": "quantity 1 h slightly_more_than"}),
    ("Das Werk gehört zu den drittgrößten.", {"drittgrößten": "ordinal 3"}),
    ("Jede vierte Brücke ist marode.", {"Jede vierte": "fraction 0.25"}),
    (
        "Der Verlust liegt im dreistelligen Millionenbereich.",
        {"dreistelligen Millionenbereich": "qualitative digits:3:1e6"},
    ),
    (
        "Ein Milliardengrab für Zehntausende Anleger.",
        {"Milliardengrab": "qualitative magnitude:1e9", "Zehntausende Anleger": "qualitative plural:1e4 Anleger"},
    ),
    ("Der Pakt umfasst einen Kredit über 50 Mio. Euro.", {"50 Mio. Euro": "money 50000000 EUR"}),
    ("Die Preise stiegen um mehr als die Hälfte.", {"mehr als die Hälfte": "fraction 0.5 more_than"}),
    ("Der Anteil sank um zwei Prozentpunkte.", {"zwei Prozentpunkte": "percentage_points 2 pp"}),
    ("Das kostet 15 Dollar und 15 Cent.", {"15 Dollar und 15 Cent": "money 15.15 USD"}),
    ("Es kostet mindestens jedoch 200 Euro.", {"mindestens jedoch 200 Euro": "money 200 EUR at_least"}),
    ("Das dauert höchstens aber 3 Tage.", {"höchstens aber 3 Tage": "quantity 3 d at_most"}),
    ("Es waren jedoch mindestens 300 Besucher.", {"mindestens 300 Besucher": "count 300 Besucher at_least"}),
    ("Fast genau drei Jahre später kam er zurück.", {"Fast genau drei Jahre": "quantity 3 a almost"}),
    ("Geschätzt 1200 Menschen kamen.", {"Geschätzt 1200 Menschen": "count 1200 Menschen approximately"}),
    ("Über 4:1 und 16:10 zog das Team davon.", {"4:1": "score score:4:1", "16:10": "score score:16:10"}),
    ("Partien über 90 Minuten sind ihm zu lang.", {"90 Minuten": "quantity 90 min"}),
    ("In fünf Regierungs-Jahren geschah wenig.", {"fünf Regierungs-Jahren": "quantity 5 a"}),
    (
        "In zehn Monaten mehr als 40.000 Menschen.",
        {"zehn Monaten": "quantity 10 mo", "mehr als 40.000 Menschen": "count 40000 Menschen more_than"},
    ),
    (
        "Das sind 1,2 Punkte weniger als zwei Jahre zuvor.",
        {"1,2 Punkte": "count 1.2 Punkte", "zwei Jahre": "quantity 2 a"},
    ),
    ("Sie gewann den zweiten 100-Meter-Lauf.", {"zweiten": "ordinal 2", "100-Meter-Lauf": "quantity 100 m"}),
    ("Das ist seine zweite fünfjährige Amtszeit.", {"zweite": "ordinal 2", "fünfjährige": "quantity 5 a"}),
    ("Wir sind um kurz vor zehn gestartet.", {}),
    ("Es fehlten kurz vor zehn Kilometer.", {"kurz vor zehn Kilometer": "quantity 10 km almost"}),
    ("So ein Tag kommt nicht wieder.", {}),
    ("Der Kurs fiel auf ein 37-Monatstief.", {"37-Monatstief": "quantity 37 mo"}),
    ("Sie unterschrieb einen Zehnjahresvertrag.", {"Zehnjahresvertrag": "quantity 10 a"}),
    ("Im Dreimonatszeitraum fiel der Wert.", {"Dreimonatszeitraum": "quantity 3 mo"}),
    ("Der Weg hat 220 Höhenmeter.", {"220 Höhenmeter": "quantity 220 m"}),
    ("Es fehlten drei Hundertstelsekunden.", {"drei Hundertstelsekunden": "quantity 0.03 s"}),
    ("Nach der 112:55-Gala feierten sie.", {"112:55-Gala": "score score:112:55"}),
    ("Laut Umfrage der Gruppe 31 bis 34 Prozent.", {"31 bis 34 Prozent": "percent 31..34 %"}),
    ("Im Zug 20–30 Fahrgäste.", {"20–30 Fahrgäste": "count 20..30 Fahrgäste"}),
    ("Am Bergweg 5 oder 6 Bäume.", {"5": "count 5", "6 Bäume": "count 6 Bäume"}),
    ("Gegen § 8 und 5 Euro Gebühr wehrt er sich.", {"5 Euro": "money 5 EUR"}),
    ("In Gruppe 4 und 6 wird gespielt.", {}),
    (
        "Die Zahl sank unter die Marke von 900 Punkten.",
        {"unter die Marke von 900 Punkten": "count 900 Punkten less_than"},
    ),
    (
        "Sie liegt über der wichtigen Schwelle von 7 Prozent.",
        {"über der wichtigen Schwelle von 7 Prozent": "percent 7 % more_than"},
    ),
    ("Sie fiel unter die 900-Punkte-Marke.", {"unter die 900-Punkte-Marke": "count 900 Punkte less_than"}),
    ("Mehrere zehntausend Gäste kamen.", {"Mehrere zehntausend Gäste": "qualitative several:1e4 Gäste"}),
    ("Das Finale (26.06) ist ausverkauft.", {}),
    ("Sie siegte mit 26.06 Sekunden.", {"26.06 Sekunden": "quantity 26.06 s"}),
    ("Es sind 90 Cent für den Liter.", {"90 Cent für den Liter": "rate 0.9 EUR/l"}),
    ("Es sind 90 Euro für den Tag.", {"90 Euro": "money 90 EUR"}),
    ("Ein Zoll von 9 Prozent gilt.", {"9 Prozent": "percent 9 %"}),
    ("Der Spalt ist einen Zoll breit.", {"einen Zoll": "quantity 1 in"}),
    ("Knappe 9 Prozent fehlen.", {"Knappe 9 Prozent": "percent 9 % almost"}),
    ("Mit knappen 90 Stimmen siegte er.", {"knappen 90 Stimmen": "count 90 Stimmen almost"}),
    ("Nach guten 9 Minuten war es vorbei.", {"guten 9 Minuten": "quantity 9 min slightly_more_than"}),
    ("Ein knapper 2:1-Erfolg.", {"2:1-Erfolg": "score score:2:1"}),
    ("Der Staub stieg bis in 90 Meter Höhe.", {"bis in 90 Meter": "quantity 90 m up_to"}),
    ("Das Seil reicht bis auf 90 Meter Tiefe.", {"bis auf 90 Meter": "quantity 90 m up_to"}),
    ("Der Staub stieg bis in eine Höhe von 90 Metern.", {"bis in eine Höhe von 90 Metern": "quantity 90 m up_to"}),
    ("Bis auf zwei Gäste blieben alle.", {"zwei Gäste": "count 2 Gäste"}),
    ("Der Anteil sank bis auf 9 Prozent.", {"9 Prozent": "percent 9 %"}),
    (
        "Sie liegt zwei Punkte über der Marke von 900 Punkten.",
        {"zwei Punkte": "count 2 Punkte", "900 Punkten": "count 900 Punkten"},
    ),
    ("Sie erreichte die Marke von 900 Punkten.", {"900 Punkten": "count 900 Punkten"}),
]
ENGLISH = [
    ("The comet 2l/Borisov is fading.", {}),
    ("He drinks 2l/day.", {"2l/day": "rate 2 l/d"}),
    ("It takes four-and-a-half hours.", {"four-and-a-half hours": "quantity 4.5 h"}),
    ("He began his second six-year term.", {"second": "ordinal 2", "six-year": "quantity 6 a"}),
    ("The board wants to save nearly €1.5bn.", {"nearly €1.5bn": "money 1500000000 EUR almost"}),
    ("Half a million people saw it.", {"Half a million people": "count 500000 people"}),
    ("It lasted a year and a half.", {"a year and a half": "quantity 1.5 a"}),
    ("One in four bridges is unsafe.", {"One in four": "fraction 0.25"}),
    ("The loss is in the billions.", {"billions": "qualitative magnitude:1e9"}),
    ("Prices rose tenfold in two long years.", {"tenfold": "multiple 10", "two long years": "quantity 2 a"}),
    ("A 55-year-old farmer owns six M40 rifles.", {"55-year-old": "age 55 a", "six M40 rifles": "count 6 rifles"}),
    ("Income rose in the past quarter to 1.4 billion dollars.", {"1.4 billion dollars": "money 1400000000 USD"}),
    ("They won 3-1 on 4 May 2019 at 5pm.", {"3-1": "score score:3:1"}),
    ("Almost exactly a year later it reopened.", {"Almost exactly a year": "quantity 1 a almost"}),
    ("The billion dollar company wants to grow.", {"billion dollar": "qualitative magnitude:1e9"}),
    ("We waited a quarter of an hour.", {"a quarter of an hour": "quantity 0.25 h"}),
    ("Seven tenths of a second cost him the title.", {"Seven tenths of a second": "quantity 0.7 s"}),
    ("She is sad about fourth place.", {"fourth place": "ordinal 4"}),
    (
        "The plume went up to a hundred kilometres.",
        {"up to a hundred kilometres": "quantity 100 km up_to"},
    ),
    ("He scored the 1:1 (0: 1).", {"1:1": "score score:1:1", "0: 1": "score score:0:1"}),
    ("For the group 10 to 12 percent will do.", {"10 to 12 percent": "percent 10..12 %"}),
    ("It fell below the 900 mark.", {"below the 900": "count 900 less_than"}),
    ("It rose above the key threshold of 7%.", {"above the key threshold of 7%": "percent 7 % more_than"}),
    ("The dust rose up to a height of 90 metres.", {"up to a height of 90 metres": "quantity 90 m up_to"}),
    ("It passed the ten thousand mark.", {"ten thousand": "count 10000"}),
    ("It passed the mark of 900 euros.", {"900 euros": "money 900 EUR"}),
    ("It cost 900 marks.", {"900 marks": "money 900 DEM"}),
    ("Only groups in Group 4 to 6 may stay.", {}),
    ("At 2: 2 the game was open.", {"2: 2": "score score:2:2"}),
    (
        "They saw 1,800 species and up to 30 pairs.",
        {"1,800 species": "count 1800 species", "up to 30 pairs": "count 30 pairs up_to"},
    ),
]
FRENCH = [
    (
        "Le groupe investit plus de 1,5 milliard d'euros.",
        {"plus de 1,5 milliard d'euros": "money 1500000000 EUR more_than"},
    ),
    (
        "Environ 12 000 lecteurs et au moins trois auteurs.",
        {
            "Environ 12 000 lecteurs": "count 12000 lecteurs approximately",
            "au moins trois auteurs": "count 3 auteurs at_least",
        },
    ),
    (
        "Entre 30 et 40 % en 2024, soit 3,2 Md€.",
        {"Entre 30 et 40 %": "percent 30..40 %", "3,2 Md€": "money 3200000000 EUR"},
    ),
    (
        "Plusieurs milliards d'euros, quatre-vingt-dix-sept jours.",
        {"Plusieurs milliards d'euros": "qualitative several:1e9 EUR", "quatre-vingt-dix-sept jours": "quantity 97 d"},
    ),
]
SPANISH = [
    (
        "El grupo gasta más de 1.500 millones de euros.",
        {"más de 1.500 millones de euros": "money 1500000000 EUR more_than"},
    ),
    (
        "Unas 12.000 casas y al menos tres puentes.",
        {"Unas 12.000 casas": "count 12000 casas approximately", "al menos tres puentes": "count 3 puentes at_least"},
    ),
    (
        "Dos mil millones de dólares, entre 30 y 40 por ciento.",
        {"Dos mil millones de dólares": "money 2000000000 USD", "entre 30 y 40 por ciento": "percent 30..40 %"},
    ),
    ("Varios millones de euros el 3 de mayo de 2024.", {"Varios millones de euros": "qualitative several:1e6 EUR"}),
]
SENTENCES = [
    (language, text, figures)
    for language, table in (("de", GERMAN), ("en", ENGLISH), ("fr", FRENCH), ("es", SPANISH))
    for text, figures in table
]


@pytest.mark.parametrize(("language", "text", "figures"), SENTENCES)
def test_a_sentence_says_these_figures(language: str, text: str, figures: dict[str, str]) -> None:
    assert {figure.text: shown(figure) for figure in find_figures(text, language)} == figures


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 3. Mai 2024 um 14.30 Uhr stand Artikel 5 im Gesetz."),
        ("de", "Die Fantastischen Vier fliegen A380, Linie 7 fährt seit 1998."),
        ("de", "Der Halbleiter, der Elfmeter und das Viertelfinale."),
        ("en", "On May 3, 2024 the S&P 500 and Boeing 737 made news."),
        ("en", "This is the one that he wanted in the 1990s."),
        ("fr", "Le 3 mai 2024, page 12."),
        ("es", "El 3 de mayo de 2024, página 12."),
    ],
)
def test_what_only_carries_numbers_is_no_figure(language: str, text: str) -> None:
    assert find_figures(text, language) == ()


def test_a_change_has_two_parts_that_share_their_unit() -> None:
    before, after = find_figures("Die Arbeitslosenquote sank von 6,1 auf 5,9 Prozent.", "de")
    assert (before.role, before.value, before.unit) == (Role.FROM, Decimal("6.1"), "%")
    assert (after.role, after.value, after.direction) == (Role.TO, Decimal("5.9"), Direction.DOWN)


def test_a_change_by_an_amount_says_which_way() -> None:
    (figure,) = find_figures("Der Umsatz stieg um mindestens drei Prozent.", "de")
    assert (figure.role, figure.direction, figure.modifier) == (Role.BY, Direction.UP, Modifier.AT_LEAST)


def test_the_same_quality_has_the_same_key_in_german_and_english() -> None:
    pairs = [
        ("dreistellig wachsen", "grow by triple-digit rates"),
        ("mehrere Milliarden Dollar", "several billion dollars"),
        ("Hunderte Tiere", "hundreds of animals"),
        ("Schäden in die Milliarden", "damage in the billions"),
    ]
    for german, english in pairs:
        (ours,), (theirs,) = find_figures(german, "de"), find_figures(english, "en")
        assert ours.kind is theirs.kind is Kind.QUALITATIVE
        assert ours.quality == theirs.quality


def test_a_language_without_a_table_is_refused_with_a_remedy() -> None:
    with pytest.raises(LanguageUnsupported) as caught:
        find_figures("3 kroner", "da")
    assert "de, en, es, fr" in str(caught.value)
