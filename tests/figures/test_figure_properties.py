"""What holds for every number and every text: numbers come back, spans slice back, and reading takes linear steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from depesche.figure import Figure, Kind
from depesche.figures import find_figures
from depesche.figures.amount import Scan
from depesche.figures.grammar import read_figures
from depesche.figures.language import load_language
from depesche.figures.tokens import Token

LANGUAGES = st.sampled_from(["de", "en"])
SENTENCE = {"de": "Es waren {} Euro im Topf.", "en": "There were {} euros in the pot."}
WORDS = """
    zwei drei tausend Millionen Milliarden von bis zwischen und um auf mehr als über 3 1.000 1,5 Euro Prozent pro Tonne
    halb eine ein jeder vierte Hälfte Drittel mal so Jahre alt Platz Mai 2024 - – , . ( ) € $ bis zu mindestens
    dreistellig mehrere Hunderte Komma fünf einhalb § a one two hundred and million between from to of in half third
    every times as percent per old aged 2-1 3:1 5m $5bn 30-year-old 12. 4-4-2 +49 0800
"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


def only(text: str, language: str) -> Figure:
    figures = find_figures(text, language)
    assert len(figures) == 1, (text, figures)
    return figures[0]


@given(st.decimals(0, 10**12, places=2), LANGUAGES)
def test_a_decimal_written_by_cldr_comes_back(value: Decimal, language: str) -> None:
    written = format_decimal(value, locale=language)
    assert only(SENTENCE[language].format(written), language).value == Decimal(str(value)).quantize(Decimal("0.01"))


@pytest.mark.parametrize("group", ["\u00a0", "\u202f", "\u2009", " ", "'", "’"])
@given(st.integers(1000, 10**12))
def test_every_blank_and_the_swiss_apostrophe_group_thousands(group: str, value: int) -> None:
    assert only(SENTENCE["de"].format(f"{value:,}".replace(",", group)), "de").value == value


@given(st.decimals(Decimal("0.01"), 10**9, places=2), LANGUAGES, st.sampled_from(["EUR", "USD", "CHF", "GBP", "SEK"]))
def test_money_written_by_cldr_comes_back(value: Decimal, language: str, currency: str) -> None:
    text = {"de": "Der Preis: {}, hieß es", "en": "It sold for {} there"}[language]
    figure = only(text.format(format_currency(value, currency, locale=language)), language)
    assert (figure.kind, figure.value, figure.unit) == (Kind.MONEY, value, currency)


@given(st.integers(0, 100_000), LANGUAGES)
def test_a_percentage_written_by_cldr_comes_back(value: int, language: str) -> None:
    written = format_percent(Decimal(value) / 100, locale=language)
    figure = only({"de": "Der Anteil: {} davon", "en": "The share: {} now"}[language].format(written), language)
    assert (figure.kind, figure.value) == (Kind.PERCENT, value)


@given(st.integers(1, 999), st.sampled_from([10**6, 10**9, 10**12]), LANGUAGES)
def test_a_magnitude_written_by_cldr_comes_back(value: int, magnitude: int, language: str) -> None:
    written = format_compact_decimal(value * magnitude, format_type="long", locale=language)
    assert only(SENTENCE[language].format(written), language).value == value * magnitude


@given(st.one_of(st.integers(2, 3000), st.integers(2, 10**12)), LANGUAGES)
def test_an_integer_in_words_comes_back(value: int, language: str) -> None:
    assert only(SENTENCE[language].format(num2words(value, lang=language)), language).value == value


@given(st.integers(2, 9999), st.integers(1, 99), LANGUAGES)
def test_a_decimal_in_words_comes_back(whole: int, fraction: int, language: str) -> None:
    value = Decimal(f"{whole}.{fraction:02}").normalize()
    words = num2words(str(value), lang=language) if value % 1 else num2words(int(value), lang=language)
    assert only(SENTENCE[language].format(words), language).value == value


@given(st.integers(2, 10**9), LANGUAGES)
def test_minus_in_front_makes_it_negative(value: int, language: str) -> None:
    assert only({"de": "minus {} Prozent", "en": "minus {} percent"}[language].format(value), language).value == -value


@given(st.text(st.sampled_from("bcfghjklmpqrtuwxyz .,;:!?\n„“()"), max_size=120), LANGUAGES)
def test_text_without_digits_and_number_words_says_nothing(text: str, language: str) -> None:
    assert find_figures(text, language) == ()


@given(
    st.one_of(
        st.text(max_size=80), st.lists(PIECES, max_size=16).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
    )
)
def test_spans_are_ordered_apart_and_slice_back(text: str) -> None:
    for language in ("de", "en", "fr", "es"):
        end = 0
        for figure in find_figures(text, language):
            assert end <= figure.span.start < figure.span.end <= len(text)
            assert figure.span.of(text) == figure.text
            stated = (figure.value is not None, figure.low is not None, figure.quality is not None)
            assert sum(stated) == 1
            assert (figure.low is None) == (figure.high is None)
            assert figure.low is None or figure.high is None or figure.low < figure.high
            end = figure.span.end


@given(st.binary(max_size=120), LANGUAGES)
def test_random_bytes_never_raise(data: bytes, language: str) -> None:
    find_figures(data.decode("utf-8", errors="replace"), language)
    find_figures(data.decode("latin-1"), language)


class Counted(Sequence[Token]):
    """Tokens that count how often they are looked at."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self.looks = tokens, 0

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        self.looks += 1
        return self._tokens[index]

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        raise AssertionError("the grammar reads by index")


def looks(text: str, language: str) -> int:
    knowledge = load_language(language)
    tokens = Counted(knowledge.tokenizer(text))
    read_figures(Scan(tokens, knowledge))
    return tokens.looks


@given(st.lists(PIECES, min_size=1, max_size=6), st.sampled_from([" ", "", "-"]), LANGUAGES)
def test_reading_takes_steps_in_proportion_to_the_text(pieces: list[str], glue: str, language: str) -> None:
    unit = glue.join(pieces) + glue
    # Longer than any chain of numbers that a rule may skip at one step.
    short, long = looks(unit * 100, language), looks(unit * 400, language)
    assert long <= 6 * short + 400


@pytest.mark.parametrize(
    "unit", ["1.", "1-", "a.", "1 ", "1/", "(", "zwei ", "tausend ", "von 3 bis ", "eine Million ", "-", "9"]
)
def test_long_runs_of_one_thing_take_linear_steps(unit: str) -> None:
    assert looks(unit * 4000, "de") <= 6 * looks(unit * 1000, "de") + 400
