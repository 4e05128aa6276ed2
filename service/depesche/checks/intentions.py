"""Intentions: what a source demands, plans or expects must not be told as done.

Stands beside `hedges`. A translation is held against its German sentence, a claim of a brief against the clause of the
translation that it takes up. Made from "Gefordert hatte die Gewerkschaft 8 Prozent", which became "the union had earned
8 percent". The words stand in `words.toml`: few by which German says it, and all by which English may, since a
translator has many ways to say that somebody wants something ("soll" alone is to, will, should, is said to).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from depesche.checks.hedges import clauses_of, is_hedged, matches, takes_up
from depesche.checks.support import content_of
from depesche.checks.words import WordPattern, intentions, word_table
from depesche.finding import Finding, FindingCode

_STOP = re.compile(r"[.!?…:;]['\"”“»«’)\]]*$")
_IF = re.compile(r"\b(?:if|whether)\b", re.IGNORECASE)
_INFINITIVE = re.compile(r"\bto [a-z]")
_HEARSAY_OR_CONDITION = ("soll", "will")
"""German verbs that also pass on what somebody says ("will … erhalten haben") or open a condition ("Sollten die …")."""


def check_intentions(german: str, english: str) -> list[Finding]:
    """Return a finding for each demand, plan or expectation of a German sentence that its translation tells as done."""
    findings = []
    for intention in intentions():
        said = intention.german.search(german)
        if said and not _has(intention.english, english) and not _is_said_otherwise(said[0], german, english):
            findings.append(_lost(said[0], intention.name))
    return findings


def check_claim_intentions(text: str, evidence: Sequence[str]) -> list[Finding]:
    """Return a finding for what the English `evidence` demands, plans or expects and the claim `text` tells as done."""
    content = content_of(text)
    findings: dict[str, Finding] = {}
    for intention in intentions():
        if _has(intention.english, text) or is_hedged(text):
            continue
        for clause in (clause for sentence in evidence for clause in clauses_of(sentence)):
            said = intention.plain.search(clause)
            if said and takes_up(content, clause, said):
                findings.setdefault(said[0].lower(), _lost(said[0], intention.name))
    return list(findings.values())


def _lost(word: str, name: str) -> Finding:
    return Finding(FindingCode.INTENTION_LOST, f"“{word}” is lost: {name} told as a fact")


def _is_said_otherwise(said: str, german: str, english: str) -> bool:
    """Say whether a doubt, a report, a condition or a headline's infinitive ("US to restrict …") says it in English."""
    table = word_table("en")
    if _has(table.hedges, english):
        return True
    if said.lower().startswith(_HEARSAY_OR_CONDITION) and (_IF.search(english) or _has(table.reporting, english)):
        return True
    return not _STOP.search(german) and _INFINITIVE.search(english) is not None


def _has(words: WordPattern | None, english: str) -> bool:
    return words is not None and next(matches(words, english), None) is not None
