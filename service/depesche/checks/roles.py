"""Who a person is: an office or profession that a claim gives to somebody whom the article never calls so.

A small model that shortens "analysts had expected less; chief executive Mara Voss …" writes "analyst Mara Voss".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from depesche.finding import Finding, FindingCode

_SAME = (
    "spokesman spokeswoman spokesperson",
    "chairman chairwoman chair chairperson president head chief leader",
    "ceo chief boss head executive director manager",
    "policeman policewoman officer",
    "lawyer attorney counsel",
    "lawmaker politician deputy member senator representative mp",
    "mayor",
    "minister secretary",
    "premier governor minister",
    "teacher principal",
    "professor researcher scientist expert scholar lecturer academic",
    "doctor physician surgeon",
    "soccer footballer player striker goalkeeper midfielder defender",
)
"""Words for one role, a line each: who is called by one may be called by another."""
_OTHERS = (
    "analyst economist chancellor ambassador commissioner judge prosecutor investigator inspector sergeant "
    "general founder owner investor trader banker farmer engineer architect author writer poet journalist "
    "editor reporter actor actress singer musician conductor composer painter sculptor coach trainer referee "
    "treasurer bishop cardinal pope priest pastor historian physicist biologist chemist geologist psychologist "
    "sociologist activist king queen prince princess suspect defendant victim witness nurse pilot driver "
    "captain landlord tenant student pupil"
)
_ROLES: dict[str, frozenset[str]] = {word: frozenset({word}) for word in _OTHERS.split()}
for _line in _SAME:
    for _word in _line.split():
        _ROLES[_word] = _ROLES.get(_word, frozenset()) | frozenset(_line.split())

_NAME = r"[A-ZÄÖÜ][\w’-]+(?: (?:von|van|de|al|[A-ZÄÖÜ]\.))? [A-ZÄÖÜ][\w’-]+"
_ROLE = rf"(?:{'|'.join(sorted(_ROLES, key=len, reverse=True))})"
_BEFORE = re.compile(rf"\b(?P<role>(?i:{_ROLE})) (?P<name>{_NAME})")
_AFTER = re.compile(
    rf"(?P<name>{_NAME}), (?:(?:the|an?|its|their|his|her) )?(?:[\w-]+ ){{0,2}}?(?P<role>{_ROLE})(?=,| of | for | at )"
)
_WORD = re.compile(r"[^\W\d_]+")


def check_roles(text: str, article: Sequence[str]) -> list[Finding]:
    """Return each role that the English `text` gives to a person in whose company `article` never names it.

    `article` is the English sentences in their order. A role may stand in a sentence that has the person's last name,
    or in one beside it: "The chief executive … Voss said". Who has no such sentence is the business of other checks.
    """
    return [
        Finding(FindingCode.ROLE_CHANGED, f"nowhere is {name} called “{role}”")
        for role, name in _given(text)
        if (near := _around(name, article)) and _ROLES[role.lower()].isdisjoint(near)
    ]


def _given(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            yield match["role"], match["name"]


def _around(name: str, article: Sequence[str]) -> frozenset[str]:
    """Return the words of the sentences that have the last name, and of their neighbours, in small letters."""
    last = re.compile(rf"\b{re.escape(name.split()[-1])}\b")
    there = [i for i, sentence in enumerate(article) if last.search(sentence)]
    near = {j for i in there for j in (i - 1, i, i + 1) if 0 <= j < len(article)}
    return frozenset(word.lower() for j in near for word in _WORD.findall(article[j]))
