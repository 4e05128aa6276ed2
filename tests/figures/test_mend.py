from __future__ import annotations

import pytest

from depesche.figures import find_figures
from depesche.figures.mend import Mend, mend_figures


def mend(german: str, english: str) -> Mend:
    return mend_figures(german, find_figures(german, "de"), english)


RIGHT = [
    ("Der Umsatz stieg auf 1,5 Mrd. Euro.", "Revenue rose to €1.5 billion."),
    ("Der Umsatz stieg auf 1,5 Mrd. Euro.", "Revenue rose to 1,500 million euros."),
    ("Knapp 200 Menschen kamen.", "Just under 200 people came."),
    ("Beide Minister traten zurück.", "The two ministers resigned."),
    ("Es regnete.", "It rained."),
]


@pytest.mark.parametrize(("german", "english"), RIGHT)
def test_a_sentence_that_is_right_is_never_touched(german: str, english: str) -> None:
    assert mend(german, english) == Mend(english)


MENDED = [
    # magnitude
    (
        "Der Konzern investiert 1,5 Milliarden Euro in das Werk.",
        "The group is investing €1.5 million in the plant.",
        "The group is investing €1.5 billion in the plant.",
    ),
    (
        "Der Konzern investiert 1,5 Milliarden Euro in das Werk.",
        "The group is investing 1.5 million euros in the plant.",
        "The group is investing 1.5 billion euros in the plant.",
    ),
    # value
    ("Die Inflation stieg auf 2,3 Prozent.", "Inflation rose to 3.2 percent.", "Inflation rose to 2.3 percent."),
    ("Die Inflation stieg auf 2,3 Prozent.", "Inflation rose to 23%.", "Inflation rose to 2.3%."),
    (
        "Bei dem Unfall wurden 35 Menschen verletzt.",
        "In the accident 53 people were injured.",
        "In the accident 35 people were injured.",
    ),
    (
        "Die Mieten stiegen um 8 Prozent.",
        "Rents went up, an 11 percent rise.",
        "Rents went up, an 8 percent rise.",
    ),
    ("Das ist ein Anstieg von 12 Prozent.", "That is an 11 percent rise.", "That is a 12 percent rise."),
    # unit
    (
        "Die Partei verlor 15 Prozentpunkte.",
        "The party lost 15 percent.",
        "The party lost 15 percentage points.",
    ),
    ("Der Fonds verlor 100 Millionen Dollar.", "The fund lost €100 million.", "The fund lost $100 million."),
    # a unit that was lost
    (
        "Betroffene erhalten mindestens 200 Euro im Monat.",
        "Those affected receive at least 200 a month.",
        "Those affected receive at least 200 euros a month.",
    ),
    ("Das Werk produziert 300 Tonnen im Jahr.", "The plant makes 300 a year.", "The plant makes 300 tonnes a year."),
    ("Die Inflation sank auf 2,1 Prozent.", "Inflation fell to 2.1.", "Inflation fell to 2.1 percent."),
    (
        "Das Paket umfasst 500 Millionen Euro und 300 Busse.",
        "The package comprises 500 million and 300 buses.",
        "The package comprises 500 million euros and 300 buses.",
    ),
    (
        "Der Fonds verlor 100 Millionen Dollar.",
        "The fund lost 100 million euros.",
        "The fund lost 100 million dollars.",
    ),
    ("Der Wagen fuhr 120 km/h.", "The car was doing 120 mph.", "The car was doing 120 km/h."),
    ("Der 27-jährige Fahrer floh.", "The 27-month-old driver fled.", "The 27-year-old driver fled."),
    ("Nach einer halben Stunde stand es 1:0.", "After half a minute it was 1-0.", "After half an hour it was 1-0."),
    ("Die Fläche misst zwei Quadratmeter.", "It is a two square foot area.", "It is a two square metre area."),
    (
        "Die Aktionäre bekommen 420 Dollar je Aktie.",
        "Shareholders get 42 US dollars per share.",
        "Shareholders get 420 US dollars per share.",
    ),
    ("Es heilt in sechs bis acht Wochen.", "It heals in seven to eight weeks.", "It heals in six to eight weeks."),
    ("Sie investieren rund 800 Euro.", "They invest around 800 dollars.", "They invest around 800 euros."),
    ("Rund 6000 Menschen kamen.", "About 600 people came.", "About 6,000 people came."),
    ("Die rund 6000 Menschen jubelten.", "The 6000 people cheered.", "The roughly 6000 people cheered."),
    ("Es geht um 100 Millionen Euro.", "It is a 100-million-dollar package.", "It is a 100-million-euro package."),
    ("Er verlor mit 3:1.", "He lost 3-2.", "He lost 3-1."),
    ("Die Zahl hat sich verdreifacht.", "The number has doubled.", "The number has tripled."),
    ("Neun von zehn Kunden blieben.", "Nine out of eleven customers stayed.", "Nine out of ten customers stayed."),
    # range
    (
        "Die Kosten sinken um 30 bis 40 Prozent.",
        "Costs will fall by 30%.",
        "Costs will fall by 30–40%.",
    ),
    # modifier only
    ("Rund 200 Feuerwehrleute löschten.", "200 firefighters were there.", "About 200 firefighters were there."),
    (
        "Der Schaden beträgt mehr als 5 Millionen Euro.",
        "The damage amounts to €5 million.",
        "The damage amounts to more than €5 million.",
    ),
    (
        "Der Schaden beträgt knapp 5 Millionen Euro.",
        "The damage amounts to just over €5 million.",
        "The damage amounts to almost €5 million.",
    ),
    ("Es geht um einen Kredit über 50 Millionen Euro.", "It is about a loan of more than €50 million.",
     "It is about a loan of €50 million."),
    (
        "Der Absatz stieg um mehr als 3 Prozent.",
        "Sales rose 3 percent.",
        "Sales rose more than 3 percent.",
    ),
    (
        "Der Absatz stieg auf mindestens 3 Prozent.",
        "Sales rose to 3 percent.",
        "Sales rose to at least 3 percent.",
    ),
    ("Der Absatz fiel unter 30 Prozent.", "Sales fell below 13 percent.", "Sales fell below 30 percent."),
    # several at once, each beyond doubt
    (
        "Der Gewinn sank um 5,4 Prozent auf 1,2 Milliarden Euro.",
        "Profit fell 4.5 percent to 1.2 million euros.",
        "Profit fell 5.4 percent to 1.2 billion euros.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("german", "english", "mended"), MENDED)
def test_a_wrong_figure_is_put_right_in_the_style_of_the_sentence(german: str, english: str, mended: str) -> None:
    result = mend(german, english)
    assert result.reason is None
    assert result.text == mended
    assert result.replaced


UNSAFE = [
    # no slot
    ("Der Gewinn sank um 5,4 Prozent.", "Profit fell.", "not in the target"),
    ("Der Gewinn sank.", "Profit fell by 5.4 percent.", "not in the source"),
    # two of a kind, both wrong: which is which?
    (
        "Der Anteil stieg von 12 auf 37 Prozent.",
        "The share rose from 21 percent to 73 percent.",
        "may be either",
    ),
    # one wrong count beside others: the noun cannot be compared across languages
    (
        "12 Menschen starben, 40 wurden verletzt.",
        "40 were injured, 17 houses burnt down.",
        "may count something else",
    ),
    # behind a verb of motion another preposition is another statement
    ("Der Index fiel um 900 Punkte.", "The index fell below 900 points.", "no wording"),
    ("Der Index stieg auf knapp 900 Punkte.", "The index climbed above 900 points.", "no wording"),
    ("Der Index stieg um mindestens 900 Punkte.", "The index jumped 900 points.", "no wording"),
    ("Der Wert fällt auf höchstens 3 Grad.", "The value doesn't drop sharply below 3 degrees.", "no wording"),
    ("Der Preis liegt bei mehr als 900 Euro.", "The price crosses 900 euros.", "no wording"),
    ("Der Index liegt unter der Marke von 900 Punkten.", "The index reached the 900-point mark.", "threshold"),
    ("Der Index erreichte 900 Punkte.", "The index is above the 900-point mark.", "threshold"),
    ("Nur 1 Mensch starb.", "Only 3 people died.", "singular"),
    ("Drei Menschen starben.", "One person died.", "not in the target"),
]


@pytest.mark.parametrize(("german", "english", "reason"), UNSAFE)
def test_where_it_is_not_safe_the_sentence_is_left_with_a_reason(german: str, english: str, reason: str) -> None:
    result = mend(german, english)
    assert result.text is None
    assert result.replaced == ()
    assert reason in (result.reason or "")


@pytest.mark.parametrize(("german", "english", "_mended"), MENDED)
def test_mending_twice_changes_nothing_more(german: str, english: str, _mended: str) -> None:
    text = mend(german, english).text
    assert text is not None
    assert mend(german, text) == Mend(text)
