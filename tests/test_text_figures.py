"""Figures of a sentence are kept for the next stage; a text without end is not."""

from __future__ import annotations

from depesche.figures import find_figures
from depesche.text_figures import kept_figures, text_figures


def test_a_sentence_is_read_once_and_says_the_same() -> None:
    sentence = "Die Genossenschaft zahlt 4,2 Prozent Dividende auf 1.300 Anteile."
    kept_figures.cache_clear()
    assert text_figures(sentence, "de") == text_figures(sentence, "de") == find_figures(sentence, "de")
    assert kept_figures.cache_info()[:2] == (1, 1)


def test_the_language_is_part_of_what_is_kept() -> None:
    assert text_figures("1.300", "de") != text_figures("1.300", "en")


def test_a_very_long_text_is_not_kept() -> None:
    text = "Die Genossenschaft zahlt 4 Prozent Dividende. " * 60
    kept_figures.cache_clear()
    assert text_figures(text, "de") == find_figures(text, "de")
    assert kept_figures.cache_info().currsize == 0
