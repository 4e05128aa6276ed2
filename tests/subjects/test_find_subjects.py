"""Whose figure it is: subject, measure and period by the form of the sentence; nothing where the form says nothing."""

from __future__ import annotations

import re

import pytest
from benchmarks.subjects import gold_lines, score, source_of
from hypothesis import given, settings
from hypothesis import strategies as st

from depesche.source import Source
from depesche.subjects import Subject, english_noun, english_period, find_subjects


def about(text: str, quote: str, *, title: bool = False) -> tuple[str | None, str | None, str | None]:
    subjects = find_subjects(source_of(text, title=title))
    at = text.index(quote)
    found = next((subject for span, subject in subjects.items() if span.start <= at < span.end), None)
    return (found.subject, found.measure, found.period) if found else (None, None, None)


@pytest.mark.parametrize("unseen", [False, True])
@pytest.mark.parametrize("part", ["subject", "measure", "period"])
def test_what_is_named_is_right_nine_times_in_ten_and_most_is_named(part: str, unseen: bool) -> None:
    reached = score(unseen=unseen)[part]
    assert reached.precision >= 0.95, reached.failures
    assert reached.coverage >= 0.85, reached.failures


def test_the_gold_is_large_enough_and_quotes_what_stands_in_it() -> None:
    lines = list(gold_lines())
    assert len(lines) >= 120
    for line in lines:
        for figure in line["figures"]:
            assert line["text"].startswith(figure["quote"], figure["start"])


@pytest.mark.parametrize(
    ("text", "quote", "subject", "measure"),
    [
        ("Die Molkerei Ahlers senkte die Preise um 4 Prozent.", "4", "Molkerei Ahlers", "Preise"),
        ("Den Preis senkte die Molkerei Ahlers um 4 Prozent.", "4", "Molkerei Ahlers", "Preis"),
        ("Gestern senkte Ahlers den Preis um 4 Prozent.", "4", "Ahlers", "Preis"),
        ("Der Preis von Butter stieg um 4 Prozent.", "4", "Butter", "Preis"),
        ("Ahlers wuchs um 4 Prozent, Berchtold um 6 Prozent.", "6", "Berchtold", None),
        ("Ahlers steigerte den Absatz um 4 Prozent, Berchtold um 6 Prozent.", "6", "Berchtold", "Absatz"),
        ("Ahlers, eine Molkerei aus Kempten, entlässt 30 Arbeiter.", "30", "Ahlers", "Arbeiter"),
        ("Die Molkerei, die 30 Arbeiter entlässt, wird verkauft.", "30", "Molkerei", "Arbeiter"),
        ("Weil Ahlers 30 Arbeiter entlässt, protestiert die Gewerkschaft.", "30", "Ahlers", "Arbeiter"),
        ("Die Molkerei ist klein. Sie beschäftigt 30 Arbeiter.", "30", "Molkerei", "Arbeiter"),
        ("Die Besten waren Ahlers (4 Prozent) und Berchtold (6 Prozent).", "6", "Berchtold", None),
    ],
)
def test_the_form_of_the_sentence_tells_whose_figure_it_is(
    text: str, quote: str, subject: str | None, measure: str | None
) -> None:
    assert about(text, quote)[:2] == (subject, measure)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        # A pronoun of another gender than the only noun that it could stand for.
        ("Der Verein ist klein. Sie beschäftigt 30 Arbeiter.", "30"),
        # The circumstance is not the subject's count.
        ("Ahlers sprach vor 300 Gästen.", "300"),
        # A relative clause in which either may be the subject.
        ("Die Molkerei, die Berchtold für 3 Millionen Euro kaufte, wird umgebaut.", "3 Millionen"),
        ("„Wir zahlen 3 Millionen Euro“, sagte Ahlers.", "3 Millionen"),
        ("Es gab 300 Gäste.", "300"),
    ],
)
def test_no_subject_is_named_where_the_form_leaves_it_open(text: str, quote: str) -> None:
    assert about(text, quote)[0] is None


@pytest.mark.parametrize(
    ("text", "quote", "period"),
    [
        ("Ahlers erlöste 2023 rund 4 Millionen Euro.", "4", "2023"),
        ("Ahlers erlöste 4 Millionen Euro nach 3 Millionen Euro im Vorjahr.", "3 Millionen", "im Vorjahr"),
        ("Ahlers erlöste 4 Millionen Euro nach 3 Millionen Euro im Vorjahr.", "4 Millionen", None),
        ("Im zweiten Halbjahr 2024 fiel der Preis um 4 Prozent.", "4 Prozent", "Im zweiten Halbjahr 2024"),
        ("Der Preis fiel gegenüber dem Vorjahr um 4 Prozent.", "4 Prozent", None),
        ("Bis Ende 2027 entstehen 40 Wohnungen.", "40", "Bis Ende 2027"),
    ],
)
def test_the_time_is_that_of_the_figure_and_not_what_it_is_compared_with(
    text: str, quote: str, period: str | None
) -> None:
    assert about(text, quote)[2] == period


@pytest.mark.parametrize(
    ("german", "english", "said"),
    [
        ("Molkerei Ahlers", "The dairy Ahlers cut prices.", "Ahlers"),
        ("Ahlers Gruppe", "The dairy cut prices.", None),
        ("Nordwinds", "Nordwind's debts rose.", "Nordwind"),
        ("Jahresumsatz", "Annual revenue rose.", "revenue"),
        ("Umsatz", "Turnover rose.", "Turnover"),
        ("Umsatz", "It rose.", None),
        ("Zahl der Apotheken", "The number of pharmacies fell.", None),
    ],
)
def test_english_words_stand_in_the_translation_or_are_none(german: str, english: str, said: str | None) -> None:
    assert english_noun(german, english) == said


@pytest.mark.parametrize(
    ("german", "english", "said"),
    [
        ("im dritten Quartal", "In the third quarter, revenue rose.", "the third quarter"),
        ("im Jahr 2030", "By 2030 prices will fall.", "2030"),
        ("2024", "Prices fell in 2023.", None),
        ("im Mai 2024", "Prices fell in May.", None),
        ("im vergangenen Jahr", "Prices fell last year.", "last year"),
    ],
)
def test_an_english_time_is_the_german_one(german: str, english: str, said: str | None) -> None:
    assert english_period(german, english) == said


WORDS = st.sampled_from(
    re.split(
        " ",
        "der die das den Umsatz von Tarn stieg sank um auf 3 Prozent 4,5 Mio. Euro und , ( ) : „ “ weil während sie er "
        "wurde verdoppelt Kettwig 2024 im Vorjahr 300 Stellen zu sparen deren Fleisch- – . Zahl in Bayern mehr",
    )
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_spans_slice_back_and_no_order_of_words_raises(text: str) -> None:
    source: Source = source_of(text)
    for span, subject in find_subjects(source).items():
        assert span in {figure.span for figure in source.figures}
        assert_slices(text, subject)


def assert_slices(text: str, subject: Subject) -> None:
    parts = (
        (subject.subject, subject.subject_span),
        (subject.measure, subject.measure_span),
        (subject.period, subject.period_span),
    )
    for said, span in parts:
        assert (said is None) == (span is None)
        assert span is None or span.of(text) == said
