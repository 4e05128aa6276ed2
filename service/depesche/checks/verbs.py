"""The main verb of an English claim: what it says that happened, which the evidence must say as well."""

from __future__ import annotations

import re
from collections.abc import Sequence

from depesche.checks.support import content_of
from depesche.checks.words import word_table

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE_START = {"which", "who", "whose", "that", "where", "when", "while", "after", "before", "because", "if", "as"}
_ADVERB = re.compile(r"\w+ly|not|also|already|now|still|just|never|even|again|soon|so|be|been|being|have|to")


def find_new_verb(text: str, evidence: Sequence[str]) -> str | None:
    """Return the main verb of `text` if none of `evidence` has it in any form; None too where no verb is plain.

    Verbs of saying are no news: whether somebody said it is for the check of attributions.
    """
    verb = main_verb(text)
    reporting = word_table("en").reporting
    if verb is None or (reporting and reporting.search(verb)):
        return None
    known = frozenset[str]().union(*map(content_of, evidence))
    own = content_of(verb) | content_of(word_table("en").past.get(verb.lower(), ""))
    return verb if own and own.isdisjoint(known) else None


def main_verb(text: str) -> str | None:
    """Return the first word of `text` that can be nothing but its main verb: a past tense, or what an auxiliary has."""
    table = word_table("en")
    words: list[str] = _WORD.findall(text)
    for i, word in enumerate(words):
        small = word.lower()
        if small in _CLAUSE_START and i:
            return None
        if small in table.auxiliaries:
            rest = (w for w in words[i + 1 :] if not _ADVERB.fullmatch(w.lower()))
            return next(rest, None) if small not in table.copulas else _participle(next(rest, ""))
        if i and small == word and (small in table.past or (small.endswith("ed") and len(small) > 4)):
            return word
    return None


def _participle(word: str) -> str | None:
    """Return `word` if it is a participle: "was sold" has a verb of its own, "was large" has none."""
    small = word.lower()
    return word if small.endswith(("ed", "ing")) or small in word_table("en").past else None
