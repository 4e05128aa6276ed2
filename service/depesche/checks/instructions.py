"""Sentences that address a language model instead of a reader: hostile text that must not steer a brief.

The pipeline translates such a sentence like any other, keeps it out of what the summarizer sees and out of every
claim's evidence, and warns. The patterns are data: instructions.toml.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from depesche.kept import kept

_LETTERS_LIKE_I = str.maketrans("İı", "ii")
"""Letters that a pattern takes for an i, whatever the case, and folding does not."""


@kept
def is_instruction(text: str) -> bool:
    """Say whether `text` (one sentence, any language) addresses a language model."""
    small = text.translate(_LETTERS_LIKE_I).casefold()
    return any(any(word in small for word in order.needs) and order.pattern.search(text) for order in orders())


@dataclass(frozen=True, slots=True)
class Order:
    """A pattern, and words in lower case of which a text that matches it has one."""

    needs: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def orders() -> tuple[Order, ...]:
    """Return what an order to a model looks like."""
    table = tomllib.loads((Path(__file__).parent / "instructions.toml").read_text("utf-8"))
    return tuple(
        Order(tuple(entry["needs"]), re.compile(entry["pattern"], re.IGNORECASE | re.VERBOSE))
        for entry in table["patterns"]
    )
