"""Clock times, quarters and half-years: what is the same, and what was lost or exchanged."""

from __future__ import annotations

import pytest

from depesche.checks.times import compare_times, find_times, joined_times
from depesche.figures import find_figures
from depesche.finding import FindingCode


def codes(german: str, english: str, *, complete: bool = True) -> list[str]:
    source = find_times(german, "de", figures=[figure.span for figure in find_figures(german, "de")])
    target = find_times(english, "en", figures=[figure.span for figure in find_figures(english, "en")])
    return [finding.code.value for finding in compare_times(source, target, complete=complete)]


SAME = [
    ("Das Treffen beginnt um 14 Uhr.", "The meeting begins at 2 p.m."),
    ("Das Treffen beginnt um 14.30 Uhr.", "The meeting begins at 2:30pm."),
    ("Das Treffen beginnt um 14:30 Uhr.", "The meeting begins at 14:30."),
    ("Es begann um 14 Uhr 30.", "It began at 2.30 p.m."),
    ("Um halb neun kam der Zug.", "The train came at half past eight."),
    ("Um halb neun kam der Zug.", "The train came at 8:30."),
    ("Viertel nach acht war Schluss.", "It ended at quarter past eight."),
    ("Viertel vor acht war Schluss.", "It ended at 7:45 pm."),
    ("Um acht Uhr abends wird gesungen.", "There is singing at eight in the evening."),
    ("Der Laden ist von 9 bis 17 Uhr offen.", "The shop is open from 9 to 5."),
    ("Der Laden ist von 9 bis 17 Uhr offen.", "The shop is open from 9 a.m. to 5 p.m."),
    ("Um 12 Uhr läuten die Glocken.", "The bells ring at noon."),
    ("Am Mittag läuten die Glocken.", "The bells ring at 12 pm."),
    ("Um Mitternacht endete die Frist.", "The deadline ended at 12 am."),
    ("Um 24 Uhr endete die Frist.", "The deadline ended at midnight."),
    ("Um 0.30 Uhr brannte es.", "A fire broke out at 12:30 a.m."),
    ("Gegen neun wurde es still.", "It fell silent around nine o’clock."),
    ("Sie gewannen 3:15.", "They won 3:15."),
    ("Der Lauf dauerte 1:26 Stunden.", "The run took 1:26 hours."),
    ("Im vierten Quartal sank der Umsatz.", "Sales fell in Q4."),
    ("Im Schlussquartal sank der Umsatz.", "Sales fell in the final quarter."),
    ("Im dritten Geschäftsquartal sank der Umsatz.", "Sales fell in the third fiscal quarter."),
    ("Im ersten und zweiten Quartal stieg der Umsatz.", "Sales rose in the first and second quarters."),
    ("Im ersten Quartal stieg der Umsatz.", "Sales rose in the first three months."),
    ("Das 3. Quartal war gut.", "Q3 was good."),
    ("Drei Viertel der Leute kamen.", "Three quarters of the people came."),
    ("In der zweiten Halbzeit fiel das Tor.", "The goal came in the second half."),
    ("Die zweite Viertelstunde war besser.", "The game got better."),
    ("In der Rückrunde wurde es besser.", "It got better in the second half of the season."),
]

OTHER = [
    ("Das Treffen beginnt um 14 Uhr.", "The meeting begins at 4 pm.", ["time_lost", "time_invented"]),
    ("Das Treffen beginnt um 14 Uhr.", "The meeting begins at 2 am.", ["time_lost", "time_invented"]),
    ("Um halb neun kam der Zug.", "The train came at half past nine.", ["time_lost", "time_invented"]),
    ("Von 9 bis 17 Uhr ist offen.", "It is open from 9 a.m. to 7 p.m.", ["time_lost", "time_invented"]),
    ("Acht Uhr abends ist spät.", "Eight o'clock in the morning is late.", ["time_lost", "time_invented"]),
    ("Um 20 Uhr wird gesungen.", "There is singing in the evening.", ["time_lost"]),
    ("Am Abend wird gesungen.", "There is singing at 8 p.m.", ["time_invented"]),
    ("Im vierten Quartal sank er.", "It fell in the second quarter.", ["period_lost", "period_invented"]),
    ("Im vierten Quartal sank er.", "It fell.", ["period_lost"]),
    ("Im vierten Quartal sank er.", "It fell over the next four quarters.", ["period_lost"]),
    ("Im April sank er.", "It fell in the second quarter.", ["period_invented"]),
    ("Im zweiten Halbjahr sank er.", "It fell in the first half of the year.", ["period_lost", "period_invented"]),
]


@pytest.mark.parametrize(("german", "english"), SAME)
def test_the_same_time_in_other_words_is_fine(german: str, english: str) -> None:
    assert codes(german, english) == []


@pytest.mark.parametrize(("german", "english", "found"), OTHER)
def test_an_exchanged_time_or_quarter_is_found(german: str, english: str, found: list[str]) -> None:
    assert codes(german, english) == found


def test_a_brief_may_leave_times_out_but_not_add_them() -> None:
    german = "Im vierten Quartal begann die Sitzung um 14 Uhr."
    assert codes(german, "It began.", complete=False) == []
    assert codes(german, "It began at 4 pm.", complete=False) == [FindingCode.TIME_INVENTED]


def test_a_language_without_a_table_gives_its_numbers() -> None:
    french = find_times("La séance commence à 16 heures, au deuxième trimestre.", "fr")
    assert compare_times(french, find_times("The meeting begins at 4 pm.", "en"), complete=False) == []
    assert compare_times(french, find_times("It fell in the second quarter.", "en")) == []


def test_times_of_several_sentences_are_known_together() -> None:
    known = joined_times(find_times(text, "de") for text in ("Beginn ist um 14 Uhr.", "Ende ist um 16 Uhr."))
    claim = find_times("It lasts from 2 p.m. until 4 p.m.", "en")
    assert compare_times(known, claim, complete=False) == []
