"""Whether a text says that something rose or fell, and whether two texts contradict each other in that."""

from __future__ import annotations

from depesche.checks.words import word_table
from depesche.figure import Direction
from depesche.finding import Finding, FindingCode


def find_direction(text: str, language: str) -> Direction | None:
    """Return the direction that `text` states; None where it states none or both."""
    table = word_table(language)
    up, down = bool(table.up.search(text)), bool(table.down.search(text))
    if up == down:
        return None
    return Direction.UP if up else Direction.DOWN


def compare_directions(source: str, source_language: str, english: str) -> list[Finding]:
    """Return a finding where both texts state a direction and it is not the same."""
    before, after = find_direction(source, source_language), find_direction(english, "en")
    if before is None or after is None or before is after:
        return []
    return [Finding(FindingCode.DIRECTION_CHANGED, f"the source goes {before}, the English goes {after}")]
