"""What is denied or excepted: no "not" gets lost, and none comes in."""

from __future__ import annotations

import re

from depesche.checks.words import denials, word_table
from depesche.finding import Finding, FindingCode
from depesche.kept import kept

_CONTRACTED = re.compile(r"n['’]t\b")


def check_negation(source: str, language: str, english: str) -> list[Finding]:
    """Return a finding where the source denies something and nothing in `english` does."""
    if language == "en" or not (denied := _denial(source, language)):
        return []
    if word_table("en").negation.search(english) or _CONTRACTED.search(english):
        return []
    return [Finding(FindingCode.NEGATION_LOST, f"“{denied}” has no counterpart")]


@kept
def _denial(source: str, language: str) -> str:
    """Return the word by which `source` denies something, or nothing."""
    table = word_table(language)
    plain = table.negation_free.without(source) if table.negation_free else source
    denied = table.negation.search(plain)
    return denied[0] if denied else ""


def check_denials(german: str, english: str) -> list[Finding]:
    """Return a finding for a German exception that the English lost, and for an English denial that is new."""
    words = denials()
    findings = []
    excepted = words.excepted.search(german)
    if excepted and not words.any_english.search(english) and not _CONTRACTED.search(english):
        findings.append(Finding(FindingCode.NEGATION_LOST, f"“{excepted[0]}” has no counterpart"))
    new = words.english.search(english) or _CONTRACTED.search(english)
    if new and not words.any_german.search(german) and not words.idioms.search(english):
        findings.append(Finding(FindingCode.NEGATION_INVENTED, f"“{new[0]}” denies what the source does not"))
    return findings
