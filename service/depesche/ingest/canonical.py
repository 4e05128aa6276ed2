r"""Canonical text: the form in which every later stage sees an article, and to which every offset refers.

`clean` settles characters, `assemble` settles order. What stays and what goes:

- NFC; `\n` line ends; CR, NEL, VT, FF and U+2028 are line ends, U+2029 ends a paragraph.
- No-break space (U+00A0) and narrow no-break space (U+202F) stay, because they hold figures together
  ("10 000", "1,5 Mrd. Euro"). A thin, hair, six-per-em, punctuation or figure space after a digit becomes U+202F;
  every other space, and every run of more than one, becomes one plain space.
- Soft hyphens, zero-width characters, bidirectional controls, tag characters, variation selectors, private-use and
  other control characters go: they are invisible, and a reader could not tell that a figure or a quotation holds one.
- U+2010 and U+2011 become the plain hyphen, the Latin ligatures U+FB00 to U+FB04 their letters. Dashes, minus signs
  and quotation marks stay as they are written.
- A paragraph without any letter or digit goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple

from depesche.article import Article, Origin
from depesche.span import Span

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028]")
_NARROW_SPACE = re.compile("(?<=\\d)[\u2006-\u200a](?=\\S)")
_SPACES = re.compile(r"[^\S\n]+")
_KEPT_SPACES = frozenset("\u00a0\u202f")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
_REPLACED = {
    "\u2010": "-",
    "\u2011": "-",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}

_CONTENT = re.compile(r"[^\W_]")
_MAX_TITLE_CHARACTERS = 200
_BYLINE = re.compile(
    r"(?:Von|Text|Autorin|Autor)\b:? (?P<names>(?:[^\W\d_a-zß][\w.'’-]*|und|von|van|de|der|zu)"
    r"(?:,? (?:[^\W\d_a-zß][\w.'’-]*|und|von|van|de|der|zu)){1,9})"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a format's reader found: raw strings, one for each paragraph, in the order of the page."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    teaser: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


class _Block(NamedTuple):
    role: Literal["title", "teaser", "body"]
    text: str


def clean(text: str) -> str:
    """Return `text` in canonical characters, line breaks kept; applying it twice changes nothing."""
    if not text.isascii():
        text = _NARROW_SPACE.sub("\u202f", text.replace("\u2007", "\u2008"))
        text = text.replace("\u2029", "\n\n")
    text = _LINE_ENDS.sub("\n", text)
    text = text.translate({ord(c): _replacement(c) for c in set(text) if _is_replaced(c)})
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(lambda run: run[0] if run[0] in _KEPT_SPACES else " ", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def clean_line(text: str) -> str:
    """Return `text` in canonical characters on one line: how a title, a teaser or a paragraph is kept."""
    return " ".join(line for line in clean(text).split("\n") if line)


def iso_date(text: str | None) -> str | None:
    """Return an ISO 8601 date or date-time as it is given, one of RFC 5322 (feeds) as ISO 8601, else None."""
    text = (text or "").strip()
    try:
        datetime.fromisoformat(text)
    except ValueError:
        try:
            return parsedate_to_datetime(text).isoformat()
        except (ValueError, IndexError):
            return None
    return text


def words(text: str) -> int:
    """Count the words of `text`: runs without white space that hold a letter or a digit and are no address."""
    return sum(1 for word in text.split() if has_content(word) and "://" not in word)


def has_content(text: str) -> bool:
    """Say whether `text` holds a letter or a digit at all."""
    return _CONTENT.search(text) is not None


def fingerprint(text: str) -> str:
    """Return letters and digits of `text` in lower case: equal for texts that a reader takes as the same."""
    return "".join(c for c in text.casefold() if c.isalnum())


def looks_like_title(text: str) -> bool:
    """Say whether a first paragraph is a headline: short and without the full stop that ends a sentence."""
    if len(text) > _MAX_TITLE_CHARACTERS or text.rstrip("\"”“»«’‘'").endswith((".", ":", ";", ",", "…")):
        return False
    return len(text.split()) <= (15 if text.endswith(("!", "?")) else 25)


def byline_names(text: str) -> str | None:
    """Return the names of a paragraph that is a byline ("Von Henrike Osterkamp und Jan Wedel"), else None."""
    found = _BYLINE.fullmatch(text)
    return found["names"] if found else None


def assemble(parts: Parts, origin: Origin) -> Article:
    """Put the parts in canonical order: title, teaser, body; drop what repeats the title, note the byline.

    A text without a title of its own takes its first paragraph when that reads as one. A teaser that the body
    repeats is not put in front of it; where the body has it word for word, `teaser_span` points there.
    """
    body = [line for line in map(clean_line, parts.paragraphs) if has_content(line)]
    title = _content(parts.title)
    if title is None and len(body) > 1 and looks_like_title(body[0]):
        title = body.pop(0)
    teaser = _content(parts.teaser)
    repeated = teaser is not None and _repeats(body, teaser)
    blocks = [_Block("title", title)] if title else []
    if teaser and not repeated and not (title and fingerprint(title) == fingerprint(teaser)):
        blocks.append(_Block("teaser", teaser))
    blocks += [_Block("body", line) for line in body]
    credited = _drop_credits(blocks)

    text = "\n\n".join(block.text for block in blocks)
    title_span = Span(0, len(title)) if title else None
    teaser_span = _teaser_span(blocks, text, teaser if repeated else None)
    return Article(
        text=text,
        origin=origin,
        title=title,
        teaser=teaser_span.of(text) if teaser_span else None,
        byline=_content(parts.byline) or credited,
        published=iso_date(parts.published),
        url=_content(parts.url),
        title_span=title_span,
        teaser_span=teaser_span,
        language_hint=_content(parts.language),
    )


def _is_replaced(character: str) -> bool:
    if character == "\n" or "\x20" <= character < "\x7f":
        return False
    return character in _REPLACED or character == "\t" or _is_invisible(character)


def _replacement(character: str) -> str:
    return " " if character == "\t" else _REPLACED.get(character, "")


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in _DROPPED_CATEGORIES
        or code == 0x034F  # combining grapheme joiner
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF  # variation selectors
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE  # noncharacters
    )


def _content(text: str | None) -> str | None:
    line = clean_line(text) if text else ""
    return line if has_content(line) else None


def _repeats(body: Iterable[str], teaser: str) -> bool:
    """Say whether the body begins with the teaser or holds it, a cut-off end ("…") of the teaser aside."""
    mark = fingerprint(teaser)
    return any(mark in fingerprint(line) for line in body)


def _drop_credits(blocks: list[_Block]) -> str | None:
    """Take what repeats the title, and bylines, from below the title; return the names of the first byline."""
    names: str | None = None
    while len(blocks) > 1 and looks_like_title(blocks[0].text):
        below = blocks[1].text
        found = byline_names(below)
        if found is None and fingerprint(below) != fingerprint(blocks[0].text):
            break
        names = names or found
        del blocks[1]
    return names


def _teaser_span(blocks: list[_Block], text: str, repeated: str | None) -> Span | None:
    if repeated is not None:
        start = text.find(repeated)
        return Span(start, start + len(repeated)) if start >= 0 else None
    start = 0
    for block in blocks:
        if block.role == "teaser":
            return Span(start, start + len(block.text))
        start += len(block.text) + 2
    return None
