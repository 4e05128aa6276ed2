"""What a news page prints among the paragraphs of an article and is no part of it: links, notices, repetitions.

Works on what trafilatura has found, which is the article with a few lines too many. Only whole paragraphs go, and
only by plain signs; where in doubt a line stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from depesche.ingest.canonical import byline_names, clean_line, fingerprint

# Openings of notices; `: ` or the end of the line after a word that may also begin a sentence.
_NOTICE = re.compile(
    r"(?:lesen sie (?:auch|hier|dazu|mehr|jetzt)\b|lies auch|mehr (?:zum thema|infos|dazu)(?::|$)|"
    r"zum (?:artikel|thema):|"
    r"auch interessant|das könnte (?:sie|dich) |passend (?:dazu|zum artikel)|siehe auch|ähnliche:?$|"
    r"weitere (?:artikel|themen|nachrichten)(?: zu[mr]? \S+)?:?$|empfohlener (?:redaktioneller|externer) inhalt|"
    r"an dieser stelle (?:finden sie|befindet sich) einen|ich bin damit einverstanden|"
    r"(?:anzeige|werbung|embed|quellen?|hinweis|die autor(?:in|en)?|teilen|merken|drucken|kommentare?):?$|"
    r"copyright\b|©|\(c\)|(?:bild|foto|fotos|video|grafik|quelle): ?\S|-?(?:zuletzt )?aktualisiert am|"
    r"(?:diesen )?(?:artikel|beitrag) (?:teilen|merken|drucken|vorlesen|anhören)\b|"
    r"(?:wie )?hat ihnen (?:dieser|der) (?:artikel|beitrag) gefallen|durchschnittliche bewertung|"
    r"die mit (?:einem symbol|\S+ gekennzeichneten) .*links|bitte (?:beachten:|markieren sie)|"
    r"mit (?:agenturmaterial|(?:material|informationen) (?:von|der|des) (?:dpa|afp|reuters|ap|apa|sda|kna|epd|ard)\b)|"
    r"dpa-infocom|mit (?:dpa|afp|reuters)$)",
    re.IGNORECASE,
)
_NEWSLETTER = re.compile(r"\bnewsletter\b.*(?:anmelde|hier|melden|abonnier|informiert|bestell)", re.IGNORECASE)
_ONLY_A_DATE = re.compile(
    r"(?:\w+, )?\d{1,2}\. ?(?:\d{1,2}\.|\w+) ?\d{4}(?:,? (?:um )?\d{1,2}[:.]\d{2}(?: uhr)?)?", re.I
)
_SENTENCE_END = re.compile(r"[.!?…][\"”“»«’‘')\]]*$")

_LONGEST_NOTICE = 60
_LONGEST_LINK = 30
_SHORTEST_REPETITION = 30
_MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as extracted, with the number of its characters that are the text of links."""

    text: str
    linked: int = 0


def without_furniture(lines: Iterable[Line], headlines: Iterable[str]) -> tuple[str, ...]:
    """Return the paragraphs of the article among `lines`; `headlines` are the titles that the page gives itself."""
    kept = [line for line in (Line(clean_line(line.text), line.linked) for line in lines) if line.text]
    kept = [line for line in kept if not (_is_links(line) or _is_notice(line.text))]
    titles = [fingerprint(headline) for headline in headlines]
    texts = [line.text for i, line in enumerate(kept) if i > 3 or not _is_head(line.text, titles)]
    return tuple(_unrepeated(texts))


def _is_links(line: Line) -> bool:
    """Say whether a line points to another article: a link, or a headline that is one for a good part."""
    share = line.linked / max(1, len(line.text))
    return len(line.text.split()) <= _LONGEST_LINK and share >= (0.8 if _SENTENCE_END.search(line.text) else 0.3)


def _is_notice(text: str) -> bool:
    if len(text.split()) > _LONGEST_NOTICE:
        return False
    return bool(_NOTICE.match(text) or _NEWSLETTER.search(text) or _ONLY_A_DATE.fullmatch(text))


def _is_head(text: str, titles: list[str]) -> bool:
    """Say whether a line at the top is a byline or repeats a title of the page, perhaps with words above it."""
    if byline_names(text):
        return True
    mark = fingerprint(text)
    if _SENTENCE_END.search(text):
        return mark in titles
    return any(title and (title in mark or mark in title) and len(mark) <= len(title) + 60 for title in titles)


def _unrepeated(texts: list[str]) -> Iterator[str]:
    """Yield each paragraph once, and none that a longer one holds: a pull quote, or a block that stands twice."""
    marks = [fingerprint(text) for text in texts]
    seen: set[str] = set()
    for i, (text, mark) in enumerate(zip(texts, marks, strict=True)):
        is_long = len(mark) >= _SHORTEST_REPETITION
        is_part = (
            is_long and len(marks) <= _MOST_COMPARED and any(mark in m for m in marks[:i] + marks[i + 1 :] if m != mark)
        )
        if not is_long or not (is_part or mark in seen):
            yield text
        seen.add(mark)
