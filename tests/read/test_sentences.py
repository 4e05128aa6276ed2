from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.read.sentences import split_sentences

GOLD = Path(__file__).parents[1] / "gold"
KNOWN_MISTAKES = {
    "Das Amt hat 14 Stellen, besetzt sind 9. Bewerber fehlen.",  # "9. Bewerber" could be an ordinal
    "Er kam um 8. 15 Minuten später ging er.",  # so could "8. 15"
}


def cases(language: str) -> list[tuple[str, list[str]]]:
    lines = (GOLD / f"sentences.{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(case["text"], case["sentences"]) for case in map(json.loads, lines)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_gold_sentences_are_found(language: str) -> None:
    wrong = {
        text
        for text, sentences in cases(language)
        if [span.of(text) for span in split_sentences(text, language)] != sentences
    }
    assert wrong <= KNOWN_MISTAKES


def test_the_gold_is_large_enough_to_mean_something() -> None:
    assert len(cases("de")) >= 150
    assert len(cases("en")) >= 40


def test_the_cue_stays_with_the_last_quoted_sentence() -> None:
    text = "„Wir warten. Dann gehen wir!“, sagte er."
    assert [span.of(text) for span in split_sentences(text, "de")] == ["„Wir warten.", "Dann gehen wir!“, sagte er."]


def test_a_language_without_a_table_is_split_cautiously() -> None:
    text = "Le chiffre a baissé de 3 p.c. en mai. Il remonte."
    assert len(split_sentences(text, "fr")) == 2


@given(st.text(alphabet='Ab1.!?… „“")(,\n', max_size=80), st.sampled_from(["de", "en", "und"]))
def test_sentences_leave_out_nothing_but_white_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert spans == sorted(spans)
    assert all(not one.overlaps(other) for one, other in pairwise(spans))
