"""Cut a text into tokens in one pass; the grammar reads figures from these and never looks at characters again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import IntEnum

from depesche.figures.numbers import NumberSymbols, parse_digits, vulgar_fraction


class Shape(IntEnum):
    """What a token looks like."""

    WORD = 0
    NUMBER = 1
    CURRENCY = 2
    OTHER = 3
    BREAK = 4
    SHIELD = 5
    """Characters that carry digits and are never a figure: addresses, dates in digits, hashes."""


class Token:
    """A piece of the text; `key` is its case-folded form, `glued` says that no blank stands before it."""

    __slots__ = ("end", "glued", "key", "shape", "start", "text", "value")

    def __init__(self, text: str, start: int, end: int, shape: Shape, glued: bool, value: Decimal | None) -> None:
        self.text = text
        self.key = text.casefold()
        self.start = start
        self.end = end
        self.shape = shape
        self.glued = glued
        self.value = value

    @property
    def is_capitalised(self) -> bool:
        """Say whether the token begins with a capital letter."""
        return self.text[:1].isupper()

    def __repr__(self) -> str:
        return f"Token({self.text!r}, {self.shape.name})"


# Every alternative begins with another sort of character or is bounded in length, so that one pass is linear.
_DATES = r"""
    \d{4}-\d{2}-\d{2}(?:T[\d:.+Z-]*)?(?![\d-])
  | \d{1,2}/\d{1,2}/\d{2,4}(?!\d)
"""
_DOTTED_DATES = r"""
    (?:0?[1-9]|[12]\d|3[01])\.[\ \u00a0]?(?:0?[1-9]|1[0-2])\.(?:[\ \u00a0]?(?:\d{4}|\d{2}))?(?![\d.])
"""
_TOP_LEVEL = r"\.(?:de|com|org|net|at|ch|eu|info|io)\b"
_ADDRESSES = rf"""
    (?:https?://|www\.)[^\s<>"“”„»«]+
  | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,6}}
  | [\w-]{{1,40}}(?:\.[\w-]{{1,40}}){{0,3}}{_TOP_LEVEL}(?:/[^\s]*)?
"""
_ADDRESS_SIGN = re.compile(rf"@|://|www\.|{_TOP_LEVEL}")
_NUMBER = r"""
    (?<!\w)\d{1,3}(?:[\u0020\u00a0\u2007\u2008\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)
  | \d+(?:[.,'’]\d+)*
  | [½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]
"""
_LETTER = r"[^\W\d_¼½¾⅐-⅞]"  # Python counts "½" among the letters
_WORD = rf"(?:{_LETTER}\.){{2,6}}|{_LETTER}+(?:['’]{_LETTER}+)*(?:[-‑]{_LETTER}+(?:['’]{_LETTER}+)*)*"
_REST = rf"""
  | ({_NUMBER})
  | ([$€£¥₹₽₺₩₪₴₿])
  | (\n\s*)
  | (\S)
"""
_SHAPES = (Shape.OTHER, Shape.WORD, Shape.SHIELD, Shape.NUMBER, Shape.CURRENCY, Shape.BREAK, Shape.OTHER)
_SHAPES_ADDRESSED = (Shape.OTHER, Shape.SHIELD, *_SHAPES[1:])
"""The shape of each group of the two patterns, by number."""


class Tokenizer:
    """Cuts text into tokens for one language: its abbreviations keep their dot, its currency signs are whole."""

    def __init__(self, symbols: NumberSymbols, abbreviations: Iterable[str], *, dotted_dates: bool) -> None:
        self._symbols = symbols
        dates = f"{_DATES} | {_DOTTED_DATES}" if dotted_dates else _DATES
        self._plain = re.compile(f"({_WORD}) | ({dates}) {_REST}", re.VERBOSE)
        self._addressed = re.compile(f"({_ADDRESSES}) | ({_WORD}) | ({dates}) {_REST}", re.VERBOSE)
        self._abbreviations = frozenset(word.casefold() for word in abbreviations)

    def __call__(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order, followed by one empty break so that looking ahead is safe."""
        tokens: list[Token] = []
        append, abbreviations, word = tokens.append, self._abbreviations, Shape.WORD
        addressed = _ADDRESS_SIGN.search(text) is not None
        pattern, shapes = (self._addressed, _SHAPES_ADDRESSED) if addressed else (self._plain, _SHAPES)
        previous_end = -1
        for match in pattern.finditer(text):
            start, end = match.span()
            shape = shapes[match.lastindex]  # type: ignore[index]
            glued = start == previous_end
            previous_end = end
            if shape is word:
                append(Token(match[0], start, end, word, glued, None))
                continue
            piece = match[0]
            if piece == "." and glued and tokens[-1].key + "." in abbreviations:
                short = tokens.pop()
                append(Token(short.text + ".", short.start, end, word, short.glued, None))
                continue
            value = self._value(piece) if shape is Shape.NUMBER else None
            append(Token(piece, start, end, shape, glued, value))
        append(Token("", len(text), len(text), Shape.BREAK, False, None))
        return tokens

    def _value(self, text: str) -> Decimal | None:
        if len(text) == 1 and (fraction := vulgar_fraction(text)) is not None:
            return fraction
        if not text.isascii() and not all(c in "0123456789.,'’\u00a0\u2007\u2008\u2009\u202f" for c in text):
            return None
        return parse_digits(text, self._symbols)
