from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.quotes import find_quotations
from depesche.quotes.marks import find_marks
from depesche.read import split_sentences
from depesche.span import Span


def marked(text: str) -> list[tuple[str, int]]:
    paragraphs = [Span(*match.span()) for match in re.finditer(r"\S(?:.*\S)?", text)]
    sentences = [s.shifted(p.start) for p in paragraphs for s in split_sentences(p.of(text), "de")]
    return [(quoted.inner.of(text), quoted.level) for quoted in find_marks(text, paragraphs, sentences)]


@pytest.mark.parametrize(
    "text",
    [
        "Er rief: „Es brennt.“",
        "Er rief: »Es brennt.«",
        "Er rief: «Es brennt.»",
        'Er rief: "Es brennt."',
        "Er rief: “Es brennt.”",
        'Er rief: „Es brennt."',
        "Er rief: „Es brennt.”",
        "Er rief: ‚Es brennt.‘",
        "Er rief: ›Es brennt.‹",
    ],
)
def test_every_pair_of_marks_is_known(text: str) -> None:
    assert marked(text) == [("Es brennt.", 0)]


def test_marks_inside_marks_are_nested() -> None:
    text = "Sie sagte: „Er rief: ‚Halt!‘ Dann lief er.“"
    assert marked(text) == [("Er rief: ‚Halt!‘ Dann lief er.", 0), ("Halt!", 1)]


def test_a_forgotten_closing_mark_swallows_one_sentence() -> None:
    text = "Er sagte: „Wir kommen. Danach ging er. Es wurde still. Sie sprach von „großem Glück“."
    assert [words for words, _ in marked(text)] == ["Wir kommen.", "großem Glück"]


def test_a_forgotten_opening_mark_opens_nothing() -> None:
    assert marked("Er kommt nicht“, sagte sie. „Wir warten nicht.“") == [("Wir warten nicht.", 0)]


def test_a_quotation_may_run_over_paragraphs() -> None:
    assert marked("Er schrieb: „Wir danken allen.\n\nEs war ein gutes Jahr.“ Dann schloss er.") == [
        ("Wir danken allen.\n\nEs war ein gutes Jahr.", 0)
    ]


def test_a_mark_repeated_at_the_next_paragraph_goes_on() -> None:
    text = "Er schrieb: „Wir danken allen.\n\n„Es war ein gutes Jahr.“"
    assert marked(text) == [("Wir danken allen.", 0), ("Es war ein gutes Jahr.", 0)]


def test_inches_and_apostrophes_are_no_marks() -> None:
    assert marked("Der 27\" große Schirm steht in Jens’ Büro, wie's ihm passt.") == []


@given(st.text(alphabet="aB .,!?:\n„“”\"»«‚‘’'›‹()sagte", max_size=120))
def test_any_text_gives_spans_that_hold_its_words(text: str) -> None:
    paragraphs = [Span(*match.span()) for match in re.finditer(r"\S(?:.*\S)?", text)]
    sentences = [s.shifted(p.start) for p in paragraphs for s in split_sentences(p.of(text), "de")]
    for quotation in find_quotations(text, paragraphs, sentences, "de"):
        assert quotation.span.of(text) == quotation.text
        if quotation.speaker_span is not None:
            assert quotation.speaker_span.of(text) == quotation.speaker
        if quotation.cue_span is not None:
            assert quotation.cue_span.of(text) == quotation.cue
        assert all(sentences[index].overlaps(quotation.span) for index in quotation.sentences)
