"""Weekdays, months and years in German and English, and what counts as lost or invented."""

from __future__ import annotations

import pytest

from depesche.checks.dates import compare_dates, date_terms, find_dates, put_weekday_right
from depesche.finding import FindingCode


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("In seinem am Donnerstag veröffentlichten Brief", {3}),
        ("Am Mittwochabend und Freitagmorgen wurde verhandelt.", {2, 4}),
        ("Sonnabends bleibt das Amt geschlossen, montags auch.", {5, 0}),
        ("Der Freitagsmarkt fällt aus.", set()),
        ("Frau Sonntagbauer sprach.", set()),
    ],
)
def test_german_weekdays_are_found_with_their_endings(text: str, weekdays: set[int]) -> None:
    assert find_dates(text, "de").weekdays == weekdays


@pytest.mark.parametrize(
    ("text", "months", "years"),
    [
        ("Ende 2024 wurde der Chip vorgestellt.", set(), {2024}),
        ("im Jänner 2023", {1}, {2023}),
        ("seit Mai und September", {5, 9}, set()),
        ("die Saison 2010/11", set(), {2010}),
        ("in den 1990er-Jahren", set(), {1990}),
        ("1.999 Euro und 2,025 Prozent", set(), set()),
        ("am 3. März 2021", {3}, {2021}),
    ],
)
def test_german_months_and_years_are_found(text: str, months: set[int], years: set[int]) -> None:
    found = find_dates(text, "de")
    assert (found.months, found.years) == (months, years)


def test_english_may_the_verb_is_no_month() -> None:
    assert find_dates("The bank may march on.", "en").months == frozenset()
    assert find_dates("It ends in May, not in March.", "en").months == {5, 3}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("It was found on July 27.", {(27, 7)}),
        ("On July 27, it was found.", {(27, 7)}),
        ("On 27 July it rained.", {(27, 7)}),
        ("In July 27.5 percent did.", set()),
        ("In July 27% did.", set()),
        ("In July 27,500 did.", set()),
    ],
)
def test_the_day_beside_a_month_is_found_and_an_amount_is_not(text: str, days: set[tuple[int, int]]) -> None:
    assert find_dates(text, "en").days == days


def test_a_date_in_digits_may_be_spelled_out_but_need_not() -> None:
    german = find_dates("Das Treffen ist am 15.11.2026.", "de")
    assert compare_dates(german, find_dates("The meeting is on 15 November 2026.", "en")) == []
    assert compare_dates(german, find_dates("The meeting is on 15/11/2026.", "en")) == []


def test_a_weekday_turned_into_a_month_is_lost_and_invented() -> None:
    german = find_dates("In seinem am Donnerstag veröffentlichten jährlichen Brief", "de")
    english = find_dates("In his December 2022 annual letter", "en")
    codes = {finding.code for finding in compare_dates(german, english)}
    assert codes == {FindingCode.WEEKDAY_LOST, FindingCode.MONTH_INVENTED, FindingCode.YEAR_INVENTED}


def test_a_brief_may_leave_dates_out_but_not_add_them() -> None:
    german = find_dates("Am Dienstag, im Mai 2025", "de")
    assert compare_dates(german, find_dates("Profits rose.", "en"), complete=False) == []
    added = compare_dates(german, find_dates("Profits rose on Friday.", "en"), complete=False)
    assert [finding.code for finding in added] == [FindingCode.WEEKDAY_INVENTED]


def test_one_wrong_weekday_is_put_right_and_two_are_left_alone() -> None:
    german = find_dates("Am Dienstag stieg der Kurs.", "de")
    wrong = "The price rose on Thursday."
    assert put_weekday_right(german, find_dates(wrong, "en"), wrong) == "The price rose on Tuesday."
    worse = "The price rose on Thursday and Friday."
    assert put_weekday_right(german, find_dates(worse, "en"), worse) is None


def test_required_terms_are_the_english_words() -> None:
    assert date_terms(find_dates("Am Dienstag, im März 2021", "de")) == ["Tuesday", "March", "2021"]
