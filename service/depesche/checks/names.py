"""Names that a translation keeps as they are, and capitalised words of an English text that no source supports.

German capitalises every noun, so a name can't be told by its capital. It can be told by the translation: a
capitalised German word that the English of some sentence keeps letter for letter is a name, and then it must
be kept wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from babel import Locale

from depesche.finding import Finding, FindingCode

_TOKEN = re.compile(r"[^\W\d_][\w&'’.-]*\w|[^\W\d_]")
_IDENTIFIER = re.compile(r"(?<![\w.,-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Z][\w-]*[\w](?![\w])")
_SHORTEST_NAME = 3
_GENITIVE = re.compile(r"\b([^\W\d_][^\W_]+)s\b(?=\s+\w)")
_ENGLISH_SENTENCE_START = re.compile(r"(?:^|[.!?:;“”\"(—–-])\s*[“\"'‘(]*\s*$")


def capitalised(text: str) -> list[str]:
    """Return the capitalised words of `text` with at least three letters, possessive endings removed."""
    found = (m[0] for m in _TOKEN.finditer(text))
    return [_bare(word) for word in found if word[0].isupper() and len(_bare(word)) >= _SHORTEST_NAME]


def confirmed_names(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the capitalised source words that the English keeps in mid-sentence in at least one of `pairs`."""
    names: set[str] = set()
    for source, english in pairs:
        kept = set(mid_sentence_names(english))
        names |= {name for word in capitalised(source) for name in _forms(word) if name in kept}
    return frozenset(names)


def check_names(source: str, english: str, names: frozenset[str]) -> list[Finding]:
    """Return a finding for each of the article's `names` that `source` has and `english` lost."""
    present = english.casefold()
    lost = {
        form: None
        for word in capitalised(source)
        for form in _forms(word)[-1:]
        if not names.isdisjoint(_forms(word)) and not any(f.casefold() in present for f in _forms(word))
    }
    return [Finding(FindingCode.NAME_LOST, f"{name} is lost") for name in lost]


def check_genitives(english: str, names: frozenset[str]) -> list[Finding]:
    """Return a finding for each German genitive of a name in the English ("Jassys letter")."""
    return [
        Finding(FindingCode.NAME_CHANGED, f"{match[0]} is a German genitive")
        for match in _GENITIVE.finditer(english)
        if match[1] in names
    ]


def put_genitives_right(english: str, names: frozenset[str]) -> str:
    """Return `english` with German genitives of names as English ones ("Jassy's letter")."""
    return _GENITIVE.sub(lambda match: f"{match[1]}'s" if match[1] in names else match[0], english)


def check_identifiers(source: str, english: str) -> list[Finding]:
    """Return a finding for each name with digits in it ("A380", "Trainium2") that `english` lost."""
    present = _loose(english)
    return [
        Finding(FindingCode.IDENTIFIER_LOST, f"{identifier} is lost")
        for identifier in dict.fromkeys(find_identifiers(source))
        if _loose(identifier) not in present
    ]


def find_identifiers(text: str) -> list[str]:
    """Return the names with digits in them, without what German hangs on by a hyphen ("G7-Gipfel" is "G7")."""
    found = []
    for match in _IDENTIFIER.finditer(text):
        parts = match[0].split("-")
        while parts and not any(c.isdigit() for c in parts[-1]):
            parts.pop()
        if parts and any(c.isupper() for c in parts[0]):
            found.append("-".join(parts))
    return found


def check_invented_names(english: str, evidence: Sequence[str]) -> list[Finding]:
    """Return a finding for each capitalised mid-sentence word of `english` that no text in `evidence` has."""
    known = " ".join(evidence).casefold()
    missing = {name: None for name in mid_sentence_names(english) if name.casefold() not in known}
    return [Finding(FindingCode.NAME_INVENTED, f"{name} is not in the article") for name in missing]


def mid_sentence_names(english: str) -> list[str]:
    """Return the capitalised words of an English text that no sentence or quotation begins with."""
    return [
        _bare(m[0])
        for m in _TOKEN.finditer(english)
        if m[0][0].isupper()
        and len(_bare(m[0])) >= _SHORTEST_NAME
        and not _ENGLISH_SENTENCE_START.search(english[: m.start()])
    ]


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """Return the words of each country's English name by its German name, of one word, from CLDR."""
    german, english = Locale("de").territories, Locale("en").territories
    return {
        name: tuple(capitalised(english[code])) for code, name in german.items() if name.isalpha() and code.isalpha()
    }


def _bare(word: str) -> str:
    return re.sub(r"(?:['’]s?)$", "", word).rstrip(".")


def _forms(word: str) -> list[str]:
    """Return `word`, its parts between hyphens, and each without the German genitive s."""
    parts = [word, *(word.split("-") if "-" in word else ())]
    forms = [form for part in parts for form in (part, part.removesuffix("s"))]
    return [form for form in dict.fromkeys(forms) if len(form) >= _SHORTEST_NAME and form[0].isupper()]


def _loose(text: str) -> str:
    return re.sub(r"[\s-]", "", text).casefold()
