"""Whether a negation stands before a figure in its clause: "does not | fall below 5" is at least 5.

Used by the comparison where the modifiers of two figures differ.
"""

from __future__ import annotations

import re

from depesche.figures.language import load_language

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s\w]")
_REACH = 5
"""Words between a negation and the modifier that it turns round."""
_MOST_CHARACTERS = 200


def is_negated(before: str, language: str) -> bool:
    """Say whether what stands before a figure ends with a negation and a few words of the same clause."""
    sets = load_language(language).sets
    endings = tuple(sets["negations.endings"])
    words = _WORD.findall(before[-_MOST_CHARACTERS:].casefold())
    near = words[-_REACH:]
    denies = [word in sets["negations.words"] or bool(endings and word.endswith(endings)) for word in near]
    for index in range(len(near) - 1, -1, -1):
        word, after_denial = near[index], index > 0 and denies[index - 1]
        if not word[0].isalpha() or (word in sets["negations.breaks"] and not after_denial):  # but "not yet 16"
            return False
        if denies[index]:
            return True
    return False
