"""Cut a text into tokens in one pass; the grammar reads figures from these and never looks at characters again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
"""
_VULGAR = "[¼½¾⅐-⅞]"  # before the words, because Python counts "½" among the letters
_WORD = r"(?:[^\W\d_]\.){2,6}|[^\W\d_]+(?:['’][^\W\d_]+)*(?:[-‑][^\W\d_]+(?:['’][^\W\d_]+)*)*"
_REST = rf"""
  | ({_NUMBER})
  | ([$€£¥₹₽₺₩₪₴₿])
  | (\n\s*)
  | (\S)
"""
_SHAPES = (Shape.OTHER, Shape.NUMBER, Shape.WORD, Shape.SHIELD, Shape.NUMBER, Shape.CURRENCY, Shape.BREAK, Shape.OTHER)
_SHAPES_ADDRESSED = (Shape.OTHER, Shape.SHIELD, *_SHAPES[1:])
"""The shape of each group of the two patterns, by number."""


_DIGIT = re.compile(r"[\d$€£¥₹₽₺₩₪₴₿¼½¾⅐-⅞]")
_WORDS = re.compile(_WORD)
_CLEAR_END = re.compile(r"\n+|(?<=[a-zäöüß]{4}[.!?])\ (?=[A-ZÄÖÜ„\"»“])")
MARGIN = 4


def sentences_apart(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text between line ends and sentence ends that are beyond doubt.

    Where a full stop may belong to an abbreviation or a number the text is not cut, so that what is said in one
    sentence always stands in one stretch.
    """
    start = 0
    for match in _CLEAR_END.finditer(text):
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def plain_words(text: str, start: int, end: int) -> list[str] | None:
    """Return the words of `text[start:end]`, or None where a digit or a currency sign stands among them."""
    return None if _DIGIT.search(text, start, end) else _WORDS.findall(text, start, end)


class Tokenizer:
    """Cuts text into tokens for one language: its abbreviations keep their dot, its currency signs are whole."""

    def __init__(self, symbols: NumberSymbols, abbreviations: Iterable[str], *, dotted_dates: bool) -> None:
        self._symbols = symbols
        dates = f"{_DATES} | {_DOTTED_DATES}" if dotted_dates else _DATES
        self._plain = re.compile(f"({_VULGAR}) | ({_WORD}) | ({dates}) {_REST}", re.VERBOSE)
        self._addressed = re.compile(f"({_ADDRESSES}) | ({_VULGAR}) | ({_WORD}) | ({dates}) {_REST}", re.VERBOSE)
        self._abbreviations = frozenset(word.casefold() for word in abbreviations)

    def __call__(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """Return the tokens of `text[start:end]` in order, offsets into `text`, followed by `MARGIN` empty breaks.

        The margin makes it safe to look a few tokens beyond either end (index -1 is a break as well).
        """
        tokens: list[Token] = []
        append, abbreviations, word = tokens.append, self._abbreviations, Shape.WORD
        last = len(text) if end is None else end
        addressed = _ADDRESS_SIGN.search(text, start, last) is not None
        pattern, shapes = (self._addressed, _SHAPES_ADDRESSED) if addressed else (self._plain, _SHAPES)
        previous_end = -1
        for match in pattern.finditer(text, start, last):
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
        tokens += [Token("", last, last, Shape.BREAK, False, None)] * MARGIN
        return tokens

    def _value(self, text: str) -> Decimal | None:
        if len(text) == 1 and (fraction := vulgar_fraction(text)) is not None:
            return fraction
        if not text.isascii() and not all(c in "0123456789.,'’\u00a0\u2007\u2008\u2009\u202f" for c in text):
            return None
        return parse_digits(text, self._symbols)
