"""Sentences that address a language model instead of a reader: hostile text that must not steer a brief.

The pipeline translates such a sentence like any other, keeps it out of what the summarizer sees and out of every
claim's evidence, and warns. The patterns are data: instructions.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

_KEPT, _LONGEST_KEPT = 2_048, 2_000


def is_instruction(text: str) -> bool:
    """Say whether `text` (one sentence, any language) addresses a language model."""
    return kept_answer(text) if len(text) <= _LONGEST_KEPT else _addresses_model(text)


@lru_cache(maxsize=_KEPT)
def kept_answer(text: str) -> bool:
    """Return the answer for `text` and remember it: every stage asks again."""
    return _addresses_model(text)


def _addresses_model(text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    table = tomllib.loads((Path(__file__).parent / "instructions.toml").read_text("utf-8"))
    return tuple(re.compile(pattern, re.IGNORECASE | re.VERBOSE) for pattern in table["patterns"])
