"""Sentences that address a language model instead of a reader: hostile text that must not steer a brief.

The pipeline translates such a sentence like any other, keeps it out of what the summarizer sees and out of every
claim's evidence, and warns. The patterns are data: instructions.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


def is_instruction(text: str) -> bool:
    """Say whether `text` (one sentence, any language) addresses a language model."""
    return any(pattern.search(text) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    table = tomllib.loads((Path(__file__).parent / "instructions.toml").read_text("utf-8"))
    return tuple(re.compile(pattern, re.IGNORECASE | re.VERBOSE) for pattern in table["patterns"])
