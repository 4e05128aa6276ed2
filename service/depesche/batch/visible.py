"""Text of unknown origin made fit to be shown: what steers a terminal or turns the direction of a line becomes visible.

Names of files and headlines come from outside. Escaping for HTML or for rich is the business of whoever shows them.
"""

from __future__ import annotations

import re

# Controls, bidirectional marks and overrides, zero-width space, line separators, byte order mark, lone surrogates.
# Zero-width (non-)joiners stay: Persian and many emoji need them.
STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def visible(text: str, limit: int | None = None) -> str:
    r"""Return `text` on one line with steering characters as `\u202e`; beyond `limit` characters, its two ends."""
    if limit is not None and len(text) > limit:
        head = limit * 2 // 3
        text = f"{text[:head]}…{text[len(text) - (limit - head - 1) :]}"
    return STEERING.sub(_escaped, text)


def one_line(text: str, limit: int | None = None) -> str:
    """Return prose as `visible` does, its line breaks and tabs as spaces."""
    return visible(" ".join(text.split()), limit)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
