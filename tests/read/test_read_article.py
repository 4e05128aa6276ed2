from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depesche.article import Article, Origin
from depesche.config import ReadConfig
from depesche.quotation import QuotationKind
from depesche.read import read_article
from depesche.source import UNDETERMINED
from depesche.span import Span

GERMAN = (
    "Die Stadtwerke Kiel haben im vergangenen Jahr 12,5 Mio. Euro verdient. „Das ist ein gutes Ergebnis“, "
    "sagte Geschäftsführerin Ulla Brandt am Dienstag. Der Umsatz sei um 8 Prozent gestiegen."
)
ENGLISH = (
    "The company has sold more cars than ever before, and it will build a new factory in the north of the country."
)


def article(text: str, **fields: object) -> Article:
    return Article(text, Origin("test", "text", "utf-8", "0" * 64), **fields)  # type: ignore[arg-type]


def test_a_german_article_is_read_whole() -> None:
    title = "Stadtwerke verdienen mehr"
    source = read_article(article(f"{title}\n\n{GERMAN}", title=title, title_span=Span(0, len(title))))
    assert source.detection.language == "de"
    assert [paragraph.role for paragraph in source.paragraphs] == ["title", "body"]
    assert [sentence.paragraph for sentence in source.sentences] == [0, 1, 1, 1]
    assert [figure.text for figure in source.figures] == ["12,5 Mio. Euro", "8 Prozent"]
    assert [quotation.kind for quotation in source.quotations] == [QuotationKind.DIRECT, QuotationKind.INDIRECT]
    assert {q.resolved_speaker or q.speaker for q in source.quotations} == {"Geschäftsführerin Ulla Brandt"}


def test_figures_keep_to_their_sentence() -> None:
    source = read_article(article(f"{GERMAN} Im Jahr zuvor waren es 7. Millionen Kunden zahlten weniger als 2023."))
    assert source.figures
    for figure in source.figures:
        assert sum(sentence.span.contains(figure.span) for sentence in source.sentences) == 1


def test_a_heading_too_short_to_tell_takes_the_language_of_the_article() -> None:
    source = read_article(article(f"Klare Sache\n\n{GERMAN}"))
    assert source.paragraphs[0].detection.language == UNDETERMINED
    assert source.sentences[0].language == "de"


def test_half_german_half_english_is_undetermined() -> None:
    assert read_article(article(f"{GERMAN[:110]}\n\n{ENGLISH}")).detection.language == UNDETERMINED


def test_an_english_paragraph_in_a_german_article_is_english() -> None:
    source = read_article(article(f"{GERMAN} {GERMAN}\n\n{GERMAN} {GERMAN} {GERMAN}\n\n{ENGLISH}"))
    assert source.detection.language == "de"
    assert source.sentences[-1].language == "en"


def test_a_stricter_confidence_gives_more_undetermined_texts() -> None:
    text = article("Bahn erhöht die Preise")
    assert read_article(text, ReadConfig(min_confidence=0.5)).detection.language == "de"
    assert read_article(text, ReadConfig(min_confidence=1.0)).detection.language == UNDETERMINED


@pytest.mark.parametrize("text", ["", "\n\n", "…", "12 34 56"])
def test_a_text_without_words_is_undetermined(text: str) -> None:
    assert read_article(article(text)).detection.language == UNDETERMINED


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["Der Gewinn stieg um 3 %.", "„Ja“, sagte er.", "Laut Bank", "5 Mrd.", "Sie komme.", "…"]))
)
def test_every_offset_slices_the_article(parts: list[str]) -> None:
    text = re.sub(r"…\s", "\n\n", " ".join(parts))
    source = read_article(article(text))
    for sentence in source.sentences:
        assert sentence.span.of(text) == sentence.text
    for figure in source.figures:
        assert figure.span.of(text) == figure.text
    for quotation in source.quotations:
        assert quotation.span.of(text) == quotation.text
