"""Ranks without a noun, which are no figures of the grammar: "ist wieder Zweiter" must not become "is third"."""

from __future__ import annotations

import re

from depesche.finding import Finding, FindingCode

_ORDINALS = {
    "second": r"zwei|\b2\b|\bII\b|sekund",
    "third": r"dritt|\bdrei|\b3\b|\bIII\b",
    "fourth": r"viert|\bvier|\b4\b|\bIV\b",
    "fifth": r"fünft|\bfünf|\b5\b|\bV\b",
    "sixth": r"sechst|\bsechs|\b6\b|\bVI\b",
    "seventh": r"sieb|\b7\b|\bVII\b",
    "eighth": r"acht|\b8\b|\bVIII\b",
    "ninth": r"neunt|\bneun|\b9\b|\bIX\b",
    "tenth": r"zehnt|\bzehn|\b10\b|\bX\b",
}
"""The German that an English ordinal may come from: words that hold it (also Tabellenzweiter, Drittel), figures."""
_RANK = re.compile(
    r"\b(?:is|was|are|were|be|been|became|become|came|comes?|finish(?:ed|es)?|placed|ranks?|ranked|remains?|remained"
    r"|stays?|stayed|now|again|only|in|into|to)\s+(?:(?:now|again|only|still|currently|the|a|in|joint)\s+)*"
    r"(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?=\s*(?:[.,;:!?)]|$|and\b|behind\b|with\b"
    r"|place\b|in the (?:table|standings|league|group)\b))",
    re.IGNORECASE,
)
_GERMAN_RANK = re.compile(
    r"(?:[Zz]weit|[Dd]ritt|[Vv]iert|[Ff]ünft|[Ss]echst|[Ss]iebt|[Aa]cht|[Nn]eunt|[Zz]ehnt)e[rnsm]?\b"
)


def check_ranks(source: str, english: str) -> list[Finding]:
    """Return each rank that `english` states and nothing in the German `source` does, if that states another one.

    Where the German has no rank at all nothing is said: an idiom may stand behind it ("came second" of "unterlag").
    """
    said = _GERMAN_RANK.search(source)
    if said is None:
        return []
    return [
        Finding(FindingCode.FIGURE_CHANGED, f"“{match[1]}”: the German says „{said[0]}“")
        for match in _RANK.finditer(english)
        if not re.search(_ORDINALS[match[1].lower()], source, re.IGNORECASE)
    ]
