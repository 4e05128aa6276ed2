"""One name in the place of another: a party, person or country of the article that this sentence does not speak of.

A small model puts "CDU" for "SPD" as easily as it puts Tuesday for Monday, and both names may be the article's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from babel import Locale

from depesche.checks.names import capitalised, mid_sentence_names
from depesche.checks.places import english_forms
from depesche.checks.words import word_table
from depesche.finding import Finding, FindingCode

_ACRONYM = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{2,6}(?!\w)")
_RUN = re.compile(r"[A-Z][\w’'-]*(?:\s+(?:(?:of|for|and|the|on|in)\s+){0,2}[A-Z][\w’'-]*)+")
_STEM = 4
"""Letters by which a name is known in its derivations: Israel in "israelisch"."""


def check_exchanged_names(german: str, english: str, names: frozenset[str]) -> list[Finding]:
    """Return a finding for each of the article's `names`, and each acronym, that took a place in a translation.

    A translator sees one sentence, so a name that its German does not have can only be a mistake. An acronym counts
    where the German one is gone: English has its own for much that German spells out.
    """
    small = german.casefold()
    short = _ACRONYM.findall(german)
    spelled = {
        word for run in _RUN.findall(english) if any(name in _initials(run) for name in short) for word in run.split()
    }
    strange = {
        name: None
        for name in mid_sentence_names(english)
        if name in names and len(name) >= _STEM and name[:_STEM].casefold() not in small and name not in spelled
    }
    findings = [Finding(FindingCode.NAME_INVENTED, f"{name} is not in the sentence") for name in strange]
    lost = [name for name in short if not _is_said(name, english)]
    new = [name for name in _acronyms(english) if name.casefold() not in small]
    return [*findings, *_pair(lost, new)]


def check_claim_exchanges(text: str, english: str, german: str, people: Collection[str]) -> list[Finding]:
    """Return a finding where a claim has an acronym, a person or a country for another one of its evidence.

    `english` and `german` are the sentences behind the claim, `people` the names of those who speak in the article.
    """
    findings: list[Finding] = []
    both = f"{english} {german}".casefold()
    for kind in (_acronyms, lambda text: _among(text, people), lambda text: _among(text, _countries())):
        new = [name for name in kind(text) if name.casefold() not in both]
        lost = [name for name in kind(english) if name.casefold() not in text.casefold()]
        findings += _pair(lost, new)
    return findings


def _pair(lost: Iterable[str], new: Iterable[str]) -> list[Finding]:
    gone = list(dict.fromkeys(lost))
    return [
        Finding(FindingCode.NAME_INVENTED, f"{name} stands for {' or '.join(gone)}")
        for name in dict.fromkeys(new)
        if gone
    ]


def _is_said(acronym: str, english: str) -> bool:
    small = english.casefold()
    return acronym.casefold() in small or any(form.casefold() in small for form in english_forms(acronym))


def _acronyms(english: str) -> list[str]:
    """Return the acronyms of an English text but those that stand for common words."""
    common = word_table("en").acronyms
    return [name for name in _ACRONYM.findall(english) if name not in common]


def _among(text: str, names: Collection[str]) -> list[str]:
    return [word for word in capitalised(text) if word in names]


def _initials(run: str) -> str:
    return "".join(word[0] for word in run.split() if word[0].isupper())


@cache
def _countries() -> frozenset[str]:
    territories = Locale("en").territories
    return frozenset(str(name) for code, name in territories.items() if code.isalpha() and str(name).isalpha())
