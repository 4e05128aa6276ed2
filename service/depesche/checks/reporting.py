"""Whose word a sentence is: what German reports by a plain word is reported in English, and nothing else is."""

from __future__ import annotations

from depesche.checks.words import reports, word_table
from depesche.finding import Finding, FindingCode


def check_reporting(german: str, english: str) -> list[Finding]:
    """Return a finding where the German names a source in so many words and the English none, or the reverse."""
    words = reports()
    table = word_table("en").reporting
    told = words.english.search(english) or (table is not None and table.search(english))
    cue = words.german.search(german)
    if cue and not told:
        return [Finding(FindingCode.ATTRIBUTION_LOST, f"“{cue[0]}” has no counterpart")]
    new = words.named.search(english)
    if new and not cue and not words.any_german.search(german):
        return [Finding(FindingCode.ATTRIBUTION_CHANGED, f"“{new[0]}” names a source that the sentence does not")]
    return []
