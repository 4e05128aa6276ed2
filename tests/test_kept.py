"""What was found in a sentence is kept for the next stage; a text without end is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from depesche.figures import find_figures
from depesche.kept import forget, kept


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Begin and end with nothing remembered."""
    forget()
    yield
    forget()


def test_a_sentence_is_looked_at_once() -> None:
    asked: list[str] = []

    @kept
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("Der Umsatz stieg."), length("Der Umsatz stieg.")] == [17, 17]
    assert asked == ["Der Umsatz stieg."]


def test_what_else_is_asked_is_part_of_what_is_kept() -> None:
    @kept
    def times(text: str, factor: int) -> int:
        return len(text) * factor

    assert [times("abc", 1), times("abc", 2)] == [3, 6]
    assert find_figures("1.300", "de") != find_figures("1.300", "en")


def test_a_very_long_text_is_looked_at_anew() -> None:
    asked: list[int] = []

    @kept
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    assert length("a" * 2_001) == length("a" * 2_001)
    assert asked == [2_001, 2_001]


def test_everything_can_be_forgotten() -> None:
    asked: list[str] = []

    @kept
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    length("Ein Satz.")
    forget()
    length("Ein Satz.")
    assert asked == ["Ein Satz.", "Ein Satz."]
