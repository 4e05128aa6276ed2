"""Hedges: what a source only suspects or passes on ("mutmaßlich", "soll … haben") must not be told as a fact.

A translation is held against its German sentence. A claim of a brief is held against the clause of the translation
that it takes up: of "the alleged attacker fled" it may say that somebody fled, but not that the attacker did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from depesche.checks.support import content_of, stems
from depesche.checks.words import word_table
from depesche.finding import Finding, FindingCode

_PARTICIPLE = r"(?<!zu )\b(?:(?:ge|be|ver|er|ent|zer|miss|\w+ge|\w+ver)\w+(?:t|en)|\w+iert)"
_HEARSAY = re.compile(
    rf"\bsoll(?:en)?\b[^;:„“»«]*?(?:{_PARTICIPLE}\s+(?:worden\s+sein|haben)|\bgewesen\s+sein)\b", re.IGNORECASE
)
"""German for hearsay: "soll" with an infinitive of the past; "soll gebaut werden" is a plan."""
_CLAUSE_END = re.compile(r"[,;:]\s|\s[–—]\s|\s(?:and|but|while)\s")
_TAKEN_UP = 0.5
"""Share of a claim's words that a hedged clause must hold to be what the claim is about."""
_LONGEST_HEDGE, _FEWEST_WORDS = 3, 3


def find_hedge(german: str) -> str | None:
    """Return the words by which a German sentence says that it only suspects or passes on; None if it does not."""
    hedges = word_table("de").hedges
    found = (hedges.search(german) if hedges else None) or _HEARSAY.search(german)
    return found[0] if found else None


def is_hedged(english: str) -> bool:
    """Say whether an English text says that it only suspects, or whose word it is."""
    reporting = word_table("en").reporting
    return next(_english_hedges(english), None) is not None or bool(reporting and reporting.search(english))


def check_hedges(german: str, english: str) -> list[Finding]:
    """Return a finding where a German sentence hedges and nothing in its translation does."""
    hedge = find_hedge(german)
    if hedge is None or is_hedged(english):
        return []
    words = hedge.split()
    said = hedge if len(words) <= _LONGEST_HEDGE else f"{words[0]} … {words[-1]}"
    return [Finding(FindingCode.HEDGE_LOST, f"“{said}” has no counterpart: told as a fact")]


def check_claim_hedges(text: str, evidence: Sequence[str]) -> list[Finding]:
    """Return a finding where a claim tells as a fact what the English `evidence` hedges wherever it says it."""
    if is_hedged(text):
        return []
    content = content_of(text)
    lost: list[str] = []
    for sentence in evidence:
        hedged = False
        for clause in _clauses(sentence):
            for hedge in _english_hedges(clause):
                if _takes_up(content, clause, hedge):
                    lost.append(hedge[0])
                    hedged = True
        if not hedged and len(content & content_of(sentence)) >= _TAKEN_UP * len(content):
            return []  # another sentence says it plainly
    return [Finding(FindingCode.HEDGE_LOST, f"“{word}” is lost: told as a fact") for word in dict.fromkeys(lost)]


def _clauses(sentence: str) -> list[str]:
    """Return the clauses of an English sentence; a word or two between commas ("apparently") belong to a neighbour."""
    clauses: list[str] = []
    for piece in _CLAUSE_END.split(sentence):
        if clauses and min(len(piece.split()), len(clauses[-1].split())) < _FEWEST_WORDS:
            clauses[-1] += f", {piece}"
        else:
            clauses.append(piece)
    return clauses


def _takes_up(content: frozenset[str], clause: str, hedge: re.Match[str]) -> bool:
    """Say whether a claim's `content` is about what is hedged: the noun of an adjective, else most of the clause."""
    if hedge[0].lower() in word_table("en").hedging_adjectives:
        noun = stems(clause[hedge.end() :])[:1]
        return bool(noun) and noun[0] in content
    return len(content & content_of(clause)) >= _TAKEN_UP * len(content)


def _english_hedges(text: str) -> Iterator[re.Match[str]]:
    hedges = word_table("en").hedges
    if hedges and hedges.search(text):
        yield from (match for match in hedges.pattern.finditer(text) if match[0] != "May")  # the month
