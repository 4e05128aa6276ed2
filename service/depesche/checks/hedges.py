"""Hedges: what a source only suspects or passes on ("mutmaßlich", "soll … haben") must not be told as a fact.

A translation is held against its German sentence. A claim of a brief is held against the clause of the translation
that it takes up: of "the alleged attacker fled" it may say that somebody fled, but not that the attacker did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from depesche.checks.support import content_of, stems
from depesche.checks.words import WordPattern, word_table
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
_MODALS = {"könnte", "könnten", "dürfte", "dürften", "could", "may", "might"}


def find_hedge(german: str) -> str | None:
    """Return the words by which a German sentence says that it only suspects or passes on; None if it does not."""
    hedges = word_table("de").hedges
    found = hedges.search(german) if hedges else None
    if found is None and "soll" in german.lower():
        found = _HEARSAY.search(german)
    return found[0] if found else None


def is_hedged(english: str, *, modal: bool = False) -> bool:
    """Say whether an English text says that it only suspects, or whose word it is.

    `modal`: where the source only says that something could be, a word for a plan or a chance will do as well.
    """
    table = word_table("en")
    kinds = (table.hedges, table.reporting, table.possible if modal else None)
    return any(words and next(matches(words, english), None) for words in kinds)


def check_hedges(german: str, english: str) -> list[Finding]:
    """Return a finding where a German sentence hedges and nothing in its translation does."""
    hedge = find_hedge(german)
    if hedge is None or is_hedged(english, modal=hedge.lower() in _MODALS):
        return []
    words = hedge.split()
    said = hedge if len(words) <= _LONGEST_HEDGE else f"{words[0]} … {words[-1]}"
    return [Finding(FindingCode.HEDGE_LOST, f"“{said}” has no counterpart: told as a fact")]


def check_claim_hedges(text: str, evidence: Sequence[str]) -> list[Finding]:
    """Return a finding where a claim tells as a fact what the English `evidence` hedges wherever it says it."""
    content = content_of(text)
    lost: list[str] = []
    for sentence in evidence:
        hedged = False
        for clause in clauses_of(sentence):
            for doubt in _doubts(clause):
                if not is_hedged(text, modal=doubt[0].lower() in _MODALS) and takes_up(content, clause, doubt):
                    lost.append(doubt[0])
                    hedged = True
        if not hedged and len(content & content_of(sentence)) >= _TAKEN_UP * len(content):
            return []  # another sentence says it plainly
    return [Finding(FindingCode.HEDGE_LOST, f"“{word}” is lost: told as a fact") for word in dict.fromkeys(lost)]


def clauses_of(sentence: str) -> list[str]:
    """Return the clauses of an English sentence; a word or two between commas ("apparently") belong to a neighbour."""
    clauses: list[str] = []
    for piece in _CLAUSE_END.split(sentence):
        if clauses and min(len(piece.split()), len(clauses[-1].split())) < _FEWEST_WORDS:
            clauses[-1] += f", {piece}"
        else:
            clauses.append(piece)
    return clauses


def takes_up(content: frozenset[str], clause: str, doubt: re.Match[str]) -> bool:
    """Say whether a claim's `content` is about what is doubted: the noun of an adjective, else most of the clause."""
    if doubt[0].lower() in word_table("en").doubtful:
        noun = stems(clause[doubt.end() :])[:1]
        return bool(noun) and noun[0] in content
    return len(content & content_of(clause)) >= _TAKEN_UP * len(content)


def _doubts(english: str) -> Iterator[re.Match[str]]:
    doubts = word_table("en").doubts
    if doubts:
        yield from matches(doubts, english)


def matches(words: WordPattern, english: str) -> Iterator[re.Match[str]]:
    """Yield the `words` in an English text, but not the month of May."""
    if words.search(english):
        yield from (match for match in words.pattern.finditer(english) if match[0] != "May")  # the month
