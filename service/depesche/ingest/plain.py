r"""Plain text to paragraphs: undoes hard-wrapped lines, whatever blank lines or single line ends mean in the file.

Blank lines part paragraphs. Inside a block, a line end is either a wrap (joined) or the end of a paragraph (kept);
a file is taken as hard-wrapped when most of its lines could not have taken the first word of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from depesche.ingest.canonical import clean

_RULE = re.compile(r"[-=*_~#+]{3,}")
_SENTENCE_END = re.compile(r"[.!?:…][\"”“»«’‘')\]]*$")
_LIST_ITEM = re.compile(r"(?:[-•*–] |\d{1,2}[.)] )")
_WORD_BREAK = re.compile(r"[a-zäöüß]-$")
_SUSPENDED_HYPHEN = ("und ", "oder ", "bzw. ", "sowie ", "bis ", "noch ", "als ", "aber ")

_WIDEST_WRAP = 200
_NARROWEST_WRAP = 40
_SHORT_LINE = 0.75


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a plain text, each on one line."""
    blocks = [block for block in _blocks(clean(text)) if block]
    width = _wrap_width(blocks)
    return tuple(paragraph for block in blocks for paragraph in _unwrapped(block, width))


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.split("\n"):
        if line and not _RULE.fullmatch(line):
            block.append(line)
        else:
            yield block
            block = []
    yield block


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """Return the width at which the file was wrapped, or None for a file with a paragraph a line.

    Whoever wraps fills each line: a line and the next word together exceed the width, except where a paragraph ends.
    """
    lines = [line for block in blocks if len(block) > 1 for line in block]
    width = max(map(len, lines), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    pairs = [pair for block in blocks for pair in pairwise(block)]
    full = sum(_is_full(line, following, width) for line, following in pairs)
    return width if full >= 0.6 * len(pairs) else None


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(None, 1)[0]) > width


def _unwrapped(block: list[str], width: int | None) -> Iterator[str]:
    pieces = [block[0]]
    for line, following in pairwise(block):
        if _goes_on(line, following, width):
            pieces[-1], separator = _line_end(line, following)
            pieces += (separator, following)
        else:
            yield "".join(pieces)
            pieces = [following]
    yield "".join(pieces)


def _goes_on(line: str, following: str, width: int | None) -> bool:
    """Say whether `following` continues the paragraph of `line`."""
    if _LIST_ITEM.match(following):
        return False
    ends = bool(_SENTENCE_END.search(line))
    if not ends and (following[0].islower() or line.endswith((",", "-"))):
        return True
    if width is None:
        return False
    if ends:
        return len(line) + 1 + len(following.split(None, 1)[0]) > _SHORT_LINE * width
    return _is_full(line, following, width)


def _line_end(line: str, following: str) -> tuple[str, str]:
    """Return `line` and what stands between it and the next when both go on one line; mends a parted word."""
    if not line.endswith("-") or line.endswith(" -") or following.startswith(_SUSPENDED_HYPHEN):
        return line, " "  # "Ein-\nund Ausfuhr"
    if _WORD_BREAK.search(line) and following[0].islower():
        return line[:-1], ""
    return line, ""  # "US-\nDollar", "30-\nprozentig"
